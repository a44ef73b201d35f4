"""The guard of the semantic cache: whether two questions that look alike ask the same."""

from proxy.cache.guard.sense import Sense, Verdict

__all__ = ["Sense", "Verdict", "compare"]


def compare(asked: Sense, kept: Sense) -> Verdict:
    """Whether the answer to `kept` answers `asked`. What can't be defended is not the same."""
    if asked.text.split() == kept.text.split():
        return Verdict(True, "same words")
    return Verdict(False, "other words")
