"""`lynkr-tui eval tools`, as a person runs it; on the data to develop with where it is."""

from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner

from app.commands import cli
from app.process.failure import Failure

DATA = Path(__file__).parents[4] / "shared" / "data"
LONG = {"type": "object", "properties": {"a": {"type": "string", "description": "words " * 150}}}
NAMES = ("find_flight", "get_weather", "play_song", "send_email")
TOOLS = [{"name": name, "description": f"To {name}.", "parameters": LONG} for name in NAMES]


def run(path: Path, *options: str) -> Any:
    return CliRunner().invoke(cli, ["eval", "tools", str(path), "--json", *options])


def written(path: Path, rows: list[Any]) -> Path:
    path.write_bytes(b"\n".join(map(orjson.dumps, rows)))
    return path


def figures(path: Path, *options: str) -> Any:
    return orjson.loads(run(path, *options).stdout)


def asking(said: str, needed: list[str], tools: list[Any]) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": said}], "tools": tools, "needed": needed}


def test_questions_say_what_stayed_and_what_was_saved(tmp_path: Path) -> None:
    rows = [
        asking("Get the weather in Rome", ["get_weather"], TOOLS),
        asking("Play a song by Bo", ["get_weather"], TOOLS),
        asking("Play a song by Bo", ["play_song"], TOOLS[:2]),
    ]
    found = figures(written(tmp_path / "rows.jsonl", rows))
    assert found["rows"] == 3 and found["rows_with_three_tools_or_more"] == 2
    assert found["needed_kept_at_once"] == 0.5 and found["needed_kept_or_loadable"] == 1.0
    assert found["saved_gross"] > found["saved_net"] > 0.4


def test_sessions_find_their_tools_beside_the_file(tmp_path: Path) -> None:
    turns = [["Get the weather in Rome"], ["Now send an email about it to bo@x.org"]]
    row = {"turns": turns, "tool_names": list(NAMES), "calls_per_turn": [NAMES[1:2], NAMES[3:]]}
    path = written(tmp_path / "talk_base.jsonl", [row])
    tools = written(tmp_path / "talk_schemas.jsonl", TOOLS)
    found = figures(path)
    assert found == figures(path, "--tools", str(tools))
    grows, fixed = found["sessions"], found["sessions_fixed_at_the_first_turn"]
    assert grows["sessions_broken"] == fixed["sessions_broken"] == 0
    assert grows["turns_with_a_stable_prefix"] == fixed["turns_with_a_stable_prefix"] == 1.0
    assert grows["loads_per_session"] == 0 and fixed["loads_per_session"] == 1


def test_prompts_take_the_tools_beside_them_too(tmp_path: Path) -> None:
    written(tmp_path / "set_tools.jsonl", TOOLS)
    path = written(tmp_path / "set_one.jsonl", [{"query": "play a song", "needed": ["play_song"]}])
    assert figures(path)["needed_kept_at_once"] == 1.0


@pytest.mark.parametrize("rows", [[], [{"text": "x"}], [{"turns": [["x"]], "tool_names": ["a"]}]])
def test_a_file_without_such_rows_is_refused(tmp_path: Path, rows: list[Any]) -> None:
    done = run(written(tmp_path / "rows.jsonl", rows))
    assert isinstance(done.exception, Failure)


def data(name: str) -> Path:
    path = DATA / f"{name}.jsonl"
    if not path.exists():
        pytest.skip(f"{path} is not here")
    return path


def test_the_needed_tool_stays_among_several() -> None:
    found = figures(data("tools_bfcl_live_multiple_dev"))
    assert found["needed_kept_at_once"] >= 0.985 and found["needed_kept_or_loadable"] == 1.0
    assert found["saved_net"] >= 0.40


def test_no_session_breaks_and_every_prefix_is_stable() -> None:
    found = figures(data("tools_bfcl_multi_turn_base"))
    for one in found.values():
        assert one["sessions_broken"] == 0 and one["turns_with_a_stable_prefix"] == 1.0
    assert found["sessions"]["loads_per_session"] <= 1.1
