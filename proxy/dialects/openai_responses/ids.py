"""Ids of answers and items that we write, and how to tell them from a provider's own."""

import uuid

from proxy.dialects.model import Json
from proxy.dialects.names import digest

_MARK = "_0lynkr"  # follows the prefix of an id of ours
_LENGTH = 40  # hex characters


def response_id(given: str) -> str:
    """The id of an answer: the one given, in the shape that the SDKs know."""
    given = given or uuid.uuid4().hex
    return given if given.startswith("resp_") else f"resp_{given}"


def item_id(prefix: str, response: str, at: int) -> str:
    """The id of item `at` of an answer; `prefix` says what it is: msg, rs, fc, ctc."""
    return f"{prefix}{_MARK}{digest(f'{response}/{at}', _LENGTH)}"


def is_ours(given: Json) -> bool:
    """Whether an id was made here, and so means nothing to a provider."""
    return isinstance(given, str) and _MARK in given
