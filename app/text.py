"""How words and figures are written on the screen; text from outside is made harmless here."""

import re
import time
from functools import lru_cache

_CONTROL = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_UNITS = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k"))
TEXT_LIMIT = 20_000
UNKNOWN = "–"


def plain(text: object, limit: int = TEXT_LIMIT) -> str:
    """One line of text from outside: control, direction and invisible characters become visible.

    It is still to be drawn as it stands, never read as markup. Cut at `limit` characters.
    """
    cut = str(text)[: limit + 1]
    if len(cut) > limit:
        cut = cut[: limit - 1] + "…"
    return _CONTROL.sub(_visible, cut)


def sentence(words: str) -> str:
    """A reason as a sentence: with a capital, and a full stop."""
    return f"{words[:1].upper()}{words[1:].removesuffix('.')}."


def indented(value: object) -> str:
    """Structs, dicts and lists as JSON over many lines, harmless to a terminal."""
    from msgspec.json import encode, format

    return json_plain(format(encode(value), indent=2).decode())


def json_plain(text: str) -> str:
    """JSON that says the same and holds no character which could drive a terminal: they are written
    as escapes. Its line breaks stay."""
    return _CONTROL.sub(lambda one: one[0] if one[0] == "\n" else f"\\u{ord(one[0]):04x}", text)


def _visible(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code in (9, 10, 13, 0x2028, 0x2029):
        return " "
    if code < 32:
        return chr(0x2400 + code)
    return "␡" if code == 127 else "\ufffd"


def amount(value: float | None) -> str:
    """A count in at most five characters: 999, 1.2k, 45k, 1.2M."""
    if value is None:
        return UNKNOWN
    size = abs(value)
    for unit, letter in _UNITS:
        if size >= unit * 0.9995:
            scaled = value / unit
            return f"{scaled:.1f}{letter}" if abs(scaled) < 9.95 else f"{scaled:.0f}{letter}"
    return f"{value:.0f}"


def whole(value: float | None) -> str:
    """A count in full, with separators: 12,345."""
    return UNKNOWN if value is None else f"{value:,.0f}"


def counted(count: int, one: str, more: str = "") -> str:
    """How many of something: 1 answer, 2 answers, 1,204 retries."""
    return f"{whole(count)} {one if count == 1 else more or one + 's'}"


def dollars(value: float | None) -> str:
    """Money: cents from ten cents up, more places below, so that small sums are not nought."""
    if value is None:
        return UNKNOWN
    size = abs(value)
    sign = "-" if value < 0 else ""
    if size >= 1000:
        return f"{sign}${amount(size)}"
    if size == 0 or size >= 0.1:
        return f"{sign}${size:.2f}"
    return f"{sign}${size:.4f}" if size >= 0.00005 else f"{sign}<$.0001"


def duration(milliseconds: float | None) -> str:
    """A time span in at most five characters: 340ms, 1.2s, 45s, 3m05."""
    if milliseconds is None:
        return UNKNOWN
    if milliseconds < 999.5:
        return f"{milliseconds:.0f}ms"
    seconds = milliseconds / 1000
    if seconds < 9.95:
        return f"{seconds:.1f}s"
    if seconds < 99.5:
        return f"{seconds:.0f}s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}m{rest:02d}" if minutes < 60 else f"{minutes // 60}h{minutes % 60:02d}"


def clock(at: float) -> str:
    """A unix time as the local time of day."""
    return _clock(int(at))


@lru_cache(maxsize=512)
def _clock(second: int) -> str:
    return time.strftime("%H:%M:%S", time.localtime(second))


def short_session(session: str) -> str:
    """Enough of a session's id to tell it from its neighbours."""
    return plain(session, 200)[:6]
