"""Which part each word of content plays: who does, to whom, from where, by a shallow reading."""

from functools import lru_cache
from typing import Final

from msgspec import Struct

from proxy.cache.guard import grammar
from proxy.cache.guard.lexicon import OPTIONAL
from proxy.cache.guard.reading import Reading, read
from proxy.cache.guard.words import Word

_VERBS: Final = frozenset(
    """
add allow apply ask avoid become begin boil bring build buy call cast cause change check choose
combine compile compute configure contain convert cook copy count create decode define delete
describe determine disable display divide download eat employ enable encode encrypt ensure execute
export extract feed fetch find fix fly follow furnish generate get give go handle help hold import
include increase indicate install iterate keep know learn like list load lose make manage mean merge
migrate mount move need open parse pass pay perform play prevent print process produce provide put
read reduce refer remove rename replace require reset resize restore retrieve return reverse run
save see select sell send serve set share show sort specify split start stop store subtract take
tell train transform translate turn undo update upload use utilize verify visit want write yield
""".split()
)
IMPERATIVES: Final = _VERBS | frozenset(
    "compose draft draw explain give help list make name plan prove rewrite show solve suggest"
    " summarize teach tell design outline rank rate recommend correct check fix".split()
)
_CLAUSE: Final = frozenset(".;:?!")
# Two parts that no paraphrase mixes up.
_CLASH: Final = frozenset(
    frozenset(pair.split("/"))
    for pair in (
        "subj/obj", "subj/pred", "from/to", "before/after", "with/without", "over/under", "in/out",
        "up/down", "for/against", "of/without", "by/about", "subj/from", "subj/to", "obj/from",
        "in/under", "over/in", "than/subj", "than/obj", "than/pred", "before/in", "after/in",
        "from/for", "before/during", "after/during", "without/by", "without/obj", "by/from",
        "by/to", "out/to", "from/in", "by/of", "on/in", "with/subj",
    )
)  # fmt: skip


class Parts(Struct, frozen=True):
    """`at` are the places of the content words in `reading.words`; `role` the part of each word,
    `verb` whether it is one, in the same order."""

    reading: Reading
    at: tuple[int, ...]
    role: tuple[str, ...]
    verb: tuple[bool, ...]

    @property
    def content(self) -> list[Word]:
        return [self.reading.words[at] for at in self.at]


def clash(one: str, other: str) -> bool:
    """Whether a word can't play both parts in two wordings of one question."""
    return frozenset((one, other)) in _CLASH


def agree(one: str, other: str) -> bool:
    """Whether both parts are one, or near enough for a word that moved."""
    return one == other or frozenset((one, other)) in grammar.LOOSE


@lru_cache(maxsize=2_000)
def parts_of(text: str, known: frozenset[str] = frozenset()) -> Parts:
    """The parts in `text`; `known` are lemmas that its other wording has shown to be verbs."""
    reading = read(text)
    words = reading.words
    voices = _voices(words, known, reading.kind)
    at = tuple(n for n, word in enumerate(words) if word.content)
    roles = tuple(_verb_role(words, n) if n in voices else _role(words, n, voices) for n in at)
    return Parts(reading, at, roles, tuple(n in voices for n in at))


def verbs_in(text: str) -> frozenset[str]:
    """Lemmas of the words that are verbs in `text` for certain."""
    parts = parts_of(text)
    found = [word for word, verb in zip(parts.content, parts.verb, strict=True) if verb]
    return frozenset(lemma for word in found for lemma in word.lemmas)


def _voices(words: tuple[Word, ...], known: frozenset[str], kind: str) -> dict[int, bool]:
    """The place of each verb, and whether it is passive."""
    found: dict[int, bool] = {}
    for n, word in enumerate(words):
        if word.hard or word.named or not word.content or word.low in OPTIONAL:
            continue
        voice = _voice(words, n, found, known)
        if voice is not None:
            found[n] = voice
    return found


def _voice(
    words: tuple[Word, ...], n: int, found: dict[int, bool], known: frozenset[str]
) -> bool | None:
    """True where the word at `n` is a passive verb, False an active one, None where it is none."""
    word, before = words[n], _before(words, n)
    participle = word.low.endswith("ed") or word.low in grammar.PARTICIPLES
    after = words[n + 1].low if n + 1 < len(words) else ""
    if participle and (before in grammar.BE or after == "by" or _asked_be(words, n, found)):
        return True
    if word.low.endswith("ing") and len(word.low) > 5:
        led = before in grammar.BE or before in grammar.PREPOSITIONS or before in ("", "when")
        return False if led or _asked_be(words, n, found) else None
    led = before in grammar.MODAL | grammar.DO | grammar.SUBJECTS
    if led or (before in grammar.HAVE and participle):
        return False
    plain = word.lemmas & (_VERBS | known)
    if plain and (before in ("to", "", "#") or _is_finite(words, n, found)):
        return False
    return False if _asked_do(words, n, found) else None


def _before(words: tuple[Word, ...], n: int) -> str:
    """The word before, adverbs and "not" left out; "" at the start of a clause."""
    at = n - 1
    while at >= 0 and (words[at].low in OPTIONAL or words[at].low in ("not", "also", "only")
                       or (words[at].low.endswith("ly") and not words[at].hard)):  # fmt: skip
        at -= 1
    return "" if at < 0 or words[at].low in _CLAUSE or words[at].low == "," else words[at].low


