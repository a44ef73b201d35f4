"""The guard of the semantic cache: whether two questions that look alike ask the same."""

from proxy.cache.guard.check import compare
from proxy.cache.guard.sense import Sense, Verdict

__all__ = ["Sense", "Verdict", "compare"]
