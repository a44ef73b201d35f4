"""Signs that a request is work for an agent: tools that will be used, steps, scope, failures."""

from classifier.features import Features
from classifier.tiers import Tier

_WORK = ("fix", "change", "build", "run", "design", "edit")
_MANY = 3  # failed results, and signs that make the work COMPLEX


def floor(features: Features) -> tuple[Tier, str] | None:
    """The lowest fitting tier and what says so, or None where nothing does."""
    resumed = features.results > 0 and features.has("resume") > 0
    if not (features.has(*_WORK) or resumed):
        return None
    signs = [text for text, holds in _signs(features) if holds]
    if not signs:
        return None
    large = len(signs) >= _MANY or features.has("autonomy") > 1
    return (Tier.COMPLEX if large else Tier.MEDIUM), ", ".join(signs)


def _signs(features: Features) -> tuple[tuple[str, bool], ...]:
    """What a person can check, and whether it holds; each one that holds counts once."""
    writes, shells = features.write_tools, features.shell_tools
    steps, autonomy = features.has("steps"), features.has("autonomy")
    files, scope = features.files, features.has("scope")
    return (
        (f"{writes} write and {shells} shell tools for the work", writes + shells > 0),
        (f"{steps} step words", steps >= 2),
        (f"{autonomy} autonomy phrases", autonomy > 0),
        (f"{files} files and {scope} scope words", files >= 2 or (files > 0 and scope > 0)),
        (f"{features.results} prior results", features.results > 0),
        (f"{features.failures} failed results", features.failures >= _MANY),
    )
