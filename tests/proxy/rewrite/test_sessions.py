"""Whole coding sessions, made up in the mix of real ones, take fewer tokens for their results."""

import pytest

from proxy.dialects.model import ToolCall
from proxy.rewrite import RewriteSettings, rewrite
from proxy.rewrite.settings import Level
from proxy.tokens.counter import count
from tests.proxy.rewrite.sessions import result_texts, session


def settings(level: Level) -> RewriteSettings:
    return RewriteSettings(strip=False, never=frozenset(), level=level, fixed_prefix=True)


def figures(seed: int, level: Level) -> dict[str, tuple[int, int]]:
    """Tokens before and after, by tool."""
    request = session(seed)
    sent, _ = rewrite(request, settings(level), lambda id, text: True)
    tools = [b.name for m in request.messages for b in m.blocks if isinstance(b, ToolCall)]
    sums: dict[str, tuple[int, int]] = {}
    for tool, before, after in zip(tools, result_texts(request), result_texts(sent), strict=True):
        was, now = sums.get(tool, (0, 0))
        sums[tool] = was + count(before), now + count(after)
        assert count(after) <= count(before)
    return sums


def saved(sums: dict[str, tuple[int, int]]) -> float:
    return 1 - sum(now for _, now in sums.values()) / sum(was for was, _ in sums.values())


@pytest.mark.parametrize("seed", range(3))
def test_results_of_a_session_take_a_twelfth_less_with_nothing_lost(seed: int) -> None:
    assert saved(figures(seed, "lossless")) >= 0.08


@pytest.mark.parametrize("seed", range(3))
def test_results_of_a_session_take_a_third_less_in_balanced(seed: int) -> None:
    assert saved(figures(seed, "balanced")) >= 0.30


if __name__ == "__main__":
    for level in ("lossless", "balanced"):
        for seed in range(5):
            sums = figures(seed, level)
            by_tool = {tool: round(saved({tool: one}), 3) for tool, one in sums.items()}
            print(level, seed, round(saved(sums), 3), by_tool)
