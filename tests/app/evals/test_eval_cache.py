"""`lynkr-tui eval cache`, as a person runs it."""

from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner

from app.commands import cli
from app.evals.cache import Judged, figures
from app.process.failure import Failure


def run(folder: Path, rows: list[Any], *options: str) -> Any:
    path = folder / "pairs.jsonl"
    path.write_bytes(b"\n".join(map(orjson.dumps, rows)))
    return CliRunner().invoke(cli, ["eval", "cache", str(path), *options])


def test_pairs_are_judged_by_the_guard_and_by_cosine_alone(tmp_path: Path):
    rows = [
        {"a": "How do I peel garlic?", "b": "How can one peel garlic?", "label": 1},
        {"a": "How do I enable the cache?", "b": "How do I disable the cache?", "label": 0},
        {"origin": "What's a monad?", "similar": "What is a monad?"},
    ]
    found = orjson.loads(run(tmp_path, rows, "--json").stdout)
    assert found["pairs"] == {"same": 2, "different": 1}
    shipped = found["shipped"]
    assert shipped["hits"] == 2 and shipped["recall"] == 1 and shipped["wrong_hits"] == 0
    alone = found["sweep"]["0.70"]["cosine_alone"]
    assert alone["hits"] == 3 and alone["different_hit"] == 1


def test_a_person_reads_it_as_lines(tmp_path: Path):
    rows = [{"a": "Who won?", "b": "Who won?", "label": 1}]
    assert "wrong share" in run(tmp_path, rows).stdout


@pytest.mark.parametrize("rows", [[], [{"a": "x", "b": "y"}]])
def test_a_file_without_pairs_is_refused(tmp_path: Path, rows: list[Any]):
    done = run(tmp_path, rows)
    assert isinstance(done.exception, Failure) and "no row with" in str(done.exception)


def test_the_share_of_wrong_hits_is_of_the_hits():
    judged = [Judged(True, 0.9, True), Judged(False, 0.9, True), Judged(False, 0.65, False)]
    found = figures(judged)["shipped"]
    assert found["wrong_share"] == 0.5 and found["different_hit"] == 0.5 and found["recall"] == 1
