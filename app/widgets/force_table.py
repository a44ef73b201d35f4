"""The user's force-patterns in the order in which they are tried."""

from collections.abc import Mapping, Sequence

from app.keys import bindings
from app.text import plain, whole
from app.widgets.grid import Column, Grid, Row
from classifier.force import ForcePattern

COLUMNS = (
    Column("on", 3, 0),
    Column("name", 16, 0),
    Column("tier", 10, 0),
    Column("fired", 6, 2, right=True),
    Column("pattern", 16, 1, grow=True),
)
HINT = (
    "No force-patterns of your own yet: a adds one. What it matches goes to its tier, whatever the"
    " score. The built-in ones stay: greetings, thanks, proofs, security audits and the like."
)


class ForceTable(Grid):
    """One row a pattern; rows off are dim, and say so in words."""

    TOPIC = "forces"
    BINDINGS = bindings("forces")

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(COLUMNS, HINT, id=id)

    def put(self, patterns: Sequence[ForcePattern], fired: Mapping[str, int]) -> None:
        """Draw the patterns; `fired` counts by name."""
        self.show([_row(rule, fired.get(rule.name, 0)) for rule in patterns])


def _row(rule: ForcePattern, fired: int) -> Row:
    lit = "text" if rule.enabled else "quiet"
    return (
        ("on", "good") if rule.enabled else ("off", "quiet"),
        (plain(rule.name, 80), lit),
        (rule.tier.name, rule.tier.name if rule.enabled else "quiet"),
        (whole(fired), lit if fired else "quiet"),
        (plain(rule.pattern, 400), lit),
    )
