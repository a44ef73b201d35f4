"""What was left out comes back in one call, from this run or an earlier one."""

import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.rewrite.abridge import id_of
from proxy.rewrite.recall import MOST_CHARACTERS, MOST_LINES, NAME, TOOL, Recall
from proxy.rewrite.recall_store import Originals
from tests.proxy.rewrite.grep_rows import grep_rows

TEXT = "\n".join(f"line {n} has {n * n}" for n in range(1, 1001))


@pytest.fixture
def originals(tmp_path: Path) -> Iterator[Originals]:
    store = Originals(tmp_path / "originals.db")
    store.start()
    assert store.wait()
    yield store
    store.close()


def asking(**arguments: object) -> str:
    return orjson.dumps(arguments).decode()


def kept(store: Originals, text: str) -> str:
    assert store.keep(id_of(text), text)
    return id_of(text)


def test_lines_come_back_by_their_numbers(originals: Originals) -> None:
    id, recall = kept(originals, TEXT), Recall(originals)
    said = recall.answer(asking(id=id, lines="41-42, 7"))
    assert (
        said == "[3 of 1,000 lines]\n7\tline 7 has 49\n41\tline 41 has 1681\n42\tline 42 has 1764"
    )
    assert recall.answer(asking(id=id, lines="1000-")).endswith("1000\tline 1000 has 1000000")


def test_a_search_finds_all_that_has_the_words(originals: Originals) -> None:
    id, recall = kept(originals, TEXT), Recall(originals)
    assert recall.answer(asking(id=id, search="HAS 49")).split("\n") == [
        "[12 of 1,000 lines match]",
        *(f"{n}\tline {n} has {n * n}" for n in range(1, 1001) if str(n * n).startswith("49")),
    ]
    assert (
        recall.answer(asking(id=id, search="nowhere")) == "None of the 1,000 lines has 'nowhere'."
    )


async def test_the_loop_stays_free(originals: Originals) -> None:
    id = kept(originals, TEXT)
    assert "line 5 has 25" in await Recall(originals)(asking(id=id, lines="5"))


def test_a_files_lines_are_named_as_the_file_numbers_them(originals: Originals) -> None:
    text = "\n".join(f"{n:6}→code {n}" for n in range(300, 900))
    said = Recall(originals).answer(asking(id=kept(originals, text), lines="412"))
    assert said == "[1 of 600 lines]\n   412→code 412"


def test_every_value_of_many_objects_comes_back_by_row(originals: Originals) -> None:
    rows = grep_rows(1)
    id, recall = kept(originals, orjson.dumps(rows).decode()), Recall(originals)
    for number, row in enumerate(rows, 1):
        said = recall.answer(asking(id=id, lines=str(number)))
        assert orjson.loads(said.split("\n")[1].split("\t", 1)[1]) == row


def test_a_long_answer_says_where_to_go_on(originals: Originals) -> None:
    id, recall = kept(originals, TEXT), Recall(originals)
    said = recall.answer(asking(id=id))
    assert said.startswith(
        f"[1,000 of 1,000 lines; these are the first {MOST_LINES}, go on at line 401]"
    )
    wide = "\n".join("x" * 3_000 for _ in range(100))
    assert len(recall.answer(asking(id=kept(originals, wide)))) < MOST_CHARACTERS + 200


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("{", "no JSON object"),
        ("[]", "give the id"),
        (asking(lines="1"), "give the id"),
        (asking(id="../../etc/passwd"), "give the id"),
        (asking(id="r0123456789ab"), "is not kept any more"),
        (asking(id=id_of(TEXT), lines="x"), "is no range; there are lines 1-1000"),
        (asking(id=id_of(TEXT), lines="2000-3000"), "there are only lines 1-1000"),
    ],
)
def test_a_recall_that_fails_says_so(originals: Originals, arguments: str, said: str) -> None:
    kept(originals, TEXT)
    answer = Recall(originals).answer(arguments)
    assert answer.startswith("Recall failed: ") and said in answer


@given(
    st.text()
    | st.dictionaries(
        st.sampled_from(["id", "lines", "search"]), st.integers(-(2**60), 2**60) | st.text()
    ).map(lambda d: orjson.dumps(d, default=str).decode())
)
def test_no_arguments_raise(arguments: str) -> None:
    assert Recall(Originals(Path("/nonexistent/x.db"))).answer(arguments).startswith("Recall")


def test_the_tool_asks_for_what_the_answer_takes() -> None:
    assert TOOL.name == NAME == "lynkr_recall"
    assert set(TOOL.schema["properties"]) == {"id", "lines", "search"}


def test_a_restart_forgets_nothing_and_only_the_owner_can_read(tmp_path: Path) -> None:
    path = tmp_path / "originals.db"
    first = Originals(path)
    first.start()
    assert first.wait()
    id = kept(first, TEXT + "\ud800")
    first.close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    second = Originals(path)
    second.start()
    assert second.wait() and second.get(id) == TEXT + "\ud800"
    second.close()


def test_the_oldest_go_beyond_the_bound(tmp_path: Path) -> None:
    store = Originals(tmp_path / "originals.db", most_bytes=40_000)
    store.start()
    assert store.wait()
    ids = []
    for _ in range(12):
        ids.append(kept(store, os.urandom(4_000).hex()))
        assert store.flush()
    assert store.get(ids[0]) is None and store.get(ids[-1]) is not None
    assert not store.keep(ids[0], "") or store.get(ids[0]) == ""
    store.close()


def test_what_no_conversation_has_shown_for_long_goes(tmp_path: Path) -> None:
    store = Originals(tmp_path / "originals.db", oldest=0.2)
    store.start()
    assert store.wait()
    old = kept(store, "old")
    assert store.flush()
    time.sleep(0.3)  # noqa: TID251
    kept(store, "new")
    assert store.flush() and store.get(old) is None
    store.close()


def test_a_file_that_cant_be_used_keeps_nothing_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "dir").write_text("a file where a folder should be")
    store = Originals(tmp_path / "dir" / "originals.db")
    store.start()
    assert not store.wait() and not store.keep("r0123456789ab", TEXT)
    store.close()


def test_a_damaged_file_is_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "originals.db"
    path.write_bytes(b"no database at all" * 100)
    store = Originals(path)
    store.start()
    assert store.wait() and store.get(kept(store, TEXT)) == TEXT
    assert list(tmp_path.glob("originals.db.broken-*"))
    store.close()
