"""The language behind `/`: terms that all must hold, such as tier:complex saved>1000 !cache:hit."""

import operator
import re
from collections.abc import Callable, Mapping

from msgspec import Struct

from app.figures import HITS, billed_tokens, saved_tokens
from proxy.record import Record

Test = Callable[[Record], bool]


class FilterError(ValueError):
    """A term that means nothing; the message says what would."""


TEXT: Mapping[str, Callable[[Record], str]] = {
    "tier": lambda row: row.tier,
    "session": lambda row: row.session,
    "client": lambda row: row.client,
    "class": lambda row: row.request_class,
    "model": lambda row: row.model,
    "provider": lambda row: row.provider,
    "asked": lambda row: row.asked_model,
    "why": lambda row: row.reason,
    "cache": lambda row: row.cache,
    "dialect": lambda row: row.dialect,
    "state": lambda row: row.state,
    "id": lambda row: row.id,
    "error": lambda row: row.error,
}
NUMBERS: Mapping[str, Callable[[Record], float | None]] = {
    "score": lambda row: row.score,
    "saved": saved_tokens,
    "before": lambda row: row.before.total,
    "after": lambda row: row.after.total,
    "billed": billed_tokens,
    "cost": lambda row: row.cost,
    "latency": lambda row: row.latency,
    "first": lambda row: row.first_byte,
    "status": lambda row: row.status,
    "turns": lambda row: row.turns,
}
WORDS: Mapping[str, Test] = {
    "error": lambda row: row.state == "failed",
    "failed": lambda row: row.state == "failed",
    "open": lambda row: not row.ended,
    "hit": lambda row: row.cache in HITS,
    "retried": lambda row: row.retries > 0,
    "fell-back": lambda row: row.fell_back,
}
EXAMPLES = (
    ("tier:complex", "the tier begins so; tier:simple,medium takes either"),
    (
        "session:ab",
        "session, client, class, model, provider, asked, why, cache, dialect, state, id, error",
    ),
    ("model:~opus", "~ finds it anywhere in the value"),
    ("saved>1000", "score, saved, before, after, billed, cost, latency, first, status, turns"),
    ("cost>=0.05", "also < <= = ; 10k and 2M are numbers, latency takes 500ms or 2s"),
    ("cache:hit", "answered from a cache, exact or semantic"),
    ("error", "failed; also: open, hit, retried, fell-back"),
    ("opus", "any other word is looked for everywhere"),
    ('"two words"', "quotes hold a phrase together"),
    ("!cache:hit", "! turns a term round"),
)
_TERM = re.compile(r'!*(?:"[^"]*"?|[^\s"])+')
_FIELD = re.compile(r"([A-Za-z_]+)(:~|:|>=|<=|>|<|=)(.*)", re.DOTALL)
_NUMBER = re.compile(r"\$?(\d+(?:\.\d+)?|\.\d+)(ms|s|k|m|%)?", re.IGNORECASE | re.ASCII)
_SCALES = {"": 1.0, "ms": 1.0, "%": 1.0, "s": 1e3, "k": 1e3, "m": 1e6}
_COMPARE = {
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
    "=": operator.eq,
    ":": operator.eq,
}
_SEARCHED = ("tier", "session", "client", "model", "provider", "why", "cache", "error")


class Filter(Struct, frozen=True):
    """What a person typed, and the tests it means; an empty one lets every row through."""

    text: str = ""
    tests: tuple[Test, ...] = ()

    def __call__(self, row: Record) -> bool:
        return all(test(row) for test in self.tests)

    @classmethod
    def of(cls, text: str) -> "Filter":
        """Read the language; FilterError names the term that means nothing, and what would."""
        return cls(text.strip(), tuple(_test(term) for term in _TERM.findall(text)))


def _test(term: str) -> Test:
    bare = term.lstrip("!")
    if not bare:
        raise FilterError("! needs a term after it, such as !cache:hit")
    test = _term(bare)
    return _inverted(test) if (len(term) - len(bare)) % 2 else test


def _inverted(test: Test) -> Test:
    return lambda row: not test(row)


def _term(term: str) -> Test:
    if term.startswith('"'):
        return _anywhere(term.replace('"', ""))
    parts = _FIELD.fullmatch(term)
    if parts is None:
        return WORDS.get(term.lower()) or _anywhere(term.replace('"', ""))
    name, sign, value = parts[1].lower(), parts[2], parts[3].replace('"', "")
    if name in NUMBERS:
        return _number(name, sign, value)
    if name not in TEXT:
        raise FilterError(f"no field {name!r} (? lists them); quote it to look for the text")
    if not value:
        raise FilterError(f"{name}{sign} needs a value after it")
    return _text(name, sign, value.lower())


def _text(name: str, sign: str, value: str) -> Test:
    if sign not in (":", ":~", "="):
        raise FilterError(f"{name} is text: write {name}:{value} or {name}:~{value}")
    read = TEXT[name]
    if (name, value) == ("cache", "hit"):
        return WORDS["hit"]
    wanted = tuple(part for part in value.split(",") if part) or (value,)
    if sign == ":~":
        return lambda row: any(part in read(row).lower() for part in wanted)
    if sign == "=":
        return lambda row: read(row).lower() in wanted
    return lambda row: read(row).lower().startswith(wanted)


def _number(name: str, sign: str, value: str) -> Test:
    parts = _NUMBER.fullmatch(value)
    if parts is None or sign not in _COMPARE:
        raise FilterError(f"{name} is a number: write {name}>1000 or {name}<=10k")
    limit = float(parts[1]) * _SCALES[(parts[2] or "").lower()]
    read, compare = NUMBERS[name], _COMPARE[sign]

    def test(row: Record) -> bool:
        held = read(row)
        return held is not None and compare(held, limit)

    return test


def _anywhere(word: str) -> Test:
    wanted = word.lower()
    reads = tuple(TEXT[name] for name in _SEARCHED)
    return lambda row: any(wanted in read(row).lower() for read in reads)
