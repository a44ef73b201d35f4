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


async def claude(work: Work, url: str, client: Client = CLAUDE_CODE) -> str:
    return await ask(work, url, "-p", TASK, client=client)


async def ask(work: Work, url: str, *options: str, client: Client = CLAUDE_CODE) -> str:
    said = {"ANTHROPIC_BASE_URL": url, **QUIET}
    return await work.run(program(client), *options, "--dangerously-skip-permissions", **said)


@pytest.mark.parametrize("client", (CLAUDE_CODE, CLAUDE_CODE_NEW), ids=str)
@pytest.mark.parametrize("kind", UPSTREAMS)
async def test_it_reads_edits_runs_and_writes(tmp_path: Path, kind: str, client: Client):
    part = await whole_loop(
        tmp_path, kind, "claude-code", HANDS, lambda work, url: claude(work, url, client)
    )
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


@pytest.mark.parametrize("kind", ("anthropic_compatible", "openai_compatible"))
async def test_a_compacted_session_goes_on_from_its_summary(tmp_path: Path, kind: str):
    part = Scripted(kind, HANDS)

    async def drive(work: Work, url: str) -> str:
        await claude(work, url)
        part.steps = [[DONE]]
        await ask(work, url, "--continue", "-p", "/compact")
        return await ask(work, url, "--continue", "-p", "Thank you.")

    _, rows = await play(tmp_path, part, drive)
    assert {row["state"] for row in rows} == {"done"}
    assert len({row["session"] for row in rows}) == 1
    compacting, after = part.played[-2:]
    assert len(part.view.results(compacting)) == 4
    assert "summary" in part.view.said(compacting)[-1].text
    assert not part.view.results(after)
    assert any(DONE in one.text for one in part.view.said(after)), "the summary did not arrive"
    assert any(one.text == "Thank you." for one in part.view.said(after))


async def test_its_model_switch_chooses_a_tier_or_a_model(tmp_path: Path):
    part = Scripted("openai_compatible", HANDS, [[DONE]], side=DONE)
    models = ("lynkr/complex", "up/deep", "claude-sonnet-5-5[1m]")

    async def drive(work: Work, url: str) -> str:
        printed = [await ask(work, url, "--model", model, "-p", TASK) for model in models]
        return "".join(printed)

    _, rows = await play(tmp_path, part, drive)
    assert [(row["tier"], row["model"]) for row in rows][:2] == [
        ("COMPLEX", "large"),
        ("REASONING", "deep"),
    ]
    assert rows[2]["reason"] in ("score", "agentic")


async def test_its_context_command_gets_its_counts(tmp_path: Path):
    async def drive(work: Work, url: str) -> str:
        printed = await ask(work, url, "-p", "/context")
        assert "| System tools |" in printed, printed  # left out where nothing was counted
        return DONE

    await play(tmp_path, Scripted("openai_compatible", HANDS), drive)
