"""What the ledger keeps of a score is little, and tells all of it again."""

import sqlite3
from contextlib import closing

import orjson
from hypothesis import given, settings
from msgspec.structs import asdict

from classifier.features import extract
from classifier.score import Part, score_of
from proxy.events import Scored
from proxy.ledger.history import exchange
from proxy.ledger.ledger import Ledger
from proxy.ledger.old import record_of
from proxy.ledger.scores import figures_json, parts_of
from proxy.past.rescore import packed
from tests.classifier.asks import CODING_TOOLS, said
from tests.classifier.test_score import asks
from tests.proxy.ledgers import one, tell
from tests.proxy.told import NOON, begun, completed


@given(asks)
@settings(deadline=None)
def test_the_parts_of_any_request_come_back_with_their_evidence(ask) -> None:
    features = extract(ask)
    parts = score_of(features).parts
    told = parts_of(orjson.loads(figures_json(parts)), packed(features))
    assert told == [asdict(part) for part in parts]


def test_without_features_the_figures_are_told() -> None:
    parts = score_of(extract(said("Why is the sky blue?"))).parts
    told = parts_of(orjson.loads(figures_json(parts)), "")
    assert told == [asdict(part) | {"evidence": ""} for part in parts]
    (later,) = parts_of({"a_later_build's": (1.0, 0.1, 0.1)}, packed(extract(said("Hi."))))
    assert (later["dimension"], later["points"], later["evidence"]) == ("a_later_build's", 0.1, "")


def test_rows_of_an_older_build_are_told_as_they_stand(tmp_path) -> None:
    path = tmp_path / "ledger.db"
    ledger = Ledger(path)
    tell(ledger, *begun("a"), completed("a"))
    ledger.close(5)
    part = Part("dimension", 1.0, 0.5, 0.5, "1 word")
    old = [asdict(part)]
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE exchanges SET parts = ?", (orjson.dumps(old).decode(),))
    row = exchange(path, "a")
    assert row is not None and row["parts"] == old
    assert record_of(row).parts == (part,)


def test_a_row_keeps_little_and_is_read_in_full(tmp_path) -> None:
    features = extract(said("Fix settle() in billing/invoice.py.", tools=CODING_TOOLS))
    score, path = score_of(features), tmp_path / "ledger.db"
    ledger = Ledger(path)
    received, *_ = begun("a")
    tell(ledger, received, Scored(id="a", at=NOON, score=score, features=features), completed("a"))
    ledger.close(5)
    assert len(one(path)["parts"]) < 500
    row = exchange(path, "a")
    assert row is not None and row["parts"] == [asdict(part) for part in score.parts]
