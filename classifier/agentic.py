"""Signs that a request is work for an agent: tools that will be used, steps, scope, failures."""

from classifier.features import Features
from classifier.tiers import Tier

_WORK = ("fix", "change", "build", "run", "design", "analyse")
_FEW_FAILURES = 3


def floor(features: Features) -> tuple[Tier, str] | None:
    """The lowest fitting tier and what says so, or None where nothing does."""
    work = features.has(*_WORK) + features.files
    signs = [text for text, holds in _signs(features) if holds]
    acts = bool(features.write_tools + features.shell_tools) and work > 0
    if not work or not (signs or acts):
        return None
    if acts:
        signs.insert(
            0, f"{features.write_tools} write and {features.shell_tools} shell tools for work"
        )
    weight = len(signs) + features.has("autonomy")
    return (Tier.COMPLEX if weight >= 3 else Tier.MEDIUM), ", ".join(signs)


def _signs(features: Features) -> tuple[tuple[str, bool], ...]:
    steps, autonomy = features.has("steps"), features.has("autonomy")
    return (
        (f"{steps} step words", steps >= 2),
        (f"{autonomy} autonomy phrases", autonomy > 0),
        (
            f"{features.files} files, {features.has('scope')} scope words",
            features.files >= 2 or (features.files and features.has("scope")) > 0,
        ),
        (f"{features.results} prior results", features.results > 0),
        (f"{features.failures} failed results", features.failures >= _FEW_FAILURES),
    )
