"""Chooses the tools that a conversation may need, and says the others in a line each."""

from proxy.rewrite.choice.choose import Choice, choose
from proxy.rewrite.choice.compact import compact
from proxy.rewrite.choice.line import line_of

__all__ = ["Choice", "choose", "compact", "line_of"]
