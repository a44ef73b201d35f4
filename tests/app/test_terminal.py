"""The real program in a real terminal (tmux): keys in, screen out, terminal left as it was."""

import asyncio
import re
import shutil
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.support.program import PROGRAM

pytestmark = [
    pytest.mark.tmux,
    pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is missing"),
]
SEES = 20  # seconds that a screen may take on a busy machine


class Terminal:
    """A tmux session of its own server, so that no other tmux is touched."""

    def __init__(self) -> None:
        self._socket = f"lynkr-{uuid.uuid4().hex[:8]}"

    async def tmux(self, *words: str) -> str:
        process = await asyncio.create_subprocess_exec(
            *("tmux", "-L", self._socket, *words),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        out, _ = await process.communicate()
        return out.decode()

    async def press(self, *keys: str) -> None:
        await self.tmux("send-keys", *keys)

    async def resize(self, width: int, height: int) -> None:
        await self.tmux("resize-window", "-x", str(width), "-y", str(height))

    async def screen(self) -> str:
        return await self.tmux("capture-pane", "-p")

    async def sees(self, pattern: str) -> str:
        """The screen, once it shows `pattern`."""
        shown = ""
        for _ in range(SEES * 10):
            shown = await self.screen()
            if re.search(pattern, shown):
                return shown
            await asyncio.sleep(0.1)
        raise AssertionError(f"{pattern!r} is not on the screen:\n{shown}")

    async def misses(self, pattern: str) -> str:
        """The screen, once it shows `pattern` no more."""
        shown = ""
        for _ in range(SEES * 10):
            shown = await self.screen()
            if not re.search(pattern, shown):
                return shown
            await asyncio.sleep(0.1)
        raise AssertionError(f"{pattern!r} is still on the screen:\n{shown}")


@asynccontextmanager
async def terminal(command: str, width: int = 140, height: int = 45) -> AsyncIterator[Terminal]:
    """`command` in a shell of that size; the shell says EXIT and the code when it ended."""
    one = Terminal()
    sized = f"env -u COLUMNS -u LINES {command}"  # a test runner sets them, and they would win
    shell = f"{sized}; echo EXIT $?; stty -a | grep -o ' .\\?echo '; sleep 60"
    await one.tmux("new-session", "-d", "-x", str(width), "-y", str(height), shell)
    try:
        yield one
    finally:
        await one.tmux("kill-server")


async def test_the_demo_plays_and_every_screen_opens_and_q_ends_it(tmp_path: Path):
    command = f"{PROGRAM} demo --data {tmp_path} --port 0"
    async with terminal(command) as screen:
        await screen.sees(r"SIMPLE|MEDIUM|COMPLEX")
        shown = await screen.sees("token count")
        assert "prior tool usage" in shown or "tool chain potential" in shown
        await screen.press("r")
        await screen.sees("demo/demo-reasoning")
        await screen.press("s")
        await screen.sees("billed in")
        await screen.press("?")
        await screen.sees("Everywhere")
        await screen.press("l")
        await screen.sees("exchanges")
        await screen.press("g", "R")
        await screen.sees("which is billed")
        await screen.press("Enter")
        await screen.sees(r"\$\S+ in \d")
        await screen.press("Escape")
        await screen.sees("in flight")
        await screen.press("q")
        await screen.sees("EXIT 0")


async def test_a_key_forces_the_tier_and_a_banner_says_so(tmp_path: Path):
    async with terminal(f"{PROGRAM} demo --data {tmp_path} --port 0") as screen:
        await screen.sees("token count")
        await screen.press("Space")  # the selection follows what is new, and 0 means its session
        await screen.press("4")
        await screen.sees("HELD .* REASONING")
        await screen.press("0")
        await screen.misses("HELD")


@pytest.mark.parametrize("ending", ["C-c", "TERM"])
async def test_the_terminal_is_given_back(tmp_path: Path, ending: str):
    async with terminal(f"{PROGRAM} demo --data {tmp_path} --port 0") as screen:
        await screen.sees("exchanges|waiting")
        if ending == "C-c":
            await screen.press("C-c")
        else:
            shell = (await screen.tmux("list-panes", "-F", "#{pane_pid}")).strip()
            child = await asyncio.create_subprocess_exec("pkill", "-TERM", "-P", shell)
            await child.wait()
        shown = await screen.sees(r"EXIT 0\s+-?echo")  # the shell asks once it has said so
        assert re.search(r"^ echo", shown, re.MULTILINE), shown


async def test_the_program_ends_with_its_terminal(tmp_path: Path):
    async with terminal(f"{PROGRAM} demo --data {tmp_path} --port 0") as screen:
        await screen.sees("exchanges|waiting")
        shell = (await screen.tmux("list-panes", "-F", "#{pane_pid}")).strip()
        children = Path(f"/proc/{shell}/task/{shell}/children").read_text().split()
        assert len(children) == 1
    for _ in range(100):
        if not Path(f"/proc/{children[0]}").exists():
            return
        await asyncio.sleep(0.1)
    raise AssertionError("the program outlived its terminal")


async def test_a_broken_dashboard_says_what_broke_and_exits_1(tmp_path: Path):
    code = (
        "import app.dashboard as d, sys\n"
        "def broken(self): raise RuntimeError('the lamp fell over')\n"
        "d.Dashboard.beat = broken\n"
        f"sys.argv = ['lynkr-tui', 'demo', '--port', '0', '--data', '{tmp_path}']\n"
        "from app.cli import main; main()\n"
    )
    script = tmp_path / "broken.py"
    script.write_text(code)
    async with terminal(f"{PROGRAM.with_name('python')} {script}") as screen:
        shown = await screen.sees("EXIT 1")
        assert "the dashboard broke: RuntimeError: the lamp fell over" in re.sub(r"\s+", " ", shown)
