"""Small damage: to a JSON value at any depth, and to bytes at any place."""

from collections.abc import Callable
from random import Random
from typing import Any, Final

import orjson

ODD: Final[tuple[Any, ...]] = (
    None,
    True,
    False,
    0,
    -1,
    1.5,
    1e308,
    2**63,
    -(2**63),
    "",
    " ",
    "\x00",
    "\x1b[2J",
    "0" * 400,
    "é" * 70,
    "\ud7ff\uffff",
    "{",
    '{"a": [',
    [],
    {},
    [[]],
    [None],
    {"": None},
    {"type": "text"},
    {"type": None},
    [{"type": "tool_use"}],
    {"role": "user"},
)
_WORDS: Final = (
    *("text", "tool_use", "tool_result", "image", "thinking", "redacted_thinking", "document"),
    *("function", "custom", "function_call", "function_call_output", "message", "reasoning"),
    *("input_text", "output_text", "user", "assistant", "system", "developer", "tool", "auto"),
)
Spot = tuple[Any, Any]  # a list or an object, and an index or a key in it


def harmed(raw: bytes, dice: Random) -> bytes:
    """JSON with something wrong in its values, now and then nested too deep; bytes as in `torn`
    where it is none."""
    try:
        said = orjson.dumps(damaged(orjson.loads(raw), dice))
    except (orjson.JSONDecodeError, TypeError):  # nested too deep to be written
        return torn(raw, dice)
    if dice.random() < 0.03:
        deep = dice.choice((260, 900, 5_000))
        said = said.replace(b'""', b"[" * deep + b"]" * deep, 1)
        return said.replace(b"null", b'{"a":' * deep + b"1" + b"}" * deep, 1)
    return said


def damaged(value: Any, dice: Random, times: int = 3) -> Any:
    """A copy of a JSON value with up to so many things wrong with it."""
    copy = [_copy(value)]
    for _ in range(dice.randint(1, times)):
        spots = list(_spots(copy))
        holder, place = dice.choice(spots)
        dice.choice(_HARM)(holder, place, dice)
    return copy[0] if copy else None


def _copy(value: Any) -> Any:
    return orjson.loads(orjson.dumps(value))


def _spots(value: Any) -> list[Spot]:
    """Every place in a value, its own children first."""
    found: list[Spot] = []
    left = [value]
    while left:
        one = left.pop()
        keys = range(len(one)) if isinstance(one, list) else one if isinstance(one, dict) else ()
        for key in keys:
            found.append((one, key))
            left.append(one[key])
    return found or [([0], 0)]


def _replace(holder: Any, place: Any, dice: Random) -> None:
    holder[place] = _copy(dice.choice(ODD))


def _rename(holder: Any, place: Any, dice: Random) -> None:
    """Another word that the dialects know, in a place for words."""
    holder[place] = dice.choice(_WORDS)


def _remove(holder: Any, place: Any, dice: Random) -> None:
    del holder[place]


def _repeat(holder: Any, place: Any, dice: Random) -> None:
    if isinstance(holder, list):
        holder[place:place] = [_copy(holder[place]) for _ in range(dice.choice((1, 2, 30)))]
    else:
        holder[f"{place}_"] = _copy(holder[place])


def _wrap(holder: Any, place: Any, dice: Random) -> None:
    deep = holder[place]
    for _ in range(dice.choice((1, 1, 2, 60))):
        deep = [deep] if dice.random() < 0.5 else {"type": deep}
    holder[place] = deep


def _move(holder: Any, place: Any, dice: Random) -> None:
    """What stands elsewhere, here too."""
    other, at = dice.choice(_spots(holder))
    holder[place] = _copy(other[at])


def _grow(holder: Any, place: Any, dice: Random) -> None:
    if isinstance(holder[place], str):
        holder[place] = holder[place] * dice.choice((2, 100))


_HARM: Final[tuple[Callable[[Any, Any, Random], None], ...]] = (
    *(_replace, _replace, _replace),
    *(_rename, _remove, _remove, _repeat, _wrap, _move, _grow),
)


def spoilt(target: str, data: bytes, dice: Random) -> bytes:
    """A target's input with harm done to its text, and other choices now and then."""
    head, text = data[:3], data[3:]
    harm = harmed if target in ("body", "answer") else torn
    if dice.random() < 0.5:
        head = head[:1] + bytes((dice.randrange(12), dice.randrange(256)))
    return head + harm(text, dice)


def torn(wire: bytes, dice: Random, times: int = 3) -> bytes:
    """Bytes with up to so many things wrong with them."""
    for _ in range(dice.randint(1, times)):
        wire = dice.choice(_TEARS)(wire, dice)
    return wire


def _cut(wire: bytes, dice: Random) -> bytes:
    return wire[: dice.randint(0, len(wire))]


def _lose(wire: bytes, dice: Random) -> bytes:
    at = dice.randint(0, len(wire))
    return wire[:at] + wire[at + dice.choice((1, 2, 30)) :]


def _flip(wire: bytes, dice: Random) -> bytes:
    at = dice.randrange(len(wire) or 1)
    return wire[:at] + bytes((dice.randrange(256),)) + wire[at + 1 :]


def _slip_in(wire: bytes, dice: Random) -> bytes:
    at = dice.randint(0, len(wire))
    return wire[:at] + dice.choice(_PIECES) + wire[at:]


def _again(wire: bytes, dice: Random) -> bytes:
    """A part of it a second time."""
    start, end = sorted((dice.randint(0, len(wire)), dice.randint(0, len(wire))))
    return wire[:end] + wire[start:end] + wire[end:]


def _events(wire: bytes, dice: Random) -> bytes:
    """Its events in another order, or some not at all."""
    parts = wire.split(b"\n\n")
    dice.shuffle(parts)
    return b"\n\n".join(parts[: dice.randint(0, len(parts))])


def _damage(wire: bytes, dice: Random) -> bytes:
    """One event's JSON, damaged as a value."""
    parts = wire.split(b"\n\n")
    at = dice.randrange(len(parts))
    head, mark, data = parts[at].partition(b"data: ")
    try:
        parts[at] = head + mark + orjson.dumps(damaged(orjson.loads(data), dice))
    except (orjson.JSONDecodeError, TypeError):
        return wire
    return b"\n\n".join(parts)


_PIECES: Final = (
    b"\n",
    b"\n\n",
    b"\r",
    b"\r\n",
    b"data:",
    b"event: error\n",
    b"\xff",
    b"\x00",
    b":",
)
_TEARS: Final[tuple[Callable[[bytes, Random], bytes], ...]] = (
    *(_cut, _lose, _flip, _slip_in, _again, _events),
    *(_damage, _damage, _damage, _damage),
)
