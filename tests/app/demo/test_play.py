"""The demo's working day, played through the real proxy, looks like one."""

from collections import Counter
from pathlib import Path

import orjson
import pytest

from app.demo.day import CHORES, CLAUDE
from app.demo.play import demo_config_text, play, write_config
from app.demo.workspace import result
from app.house import running
from proxy.config.edit import ConfigFile
from proxy.config.load import parse
from proxy.events import Event
from proxy.paths import DataFiles
from proxy.providers.demo_answer import MODELS
from proxy.providers.demo_scenes import SCENES
from proxy.record import Fold, Record


async def day(folder: Path, rounds: int = 1) -> list[Record]:
    """The rows of a day, in the order in which they ended."""
    fold, rows = Fold(), list[Record]()

    def listen(event: Event) -> None:
        row = fold(event)
        if row is not None and row.ended:
            rows.append(row)

    file = ConfigFile(write_config(folder))
    async with running(file, DataFiles(folder / "data"), "127.0.0.1", 0) as server:
        server.house.bus.subscribe(listen)
        await play(server.url, speed=0, rounds=rounds)
        return rows


async def test_a_day_has_clients_sessions_models_and_every_tier(tmp_path: Path) -> None:
    rows = await day(tmp_path)
    assert len(rows) >= 40
    assert {row.client for row in rows} == {"claude-code", "codex", "aider"}
    assert len({row.session for row in rows}) >= 10
    assert {row.tier for row in rows} == {"SIMPLE", "MEDIUM", "COMPLEX", "REASONING"}
    assert {row.model for row in rows} == set(MODELS)
    assert {row.reason for row in rows} >= {"score", "force:proof", "force:commit-message"}
    assert max(row.turns for row in rows) >= 15


async def test_a_day_shows_what_the_proxy_does_with_requests(tmp_path: Path) -> None:
    rows = await day(tmp_path)
    asked = [row for row in rows if row.state == "done" and row.cache != "exact"]
    assert Counter(row.cache for row in rows)["exact"] >= 2
    assert any(row.rewrite.results for row in rows)
    assert any(row.rewrite.stripped for row in rows)
    assert [row.status for row in rows if row.state == "failed"] == [529]
    assert all(row.status == 200 and row.usage.input and row.usage.output for row in asked)
    assert all(row.cost is not None and row.cost_asked is not None for row in asked)
    assert sum(row.usage.cache_read or 0 for row in asked) > 0


async def test_every_conversation_comes_to_the_end_of_its_scene(tmp_path: Path) -> None:
    """So every request of the day is of the story, and every call has a result in it."""
    for chore in CHORES:
        for text in (*chore.says, chore.helper):
            assert not text or any(scene.cue in text for scene in SCENES), text
    for scene in SCENES:
        for name, arguments in (call for step in scene.steps for call in step.calls):
            assert "made-up workspace" not in result(name, arguments), (name, arguments)
    rows = await day(tmp_path)
    rounds = sum(len(scene.steps) + 1 for scene in SCENES)
    assert len(rows) >= rounds


async def test_a_second_day_has_new_sessions(tmp_path: Path) -> None:
    rows = await day(tmp_path, rounds=2)
    named = Counter(row.session for row in rows if row.client == "claude-code" and row.turns == 1)
    assert len(named) == 2 * sum(chore.client is CLAUDE for chore in CHORES)


async def test_a_proxy_that_is_gone_ends_the_day_without_noise(
    monkeypatch: pytest.MonkeyPatch, unused_tcp_port: int
) -> None:
    monkeypatch.setattr("app.demo.play._AFTER_FAILURE", 0)
    await play(f"http://127.0.0.1:{unused_tcp_port}", speed=0, rounds=1)


def test_a_call_outside_the_story_gets_an_honest_result() -> None:
    for name, arguments in (
        ("Nonesuch", {}),
        ("Read", {"file_path": "/etc/hosts"}),
        ("Bash", {}),
        ("Bash", {"command": ["a"]}),
        ("shell", {"command": ""}),
    ):
        assert result(name, arguments) == "The demo's made-up workspace does not have that."


def test_json_results_are_json_large_enough_to_compress() -> None:
    text = result("Bash", {"command": "harborctl metrics endpoints --last 7d --json"})
    assert len(orjson.loads(text)["endpoints"]) == 60
    assert len(text) > 5_000


def test_the_config_is_whole_and_marks_its_prices_as_pretend() -> None:
    text = demo_config_text()
    config = parse(text)
    assert [row.kind for row in config.providers.values()] == ["demo"]
    assert set(config.prices) == set(MODELS)
    assert "PRETEND" in text
    assert len(config.force) >= 3


def test_a_config_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    path = write_config(tmp_path / "new")
    assert path.read_text() == demo_config_text()
    path.write_text("mine")
    assert write_config(tmp_path / "new").read_text() == "mine"
