"""What the routing screen says of itself, in words and their style."""

import time
from pathlib import Path
from typing import Final

from app import edits
from app.text import whole
from app.widgets.outcome import change
from app.widgets.weights import Weights, figure
from classifier.force import ForcePattern
from proxy.past.what_if import Outcome

HOW: Final = "enter saves, esc drops"
UNTOLD: Final = "whom it would have caught, nobody can tell: the ledger keeps no text"


def scores_note(count: int) -> str:
    return f"the last {whole(count)} scores" if count else "← → move one"


def weights_note(weights: Weights) -> tuple[str, str]:
    said = f"sum {figure(weights.total)}"
    if abs(weights.total - 1) > 1e-6:
        return f"{said}, must be 1 · = evens out the others", "bad"
    if weights.drafted:
        return f"{said} · {HOW}", "warn"
    own = sum(weights.draft[name] != shipped for name, shipped in edits.SHIPPED.items())
    return f"{said} · {f'{own} of your own' if own else 'as shipped'}", "quiet"


def outcome_note(found: Outcome | None, wide: bool) -> tuple[str, str]:
    if found is None or not found.rows:
        return "", "quiet"
    since = time.strftime("since %d %b", time.localtime(found.since))
    told = since if wide else change(found)
    return f"{whole(found.moved)} of {whole(found.rows)} move · {told}", "warn"


def forecast(found: Outcome) -> str:
    """A change in a sentence."""
    if not found.moved:
        return f"none of the last {whole(found.rows)} requests would move"
    moves = (f"{move.source.name} → {move.to.name} {whole(move.requests)}" for move in found.moves)
    return f"would move {', '.join(moves)} · cost {change(found)}"


def switched(rule: ForcePattern) -> str:
    return f"{rule.name} switched {'off' if rule.enabled else 'on'}"


def homely(path: Path) -> str:
    try:
        return f"~/{path.relative_to(Path.home())}"
    except (ValueError, RuntimeError):
        return str(path)
