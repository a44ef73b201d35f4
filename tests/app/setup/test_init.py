"""`lynkr-tui init` writes a config from what is there, and `doctor` says how it stands."""

import asyncio
import stat
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner, Result

from app.commands import cli
from app.failure import Failure
from app.setup import found as module
from app.setup.found import Found, look_around
from app.setup.proposal import proposed
from classifier.tiers import Tier
from proxy.config import load
from proxy.prices import Prices
from proxy.providers.catalog import KINDS

LOCAL_MODELS = ["qwen2.5-coder:32b", "qwen2.5-coder:7b", "nomic-embed-text"]


@pytest.fixture
def ollama(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A server that lists models as Ollama does, where the catalog looks for one."""

    class Lists(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = orjson.dumps({"data": [{"id": name} for name in LOCAL_MODELS]})
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Lists)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    _only(monkeypatch, url)
    yield url
    server.shutdown()
    server.server_close()


def _only(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """No provider but one Ollama at `url`, whatever this machine has."""
    from dataclasses import replace

    for row in KINDS.values():
        if row.key_env:
            monkeypatch.delenv(row.key_env, raising=False)
    monkeypatch.setitem(KINDS, "ollama", replace(KINDS["ollama"], base_url=url))
    monkeypatch.setattr(module, "LOCAL", ("ollama",))
    monkeypatch.setattr(module, "SIGN_INS", ())


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words])


def test_it_finds_a_local_server_and_writes_a_config_that_loads(ollama: str, tmp_path: Path):
    path = tmp_path / "new" / "config.toml"
    done = run("init", "--yes", "--config", path)
    assert done.exit_code == 0, done.output
    config = load(path)
    assert str(config.tiers.SIMPLE) == "ollama/qwen2.5-coder:7b"
    assert str(config.tiers.REASONING) == "ollama/qwen2.5-coder:32b"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "local, free" in path.read_text() and "lynkr-tui wrap claude" in done.output


def test_it_never_writes_over_a_config_unless_told(ollama: str, tmp_path: Path):
    path = tmp_path / "config.toml"
    path.write_text("mine")
    done = run("init", "--yes", "--config", path)
    assert isinstance(done.exception, Failure) and "--force" in str(done.exception)
    assert path.read_text() == "mine"
    assert run("init", "--yes", "--force", "--config", path).exit_code == 0
    assert path.read_text() != "mine"


def test_a_dry_run_prints_and_writes_nothing(ollama: str, tmp_path: Path):
    done = run("init", "--dry-run", "--config", tmp_path / "config.toml")
    assert "[tiers]" in done.stdout and not list(tmp_path.iterdir())


def test_no_at_the_prompt_writes_nothing(ollama: str, tmp_path: Path):
    done = CliRunner().invoke(cli, ["init", "--config", str(tmp_path / "c.toml")], input="n\n")
    assert isinstance(done.exception, Failure) and not list(tmp_path.iterdir())


def test_a_tier_of_one_s_own_choice_wins(ollama: str, tmp_path: Path):
    path = tmp_path / "config.toml"
    own = "SIMPLE=ollama/qwen2.5-coder:32b"
    assert run("init", "--yes", "--config", path, "--tier", own).exit_code == 0
    assert str(load(path).tiers.SIMPLE) == "ollama/qwen2.5-coder:32b"
    wrong = run("init", "--yes", "--config", path, "--tier", "HUGE=a/b")
    assert wrong.exit_code == 2 and "TIER=PROVIDER/MODEL" in wrong.output
    stranger = run("init", "--yes", "--force", "--config", path, "--tier", "SIMPLE=nobody/m")
    assert isinstance(stranger.exception, Failure) and "nobody" in str(stranger.exception)


def test_nothing_found_says_what_to_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    _only(monkeypatch, "http://127.0.0.1:9")
    done = run("init", "--yes", "--config", tmp_path / "c.toml")
    assert isinstance(done.exception, Failure) and "ANTHROPIC_API_KEY" in str(done.exception)


def test_no_key_is_ever_written(ollama: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-canary")
    monkeypatch.setattr(module, "look_around", None)
    found = [Found("anthropic", "ANTHROPIC_API_KEY"), Found("ollama", ollama, ("qwen:7b",))]
    monkeypatch.setattr("app.setup.main.look_around", lambda: _given(found))
    path = tmp_path / "config.toml"
    done = run("init", "--yes", "--config", path)
    assert "sk-ant-canary" not in done.output + path.read_text()
    tiers = load(path).tiers
    assert str(tiers.SIMPLE) == "ollama/qwen:7b" and tiers.REASONING.provider == "anthropic"


async def _given(found: list[Found]) -> list[Found]:
    return found


def test_cloud_models_are_ordered_by_their_price():
    prices = Prices()
    prices.load()
    models = ("gpt-4o", "gpt-4o-mini", "gpt-4.1", "text-embedding-3-small", "no-such-model")
    ladder = proposed([Found("openai", "OPENAI_API_KEY", models)], prices)
    assert ladder is not None
    assert ladder[Tier.SIMPLE].target == "openai/gpt-4o-mini"
    assert ladder[Tier.REASONING].target == "openai/gpt-4o"
    assert "per million tokens" in ladder[Tier.SIMPLE].price


def test_looking_around_reads_names_and_sends_no_prompt(ollama: str):
    found = asyncio.run(look_around({}))
    assert [(one.kind, one.models) for one in found] == [("ollama", tuple(sorted(LOCAL_MODELS)))]


def test_a_healthy_set_up_has_no_failure(ollama: str, tmp_path: Path):
    path = tmp_path / "config.toml"
    assert run("init", "--yes", "--config", path).exit_code == 0
    done = run("doctor", "--config", path, "--data", tmp_path / "data", "--port", "0")
    assert done.exit_code == 0, done.output
    assert "3 models" in done.output and "can be written" in done.output


@pytest.mark.parametrize(
    ("config", "said"),
    [
        (None, "lynkr-tui init writes one"),
        ("[providers.a]\nkind = 'nonsense'", "tiers is missing"),
    ],
)
def test_a_broken_config_fails_and_the_rest_is_still_looked_at(
    tmp_path: Path, config: str | None, said: str
):
    path = tmp_path / "config.toml"
    if config:
        path.write_text(config)
    done = run("doctor", "--config", path, "--data", tmp_path / "data", "--port", "0")
    assert done.exit_code == 1 and said in done.output and "ledger" in done.output


def test_a_provider_without_its_key_or_its_server_fails(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.delenv("NO_SUCH_KEY", raising=False)
    path = tmp_path / "config.toml"
    path.write_text(
        '[providers.a]\nkind = "anthropic"\nkey_env = "NO_SUCH_KEY"\n'
        '[providers.l]\nkind = "ollama"\nbase_url = "http://127.0.0.1:9"\n[tiers]\n'
        + "".join(f'{tier.name} = "a/m"\n' for tier in Tier)
    )
    done = run("doctor", "--json", "--config", path, "--data", tmp_path / "d", "--port", "0")
    assert done.exit_code == 1
    states = {one["what"]: one for one in orjson.loads(done.stdout)}
    assert states["provider a"]["state"] == states["provider l"]["state"] == "fail"
    assert "NO_SUCH_KEY" in states["provider a"]["said"]
