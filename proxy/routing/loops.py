"""Sees from the conversation alone that a model goes round in circles in the present round."""

from collections import Counter
from collections.abc import Iterator

import orjson

from classifier.features import kind_of
from proxy.dialects.model import Message, Text, ToolCall, ToolResult
from proxy.routing.asking import round_start

TOO_OFTEN = 3
_FAILS = ("error", "<tool_use_error", "traceback", "failed", "exit code 1", "command failed")
_PLACES = ("file_path", "path", "filePath", "filename", "file", "notebook_path", "target_file")


def stuck(messages: list[Message]) -> str | None:
    """Why a stronger model should take over; None while the round goes well.

    The same call with the same arguments failed three times, or three edits of one file failed
    with none in between that worked.
    """
    since = messages[round_start(messages) + 1 :]
    if sum(map(_failed, _results(since))) < TOO_OFTEN:
        return None
    same: Counter[tuple[str, str]] = Counter()
    edits: Counter[str] = Counter()
    for call, failed in _ended(since):
        place = _place(call) if kind_of(call.name) == "write" else ""
        if not failed:
            edits[place] = 0
            continue
        same[call.name, call.arguments] += 1
        edits[place] += 1
        if same[call.name, call.arguments] == TOO_OFTEN:
            return f"{call.name} failed {TOO_OFTEN} times with the same arguments"
        if place and edits[place] == TOO_OFTEN:
            return f"{TOO_OFTEN} edits of {place} in a row failed"
    return None


def _results(messages: list[Message]) -> Iterator[ToolResult]:
    return (one for message in messages for one in message.blocks if type(one) is ToolResult)


def _ended(messages: list[Message]) -> Iterator[tuple[ToolCall, bool]]:
    """Each call that has its result, in the results' order, and whether it failed."""
    calls: dict[str, ToolCall] = {}
    for message in messages:
        for block in message.blocks:
            if isinstance(block, ToolCall):
                calls[block.id] = block
            elif isinstance(block, ToolResult) and block.call_id in calls:
                yield calls.pop(block.call_id), _failed(block)


def _failed(result: ToolResult) -> bool:
    if result.is_error:
        return True
    for one in result.content:
        if type(one) is Text:
            return one.text[:40].lstrip().lower().startswith(_FAILS)
    return False


def _place(call: ToolCall) -> str:
    try:
        arguments = orjson.loads(call.arguments or "{}")
    except orjson.JSONDecodeError:
        return ""
    places = arguments if isinstance(arguments, dict) else {}
    return next((str(places[name]) for name in _PLACES if name in places), "")
