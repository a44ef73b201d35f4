"""`serve` as a process, `attach` on real terminals: seen, steered, gone, and back again."""

import shutil
from pathlib import Path

import pytest

from tests.app.attach.attaching import behind_tls
from tests.app.test_terminal import terminal
from tests.proxy.past.test_replay import PRICES, names_itself
from tests.proxy.test_server import QUESTION, post
from tests.support import messages
from tests.support.program import PROGRAM, serve
from tests.support.proxy import config_for
from tests.support.upstream import Upstream

pytestmark = [
    pytest.mark.tmux,
    pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is missing"),
]


async def asked(url: str) -> dict[str, str]:
    """A client asks the proxy; the headers of its answer."""
    status, headers, _ = await post(f"{url}/v1/messages", QUESTION, x_lynkr_cache="off")
    assert status == 200
    return headers


async def test_it_is_seen_and_steered_from_two_terminals_and_comes_back(tmp_path: Path):
    async with Upstream(messages.says_hello) as upstream:
        config = config_for(upstream.url)
        async with serve(tmp_path, config) as first:
            assert (await asked(first.url))["x-lynkr-tier"] == "SIMPLE"
            command = f"{PROGRAM} attach {first.url}"
            async with terminal(command) as one, terminal(command, 80, 24) as other:
                await one.sees("1 exchange ")
                await asked(first.url)
                await one.sees("2 exchanges")
                await other.sees("2 exchanges")
                await one.press("4")
                await other.sees("HELD .*REASONING")
                assert (await asked(first.url))["x-lynkr-tier"] == "REASONING"
                await other.sees("3 exchanges")
                first.process.kill()
                await one.sees("NOT CONNECTED .*trying again")
                await other.sees("NOT CONNECTED .*trying again")
                port = first.url.rpartition(":")[2]
                async with serve(tmp_path, config, "--port", port) as second:
                    for screen in (one, other):
                        await screen.misses("NOT CONNECTED")
                    assert (await asked(second.url))["x-lynkr-tier"] == "SIMPLE"
                    for screen in (one, other):
                        await screen.sees("4 exchanges")
                        await screen.press("q")
                        await screen.sees("EXIT 0")
                    assert (await asked(second.url))["x-lynkr-tier"] == "SIMPLE"


async def test_where_there_is_no_proxy_it_says_so_and_exits_1(tmp_path: Path):
    async with terminal(f"{PROGRAM} attach http://127.0.0.1:9") as screen:
        shown = await screen.sees("EXIT 1")
    assert "lynkr-tui: nothing answers at http://127.0.0.1:9: Connection refused" in shown


async def test_a_draft_is_tried_and_an_exchange_sent_again_from_a_terminal(tmp_path: Path):
    async with (
        Upstream(names_itself) as upstream,
        serve(tmp_path, config_for(upstream.url, more=PRICES)) as there,
        terminal(f"{PROGRAM} attach {there.url}", 120, 40) as screen,
    ):
        await screen.sees("in flight")
        await asked(there.url)
        await screen.sees("1 exchange ")  # so it follows, and what comes now is held for it
        await asked(there.url)
        await screen.sees("2 exchanges")
        await screen.press("r")
        await screen.sees(r"\$10.00 in, \$100.00 out")
        await screen.press("Tab", "S-Left", "S-Left", "S-Left")
        shown = await screen.sees("2 of 2 move")
        assert "SIMPLE → MEDIUM" in shown
        await screen.press("Escape")
        await screen.misses("What if")
        await screen.press("l")
        await screen.sees("2 exchanges")
        await screen.press("R")
        shown = await screen.sees("which is billed")
        assert "I am small" in shown
        await screen.press("4", "Enter")
        await screen.sees("I am small.*│.*I am deep")
        assert [one.body["model"] for one in upstream.sent if one.raw] == ["small", "small", "deep"]
        await screen.press("q")
        await screen.sees("EXIT 0")


async def test_it_attaches_over_tls_and_to_nobody_whose_certificate_is_not_trusted(tmp_path: Path):
    async with (
        Upstream(names_itself) as upstream,
        serve(tmp_path, config_for(upstream.url)) as there,
        behind_tls(there.url, tmp_path) as (url, ca),
    ):
        async with terminal(f"env -u SSL_CERT_FILE {PROGRAM} attach {url}") as screen:
            shown = await screen.sees("EXIT 1")
            assert "a certificate that can't be trusted" in " ".join(shown.split())
        async with terminal(f"SSL_CERT_FILE={ca} {PROGRAM} attach {url}") as screen:
            await screen.sees(f"⇄ {url}")
            await asked(there.url)
            await screen.sees("1 exchange ")
            await screen.press("4")
            await screen.sees("HELD .*REASONING")
            assert (await asked(there.url))["x-lynkr-tier"] == "REASONING"
            await screen.press("q")
            await screen.sees("EXIT 0")
