"""`lynkr-tui doctor`: each trouble is found, named and given its fix; a healthy set-up is green."""

import asyncio
import os
import pty
import socket
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import orjson
import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from app.doctor import machine
from app.doctor.report import discreet
from proxy.ledger.ledger import Ledger
from tests.app.commands.running import run
from tests.support import messages
from tests.support.messages import text
from tests.support.program import PROGRAM, serve
from tests.support.proxy import config_for
from tests.support.scripted import refusal
from tests.support.upstream import Sent, Upstream, as_json

LISTED = ("small", "middle", "large", "deep")
REGION = 'region = "us-east-1"'
AWS = {"AWS_ACCESS_KEY_ID": "AKIA0", "AWS_SECRET_ACCESS_KEY": "secret"}
KEY = "sk-ant-api03-0123456789abcdefghijklmnop"


def answering(*models: str, key: str = "", status: int = 200):
    """An upstream that lists `models`, to who has the key, and answers calls."""

    async def answer(request: web.Request, sent: Sent) -> web.StreamResponse:
        if key and sent.headers.get("x-api-key") != key:
            return as_json({"error": {"message": "no"}}, 401)
        if request.method == "GET":
            return as_json({"data": [{"id": name} for name in models]}, status)
        return await messages.reply(request, sent, [text("ok")])

    return answer


def with_key(url: str) -> str:
    return config_for(url).replace("[tiers]", 'key_env = "MY_KEY"\n\n[tiers]')


async def doctor(folder: Path, config: str, *words: str, **env: str) -> tuple[int, dict[str, Any]]:
    """The exit code, and each finding by what was looked at."""
    done = await asyncio.to_thread(ask, folder, config, "--json", *words, **env)
    said = orjson.loads(done.stdout)
    return done.returncode, {one["what"]: one for one in said["findings"]}


def ask(folder: Path, config: str, *words: str, **env: str):
    path = folder / "config.toml"
    path.write_text(config)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = ("--config", path, "--data", folder / "data", "--port", port)
    return run("doctor", *options, *words, home=folder, **env)


async def test_a_healthy_set_up_has_nothing_that_fails(tmp_path: Path):
    async with Upstream(answering(*LISTED, key=KEY)) as upstream:
        code, found = await doctor(tmp_path, with_key(upstream.url), MY_KEY=KEY)
    assert code == 0
    bad = [one for one in found.values() if one["level"] != "ok" and one["what"] != "terminal"]
    assert [one for one in bad if one["what"] != "embedder"] == []
    for what in (
        "config",
        "port",
        "provider up",
        "tokens",
        "ledger",
        *(f"model up/{n}" for n in LISTED),
    ):
        assert found[what]["level"] == "ok", found[what]
    assert [one.method for one in upstream.sent] == ["GET"], "a model was asked, unasked"
    assert not (tmp_path / "data").exists(), "looking made something"


async def test_a_refused_key_is_named_by_its_variable_never_by_itself(tmp_path: Path):
    async with Upstream(answering(*LISTED, key="other")) as upstream:
        code, found = await doctor(tmp_path, with_key(upstream.url), MY_KEY=KEY)
    assert code == 1
    assert found["provider up"]["level"] == "fail"
    assert "401" in found["provider up"]["said"] and "MY_KEY" in found["provider up"]["fix"]
    assert KEY not in repr(found)


async def test_a_key_that_is_not_set_is_said_before_anyone_is_asked(tmp_path: Path):
    async with Upstream(answering(*LISTED)) as upstream:
        code, found = await doctor(tmp_path, with_key(upstream.url))
    assert code == 1
    assert "MY_KEY is not set" in found["provider up"]["said"]
    assert upstream.sent == []


async def test_a_provider_that_is_down_fails(tmp_path: Path):
    code, found = await doctor(tmp_path, config_for("http://127.0.0.1:9"))
    assert code == 1
    assert found["provider up"]["level"] == "fail"
    assert "http://127.0.0.1:9 can't be reached" in found["provider up"]["said"]


async def test_a_model_that_is_not_listed_is_a_warning_with_the_nearest(tmp_path: Path):
    async with Upstream(answering("small", "middle", "large", "deeper")) as upstream:
        code, found = await doctor(tmp_path, config_for(upstream.url))
    assert code == 0
    assert found["model up/deep"]["level"] == "warn"
    assert "did you mean deeper?" in found["model up/deep"]["said"]


async def test_a_local_server_without_the_model_fails_with_the_command_to_get_it(tmp_path: Path):
    async with Upstream(answering("small:latest")) as upstream:
        code, found = await doctor(tmp_path, config_for(upstream.url, "ollama"))
    assert code == 1
    assert found["model up/small"]["level"] == "ok"
    assert found["model up/deep"]["fix"] == "ollama pull deep"


async def test_a_list_that_is_no_list_is_a_warning(tmp_path: Path):
    async with Upstream(refusal(500)) as upstream:
        code, found = await doctor(tmp_path, config_for(upstream.url))
    assert (code, found["provider up"]["level"]) == (0, "warn")
    assert "500" in found["provider up"]["said"]


async def test_the_callers_own_credential_is_no_key_to_be_missed(tmp_path: Path):
    config = config_for("{url}").replace("[tiers]", 'key = "client"\n\n[tiers]')
    async with Upstream(answering(key=KEY)) as upstream:
        config = config.replace("{url}", upstream.url)
        code, found = await doctor(tmp_path, config, "--call")
    assert (code, found["provider up"]["level"]) == (0, "ok")
    assert not any(what.startswith("call") for what in found)


