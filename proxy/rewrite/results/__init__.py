"""Tool results in fewer tokens: one file a technique, in the order in which they are tried."""

from proxy.rewrite.results.compact import COMPACT
from proxy.rewrite.results.folding import FOLDING
from proxy.rewrite.results.gutter import GUTTER
from proxy.rewrite.results.legend import LEGEND
from proxy.rewrite.results.listing import LISTING
from proxy.rewrite.results.memo import Memo, key_of
from proxy.rewrite.results.paths import PATHS
from proxy.rewrite.results.shapes import SHAPES
from proxy.rewrite.results.source import OUTPUT, Source
from proxy.rewrite.results.technique import Shrunk, Technique
from proxy.rewrite.results.terminal import TERMINAL
from proxy.rewrite.results.toon import TOON
from proxy.rewrite.results.weight import weigh

# Of each stage the first that pays is taken; the next stage works on what it made.
STAGES: tuple[tuple[Technique, ...], ...] = (
    (COMPACT, TERMINAL, GUTTER),
    (SHAPES, TOON, PATHS, LISTING, FOLDING),
    (LEGEND,),
)
TECHNIQUES: dict[str, Technique] = {one.name: one for stage in STAGES for one in stage}

SMALLEST = 200  # characters: below this, nothing worth the work is to be had
LARGEST = 2_000_000  # characters: above this a result passes as it came
MARGIN = 0.95  # of its weight that a new form may have; what only leaves out needs no margin

_MEMO = Memo(8_000_000)


def worth_trying(text: str, source: Source = OUTPUT) -> bool:
    """Whether a technique may fit, by size and a glance alone."""
    return SMALLEST <= len(text) <= LARGEST and any(
        one.fits(source) and one.looks(text) for one in TECHNIQUES.values()
    )


def is_known(text: str, source: Source = OUTPUT) -> bool:
    """Whether `shrink` has this text's answer at hand."""
    return key_of(text, source) in _MEMO


def shrink(text: str, source: Source = OUTPUT) -> Shrunk | None:
    """`text` as the techniques leave it, each working on what the last one made; None if as it was.

    A pure function of `text` and what of `source` says how exact it must stay: no clock, no
    tokenizer, nothing of this machine. Never more characters than came.
    """
    return _MEMO(key_of(text, source), lambda: _shrink(text, source))


def restore(shrunk: Shrunk) -> str:
    """What came: for JSON the same value, for terminal output what a terminal shows of it."""
    text = shrunk.text
    for name in reversed(shrunk.technique.split("+")):
        text = TECHNIQUES[name].restore(text)
    return text


def _shrink(text: str, source: Source) -> Shrunk | None:
    names: list[str] = []
    for stage in STAGES:
        for technique in stage:
            made = _tried(technique, text) if technique.fits(source) else None
            if made is not None:
                text = made
                names.append(technique.name)
                break
    return Shrunk(text, "+".join(names)) if names else None


def _tried(technique: Technique, text: str) -> str | None:
    """What the technique makes of `text`, where that is clearly less."""
    made = technique.apply(text) if technique.looks(text) else None
    if made is None or len(made) >= len(text):
        return None
    return made if technique.only_omits or weigh(made) < MARGIN * weigh(text) else None
