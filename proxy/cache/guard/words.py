"""A text as the guard reads it: its words, and which of them are hard facts."""

import re
from functools import lru_cache
from typing import Final

from msgspec import Struct, field

from proxy.cache.guard import grammar
from proxy.cache.guard.lemmas import lemmas

_TOKEN: Final = re.compile(
    r"""
    ```.*?```                                   # a block of code
  | `[^`\n]+`                                   # code in a line
  | "[^"\n]{1,80}" | “[^”\n]{1,80}”             # quoted
  | (?<![\w-])\w{1,3}\s[-+*/^<>=]{1,2}\s\w{1,3}(?!\w)  # a formula
  | \w+://[^\s<>")]+                            # an address
  | [\w.+-]+@[\w-]+\.[\w.]+                     # mail
  | (?<![\w)])[~.]{0,2}/[\w.@~+-]+(?:/[\w.@~+-]*)*  # a path from a root
  | (?<![\w-])--?[A-Za-z][\w-]*                 # an option
  | (?<![\w)])[-+]?\d+(?:[.,:/]\d+)*            # a number, a time, a fraction
  | @?[A-Za-z_]\w*(?:(?:\.|::|->|/)\w+)+(?:\(\))?  # dotted, or a path
  | \w+(?:['’]\w+)?(?:\(\)|[+\#]+)?             # a word, a call, C++
  | [.,;:?!()\[\]'’"]                           # marks
  | [^\w\s]                                     # a sign
    """,
    re.VERBOSE | re.DOTALL,
)
_SPLIT: Final = {
    "n't": ("not",), "'s": ("'s",), "'re": ("are",), "'m": ("am",), "'ve": ("have",),
    "'ll": ("will",), "'d": ("would",),
}  # fmt: skip
_WHOLE: Final = {
    "can't": ("can", "not"), "cannot": ("can", "not"), "won't": ("will", "not"),
    "shan't": ("will", "not"), "dont": ("do", "not"), "doesnt": ("does", "not"),
    "isnt": ("is", "not"), "cant": ("can", "not"), "didnt": ("did", "not"), "whats": ("what", "is"),
    "let's": ("let", "us"), "whatis": ("what", "is"),
}  # fmt: skip
_DIGITS: Final = {
    word: str(number)
    for number, word in enumerate(
        "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
        " sixteen seventeen eighteen nineteen twenty".split(),
        2,
    )
} | {"thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "hundred": "100"}
_SIGN: Final = re.compile(r"[^\w\s]")
_MARKS: Final = frozenset(".,;:?!()[]'’\"")


class Word(Struct, frozen=True):
    """One word: as it stands, in lower case, where; `hard` where only the very same will do."""

    text: str
    low: str
    start: int
    end: int
    hard: bool = False
    named: bool = False  # has a capital that no start of a sentence gave it
    lemmas: frozenset[str] = field(default_factory=frozenset)

    @property
    def mark(self) -> bool:
        return self.low in _MARKS

    @property
    def content(self) -> bool:
        return self.hard or not (self.mark or self.low in grammar.FUNCTION)


@lru_cache(maxsize=2_000)
def words_of(text: str) -> tuple[Word, ...]:
    """The words and marks of `text`, in order. Contractions are two words, quotes are taken off."""
    found: list[Word] = []
    shouted = text.isupper()
    for match in _TOKEN.finditer(text):
        start = not found or found[-1].low in ".?!:"
        found += _words(match.group(), match.start(), start, shouted)
    return tuple(found)


def _words(token: str, at: int, first: bool, shouted: bool) -> list[Word]:
    if token.lower() in ("e.g", "i.e"):
        return []
    if token in _MARKS or _is_picture(token):
        return [Word(token, token, at, at + 1)] if token in _MARKS else []
    if token[0] in '`"“':
        inner = token.strip('`"“”').strip()
        return [_hard(inner, at, len(token))] if inner else []
    low = token.lower().replace("’", "'")
    if low in _WHOLE:
        return [_soft(one, one, at, len(low), False) for one in _WHOLE[low]]
    for tail, rest in _SPLIT.items():
        if low.endswith(tail) and len(low) > len(tail):
            head = token[: -len(tail)]
            return [
                *_words(head, at, first, shouted),
                *(_soft(one, one, at, len(token), False) for one in rest),
            ]
    if low in _DIGITS:
        return [Word(_DIGITS[low], _DIGITS[low], at, at + len(token), hard=True)]
    if not shouted and _is_hard(token):
        return [_hard(token, at, len(token))]
    named = token[0].isupper() and not first
    return [_soft(token, low, at, len(token), named)]


def _soft(text: str, low: str, at: int, size: int, named: bool) -> Word:
    return Word(text, low, at, at + size, named=named, lemmas=lemmas(low))


def _hard(text: str, at: int, size: int) -> Word:
    """A fact. A call's brackets are no part of its name; a quoted word is as it is bare."""
    name = re.sub(r"\(\)$", "", " ".join(text.split())).rstrip(".,")
    low = name.lower()
    if re.fullmatch(r"[A-Z]?[a-z]+", name):
        return Word(name, low, at, at + size, hard=True, lemmas=frozenset((low,)))
    return Word(name or text, low or text, at, at + size, hard=True)


def _is_hard(token: str) -> bool:
    """Digits, signs, underscores, capitals inside: what names one thing and nothing near it."""
    if any(not (one.isalpha() or one in "'’") for one in token):
        return True
    return len(token) > 1 and any(one.isupper() for one in token[1:])


def _is_picture(token: str) -> bool:
    return len(token) == 1 and (ord(token) > 0x2190 or token in "–—…•\u200d\ufe0f*#-‘’`")
