"""`lynkr-tui eval compression`, as a person runs it."""

from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner

from app.commands import cli
from app.process.failure import Failure

TABLE = [{"id": n, "name": f"file-{n}.py", "kind": "module"} for n in range(40)]


def run(folder: Path, rows: list[Any], *options: str) -> Any:
    path = folder / "rows.jsonl"
    path.write_bytes(b"\n".join(map(orjson.dumps, rows)))
    return CliRunner().invoke(cli, ["eval", "compression", str(path), "--json", *options])


def test_kinds_are_summed_apart_and_all_comes_back(tmp_path: Path):
    rows = [
        {"kind": "table", "value": TABLE},
        {"kind": "scalar", "value": 7},
        {"tool": "ls", "result": "a.py\nb.py"},
        {"tool": "api", "result": orjson.dumps(TABLE, option=orjson.OPT_INDENT_2).decode()},
    ]
    found = orjson.loads(run(tmp_path, rows).stdout)
    assert found["table"]["saved"] > 0.35 and found["scalar"]["saved"] == 0
    assert found["all"]["rows"] == 4 and found["all"]["not_restored"] == 0
    assert found["all"]["larger_than_compact"] == 0


@pytest.mark.parametrize("rows", [[], [{"text": "x"}]])
def test_a_file_without_results_is_refused(tmp_path: Path, rows: list[Any]):
    done = run(tmp_path, rows)
    assert isinstance(done.exception, Failure) and "no row with" in str(done.exception)


def test_a_files_text_is_only_relieved_of_its_gutter(tmp_path: Path):
    text = "\n".join(f"{n:6}→value = the_same_call_of({n})" for n in range(1, 60))
    rows = [{"tool": "Read", "result": text}, {"tool": "Read", "result": "the same line\n" * 99}]
    found = orjson.loads(run(tmp_path, rows).stdout)
    assert 0 < found["Read"]["saved"] < 0.2 and found["Read"]["not_restored"] == 0


def test_balanced_abridges_and_all_can_be_recalled(tmp_path: Path):
    rows = [{"kind": "table", "value": TABLE * 20}, {"tool": "Bash", "result": "step\n" * 9}]
    lossless = orjson.loads(run(tmp_path, rows).stdout)["table"]
    found = orjson.loads(run(tmp_path, rows, "--level", "balanced").stdout)
    assert found["table"]["saved"] > max(lossless["saved"], 0.8)
    assert found["all"]["not_restored"] == 0
