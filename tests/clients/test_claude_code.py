"""Real Claude Code works a whole task through the proxy, on every upstream dialect."""

from base64 import b64decode
from pathlib import Path

import pytest

from proxy.dialects.openai.turns import FAILED
from tests.clients.hands import CLAUDE_CODE as HANDS
from tests.clients.hands import read, shell
from tests.clients.install import program
from tests.clients.loop import NO_RETRY, play, whole_loop
from tests.clients.running import DONE, TASK, Work
from tests.clients.scripted import UPSTREAMS, Scripted, cut, failing, limited, overloaded
from tests.clients.versions import CLAUDE_CODE, CLAUDE_CODE_NEW, Client
from tests.clients.views import Said

pytestmark = pytest.mark.client

QUIET = {
    "ANTHROPIC_AUTH_TOKEN": "dummy",
    "IS_SANDBOX": "1",
    "DISABLE_TELEMETRY": "1",
    "DISABLE_ERROR_REPORTING": "1",
    "DISABLE_AUTOUPDATER": "1",
    "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
    "CLAUDE_CODE_GATEWAY_HINT_HEADERS": "1",
}

# A red square of eight by eight dots.
PICTURE = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEUlEQVR42mP4z8CAFTEMLQkAKP8/wc53yE8AAAAASUVORK5C"
    "YII="
)

IMAGE_ROLE = {"openai_compatible": "user"}  # a Chat tool message takes no images


async def claude(work: Work, url: str, client: Client = CLAUDE_CODE, task: str = TASK) -> str:
    command = (program(client), "-p", task, "--dangerously-skip-permissions")
    return await work.run(*command, ANTHROPIC_BASE_URL=url, **QUIET)


@pytest.mark.parametrize("client", (CLAUDE_CODE, CLAUDE_CODE_NEW), ids=str)
@pytest.mark.parametrize("kind", UPSTREAMS)
async def test_it_reads_edits_runs_and_writes(tmp_path: Path, kind: str, client: Client):
    part = await whole_loop(tmp_path, kind, HANDS, lambda work, url: claude(work, url, client))
    roles = [one.role for one in part.view.said(part.played[-1])]
    late = roles[roles.index("user") :]
    assert "system" in late, "a system message inside the conversation did not arrive"


@pytest.mark.parametrize("kind", UPSTREAMS)
async def test_it_recovers_from_what_a_provider_can_do_to_it(tmp_path: Path, kind: str):
    faults = {0: overloaded, 1: limited, 2: cut, 3: failing}
    part = Scripted(kind, HANDS, faults=dict(faults))
    work, rows = await play(tmp_path, part, claude, NO_RETRY)
    assert not part.faults, "a step was never asked for"
    assert work.notes.read_text() == "greeting fixed\n"
    states = [row["state"] for row in rows]
    assert states.count("failed") == len(faults), states


@pytest.mark.parametrize("kind", UPSTREAMS)
async def test_what_tools_bring_back_arrives(tmp_path: Path, kind: str):
    picture = tmp_path / "work" / "dot.png"

    async def drive(work: Work, url: str) -> str:
        picture.write_bytes(PICTURE)
        return await claude(work, url)

    part = Scripted(
        kind,
        HANDS,
        [
            [shell("echo it broke; exit 3")],
            [read(picture)],
            [shell("sleep 0.5; echo one"), shell("echo two"), shell("sleep 0.2; echo three")],
            [DONE],
        ],
    )
    await play(tmp_path, part, drive)
    last = part.played[-1]
    broke, _, *three = part.view.results(last)
    assert "it broke" in broke.text
    assert broke.failed or broke.text.startswith(FAILED)
    told = {one.id: one.text.strip() for one in three}
    assert told == {"toolu_03": "one", "toolu_04": "two", "toolu_05": "three"}
    if kind != "anthropic_compatible":  # the client itself sends them as they came in
        assert list(told) == sorted(told), "results do not stand in the order of their calls"
    _picture_in_its_place(part.view.said(last), IMAGE_ROLE.get(kind, "tool"))


def _picture_in_its_place(said: list[Said], role: str) -> None:
    (at,) = (index for index, one in enumerate(said) if one.image)
    assert said[at].role == role
    assert b64decode(said[at].image).startswith(PICTURE[:8])  # the client packs it anew
    texts = [one.text.strip() for one in said]
    assert texts.index("one") > at > next(i for i, text in enumerate(texts) if "it broke" in text)
