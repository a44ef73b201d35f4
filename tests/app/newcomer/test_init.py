"""`lynkr-tui init` and the first run, as a newcomer meets them, on a home of the test's own."""

import asyncio
import fcntl
import os
import pty
import stat
import struct
import subprocess
import termios
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from app.commands.init import TIERS
from app.newcomer.found import in_environment, look, sign_ins
from app.newcomer.places import known, lacking
from classifier.tiers import Tier
from proxy.config.load import load
from proxy.providers.catalog import KINDS
from tests.app.commands.running import clean, run
from tests.app.newcomer.test_models import ANTHROPIC
from tests.support.program import PROGRAM
from tests.support.upstream import Sent, Upstream, as_json

KEY = "sk-ant-api03-of-a-newcomer"
LOCAL = ("qwen2.5-coder:7b", "qwen2.5-coder:32b", "nomic-embed-text:latest")


def lists(*models: str, key: str = "") -> Upstream:
    async def answer(request: web.Request, sent: Sent) -> web.StreamResponse:
        if key and sent.headers.get("x-api-key") != key:
            return as_json({"error": {"message": "no"}}, 401)
        return as_json({"data": [{"id": name} for name in models]})

    return Upstream(answer)


async def init(home: Path, *words: object, **env: str) -> subprocess.CompletedProcess[str]:
    return await asyncio.to_thread(run, "init", *words, home=home, **env)


def place(home: Path) -> Path:
    return home / ".config" / "lynkr-tui" / "config.toml"


