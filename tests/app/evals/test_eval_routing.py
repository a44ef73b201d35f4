"""`lynkr-tui eval routing`, as a person runs it."""

from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner, Result

from app.commands import cli
from app.process.failure import Failure
from tests.support.proxy import config_for

TIERS = [
    {"id": "a", "prompt": "thanks!", "expected": "SIMPLE", "acceptable": ["SIMPLE"]},
    {"id": "b", "prompt": "Prove that there are infinitely many primes.", "expected": "REASONING"},
    {"id": "c", "prompt": "hello", "expected": "COMPLEX", "acceptable": ["COMPLEX", "REASONING"]},
    {"id": "d", "prompt": "hi", "expected": "trivial"},
    {"id": "e", "prompt": "hi", "expected": "some_decision_of_theirs"},
    {"id": "f", "no": "prompt"},
]


def run(folder: Path, rows: list[Any] | bytes, *options: str) -> Result:
    path = folder / "rows.jsonl"
    path.write_bytes(rows if isinstance(rows, bytes) else b"\n".join(map(orjson.dumps, rows)))
    return CliRunner().invoke(cli, ["eval", "routing", str(path), *options])


def figures(folder: Path, rows: list[Any], *options: str) -> dict[str, Any]:
    done = run(folder, rows, "--json", *options)
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = orjson.loads(done.stdout)
    return found


def test_tiers_are_held_against_the_labels(tmp_path: Path):
    found = figures(tmp_path, TIERS, "--wrong")
    assert (found["rows"], found["unreadable"]) == (6, 1)
    assert (found["judged"], found["no_tier_in_label"]) == (4, 1)
    assert found["acceptable"] == 0.75 and found["under_route"] == 0.25
    assert found["exact"] == pytest.approx(2 / 3), "an anchor's name is no tier"
    assert found["reasoning_to_simple_or_medium"] == 0
    assert [row["id"] for row in found["wrong"]] == ["c"]


def test_two_models_are_held_against_length_and_chance(tmp_path: Path):
    rows = [
        {"prompt": "hi", "weak_correct": True, "strong_correct": True},
        {"prompt": "Prove Fermat's last theorem", "weak_correct": False, "strong_correct": True},
    ]
    gain = figures(tmp_path, rows)["gain"]
    assert gain["score"]["apgr"] == gain["prompt_length"]["apgr"] == 0.75
    assert gain["random"] == {"apgr": 0.5, "cpt50": 0.5, "cpt80": 0.8}


def test_several_models_and_intents(tmp_path: Path):
    rows = [
        {"prompt": "hi", "scores": {"a": 1.0, "b": 1.0}},
        {"prompt": "Design a distributed consensus protocol", "scores": {"a": 0.0, "b": 1.0}},
    ]
    assert figures(tmp_path, rows)["auc"]["score"] == 1
    intents = [{"prompt": "bye", "intent": "goodbye"}]
    assert figures(tmp_path, intents)["intent"]["goodbye"]["SIMPLE"] == 1


def test_a_config_s_own_patterns_and_boundaries_are_used(tmp_path: Path):
    own = config_for("http://127.0.0.1:9").replace(
        "[tiers]", '[[force]]\nname = "x"\npattern = "^hi$"\ntier = "REASONING"\n\n[tiers]'
    )
    (tmp_path / "config.toml").write_text(own)
    found = figures(tmp_path, TIERS[3:4], "--config", str(tmp_path / "config.toml"))
    assert found["tiers"]["REASONING"] == 1


def test_a_person_reads_lines(tmp_path: Path):
    done = run(tmp_path, TIERS, "--wrong")
    assert "acceptable" in done.output and "0.750" in done.output
    assert "SIMPLE not COMPLEX|REASONING" in done.output


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (b'{"prompt": "hi"}\n{"prompt', "line 2: not JSON"),
        (b"[1]\n", "line 1: a row must be a JSON object"),
        (b"", "no row with a `prompt`"),
        (b'{"text": "hi"}\n', "no row with a `prompt`"),
    ],
)
def test_a_file_that_can_not_be_judged_is_refused_plainly(tmp_path: Path, rows: bytes, said: str):
    done = run(tmp_path, rows)
    assert isinstance(done.exception, Failure) and said in str(done.exception)


def test_a_file_that_is_not_there_is_named(tmp_path: Path):
    done = CliRunner().invoke(cli, ["eval", "routing", str(tmp_path / "none.jsonl")])
    assert isinstance(done.exception, Failure) and "none.jsonl can't be read" in str(done.exception)