async def test_an_unsigned_question_that_aws_refuses_is_no_refused_credential(tmp_path: Path):
    async with Upstream(refusal(403)) as upstream:
        config = config_for(upstream.url, kind="bedrock").replace("[tiers]", f"{REGION}\n[tiers]")
        code, found = await doctor(tmp_path, config, **AWS)
        assert found["provider up"]["level"] == "ok" and code == 0, found["provider up"]
        asked = len(upstream.sent)
        code, found = await doctor(tmp_path, config)
    assert code == 1 and "no AWS credentials" in found["provider up"]["said"]
    assert len(upstream.sent) == asked


async def test_call_asks_each_model_once_with_few_tokens_and_keeps_nothing(tmp_path: Path):
    async with Upstream(answering(*LISTED)) as upstream:
        code, found = await doctor(tmp_path, config_for(upstream.url), "--call")
    posts = [one.body for one in upstream.sent if one.method == "POST"]
    assert code == 0
    assert sorted(body["model"] for body in posts) == sorted(LISTED)
    assert {body["max_tokens"] for body in posts} == {16}
    assert found["call up/deep"]["said"].startswith("it answered; billed 120 tokens in, 25 out")
    assert not (tmp_path / "data").exists()


async def test_a_call_that_is_refused_passes_the_refusal_on(tmp_path: Path):
    async def refuses(request: web.Request, sent: Sent) -> web.StreamResponse:
        answer = answering(*LISTED) if request.method == "GET" else refusal(400, "no such model")
        return await answer(request, sent)

    async with Upstream(refuses) as upstream:
        code, found = await doctor(tmp_path, config_for(upstream.url), "--call")
    assert code == 1
    assert found["call up/small"]["said"] == "400: no such model"


@pytest.mark.parametrize(("answer", "calls"), [(b"n\n", 0), (b"y\n", 4)])
async def test_on_a_terminal_it_asks_before_calls_that_may_cost(
    tmp_path: Path, answer: bytes, calls: int
):
    ours, its = pty.openpty()
    async with Upstream(answering(*LISTED)) as upstream:
        (tmp_path / "config.toml").write_text(config_for(upstream.url))
        options = ("--config", tmp_path / "config.toml", "--data", tmp_path / "d", "--call")
        process = await asyncio.create_subprocess_exec(
            *(PROGRAM, "doctor", *options), stdin=its, stdout=asyncio.subprocess.PIPE
        )
        os.write(ours, answer)
        said, _ = await asyncio.wait_for(process.communicate(), 60)
    assert b"It may be billed" in said
    assert sum(one.method == "POST" for one in upstream.sent) == calls
    for end in (ours, its):
        os.close(end)


def test_no_config_fails_and_points_to_init(tmp_path: Path):
    done = run("doctor", home=tmp_path)
    assert done.returncode == 1
    [line] = [one for one in done.stdout.splitlines() if one.startswith("fail")]
    assert line.startswith("fail  config: there is none at ") and "`lynkr-tui init`" in line


def test_a_broken_config_is_told_with_its_line(tmp_path: Path):
    done = ask(tmp_path, "[tiers\n")
    assert done.returncode == 1
    assert "config.toml, line 1" in done.stdout


def test_a_port_that_another_program_has_fails(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        found = machine.port("127.0.0.1", other.getsockname()[1])
    assert (found.level, "taken" in found.said, "--port" in found.fix) == ("fail", True, True)


async def test_a_port_where_our_proxy_answers_is_well(tmp_path: Path):
    async with serve(tmp_path, config_for("http://127.0.0.1:9")) as running:
        port = int(running.url.rpartition(":")[2])
        found = await asyncio.to_thread(machine.port, "127.0.0.1", port)
    assert found.level == "ok" and "answers" in found.said


def test_a_ledger_in_use_is_well_and_a_damaged_one_is_not(tmp_path: Path):
    path = tmp_path / "ledger.db"
    ledger = Ledger(path)
    assert ledger.flush(10)
    assert machine.ledger(tmp_path).level == "ok"
    assert ledger.close(10)
    path.write_bytes(b"no database" * 999)
    assert machine.ledger(tmp_path).level == "fail"


def test_a_ledger_that_another_holds_is_told_after_a_while(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(machine, "BUSY", 0.05)
    with closing(sqlite3.connect(tmp_path / "ledger.db", isolation_level=None)) as db:
        db.execute("BEGIN EXCLUSIVE")
        found = machine.ledger(tmp_path)
    assert found.level == "fail" and "locked" in found.said


async def test_a_report_gives_no_secret_away(tmp_path: Path):
    async with Upstream(answering(*LISTED, key="other")) as upstream:
        config = with_key(upstream.url).replace('key_env = "MY_KEY"', 'key_env = ["MY_KEY"]')
        config += '[providers.in]\nkind = "openai_compatible"\n'
        config += 'base_url = "http://llm.secret-project.invalid"\n'
        done = await asyncio.to_thread(ask, tmp_path, config, "--report", MY_KEY=KEY)
    assert done.returncode == 1
    assert "lynkr-tui 0." in done.stdout and "provider of kind anthropic_compatible" in done.stdout
    for secret in (KEY, str(tmp_path), "secret-project"):
        assert secret not in done.stdout + done.stderr


@given(st.from_regex(r"\A(sk-ant-api03|sk-proj|gsk|xai|ya29\.)[-_][A-Za-z0-9]{20,60}\Z"))
def test_whatever_looks_like_a_key_is_left_out(key: str):
    assert discreet(f"the header was {key}, and failed") == ("the header was [secret], and failed")


def test_the_embedder_is_started_where_that_is_asked_for_and_its_trouble_is_passed_on():
    assert machine.embedder(deep=True).said.startswith("it loads and answers (")
    found = machine.embedder(deep=True, model="/nowhere/model")
    assert found.level == "warn" and "/nowhere/model" in found.said
    assert found.fix == "correct [cache] model"