def on_terminal(
    home: Path, said: bytes, *words: str, answers: Sequence[tuple[bytes, bytes]] = (), **env: str
) -> tuple[int, str]:
    """Run the program on a terminal of 120 by 40 and type `said`, and each of the answers once its
    word is on the screen; exit code and what the screen got."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execve(PROGRAM, [str(PROGRAM), *words], {**clean(home), **env})
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    os.write(terminal, said)
    got, waiting, seen = b"", list(answers), 0
    with suppress(OSError):
        while piece := os.read(terminal, 4096):
            got += piece
            if waiting and waiting[0][0] in got[seen:]:
                seen = len(got)
                os.write(terminal, waiting.pop(0)[1])
    _, status = os.waitpid(pid, 0)
    os.close(terminal)
    return os.waitstatus_to_exitcode(status), got.decode(errors="replace")


async def test_what_is_found_becomes_a_config_that_loads(tmp_path: Path):
    async with lists(*ANTHROPIC, key=KEY) as vendor, lists(*LOCAL) as local:
        done = await init(
            tmp_path,
            *("--yes", "--at", f"anthropic={vendor.url}"),
            ANTHROPIC_API_KEY=KEY,
            OLLAMA_HOST=local.url.removeprefix("http://"),
        )
    assert (done.returncode, done.stdout) == (0, "")
    config, text = load(place(tmp_path)), place(tmp_path).read_text()
    assert str(config.tiers.SIMPLE) == "ollama/qwen2.5-coder:7b"
    assert str(config.tiers.REASONING) == "anthropic/claude-opus-5-5"
    assert config.providers["anthropic"].variables == ("ANTHROPIC_API_KEY",)
    assert KEY not in text + done.stderr
    assert "per million tokens" in text and "price not known" in text
    assert stat.S_IMODE(place(tmp_path).stat().st_mode) == 0o600
    assert [one.name for one in place(tmp_path).parent.iterdir()] == ["config.toml"]
    assert "lynkr-tui wrap claude" in done.stderr
    assert [one.method for one in (*vendor.sent, *local.sent)] == ["GET", "GET"]


async def test_a_key_goes_to_the_keyring_and_stands_in_no_file(tmp_path: Path):
    env = {
        "PYTHON_KEYRING_BACKEND": "tests.support.ring.FileRing",
        "PYTHONPATH": str(Path(__file__).parents[3]),
        "RING": str(tmp_path / "ring"),
    }
    words = ("init", "--yes", "--keyring", "anthropic", "--at")
    async with lists(*ANTHROPIC, key=KEY) as vendor:
        at = f"anthropic={vendor.url}"
        done = await asyncio.to_thread(
            lambda: run(*words, at, home=tmp_path, stdin=f"{KEY}\n", **env)
        )
    assert done.returncode == 0, done.stderr
    assert load(place(tmp_path)).providers["anthropic"].rings == ("lynkr-tui/anthropic",)
    assert KEY not in place(tmp_path).read_text() + done.stderr + done.stdout
    assert KEY in (tmp_path / "ring").read_text()


async def test_without_a_keyring_it_says_so_and_writes_nothing(tmp_path: Path):
    env = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
    words = ("init", "--yes", "--keyring", "anthropic")
    done = await asyncio.to_thread(lambda: run(*words, home=tmp_path, stdin=f"{KEY}\n", **env))
    assert done.returncode == 1 and "the keyring can't take the key" in done.stderr
    assert KEY not in done.stderr and not place(tmp_path).exists()


async def test_a_config_that_is_there_stays_unless_forced(tmp_path: Path):
    place(tmp_path).parent.mkdir(parents=True)
    place(tmp_path).write_text("# mine\n")
    async with lists(*LOCAL) as local:
        at = ("--at", f"ollama={local.url}")
        done = await init(tmp_path, "--yes", *at)
        assert done.returncode == 1 and "--force" in done.stderr
        assert len(done.stderr.splitlines()) == 1
        assert place(tmp_path).read_text() == "# mine\n"
        assert (await init(tmp_path, "--yes", "--force", *at)).returncode == 0
    assert load(place(tmp_path)).providers["ollama"].base_url == local.url


async def test_a_dry_run_prints_a_config_alone_and_writes_nothing(tmp_path: Path):
    async with lists(*LOCAL) as local:
        done = await init(tmp_path, "--dry-run", "--at", f"ollama={local.url}")
    assert done.returncode == 0
    (tmp_path / "printed.toml").write_text(done.stdout)
    assert str(load(tmp_path / "printed.toml").tiers.MEDIUM).startswith("ollama/")
    assert not place(tmp_path).exists()


async def test_flags_decide_tiers_cache_and_compression(tmp_path: Path):
    async with lists(*LOCAL) as local:
        words = ("--simple", "ollama/qwen2.5-coder:32b", "--cache", "off", "--compression", "off")
        await init(tmp_path, "--yes", "--at", f"ollama={local.url}", *words)
    config = load(place(tmp_path))
    assert str(config.tiers.SIMPLE) == "ollama/qwen2.5-coder:32b"
    assert (config.cache.exact, config.cache.semantic, config.compression.level) == (
        *(False, False),
        "off",
    )


@pytest.mark.parametrize("target", ["ollama/none:7b", "elsewhere/model"])
async def test_a_model_that_is_not_there_is_refused_and_nothing_is_written(
    tmp_path: Path, target: str
):
    async with lists(*LOCAL) as local:
        done = await init(tmp_path, "--yes", "--at", f"ollama={local.url}", "--simple", target)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith(f"lynkr-tui: {target}: ")
    assert not place(tmp_path).exists()


async def test_a_refused_key_is_said_and_makes_no_config(tmp_path: Path):
    async with lists(*ANTHROPIC, key="other") as vendor:
        done = await init(
            tmp_path, "--yes", "--at", f"anthropic={vendor.url}", ANTHROPIC_API_KEY=KEY
        )
    assert done.returncode == 1
    assert "refused the credential (401)" in done.stderr and KEY not in done.stderr
    assert not place(tmp_path).exists()


async def test_nothing_found_is_one_sentence_with_the_ways_on(tmp_path: Path):
    done = await init(tmp_path, "--yes")
    assert done.returncode == 1
    told = done.stderr.splitlines()[-1]
    assert "ANTHROPIC_API_KEY" in told and "--at KIND=URL" in told and "lynkr-tui demo" in told


async def test_without_a_terminal_it_asks_for_yes(tmp_path: Path):
    done = await init(tmp_path)
    assert done.returncode == 1
    assert "--yes" in done.stderr and len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "words",
    [("--at", "frob=http://x"), ("--at", "ollama"), ("--at", "ollama=x"), ("--simple", "x")],
)
async def test_bad_flags_are_bad_usage(tmp_path: Path, words: tuple[str, ...]):
    done = await init(tmp_path, "--yes", *words)
    assert done.returncode == 2
    assert words[0] in done.stderr


async def test_a_folder_that_can_not_be_written_is_one_sentence(tmp_path: Path):
    (tmp_path / "file").write_text("")
    async with lists(*LOCAL) as local:
        at = ("--at", f"ollama={local.url}", "--config", tmp_path / "file" / "c.toml")
        done = await init(tmp_path, "--yes", *at)
    assert done.returncode == 1
    assert "can't be written" in done.stderr.splitlines()[-1]


@pytest.mark.parametrize(("said", "written"), [(b"y\n", True), (b"n\n", False)])
async def test_on_a_terminal_it_asks_before_it_writes(tmp_path: Path, said: bytes, written: bool):
    async with lists(*LOCAL) as local:
        words = ("init", "--at", f"ollama={local.url}")
        code, screen = await asyncio.to_thread(on_terminal, tmp_path, said, *words)
    assert code == 0 and "Write it to" in screen
    assert place(tmp_path).exists() == written


def test_each_kind_is_found_by_its_own_variable_and_by_no_value():
    for kind, row in KINDS.items():
        if not row.key_env or kind == "openai_responses":
            continue
        [account] = in_environment({row.key_env: "secret"})
        assert account.kind == kind and "secret" not in repr(account)
    assert in_environment({"ANTHROPIC_API_KEY": ""}) == []


CLOUDS: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "vertex": (
        {"GOOGLE_OAUTH_ACCESS_TOKEN": "ya29.secret"},
        {"region": "europe-west1", "project": "my-project"},
    ),
    "bedrock": (
        {"AWS_ACCESS_KEY_ID": "AKIA0", "AWS_SECRET_ACCESS_KEY": "secret"},
        {"region": "us-east-1"},
    ),
    "azure_openai": ({"AZURE_OPENAI_API_KEY": "secret"}, {}),
    "databricks": ({"DATABRICKS_TOKEN": "secret"}, {}),
}


@pytest.mark.parametrize("kind", CLOUDS)
async def test_a_cloud_account_is_told_by_options_and_its_models_by_name(kind: str, tmp_path: Path):
    env, settings = CLOUDS[kind]
    tiers = [word for name in TIERS for word in (f"--{name}", f"{kind}/a-model")]
    said = [word for name, value in settings.items() for word in (f"--{name}", f"{kind}={value}")]
    async with lists("a-model") as vendor:
        words = ("--yes", "--at", f"{kind}={vendor.url}", *said, *tiers)
        done = await init(tmp_path, *words, **env)
    assert done.returncode == 0, done.stderr
    written = load(place(tmp_path)).providers[kind]
    assert {name: getattr(written, name) for name in settings} == settings
    assert "secret" not in place(tmp_path).read_text() + done.stderr


async def test_a_tier_that_is_not_named_takes_the_next_above_or_else_below(tmp_path: Path):
    env, _ = CLOUDS["databricks"]
    async with lists() as vendor:
        words = ("--yes", "--at", f"databricks={vendor.url}")
        done = await init(tmp_path, *words, **env)
        assert done.returncode == 1 and "name one with --simple, --medium" in done.stderr
        named = ("--simple", "databricks/small", "--complex", "databricks/large")
        done = await init(tmp_path, *words, *named, **env)
    assert done.returncode == 0, done.stderr
    tiers = load(place(tmp_path)).tiers
    assert [tiers.of(tier).model for tier in Tier] == ["small", "large", "large", "large"]


async def test_aws_without_credentials_is_no_account(tmp_path: Path):
    async with lists() as vendor:
        words = ("--yes", "--at", f"bedrock={vendor.url}", "--region", "bedrock=us-east-1")
        done = await init(tmp_path, *words)
    assert done.returncode == 1 and "no AWS credentials" in done.stderr
    assert not vendor.sent and not place(tmp_path).exists()


async def test_what_an_account_lacks_is_said_with_the_option_for_it(tmp_path: Path):
    done = await init(tmp_path, "--yes", GOOGLE_OAUTH_ACCESS_TOKEN="ya29.secret")
    assert done.returncode == 1 and not place(tmp_path).exists()
    assert "kind vertex needs --region vertex=… --project vertex=… too" in done.stderr
    done = await init(tmp_path, "--yes", "--region", "groq=us-east-1")
    assert done.returncode == 2 and "'groq' has no region; there is vertex, bedrock" in done.stderr


def test_the_variables_of_the_vendors_own_tools_say_where_an_account_is():
    env = {
        "CLOUD_ML_REGION": "global",
        "ANTHROPIC_VERTEX_PROJECT_ID": "mine",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AZURE_OPENAI_ENDPOINT": "https://me.openai.azure.com/",
        "DATABRICKS_HOST": "no url",
    }
    places = known(env, {"vertex": {"region": "us-east5"}})
    assert places["vertex"] == {"region": "us-east5", "project": "mine"}
    assert places["bedrock"] == {"region": "eu-west-1"}
    assert lacking("azure_openai", places["azure_openai"]) == []
    assert lacking("databricks", places["databricks"]) == ["base_url"]


def test_sign_ins_are_found_by_their_files_which_are_not_read(tmp_path: Path):
    env = {"HOME": str(tmp_path)}
    assert sign_ins(env, set()) == ([], [])
    for name in (".claude/.credentials.json", ".codex/auth.json"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text("not read")
        (tmp_path / name).chmod(0)
    [claude], [codex] = sign_ins(env, set())
    assert (claude.kind, claude.client) == ("anthropic", True)
    assert "Codex is signed in" in codex
    assert sign_ins(env, {"anthropic", "openai"}) == ([], [])


async def test_a_claude_sign_in_makes_a_config_that_hands_it_on(tmp_path: Path):
    (tmp_path / ".claude").mkdir()
    (tmp_path / ".claude" / ".credentials.json").write_text("{}")
    async with lists(key="no one has it") as vendor:
        done = await init(tmp_path, "--yes", "--at", f"anthropic={vendor.url}")
    assert done.returncode == 0, done.stderr
    config = load(place(tmp_path))
    assert config.providers["anthropic"].key == "client"
    assert "opus" in str(config.tiers.REASONING)


@pytest.mark.parametrize("host", ["0.0.0.0:1", "a b", "http://[::1", "x" * 9999, "%", "h:port"])
async def test_an_odd_ollama_host_is_passed_over(host: str, tmp_path: Path):
    found = await look({"HOME": str(tmp_path), "OLLAMA_HOST": host})
    assert all(isinstance(one.kind, str) for one in found.accounts)


def test_the_first_run_says_what_is_there_and_offers_two_ways(tmp_path: Path):
    code, screen = on_terminal(tmp_path, b"quit\n")
    assert code == 0
    assert "There is no config at" in screen and "no key, no server and no sign-in" in screen
    assert "init" in screen and "demo" in screen


async def test_the_first_run_can_go_on_to_init(tmp_path: Path):
    async with lists(*LOCAL) as local:
        env: dict[str, Any] = {"OLLAMA_HOST": local.url.removeprefix("http://")}
        words = b"init\nn\n"
        code, screen = await asyncio.to_thread(on_terminal, tmp_path, words, **env)
    assert code == 0
    assert "ollama: it runs at" in screen and "Nothing was written." in screen


def test_the_first_run_without_a_terminal_is_one_sentence_and_exit_1(tmp_path: Path):
    done = run(home=tmp_path)
    assert done.returncode == 1
    assert "lynkr-tui init" in done.stderr and "lynkr-tui demo" in done.stderr
    assert len(done.stderr.splitlines()) == 1
