"""Requests that a weak model must not take on, however short: security-critical work."""

from msgspec import Struct

from classifier.features import Features
from classifier.tiers import Tier

_WORK = ("analyse", "fix", "change", "design", "build", "prove")
_CARE = ("analyse", "fix", "design", "probe")


class Risk(Struct, frozen=True):
    """Why a tier below `floor` is out of the question."""

    name: str
    floor: Tier
    evidence: str


def assess(features: Features) -> Risk | None:
    """The risk that a request carries, or None; a question about security alone carries none."""
    return next((risk for rule in _RULES if (risk := rule(features))), None)


def _live_data(features: Features) -> Risk | None:
    """Changes to what is live, and acts that nothing undoes; asking about them is harmless."""
    live, acts = features.has("live"), features.has("destroy")
    if features.has("erase") and features.has("prod"):
        live, acts = live + 1, acts + 1
    if features.asks_first or not (acts or (live and features.has("run", "edit", *_WORK))):
        return None
    return Risk("production", Tier.COMPLEX, f"{live} live systems, {acts} acts that nothing undoes")


def _attacks(features: Features) -> Risk | None:
    """Work on a weakness, or any question about one in code at hand."""
    attacks = features.has("attack")
    at_hand = features.has("ours") and features.has("code", "tech", "language", "sensitive")
    if not attacks or not (at_hand or features.has("probe", *_WORK)):
        return None
    return Risk("security", Tier.COMPLEX, f"{attacks} attack words, with work to do on them")


def _guards(features: Features) -> Risk | None:
    """Work with care on what guards others: authentication, keys, personal data."""
    guards = features.has("sensitive") + features.sensitive_files
    if not guards or features.has("cosmetic"):
        return None
    ours = features.has("ours") > 0
    asked = features.has(*_CARE) > 0 and (ours or not features.asks_first)
    careful = asked or (ours and features.has("reasons") > 0)
    large = guards >= 2 and features.has("change", "build")
    if not (careful or large):
        return None
    return Risk(
        "sensitive",
        Tier.COMPLEX,
        f"{features.has('sensitive')} security words and {features.sensitive_files} sensitive files"
        " in work that calls for care",
    )


_RULES = (_live_data, _attacks, _guards)
