"""Requests that a weak model must not take on, however short: security-critical work."""

from dataclasses import dataclass

from classifier.features import Features
from classifier.tiers import Tier

_WORK = ("analyse", "fix", "change", "design", "prove")
_LOOKING = ("check", "convert")


@dataclass(frozen=True, slots=True)
class Risk:
    """Why a tier below `floor` is out of the question."""

    name: str
    floor: Tier
    evidence: str


def assess(features: Features) -> Risk | None:
    """The risk that a request carries, or None; a question about security alone carries none."""
    security, work = features.has("security"), features.has(*_WORK)
    if features.has("destroy") and (work or features.has("run", "check")):
        return Risk("production", Tier.COMPLEX, "touches live data")
    if security >= 2 and features.has("analyse", "prove"):
        return Risk("security", Tier.COMPLEX, f"analysis, {security} security words")
    if features.sensitive_files and work:
        return Risk("sensitive-code", Tier.COMPLEX, f"{features.sensitive_files} sensitive files")
    if security and features.has("fix", "analyse") and not features.asks_first:
        return Risk("security", Tier.COMPLEX, f"{security} security words in a change or review")
    return None
