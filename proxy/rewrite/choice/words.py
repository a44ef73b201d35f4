"""Texts and identifiers as stems: what two spellings of one word have in common."""

import re
from functools import lru_cache
from typing import Final

_WORD: Final = re.compile(
    r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+|[^\W\d_A-Za-z][^\W\d_]*", re.ASCII
)
_OTHER: Final = re.compile(r"[A-Za-z]*[^\W\d_]+|\d+")  # where not all is ASCII
_MARKS: Final = re.compile(r"(?<=\w)['’](?:s|re|ve|ll|d|m|t)\b")
_WIDE: Final = "\u2e80"  # from here on scripts put no blanks between words
STOPS: Final = frozenset(
    "a an and any are as at be been being but by can could did do does doing don for from had has"
    " have having he her hers him his how i if in into is isn it its just let like may me might"
    " mine more most my need needs no nor not now of off on once only or other our ours out own"
    " please provide provided provides s same shall she should so some such t than that the their"
    " them then there these they this those through to too under until up upon us use used uses"
    " using very want wants was we were what when where which while who whom whose why will with"
    " within without would you your yours d ll m re ve hi hey hello thanks thank okay ok also"
    " e g etc ie e.g specific specified specify specifies given based whether each all about"
    " optional required default value values parameter parameters function tool type string"
    " integer number boolean object array format example true false none null one two".split()
)
# The longest that fits goes first; what stays has three letters at least.
_ENDINGS: Final = tuple(
    (ending, with_)
    for ending, with_ in (
        ("izations", "ize"), ("ization", "ize"), ("ations", ""), ("ation", ""), ("ements", ""),
        ("ement", ""), ("ingly", ""), ("ments", ""), ("ment", ""), ("ically", "ic"), ("ness", ""),
        ("ions", ""), ("ion", ""), ("ings", ""), ("ing", ""), ("ies", "y"), ("ied", "y"),
        ("ers", ""), ("ors", ""), ("sses", "ss"), ("ches", "ch"), ("shes", "sh"), ("xes", "x"),
        ("ive", ""), ("ed", ""), ("er", ""), ("or", ""), ("ly", ""), ("es", "e"), ("s", ""),
    )
)  # fmt: skip
_KEPT: Final = ("ss", "us", "is")  # no plurals


def stems(text: str) -> list[str]:
    """The stems of a text's words, in order, without those that say nothing."""
    return [stem(word) for word in words(text) if word not in STOPS]


def words(text: str) -> list[str]:
    """Lower-case words; `camelCase` and `snake_case` come apart."""
    if text.isascii():
        return [one.lower() for one in _WORD.findall(_MARKS.sub("", text))]
    found: list[str] = []
    for run in _OTHER.findall(_MARKS.sub("", text)):
        if run.isascii():
            found.extend(one.lower() for one in _WORD.findall(run))
        elif run[-1] >= _WIDE:
            found.extend(run[at : at + 2] for at in range(max(len(run) - 1, 1)))
        else:
            found.append(run.lower())
    return found


@lru_cache(16_384)
def stem(word: str) -> str:
    """The word without its ending, cut the same way for every form of it."""
    if len(word) <= 3 or word.endswith(_KEPT):
        return word
    for ending, with_ in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) + len(with_) >= 3:
            word = word[: -len(ending)] + with_
            break
    return _bare(word)


def _bare(word: str) -> str:
    """Without a doubled last consonant or a last e; y as i."""
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeioulsz":
        word = word[:-1]
    if len(word) > 3 and word[-1] == "e":
        word = word[:-1]
    return word[:-1] + "i" if len(word) > 3 and word[-1] == "y" else word
