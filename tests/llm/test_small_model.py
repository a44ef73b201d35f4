"""A real small model, which speaks Chat Completions, answers clients of all three dialects."""

import asyncio
import sqlite3
from contextlib import suppress
from pathlib import Path

import anthropic
import openai
import pytest

from tests.clients.running import ledger
from tests.llm.model import WINDOW, Model, model
from tests.llm.speaking import DIALECTS, Answer, Dialect
from tests.support.program import Running, serve
from tests.support.proxy import config_for

pytestmark = [pytest.mark.llm, pytest.mark.timeout(4000)]

STORY = "Write a long story about a lighthouse and the sea."
TOO_LONG = "The sea was calm and the lamp was lit. " * 200
BILLED = ("billed_input", "billed_output", "billed_cache_read", "billed_cache_write")
WORDING = {
    "anthropic": "prompt is too long",
    "openai_chat": "context length",
    "openai_responses": "context length",
}
SDK_ERRORS = (anthropic.APIError, openai.APIError)


@pytest.fixture(params=DIALECTS)
def dialect(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def client(dialect: str) -> Dialect:
    return DIALECTS[dialect]


async def rows_of(running: Running, count: int) -> list[sqlite3.Row]:
    """The ledger once it holds so many rows; it writes behind the answer."""
    rows: list[sqlite3.Row] = []
    async with asyncio.timeout(10):
        while len(rows) < count:
            await asyncio.sleep(0.1)
            with suppress(sqlite3.OperationalError):  # it has not been made yet
                rows = ledger(running)
    assert len(rows) == count
    return rows


async def test_it_streams(running: Running, client: Dialect):
    answer = await client.streamed(running.url, STORY, 12)
    assert answer.events == client.order
    assert answer.text.strip()
    assert answer.pieces > 3, "the answer did not come piece by piece"
    assert answer.stop == client.cut


async def test_an_answer_that_ends_by_itself_says_so(running: Running, client: Dialect):
    answer = await client.streamed(running.url, "Say hi.", 300)
    assert answer.text.strip()
    assert answer.stop == client.done


async def test_usage_that_the_server_never_tells_stays_unknown(running: Running, client: Dialect):
    answer = await client.streamed(running.url, STORY, 12)
    (row,) = await rows_of(running, 1)
    assert [row[column] for column in BILLED] == [None] * len(BILLED)
    assert row["state"] == "done" and row["cost"] is None
    if answer.usage:  # a Messages stream has to begin with a count: an estimate, billed nowhere
        read, written = answer.usage
        assert 0 < read < 2 * row["tokens_after"] and written == 0


async def test_it_answers_whole_and_tells_what_it_read(running: Running, client: Dialect):
    answer = await client.plain(running.url, STORY, 12)
    assert answer.text.strip()
    assert answer.stop == client.cut
    (row,) = await rows_of(running, 1)
    assert answer.usage == (row["billed_input"], row["billed_output"])
    assert row["billed_input"] > 10 and row["billed_output"] == 12


async def test_a_prompt_too_long_is_told_in_the_clients_own_words(
    running: Running, client: Dialect, dialect: str
):
    with pytest.raises((anthropic.BadRequestError, openai.BadRequestError)) as told:
        await client.plain(running.url, TOO_LONG, 12)
    assert WORDING[dialect] in str(told.value)
    if isinstance(told.value, openai.BadRequestError):
        assert told.value.code == "context_length_exceeded"
    (row,) = await rows_of(running, 1)
    assert (row["state"], row["status"]) == ("failed", 400)


async def test_a_stream_for_a_prompt_too_long_is_an_error(running: Running, client: Dialect):
    with pytest.raises(SDK_ERRORS):
        await client.streamed(running.url, TOO_LONG, 12)
    (row,) = await rows_of(running, 1)
    assert row["state"] == "failed"


async def test_two_at_once_are_both_answered(running: Running, client: Dialect):
    first, second = await asyncio.gather(
        client.streamed(running.url, STORY, 40),
        client.streamed(running.url, "Write a long story about a mountain.", 40),
    )
    assert first.text != second.text
    for answer in (first, second):
        assert answer.events == client.order
        assert answer.stop == client.cut


async def test_an_answer_that_the_server_drops_is_not_told_as_whole(
    tmp_path: Path, client: Dialect
):
    """By default this server drops an answer when another request comes, and says it is done."""
    async with (
        model(tmp_path) as hasty,
        serve(tmp_path, config_for(hasty.url, "llamacpp")) as running,
    ):
        first = asyncio.gather(client.streamed(running.url, STORY, 400), return_exceptions=True)
        await asyncio.sleep(1)
        second = await client.streamed(running.url, "Say hi.", 8)
        (dropped,) = await first
        rows = await rows_of(running, 2)
    assert second.text.strip()
    assert isinstance(dropped, SDK_ERRORS) or (
        isinstance(dropped, Answer) and dropped.stop in (None, "failed")
    )
    assert [row["state"] for row in rows] == ["failed", "done"]


async def test_a_client_that_leaves_frees_the_model(running: Running, client: Dialect):
    await client.leave(running.url, STORY, 400)
    async with asyncio.timeout(5):
        answer = await client.streamed(running.url, "Say hi.", 8)
    assert answer.text.strip()
    left, _ = await rows_of(running, 2)
    assert left["state"] == "failed" and left["billed_output"] is None


async def test_a_window_that_the_config_tells_is_kept(
    small_model: Model, tmp_path: Path, client: Dialect, dialect: str
):
    window = f'[models]\n"up/*" = {{window = {WINDOW}}}\n'
    async with serve(tmp_path, config_for(small_model.url, "llamacpp", window)) as running:
        with pytest.raises((anthropic.BadRequestError, openai.BadRequestError)) as told:
            await client.streamed(running.url, TOO_LONG, 12)
    assert "prompt is too long" in str(told.value)
