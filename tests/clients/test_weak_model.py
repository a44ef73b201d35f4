"""Real Claude Code finishes its task though the model that it was routed to breaks its calls."""

from pathlib import Path

import pytest
from aiohttp import web

from tests.clients import test_claude_code
from tests.clients.hands import CLAUDE_CODE
from tests.clients.loop import play
from tests.clients.scripted import UPSTREAMS, Fault, Scripted, Spoken
from tests.support.messages import Block, call, text
from tests.support.upstream import Sent

pytestmark = pytest.mark.client


def says(*blocks: Block) -> Fault:
    async def fault(request: web.Request, sent: Sent, spoken: Spoken) -> web.StreamResponse:
        return await spoken.reply(request, sent, list(blocks))

    return fault


WORDS = text("Let me see.")


@pytest.mark.parametrize("kind", UPSTREAMS)
async def test_claude_code_never_sees_a_broken_call(tmp_path: Path, kind: str):
    faults = {
        0: says(WORDS, call("toolu_90", "Read", place="greet.py")),
        1: says(WORDS, call("toolu_91", "Peruse", file_path="greet.py")),
        2: says(call("toolu_92", "Bash", script="ls"), call("toolu_93", "Write")),
        3: says(),
    }
    part = Scripted(kind, CLAUDE_CODE, faults=dict(faults))
    work, rows = await play(tmp_path, part, test_claude_code.claude)
    assert work.notes.read_text() == "greeting fixed\n"
    assert not part.faults and {row["state"] for row in rows} == {"done"}
    escalated = [row for row in rows if row["reason"] == "escalated"]
    assert len(escalated) == len(faults), "one extra round trip a fault"
    assert len(part.played) == len(part.steps) + len(faults)
    assert not any("Error" in one.text for one in part.view.results(part.played[-1]))
