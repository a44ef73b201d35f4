"""Past traffic can be scored again from the counts that the ledger keeps."""

import sqlite3
from contextlib import closing
from pathlib import Path

import aiohttp
from click.testing import CliRunner
from sqlite_utils import Database

from app.commands import cli
from classifier.ask import Ask, Turn
from classifier.features import extract
from classifier.tiers import Tier
from proxy.migrations import LEDGER
from proxy.rescore import Past, packed, recent, tier_under, unpacked
from proxy.routing import Table, Target
from tests.support import messages
from tests.support.proxy import config_for, proxy
from tests.support.upstream import Upstream

TIERS = {tier: Target("up", tier.name.lower()) for tier in Tier}
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
    strict = Table(TIERS, boundaries=(1, 2, 3))
    assert tier_under(Past(Tier.SIMPLE, "score", features()), strict) == Tier.REASONING
    assert tier_under(Past(Tier.SIMPLE, "force:mine", features()), strict) == Tier.SIMPLE
    assert tier_under(Past(Tier.SIMPLE, "override", features()), strict) == Tier.SIMPLE


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
