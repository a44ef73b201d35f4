"""Past traffic can be scored again from the counts that the ledger keeps."""

import sqlite3
from contextlib import closing
from pathlib import Path

import aiohttp
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from sqlite_utils import Database

from app.commands import cli
from classifier.ask import Ask, Turn
from classifier.decide import weighed
from classifier.dimensions import DIMENSIONS
from classifier.features import extract
from classifier.force import ForcePattern
from classifier.tiers import Tier
from proxy.ledger.migrations import LEDGER
from proxy.past.rescore import Judge, Past, measures, packed, recent, tier_under, unpacked
from proxy.routing.table import Table, Target
from tests.support import messages
from tests.support.proxy import config_for, proxy
from tests.support.upstream import Upstream

TIERS = {tier: Target("up", tier.name.lower()) for tier in Tier}
cuts = st.lists(st.integers(1, 99), min_size=3, max_size=3, unique=True).map(sorted).map(tuple)
ASKED = "Refactor src/auth/session.py to use dependency injection, then run the tests"


def features(words: str = ASKED):
    return extract(Ask((Turn("user", words),)))


def test_features_come_back_as_they_were_and_hold_no_words():
    told = packed(features())
    assert unpacked(told) == features()
    assert "session" not in told and "injection" not in told


def test_names_of_another_build_are_passed_over():
    assert unpacked('{"words": 3, "a_later_count": 7}').words == 3


def test_other_boundaries_move_what_was_scored_and_nothing_else():
    strict, seen = Table(TIERS, boundaries=(1, 2, 3)), measures(features())
    assert tier_under(Past(Tier.SIMPLE, "score", seen), strict) == Tier.REASONING
    assert tier_under(Past(Tier.SIMPLE, "force:mine", seen), strict) == Tier.SIMPLE
    assert tier_under(Past(Tier.SIMPLE, "override", seen), strict) == Tier.SIMPLE


def test_a_pattern_that_decided_takes_its_requests_to_the_tier_that_it_has_now():
    mine = ForcePattern("mine", "x", Tier.COMPLEX)
    past = Past(Tier.SIMPLE, "force:mine", measures(features()))
    assert tier_under(past, Table(TIERS, patterns=(mine,))) == Tier.COMPLEX
    assert tier_under(past, Table(TIERS, patterns=(replace(mine, enabled=False),))) == Tier.SIMPLE


ASKS = (
    ASKED,
    "hello there",
    "Prove that the square root of two is irrational, step by step",
    "Audit this service for SQL injection and write a report on every finding",
)


@given(st.sampled_from(ASKS), st.lists(st.integers(0, 100), min_size=13, max_size=13), cuts)
def test_measures_decide_as_the_classifier_does_under_any_weights_and_boundaries(
    words, shares, boundaries
):
    total = sum(shares) or 1
    weights = {row.name: share / total for row, share in zip(DIMENSIONS, shares, strict=True)}
    if not sum(shares):
        weights = {}
    table = Table(TIERS, boundaries=boundaries, weights=weights)
    verdict = weighed(features(words), boundaries, weights)
    past = Past(Tier.SIMPLE, "score", measures(features(words)))
    assert Judge(table).total(past) == pytest.approx(verdict.score.total, abs=0.011)
    assert tier_under(past, table) == verdict.tier


async def test_a_live_exchange_can_be_scored_again(tmp_path: Path):
    config = config_for
    async with (
        Upstream(messages.says_hello) as upstream,
        proxy(tmp_path, config(upstream.url)) as (server, _),
        aiohttp.ClientSession() as session,
    ):
        body = {
            "model": "m",
            "max_tokens": 9,
            "messages": [{"role": "user", "content": "Explain in detail how TCP works"}],
        }
        async with session.post(f"{server.url}/v1/messages", json=body) as response:
            tier = response.headers["x-lynkr-tier"]
    [past] = recent(tmp_path / "data" / "ledger.db")
    assert past.tier.name == tier == tier_under(past, Table(TIERS)).name
    done = CliRunner().invoke(
        cli,
        [
            *("eval", "routing", "--ledger", "--json", "--data", str(tmp_path / "data")),
            *("--config", str(tmp_path / "config.toml")),
        ],
    )
    assert '"rows": 1' in done.output, done.output


def test_a_ledger_of_an_older_build_gets_the_columns_and_keeps_its_rows(tmp_path: Path):
    path = tmp_path / "ledger.db"
    with closing(Database(path)) as db:
        LEDGER.apply(db)
        db.execute("INSERT INTO exchanges (id, tier) VALUES ('old', 'SIMPLE')")
        for name in ("request_class", "features"):
            db.execute(f"ALTER TABLE exchanges DROP COLUMN {name}")
        db.execute("DELETE FROM _sqlite_migrations WHERE name LIKE '003%'")
        db.conn.commit()
        assert list(recent(path)) == []
        LEDGER.apply(db)
    with closing(sqlite3.connect(path)) as db:
        row = db.execute("SELECT id, request_class, features FROM exchanges").fetchone()
    assert row == ("old", None, None)
