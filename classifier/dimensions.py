"""The 13 dimensions: what each measures, how much it weighs, and the evidence that it shows."""

from collections.abc import Callable
from functools import lru_cache
from math import exp, log1p

from msgspec import Struct

from classifier.features import Features

Measured = tuple[float, str]  # 0 to 100, and what a person can check


class Dimension(Struct, frozen=True):
    """One side of a request's complexity; `weight` is its share of the score."""

    name: str
    weight: float
    measure: Callable[[Features], Measured]


# What a task asks of a model, 0 to 100: overall, in steps, in code, in analysis.
DEMANDS: dict[str, tuple[float, float, float, float]] = {
    "convert": (12, 5, 0, 0),
    "explain": (22, 12, 0, 22),
    "compose": (25, 10, 0, 5),
    "check": (25, 20, 0, 25),
    "compare": (38, 30, 0, 45),
    "run": (30, 35, 30, 5),
    "build": (55, 45, 75, 20),
    "fix": (48, 45, 60, 40),
    "change": (48, 50, 60, 30),
    "analyse": (60, 60, 10, 85),
    "reason": (60, 85, 0, 70),
    "design": (72, 70, 40, 80),
    "prove": (85, 100, 0, 90),
}
_OVERALL, _STEPS, _CODE, _ANALYSIS = range(_SIDES := 4)
_SHARES = (0.25, 0.1)  # of the second and third heaviest
_SUBJECT = 15  # per advanced term, where no task is named
_ADVANCED = 8  # per advanced term, on top of the task
_MAKES_CODE = ("compose", "build", "convert", "change", "fix")


def _soft(amount: float, half: float) -> float:
    """0 to 100, half way at `half`, always rising: no two amounts look the same."""
    return 100 * amount / (amount + half) if amount > 0 else 0.0


def _cut(value: float) -> float:
    return min(100.0, max(0.0, value))


def _demand(features: Features, side: int) -> float:
    deep, scope, brief = features.has("deep"), features.has("scope"), features.has("brief")
    return _demands(features.tasks, min(deep, 4), min(scope, 4), min(brief, 2))[side]


@lru_cache(1_024)
def _demands(tasks: tuple[str, ...], deep: int, scope: int, brief: int) -> tuple[float, ...]:
    """For each side the heaviest task, raised by the others and by scope, lowered where brevity is
    asked."""
    breadth = max(0.35, 1 + 0.16 * scope - 0.3 * brief)
    return tuple(_heaviest(tasks, side, deep) * breadth for side in range(_SIDES))


def _heaviest(tasks: tuple[str, ...], side: int, deep: int) -> float:
    if not tasks:
        return _SUBJECT * deep  # hard matters, whatever is asked
    first, *others = sorted([DEMANDS[name][side] for name in tasks], reverse=True)
    for value, share in zip(others, _SHARES, strict=False):
        first += value * share
    return first + _ADVANCED * deep


def _named(features: Features) -> str:
    return "asks to " + ", ".join(features.tasks) if features.tasks else "no task named"


@lru_cache(2_048)
def _count(amount: int, noun: str) -> str:
    return f"{amount:,} {noun}" if amount == 1 else f"{amount:,} {noun}s"


def _shape(features: Features) -> float:
    """How much is said at once: clauses joined, items listed, conditions set."""
    return features.clauses + features.items + 0.7 * features.has("limits")


def token_count(features: Features) -> Measured:
    return (
        0.95 * _soft(features.words, 60) + 0.05 * _soft(features.tokens, 20_000),
        f"{_count(features.words, 'own word')}, {features.tokens:,} tokens in all",
    )


def prompt_complexity(features: Features) -> Measured:
    return (
        _cut(0.9 * _demand(features, _OVERALL) + 0.6 * _soft(_shape(features), 8)),
        f"{_named(features)}; {_count(features.has('limits'), 'condition')}, "
        f"{_count(features.clauses, 'clause')}, {_count(features.items, 'list item')}",
    )


def technical_depth(features: Features) -> Measured:
    deep, plain = features.has("deep"), features.has("tech", "language", "code")
    parts = 0.5 * features.files + 0.8 * features.has("attack", "sensitive") + features.errors
    return (
        _cut(1.25 * _soft(2.2 * deep + plain + parts, 3)),
        f"{_count(deep, 'advanced term')}, {_count(plain, 'technical term')}, "
        f"{_count(features.files, 'file')}",
    )


_FIELDS = (
    "law",
    "medicine",
    "finance",
    "science",
    "maths",
    "humanities",
    "attack",
    "sensitive",
    "deep",
)


