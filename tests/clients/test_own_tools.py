"""Real Claude Code works a whole task though tools of its were stripped, and never knows."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp import web

from tests.clients.hands import CLAUDE_CODE
from tests.clients.loop import play
from tests.clients.scripted import UPSTREAMS, Fault, Scripted, Spoken
from tests.clients.test_claude_code import claude
from tests.clients.views import Body, Result, View
from tests.support.messages import Block, call, text
from tests.support.upstream import Sent

pytestmark = pytest.mark.client

LOADS = call("own_1", "lynkr_load_tools", names=["WebFetch", "NotebookEdit"])


def says(*blocks: Block) -> Fault:
    async def fault(request: web.Request, sent: Sent, spoken: Spoken) -> web.StreamResponse:
        return await spoken.reply(request, sent, list(blocks))

    return fault


@dataclass
class _Theirs:
    """What the client's own tools gave, and not what the proxy's did."""

    view: View

    def results(self, body: Body) -> list[Result]:
        return [one for one in self.view.results(body) if not one.id.startswith("own_")]


class _Loading(Scripted):
    """A model that loads tools on its way."""

    @property
    def view(self) -> View:
        return _Theirs(super().view)  # type: ignore[return-value]  # said() is not asked for


def names(body: Body) -> list[str]:
    return [one.get("name") or one["function"]["name"] for one in body["tools"]]


@pytest.mark.parametrize("kind", UPSTREAMS)
async def test_claude_code_finishes_while_the_model_loads_tools(tmp_path: Path, kind: str):
    part = _Loading(kind, CLAUDE_CODE, faults={0: says(text("Let me see."), LOADS), 2: says(LOADS)})
    work, rows = await play(tmp_path, part, claude)
    assert work.source.read_text() == 'print("Hello")\n'
    assert work.notes.read_text() == "greeting fixed\n"
    assert not part.faults and {row["state"] for row in rows} == {"done"}
    first, hop, *later = part.played
    assert "WebFetch" not in names(first) and "lynkr_load_tools" in names(first)
    marked = kind == "anthropic_compatible"  # where a prompt is cached up to its marks, none joins
    assert ("WebFetch" in names(hop)) is not marked
    for body in later:
        assert names(body)[: len(names(first))] == names(first), "the prefix is what it was"


async def test_at_anthropic_itself_its_tools_stay_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(UPSTREAMS, "anthropic", UPSTREAMS["anthropic_compatible"])
    part = _Loading("anthropic", CLAUDE_CODE, faults={1: says(LOADS)})
    work, rows = await play(tmp_path, part, claude)
    assert work.notes.read_text() == "greeting fixed\n"
    assert not part.faults and {row["state"] for row in rows} == {"done"}
    offered = {tuple(names(body)) for body in part.played}
    assert len(offered) == 1 and "WebFetch" not in offered.pop()
    assert any(
        "WebFetch" in one.text for one in UPSTREAMS["anthropic"].view.results(part.played[2])
    )


async def test_its_first_request_takes_half_the_tokens_for_tools(tmp_path: Path):
    _, rows = await play(tmp_path, Scripted("anthropic_compatible", CLAUDE_CODE), claude)
    first = next(row for row in rows if row["tools_before"])
    assert first["tools_after"] <= 0.5 * first["tools_before"], dict(first)
