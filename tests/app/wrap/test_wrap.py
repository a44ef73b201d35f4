"""`lynkr-tui wrap`: the client's own exit code, signals and words; nothing left behind."""

import asyncio
import os
import pty
import re
import signal
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from app.commands.wrap import NAMES
from app.wrap.clients import CLIENTS
from app.wrap.proxy import _listening
from proxy.ledger import history
from tests.app.commands.running import run
from tests.app.wrap.fake import ASK, Fake
from tests.support import messages
from tests.support.program import PROGRAM, serve
from tests.support.proxy import config_for
from tests.support.upstream import Upstream

PRICES = """
[prices]
claude-sonnet-4-5 = { input = 3, output = 15 }
"up/*" = { input = 1, output = 5 }
"""
HOME = """
[providers.anthropic]
kind = "anthropic"
%s
[tiers]
SIMPLE = "anthropic/a"
MEDIUM = "anthropic/b"
COMPLEX = "anthropic/c"
REASONING = "anthropic/d"

[cache]
semantic = false
"""


def config(folder: Path, text: str = "") -> list[str]:
    path = folder / "config.toml"
    path.write_text(text or config_for("http://127.0.0.1:9"))
    return ["--config", str(path), "--data", str(folder / "data")]


def processes(mark: str) -> list[str]:
    """Command lines of living processes that hold `mark`."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            found.append(entry.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
    return [words for words in found if mark in words]


def test_what_the_proxy_says_before_it_listens_keeps_no_one_waiting(tmp_path: Path):
    keyed = config_for("http://127.0.0.1:9").replace("[tiers]", 'key_env = "NOT_SET"\n\n[tiers]')
    said = tmp_path / "said"
    said.write_bytes(
        b"a word before\nlynkr-tui listens on http://127.0.0.1:1; log in x\nand after\n"
    )
    with said.open("rb") as file, subprocess.Popen(["sleep", "60"]) as process:
        assert _listening(process, file) == "http://127.0.0.1:1"
        process.kill()
    fake = Fake(tmp_path, "claude", end="sys.exit(3)")
    assert fake.wrap("claude", *config(tmp_path, keyed)).returncode == 3


def test_the_table_and_the_command_know_the_same_clients():
    assert tuple(CLIENTS) == NAMES


def test_words_and_exit_code_pass_and_the_proxy_of_its_own_is_gone(tmp_path: Path):
    fake = Fake(tmp_path, "claude", end="sys.exit(7)")
    done = fake.wrap("claude", *config(tmp_path), "--", "-p", "two words", "--help", "*")
    assert done.returncode == 7
    assert fake.said["words"] == ["-p", "two words", "--help", "*"]
    assert "(its own)" in done.stderr
    assert done.stderr.splitlines()[-1] == (
        "lynkr-tui: no exchange of claude went through the proxy"
    )
    assert not processes(str(tmp_path))


def test_claude_is_given_what_leads_it_and_no_key_of_the_user(tmp_path: Path):
    fake = Fake(tmp_path, "claude")
    own = {"ANTHROPIC_API_KEY": "sk-ant-own", "CLAUDE_CODE_USE_BEDROCK": "1"}
    fake.wrap("claude", *config(tmp_path), **own)
    said = fake.said
    assert said["ANTHROPIC_BASE_URL"].startswith("http://127.0.0.1:")
    assert said["ANTHROPIC_AUTH_TOKEN"] == "lynkr"
    assert said["CLAUDE_CODE_GATEWAY_HINT_HEADERS"] == "1"
    assert (said["ANTHROPIC_API_KEY"], said["CLAUDE_CODE_USE_BEDROCK"]) == (None, None)
    assert said["ENABLE_TOOL_SEARCH"] is None, "on only where the route is Anthropic's"
    assert said["words"] == []


@pytest.mark.parametrize("theirs", [{}, {"PYDANTIC_DISABLE_PLUGINS": "mine"}])
def test_a_switch_of_our_own_is_not_the_clients(tmp_path: Path, theirs: dict[str, str]):
    fake = Fake(tmp_path, "claude")
    fake.wrap("claude", *config(tmp_path), **theirs)
    assert fake.said["PYDANTIC_DISABLE_PLUGINS"] == theirs.get("PYDANTIC_DISABLE_PLUGINS")


def test_tool_search_is_kept_on_where_every_route_is_anthropics(tmp_path: Path):
    fake = Fake(tmp_path, "claude")
    fake.wrap("claude", *config(tmp_path, HOME % ""))
    assert fake.said["ENABLE_TOOL_SEARCH"] == "true"
    fake.wrap("claude", *config(tmp_path, HOME % ""), ENABLE_TOOL_SEARCH="false")
    assert fake.said["ENABLE_TOOL_SEARCH"] == "false", "the user's own choice stays"


def test_a_sign_in_that_is_handed_on_is_left_to_the_client(tmp_path: Path):
    fake = Fake(tmp_path, "claude")
    own = {"ANTHROPIC_API_KEY": "sk-ant-own"}
    fake.wrap("claude", *config(tmp_path, HOME % 'key = "client"'), **own)
    assert (fake.said["ANTHROPIC_API_KEY"], fake.said["ANTHROPIC_AUTH_TOKEN"]) == (
        "sk-ant-own",
        None,
    )


def test_codex_signs_in_by_itself_only_where_its_vendor_gets_it(tmp_path: Path):
    fake = Fake(tmp_path, "codex")
    fake.wrap("codex", *config(tmp_path), "--", "exec", "hi")
    assert fake.said["LYNKR_KEY"] == "lynkr"
    assert fake.said["words"][-2:] == ["exec", "hi"]
    assert 'model_providers.lynkr.env_key="LYNKR_KEY"' in fake.said["words"]
    text = config_for("http://127.0.0.1:9", "openai_responses_compatible")
    fake.wrap("codex", *config(tmp_path, text.replace("[tiers]", 'key = "client"\n[tiers]')))
    assert fake.said["LYNKR_KEY"] is None
    assert "model_providers.lynkr.requires_openai_auth=true" in fake.said["words"]


@pytest.mark.parametrize("name", ["cline", "continue"])
def test_a_config_of_its_own_is_there_while_it_runs_and_gone_afterwards(tmp_path: Path, name: str):
    fake = Fake(tmp_path, CLIENTS[name].program)
    fake.wrap(name, *config(tmp_path))
    [(path, text)] = fake.said["files"].items()
    assert "http://127.0.0.1:" in text and "/v1" in text
    assert not Path(path).exists()


def test_a_web_proxy_is_gone_around(tmp_path: Path):
    fake = Fake(tmp_path, "claude")
    fake.wrap("claude", *config(tmp_path), HTTPS_PROXY="http://web:1", NO_PROXY="internal")
    assert fake.said["NO_PROXY"] == "internal,127.0.0.1,localhost,::1"


async def test_it_says_what_was_saved_as_the_ledger_keeps_it(tmp_path: Path):
    fake = Fake(tmp_path, "claude", act=ASK)
    async with Upstream(messages.says_hello) as upstream:
        options = config(tmp_path, config_for(upstream.url, more=PRICES))
        done = await asyncio.to_thread(fake.wrap, "claude", *options)
    total = history.totals(tmp_path / "data" / "ledger.db")
    assert (total.requests, total.cache_hits, total.measured) == (2, 1, 2)
    assert total.cost is not None and total.money_saved is not None
    told = done.stderr.splitlines()[-1]
    assert told.startswith("lynkr-tui: 2 exchanges of claude; measured: 225 tokens billed, ")
    assert f"${total.cost:.4f} spent, ${total.money_saved:.4f} saved net; " in told
    assert f"estimated: 0 of {total.tokens_before} input tokens cut; " in told
    assert told.endswith("; 1 answered from the cache")


async def test_it_joins_a_proxy_that_runs_and_leaves_it_running(tmp_path: Path):
    fake = Fake(tmp_path, "claude", act=ASK)
    async with (
        Upstream(messages.says_hello) as upstream,
        serve(tmp_path, config_for(upstream.url)) as running,
    ):
        port = running.url.rpartition(":")[2]
        done = await asyncio.to_thread(fake.wrap, "claude", "--port", port)
        assert running.process.returncode is None
    assert fake.said["ANTHROPIC_BASE_URL"] == running.url
    assert "(joined)" in done.stderr and "2 exchanges of claude; measured" in done.stderr


def test_two_at_once_have_a_proxy_each_and_count_their_own(tmp_path: Path):
    fakes = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        fakes.append(Fake(folder, "claude", act=ASK, linger=1))
    demo = config(tmp_path, 'providers.up.kind = "demo"\n' + config_for("x").partition('x"\n')[2])
    running = [fake.start("claude", *demo, stderr=subprocess.PIPE) for fake in fakes]
    told = [process.communicate(timeout=60)[1].decode() for process in running]
    assert all("2 exchanges of claude" in one for one in told), told
    assert fakes[0].said["ANTHROPIC_BASE_URL"] != fakes[1].said["ANTHROPIC_BASE_URL"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGUSR1])
def test_a_signal_reaches_the_client_once_and_its_own_end_is_waited_for(
    tmp_path: Path, number: int
):
    how = {"signals": (int(number),), "wait": str(int(number)), "linger": 0.3}
    fake = Fake(tmp_path, "claude", end="sys.exit(40 + len(said['heard']))", **how)
    process = fake.start("claude", *config(tmp_path), stdin=subprocess.DEVNULL)
    fake.await_word()
    process.send_signal(number)
    assert process.wait(30) == 41
    assert not processes(str(tmp_path))


def test_a_client_that_a_signal_ends_gives_the_code_that_shells_give(tmp_path: Path):
    fake = Fake(tmp_path, "claude", end="os.kill(os.getpid(), signal.SIGKILL)")
    assert fake.wrap("claude", *config(tmp_path)).returncode == 137


def test_ctrl_c_in_a_terminal_reaches_the_client_once_and_not_the_proxy(tmp_path: Path):
    how = {"signals": (2,), "wait": "2", "linger": 0.5, "act": ASK}
    fake = Fake(tmp_path, "claude", end="sys.exit(40 + len(said['heard']))", **how)
    demo = config(tmp_path, 'providers.up.kind = "demo"\n' + config_for("x").partition('x"\n')[2])
    pid, terminal = pty.fork()
    if pid == 0:
        os.execve(PROGRAM, [str(PROGRAM), "wrap", "claude", *demo], fake.env)
    try:
        fake.await_word()
        assert fake.said["tty"]
        os.write(terminal, b"\x03")
        _, status = os.waitpid(pid, 0)
        said = b""
        with suppress(OSError):  # how a terminal whose last writer is gone ends
            while piece := os.read(terminal, 4096):
                said += piece
    finally:
        os.close(terminal)
    assert os.waitstatus_to_exitcode(status) == 41
    assert b"2 exchanges of claude" in said


def test_a_killed_wrap_leaves_no_proxy_behind(tmp_path: Path):
    fake = Fake(tmp_path, "claude", linger=60)
    process = fake.start("claude", *config(tmp_path))
    fake.await_word()
    os.killpg(process.pid, signal.SIGKILL)  # the client is in its group, the proxy is not
    process.wait(10)
    until = time.monotonic() + 15
    while processes(str(tmp_path / "data")) and time.monotonic() < until:
        time.sleep(0.05)  # noqa: TID251
    assert not processes(str(tmp_path / "data"))


def test_a_client_that_is_not_installed_is_one_sentence_with_the_way_to_get_it(tmp_path: Path):
    done = run("wrap", "claude", *config(tmp_path), PATH="/nonexistent")
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "lynkr-tui: claude is not installed; get it with `npm install -g @anthropic-ai/claude-code`"
    ]


def test_an_unknown_client_is_bad_usage_that_lists_the_known():
    done = run("wrap", "frob")
    assert done.returncode == 2
    assert "frob" in done.stderr and "opencode" in done.stderr


def test_cursor_says_why_not_and_what_to_do():
    done = run("wrap", "cursor")
    assert done.returncode == 1
    assert "public URL" in done.stderr and "wrap --print cursor" in done.stderr
    assert "tunnel" in run("wrap", "--print", "cursor").stdout


def test_a_broken_config_is_said_as_serve_says_it(tmp_path: Path):
    fake = Fake(tmp_path, "claude")
    done = fake.wrap("claude", *config(tmp_path, "[tiers\n"))
    assert done.returncode == 1
    assert "config.toml, line 1" in done.stderr and len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "said.json").exists()


def test_no_config_is_one_sentence_with_the_way_to_one(tmp_path: Path):
    done = Fake(tmp_path, "claude").wrap("claude")
    assert done.returncode == 1
    assert "lynkr-tui init" in done.stderr and len(done.stderr.splitlines()) == 1


def test_a_port_that_another_program_has_is_said_where_it_was_chosen(tmp_path: Path):
    fake = Fake(tmp_path, "claude")
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = fake.wrap("claude", *config(tmp_path), "--port", port)
    assert done.returncode == 1
    assert f"127.0.0.1:{port} is taken" in done.stderr


@pytest.mark.parametrize("name", [name for name in NAMES if name != "cursor"])
def test_the_printed_lines_do_what_wrap_does(tmp_path: Path, name: str):
    """A shell that runs them gives the client what wrap gives it."""
    fake = Fake(tmp_path, CLIENTS[name].program)
    options = [*config(tmp_path), "--port", "9"]
    lines = run("wrap", "--print", name, *options, HOME=str(tmp_path)).stdout
    subprocess.run(["sh", "-ec", lines], env=fake.env, check=True, timeout=30)
    by_hand = fake.said
    fake.wrap(name, *config(tmp_path))
    assert told(by_hand) == told(fake.said)


def told(said: dict[str, Any]) -> str:
    """What a client was given, whatever the port and the folder."""
    words = [word for word in said["words"] if not word.startswith("/")]
    plain = said | {"words": words, "files": sorted(said["files"].values())}
    return re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:N", repr(plain))
