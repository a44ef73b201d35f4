"""Calibration: counts come near to what a model bills, and a few odd bills change nothing."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import force_setattr

from classifier.tiers import Tier
from proxy.dialects.model import Usage
from proxy.events import Event, Routed
from proxy.exchange import Tokens
from proxy.ledger.ledger import Ledger
from proxy.tokens.calibration import FEWEST, HIGH, KEPT, LEAST, LOW, MODELS, Calibration
from tests.proxy.test_server import QUESTION, post
from tests.proxy.told import begun, completed, feed
from tests.support import messages
from tests.support.proxy import config_for, proxy
from tests.support.upstream import Upstream

LOT = 10_000


def taught(*ratios: float, target: str = "up/large") -> Calibration:
    known = Calibration()
    for ratio in ratios:
        known.note(target, LOT, Usage(input=round(LOT * ratio)))
    return known


def test_what_is_not_known_stays_as_it_was_estimated():
    assert Calibration().adjust("up/large", 1_234) == 1_234
    assert taught(1.3, 1.3).factor("up/large") == 1
    assert taught(1.3, 1.3, 1.3).factor("up/small") == 1


def test_three_bills_are_enough():
    assert taught(1.3, 1.3, 1.3).adjust("up/large", 1_000) == 1_300


def test_cached_input_is_input():
    known = Calibration()
    for _ in range(FEWEST):
        known.note("m", 1_000, Usage(input=100, cache_read=900, cache_write=200))
    assert known.factor("m") == pytest.approx(1.2)


@pytest.mark.parametrize(
    ("estimated", "billed"),
    [
        (LOT, Usage()),
        (LOT, Usage(input=0, output=0)),
        (LEAST - 1, Usage(input=5_000)),
        (0, Usage(input=9)),
    ],
)
def test_no_bill_a_cached_answer_and_a_short_prompt_teach_nothing(estimated, billed):
    known = taught(1.1, 1.1)
    known.note("up/large", estimated, billed)
    assert known.factor("up/large") == 1


@given(
    st.lists(st.floats(0.01, 100), min_size=1, max_size=120),
    st.floats(0.6, 1.9),
)
def test_the_factor_is_bounded_and_odd_bills_do_not_move_it(odd, ratio):
    assert LOW <= taught(*odd).factor("up/large") <= HIGH or len(odd) < FEWEST
    few = odd[: KEPT // 2 - 1]
    mixed = taught(*few, *[ratio] * (KEPT - len(few)))
    assert mixed.factor("up/large") == pytest.approx(ratio, abs=1e-3)


def test_a_change_of_tokenizer_is_learnt():
    known = taught(*[1.0] * 500, *[1.4] * KEPT)
    assert known.factor("up/large") == pytest.approx(1.4)


def test_models_do_not_pile_up():
    known = Calibration()
    for number in range(MODELS * 3):
        known.note(f"up/m{number}", LOT, Usage(input=LOT))
    assert len(known._ratios) == MODELS


def exchange(id: str, at: float, ratio: float, tokens: int = 1_000) -> list[Event]:
    usage = Usage(input=round(tokens * ratio) - 100, output=5, cache_read=100)
    ended = completed(id, at, usage)
    force_setattr(ended, "after", Tokens(0, 0, tokens))
    return [*begun(id, at, tier=Tier.COMPLEX), ended]


def keep(path: Path, exchanges: list[list[Event]]) -> None:
    ledger = Ledger(path)
    for events in exchanges:
        feed(ledger, events)
    assert ledger.close(5)


async def test_it_is_learnt_again_from_the_ledger_after_a_restart(tmp_path: Path):
    now = time.time()
    rows = [exchange(f"new{n}", now - n, 1.5) for n in range(KEPT)]
    rows += [exchange(f"old{n}", now - 9_000 - n, 0.7) for n in range(KEPT * 2)]
    rows += [exchange(f"short{n}", now, 9, LEAST - 1) for n in range(KEPT)]
    keep(tmp_path / "ledger.db", rows)
    known = Calibration()
    await known.load(tmp_path / "ledger.db")
    assert known.factor("local/model-complex") == pytest.approx(1.5)


async def test_what_was_learnt_since_the_start_is_newer_than_the_ledger(tmp_path: Path):
    keep(tmp_path / "ledger.db", [exchange(f"{n}", 1e9 + n, 0.7) for n in range(KEPT)])
    known = taught(*[1.2] * KEPT, target="local/model-complex")
    await known.load(tmp_path / "ledger.db")
    assert known.factor("local/model-complex") == pytest.approx(1.2)


@pytest.mark.parametrize("content", [None, b"", b"no database at all" * 100])
async def test_no_ledger_or_a_broken_one_teaches_nothing(tmp_path: Path, content: bytes | None):
    path = tmp_path / "ledger.db"
    if content is not None:
        path.write_bytes(content)
    known = Calibration()
    await known.load(path)
    assert known.factor("local/model-complex") == 1


async def test_a_request_is_held_against_a_window_as_its_model_counts(tmp_path: Path):
    window = '[models]\n"up/small" = { window = 4000 }'
    turns = [{"role": "user", "content": "Hello there. " * 830}]  # some 3,000 tokens
    async with (
        Upstream(messages.says_hello) as upstream,
        proxy(tmp_path, config_for(upstream.url, more=window)) as (server, heard),
    ):
        url, asked = f"{server.url}/v1/messages", {**QUESTION, "messages": turns}
        await post(url, asked, x_lynkr_tier="SIMPLE", x_lynkr_cache="off")
        for _ in range(FEWEST):
            server.house.calibration.note("up/small", LOT, Usage(input=LOT * 3 // 2))
        await post(url, asked, x_lynkr_tier="SIMPLE", x_lynkr_cache="off")
        models = [event.decision.target.model for event in heard if isinstance(event, Routed)]
        assert models == ["small", "middle"]