def domain_specificity(features: Features) -> Measured:
    terms = features.has(*_FIELDS)
    cases = features.has("law", "medicine", "humanities")  # facts to hold against rules
    fields = sum(bool(features.found.get(name)) for name in _FIELDS)
    spoken = 1.2 * _soft(terms + cases + 0.25 * features.long_words, 5)
    return (
        _cut(0.35 * spoken + 0.65 * _hard(features)),
        f"{_count(terms, 'specialist term')} in {_count(fields, 'field')}, "
        f"{_count(features.long_words, 'long word')}; worded like questions of hardness "
        f"{round(features.hardness, 1) + 0.0:.1f}",
    )


def _hard(features: Features) -> float:
    """0 to 100: half at what a question of an exam is, a tenth where nothing is known."""
    return 100 / (1 + exp(-1.7 * (features.hardness - 1.3)))


def tool_count(features: Features) -> Measured:
    return _cut(_soft(features.tools, 12)), f"{_count(features.tools, 'tool')} offered"


def tool_complexity(features: Features) -> Measured:
    mean = features.properties / features.tools if features.tools else 0.0
    return (
        _cut(_soft(mean, 6) * 0.7 + 8 * min(features.depth, 4)),
        f"{mean:.1f} properties a tool, {features.depth} deep",
    )


def tool_chain_potential(features: Features) -> Measured:
    kinds = (features.read_tools, features.write_tools, features.shell_tools)
    ways = sum(bool(kind) for kind in kinds)
    work = features.has("fix", "change", "build", "run", "steps", "analyse") + features.files
    value = 15 * ways + (_soft(work, 3) * 0.55 if ways else 0)
    return (
        _cut(value),
        f"{_count(kinds[0], 'read tool')}, {_count(kinds[1], 'write tool')}, "
        f"{_count(kinds[2], 'shell tool')}",
    )


def multi_step_reasoning(features: Features) -> Measured:
    steps = features.has("steps", "autonomy") + 2 * features.has("reason", "prove")
    return (
        _cut(0.95 * _demand(features, _STEPS) + 0.55 * _soft(1.5 * steps + features.clauses, 9)),
        f"{_named(features)}; {_count(features.has('steps'), 'step word')}, "
        f"{_count(features.clauses, 'clause')}",
    )


def code_generation(features: Features) -> Measured:
    nouns = features.has("code", "language", "tech", "deep", "symptom")
    near = min(
        1.0, 0.3 * nouns + 0.4 * (features.files + features.errors + features.code_lines > 0)
    )
    asked = max(_demand(features, _CODE), 65.0 if features.has(*_MAKES_CODE) else 0.0)
    return (
        _cut(asked * near + _soft(features.code_lines, 30) * 0.4),
        f"{_named(features)}; {_count(nouns, 'programming term')}, "
        f"{_count(features.code_lines, 'line')} of code",
    )


def analysis_depth(features: Features) -> Measured:
    grounds = features.has("reasons", "scope", "artefact", "deep")
    return (
        _cut(0.95 * _demand(features, _ANALYSIS) + 0.35 * _soft(grounds, 3)),
        f"{_named(features)}; {_count(features.has('reasons'), 'ground')} to weigh, "
        f"{_count(features.has('scope'), 'scope word')}",
    )


def conversation_depth(features: Features) -> Measured:
    return _soft(features.user_turns - 1, 10), f"{_count(features.turns, 'turn')} so far"


def prior_tool_usage(features: Features) -> Measured:
    amount = features.results + features.write_calls + 3 * features.failures
    return (
        _cut(_soft(amount, 10)),
        f"{_count(features.calls, 'call')}, {_count(features.results, 'prior result')}, "
        f"{_count(features.failures, 'failure')}",
    )


def ambiguity(features: Features) -> Measured:
    """How much is left for the model to find out: much asked, little said."""
    open_ended = _demand(features, _OVERALL) * exp(-features.words / 40)
    return (
        _cut(open_ended + 12 * log1p(features.has("vague"))),
        f"{_named(features)} in {_count(features.words, 'word')}, "
        f"{_count(features.has('vague'), 'vague word')}",
    )


DIMENSIONS: tuple[Dimension, ...] = (
    Dimension("token_count", 0.10, token_count),
    Dimension("prompt_complexity", 0.14, prompt_complexity),
    Dimension("technical_depth", 0.05, technical_depth),
    Dimension("domain_specificity", 0.12, domain_specificity),
    Dimension("tool_count", 0.02, tool_count),
    Dimension("tool_complexity", 0.01, tool_complexity),
    Dimension("tool_chain_potential", 0.04, tool_chain_potential),
    Dimension("multi_step_reasoning", 0.22, multi_step_reasoning),
    Dimension("code_generation", 0.05, code_generation),
    Dimension("analysis_depth", 0.14, analysis_depth),
    Dimension("conversation_depth", 0.02, conversation_depth),
    Dimension("prior_tool_usage", 0.04, prior_tool_usage),
    Dimension("ambiguity", 0.05, ambiguity),
)
