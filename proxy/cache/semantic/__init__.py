"""The semantic cache: answers to questions that ask the same in other words."""

from typing import Final

TABLE: Final = "entries"  # in its file
