"""The details of an exchange: its way step by step, what the cache found, where the time went."""

import asyncio
import shutil
import time
from pathlib import Path

import orjson
import pytest
from aiohttp import ClientSession
from hypothesis import example
from hypothesis import given as over
from hypothesis import strategies as st

from app.copied import FILE, as_curl, as_json
from app.services import DashboardServices
from app.store import Store
from app.widgets.canvas import Line, width_of
from app.widgets.details import heading, page
from app.widgets.waterfall import waterfall
from classifier.tiers import Tier
from proxy.bus import Listener
from proxy.events import CacheHit, Escalated, Failed, Rewritten
from proxy.exchange import CacheState, Candidate, Rewrite
from proxy.record import Record
from tests.app.scene import MODELS, PARTS, begin, done, fell_back, finish, retried, services
from tests.app.screen import SIZES, live_of, running, ticked
from tests.app.test_staying_up import words_of
from tests.support import messages
from tests.support.proxy import config_for, proxy
from tests.support.upstream import Upstream

ALIKE = (
    Candidate(0.974, True, "no word makes a difference"),
    Candidate(0.912, False, "numbers differ: 3 and [b]4\x1b[2J"),
)
ASKED = {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": "hi"}]}


@pytest.fixture
def given(tmp_path: Path) -> DashboardServices:
    return services(tmp_path)


def missed(tell: Listener, id: str, found: tuple[Candidate, ...] = ALIKE) -> None:
    cache = CacheState("miss", "nothing close enough", found)
    tell(Rewritten(id=id, at=time.time(), rewrite=Rewrite(), cache=cache))


def told(row: Record, width: int = 96) -> str:
    return words_of(page(row, width))


@pytest.mark.parametrize("size", SIZES)
async def test_what_the_cache_found_alike_stands_with_its_verdict(
    given: DashboardServices, size: tuple[int, int]
) -> None:
    async with running(given, size) as (dashboard, pilot):
        id = begin(given.bus.publish)
        missed(given.bus.publish, id)
        finish(given.bus.publish, id)
        await ticked(dashboard, pilot)
        await pilot.press("enter")
        await pilot.pause()
        shown = words_of(live_of(dashboard).details.lines)
        assert "= 0.97 the same: no word makes a difference" in shown
        assert "≠ 0.91 another question: numbers differ: 3 and [b]4␛[2J" in shown


def test_a_semantic_hit_tells_which_question_it_was() -> None:
    store = Store()
    id = begin(store)
    cache = CacheState("semantic", "asked before", ALIKE[:1])
    store(CacheHit(id=id, at=time.time(), cache=cache))
    finish(store, id)
    store.tick()
    assert store.rows[0].cache_candidates == ALIKE[:1]
    assert "= 0.97 the same" in told(store.rows[0])


def test_the_waterfall_tells_retries_fallbacks_and_escalations_in_their_order() -> None:
    store = Store()
    id = begin(store)
    retried(store, id)
    fell_back(store, id)
    tier = Tier.COMPLEX
    store(Escalated(id=id, at=time.time(), tier=tier, target=MODELS[tier], reason="broken call"))
    finish(store, id)
    store.tick()
    names = [name for name, _ in store.rows[0].moments]
    assert names == [
        *("scored", "sent", "tried again", "fell back", "escalated", "first byte", "end"),
    ]
    assert store.rows[0].moments[-2:] == (("first byte", 120.0), ("end", 480.0))
    shown = told(store.rows[0])
    assert all(name in shown for name in names)
    assert "139 tokens/s" in shown, "50 tokens in the 0.36 s after the first byte"


@pytest.mark.parametrize("width", [30, 38, 41, 43, 51, 58])
def test_no_figure_and_no_reason_is_cut_beside_the_feed(width: int) -> None:
    store = Store()
    done(store, reason="force:commit-message")
    store.tick()
    lines = page(store.view[0], width)
    assert all(width_of(line) <= width for line in lines)
    assert "because: force:commit-message" in words_of(lines)
    assert all(width_of(line) <= 20 for line in heading(store.view[0], 20))
    figures = "50 0.08 3.9" if width > 40 else "3.9 50 × 0.08, evidence"
    assert "tool chain potential" in words_of(lines) and "points" in words_of(lines)
    assert words_of(lines).count(figures) == len(PARTS)
    sums = "total 1,000 300" if width < 54 else "before 100 300 600 1,000 after"
    assert sums in words_of(lines) and "Grep by toon 900 → 400" in words_of(lines)


def test_one_that_failed_ends_where_it_failed() -> None:
    store = Store()
    id = begin(store)
    store(Failed(id=id, at=time.time(), status=529, latency=90.0, error="overloaded"))
    store.tick()
    assert store.rows[0].moments[-1] == ("end", 90.0)


def bars(lines: list[Line]) -> list[str]:
    return ["".join(text for text, _ in line if set(text) <= set("─━")) for line in lines]


_times = st.lists(st.floats(0, 1e7), max_size=12)


@over(_times, st.integers(20, 200))
@example([5e-324, 5e-324], 49)
def test_any_times_fit_any_width(times: list[float], width: int) -> None:
    lines = list(waterfall([("first byte", at) for at in times], width))
    assert len(lines) == len(times)
    assert all(width_of(line) <= max(width, 29) for line in lines)
    assert len({len(bar) for bar in bars(lines)}) <= 1, "every bar stands on the same track"


def test_a_phase_begins_where_the_one_before_ended() -> None:
    lines = list(waterfall([("scored", 10.0), ("first byte", 50.0), ("end", 100.0)], 49))
    drawn = ["━━──────────────────", "──━━━━━━━━──────────", "──────────━━━━━━━━━━"]
    assert bars(lines) == drawn
    assert [line[-1][0].strip() for line in lines] == ["10ms", "40ms", "50ms"]


async def test_a_key_copies_the_exchange_as_json_without_any_text(
    given: DashboardServices,
) -> None:
    async with running(given) as (dashboard, pilot):
        await pilot.press("y", "Y")
        assert dashboard.clipboard == "", "nothing is selected yet"
        id = begin(given.bus.publish)
        missed(given.bus.publish, id)
        finish(given.bus.publish, id)
        await ticked(dashboard, pilot)
        await pilot.press("y")
        copied = orjson.loads(dashboard.clipboard)
        assert (copied["id"], copied["decision"]["tier"]) == (id, "MEDIUM")
        assert len(copied["score"]["parts"]) == 13
        assert [one["similarity"] for one in copied["cache"]["candidates"]] == [0.974, 0.912]
        assert copied["tokens"]["before"]["total"] == 1000
        assert copied["moments_ms"][-1] == {"what": "end", "at": 480.0}


async def test_the_json_of_a_real_exchange_holds_no_word_of_it(tmp_path: Path) -> None:
    async with (
        Upstream(messages.says_hello) as upstream,
        proxy(tmp_path, config_for(upstream.url)) as (server, heard),
    ):
        store = Store()
        asked = {**ASKED, "messages": [{"role": "user", "content": "the zebra's secret"}]}
        async with ClientSession() as client:
            answer = await (await client.post(f"{server.url}/v1/messages", json=asked)).text()
        for event in heard:
            store(event)
        store.tick()
        copied = as_json(store.rows[0])
        said = orjson.loads(answer)["content"][0]["text"]
        assert "zebra" not in copied and said not in copied


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl here")
async def test_the_curl_line_runs_as_it_stands(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(orjson.dumps(ASKED))
    row = Record("id", 0.0, session="it's; $(touch bad) `x`", dialect="anthropic")
    async with (
        Upstream(messages.says_hello) as upstream,
        proxy(tmp_path, config_for(upstream.url)) as (server, _),
    ):
        line = as_curl(row, server.url)
        pipe = asyncio.subprocess.PIPE
        run = await asyncio.create_subprocess_shell(line, cwd=tmp_path, stdout=pipe)
        explained = orjson.loads((await run.communicate())[0])
    assert explained["decision"]["tier"] == "SIMPLE"
    assert not (tmp_path / "bad").exists()
    assert "\n" not in line


@over(st.text(st.characters(codec=None), max_size=50))
def test_anything_that_a_header_may_hold_can_be_copied(text: str) -> None:
    row = Record("id", 0.0, session=text, client=text, asked_model=text, error=text, steps=(text,))
    assert orjson.loads(as_json(row))["id"] == "id"
    as_curl(row, "http://127.0.0.1:8081").encode()


async def test_the_keys_are_offered_only_where_there_is_an_exchange(
    given: DashboardServices,
) -> None:
    async with running(given) as (dashboard, pilot):
        screen = live_of(dashboard)
        assert not screen.check_action("copy", ())
        done(given.bus.publish)
        await ticked(dashboard, pilot)
        assert screen.check_action("copy", ()) and screen.check_action("copy_curl", ())
        await pilot.press("Y")
        assert dashboard.clipboard.startswith("curl -sS ")
