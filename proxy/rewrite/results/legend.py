"""Long words that come again, or begin alike (addresses, paths, hashes), said once in a legend."""

import re
from collections import Counter
from typing import Final

from proxy.rewrite.results.listing import HEADER as LISTED
from proxy.rewrite.results.listing import looks_placed
from proxy.rewrite.results.technique import Technique

MOST: Final = 20  # entries
LARGEST: Final = 150_000  # characters
SHORTEST: Final = 16  # characters of a word or of its beginning that can pay
SIGNS: Final = ("$", "~", "^", "§")  # the first that the text has no use for itself

_HEADER: Final = "Read {0}1 and so on as:"
_TOKEN: Final = 0.28  # tokens a character, roughly
_FEWEST_SIGNS: Final = 5  # a rule (=====) has fewer, and takes hardly a token
_ALIAS, _ENTRY = 2.5, 5.0  # tokens of an alias, and of a legend's entry beside its text
_HEAD_COST: Final = 8.0

_WORDS: Final = re.compile(rf"[^\s,()\[\]{{}}\"'=|]{{{SHORTEST},}}")
_CUTS: Final = re.compile(r"[/:#?]")


def looks_like_words(text: str) -> bool:
    """Whether there may be addresses or paths in it; what a search found in files is left alone."""
    if looks_placed(text) or text.startswith(LISTED):
        return False
    return len(text) <= LARGEST and (text.count("/") > 8 or text.count(":") > 8)


def legend(text: str) -> str | None:
    """`text` below the list of what its aliases stand for; None where too little comes again."""
    sign = next((sign for sign in SIGNS if sign not in text), None)
    chosen = _chosen(text) if sign else []
    if not chosen:
        return None
    aliases = {phrase: f"{sign}{number}" for number, phrase in enumerate(chosen, 1)}
    longest_first = sorted(map(re.escape, chosen), key=len, reverse=True)
    search = re.compile(rf"(?:{'|'.join(longest_first)})(?!\w)")
    body = search.sub(lambda found: aliases[found.group()], text)
    entries = [f"{alias}={phrase}" for phrase, alias in aliases.items()]
    made = "\n".join([_HEADER.format(sign), *entries, "", body])
    return made if restore(made) == text else None


def restore(text: str) -> str:
    """The text whose legend stands on top. ValueError for any other."""
    header, _, rest = text.partition("\n")
    above, gap, body = rest.partition("\n\n")
    sign = header[5:6]
    if not gap or header != _HEADER.format(sign):
        raise ValueError("no legend on top")
    meanings = dict(line.split("=", 1) for line in above.split("\n"))
    return re.sub(rf"{re.escape(sign)}\d+", lambda found: meanings[found.group()], body)


def _chosen(text: str) -> list[str]:
    """The words and beginnings that save most, one after the other, in the order of the text."""
    counts = _counts(text)
    said = dict.fromkeys(counts, 0.0)  # tokens of it that an alias within it spares already
    chosen: list[str] = []
    total = -_HEAD_COST
    while counts and len(chosen) < MOST:
        best = max(counts, key=lambda one: _gain(one, counts[one], said[one]))
        gain = _gain(best, counts[best], said[best])
        if gain <= 0:
            break
        total += gain
        chosen.append(best)
        _settle(best, counts, said)
    return sorted(chosen, key=text.index) if total > 0 else []


def _gain(phrase: str, count: int, said: float) -> float:
    size = len(phrase) * _TOKEN
    return count * (size - said - _ALIAS) - size - _ENTRY


def _settle(best: str, counts: Counter[str], said: dict[str, float]) -> None:
    """What stays to be had by the others once `best` has an alias."""
    taken = counts.pop(best)
    spared = len(best) * _TOKEN - _ALIAS
    for other in list(counts):
        if best.startswith(other):
            counts[other] -= taken
            if counts[other] < 2:
                del counts[other]
        elif other.startswith(best):
            said[other] = max(said[other], spared)


def _counts(text: str) -> Counter[str]:
    """How often each long word stands in `text`, and each of its beginnings that ends at a cut."""
    counts: Counter[str] = Counter()
    for phrase, times in Counter(_WORDS.findall(text)).items():
        if len(set(phrase)) < _FEWEST_SIGNS:
            continue
        counts[phrase] += times
        for cut in _CUTS.finditer(phrase, SHORTEST):
            counts[phrase[: cut.start()]] += times
    worth = {
        phrase: times
        for phrase, times in counts.items()
        if times > 1 and _gain(phrase, times, 0.0) > 0
    }
    return Counter(worth)


LEGEND: Final = Technique("legend", looks_like_words, legend, restore)