def _is_finite(words: tuple[Word, ...], n: int, found: dict[int, bool]) -> bool:
    """Whether a known verb stands behind its subject: no verb before it in its clause."""
    start = _start(words, n)
    between = words[start:n]
    if not any(word.content for word in between) or any(start <= at < n for at in found):
        return False
    if any(word.low in grammar.BE | grammar.PREPOSITIONS.keys() for word in words[n - 1 : n]):
        return False
    return words[n - 1].low not in grammar.ARTICLES and not any(
        w.low in grammar.BE for w in between
    )


def _start(words: tuple[Word, ...], n: int) -> int:
    at = n
    while at > 0 and words[at - 1].low not in _CLAUSE:
        at -= 1
    return at


def _asked(words: tuple[Word, ...], n: int, lead: frozenset[str]) -> int | None:
    """The place of the auxiliary that opens the question in which `n` stands, if one does."""
    start = _start(words, n)
    for at in range(start, n):
        if words[at].low in lead and not words[at].hard:
            return at
        if words[at].content and at > start + 2:
            return None
    return None


def _asked_be(words: tuple[Word, ...], n: int, found: dict[int, bool]) -> bool:
    """Whether a question opened with "is" and a subject, and the word at `n` is its first verb."""
    at = _asked(words, n, grammar.BE)
    return at is not None and not any(at < verb < n for verb in found) and _has(words, at, n)


def _asked_do(words: tuple[Word, ...], n: int, found: dict[int, bool]) -> bool:
    """Whether a question opened with "does" and a subject that ends right before the word."""
    at = _asked(words, n, grammar.DO | grammar.MODAL)
    if at is None or any(at < verb < n for verb in found) or not _has(words, at, n):
        return False
    before = words[n - 1]
    return before.named or before.hard or bool(words[n].lemmas & _VERBS) or _is_last(words, n)


def _is_last(words: tuple[Word, ...], n: int) -> bool:
    """Whether what follows opens a new group: an article, a pronoun, a preposition, or nothing."""
    after = words[n + 1] if n + 1 < len(words) else None
    return after is None or not after.content


def _has(words: tuple[Word, ...], at: int, n: int) -> bool:
    return any(word.content for word in words[at + 1 : n])


def _role(words: tuple[Word, ...], n: int, voices: dict[int, bool]) -> str:
    """The part of the word at `n`, from what governs it: the nearest marker to its left."""
    at = n - 1
    while at >= 0:
        word = words[at]
        low = "" if word.hard else word.low
        if at in voices:
            return _object(words, at, voices)
        if low in grammar.PREPOSITIONS:
            return _after(words, at, voices)
        if low in grammar.BE:
            return "pred" if _has_subject(words, at) else _subject(words, n, voices)
        if low in _ENDS or (low == "," and _is_fronted(words, at)):
            break
        at -= 1
    return _subject(words, n, voices)


_ENDS: Final = (
    grammar.DO | grammar.MODAL | grammar.ASKING.keys() | _CLAUSE | {"that", "if", "because"}
)


def _object(words: tuple[Word, ...], at: int, voices: dict[int, bool]) -> str:
    if words[at].lemmas & {"use", "utilize", "employ"} and not voices[at]:
        return "with"
    return "comp" if voices[at] else "obj"


def _after(words: tuple[Word, ...], at: int, voices: dict[int, bool]) -> str:
    """The part of what follows a preposition; "by" behind a passive verb names who does it."""
    part = grammar.PREPOSITIONS[words[at].low]
    if part == "by":
        if any(voices[verb] for verb in voices if verb < at):
            return "subj"
        return "with" if at + 1 in voices else "by"
    return part


def _has_subject(words: tuple[Word, ...], at: int) -> bool:
    """Whether content, or "it", stands before "is" in its clause: no question was turned about."""
    start = _start(words, at)
    return any(
        word.content or word.low in grammar.THINGS or word.low in grammar.SUBJECTS
        for word in words[start:at]
    )


def _is_fronted(words: tuple[Word, ...], comma: int) -> bool:
    """Whether the comma ends what was put before the sentence: "In Python, …"."""
    start = _start(words, comma)
    low = words[start].low
    led = low in grammar.PREPOSITIONS or low in ("if", "when", "while", "because")
    return (led or low.endswith("ing")) and not any(w.low == "," for w in words[start:comma])


def _subject(words: tuple[Word, ...], n: int, voices: dict[int, bool]) -> str:
    """Subject, or object where the verb that follows is passive."""
    for at in range(n + 1, len(words)):
        if words[at].low in _CLAUSE:
            break
        if at in voices:
            if voices[at]:
                return "with" if words[at].lemmas & {"use", "utilize", "employ"} else "obj"
            return "subj"
    return "subj"


def _verb_role(words: tuple[Word, ...], n: int) -> str:
    """What leads to the verb at `n`: a preposition of time, or nothing."""
    for at in range(n - 1, -1, -1):
        low = words[at].low
        if low in _CLAUSE or low == ",":
            break
        if low in ("before", "after", "without", "until", "since", "if", "unless"):
            return grammar.PREPOSITIONS.get(low, low)
    return "verb"
