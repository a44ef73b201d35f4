"""A model that goes round in circles is seen from the conversation alone."""

from pathlib import Path
from typing import Any

import aiohttp
import orjson
import pytest

from classifier.tiers import Tier
from proxy.dialects.model import Message, Text, ToolCall, ToolResult
from proxy.events import Escalated
from proxy.routing.loops import stuck
from proxy.routing.table import Target
from tests.support import messages
from tests.support.proxy import config_for, proxy
from tests.support.upstream import Upstream

Step = tuple[str, dict[str, Any], bool]  # tool, arguments, whether it failed


def conversation(*steps: Step) -> list[Message]:
    told = [Message("user", [Text("go")])]
    for number, (name, arguments, failed) in enumerate(steps):
        call = ToolCall(str(number), name, orjson.dumps(arguments).decode())
        result = ToolResult(str(number), [Text("no such thing" if failed else "ok")], failed)
        told += [Message("assistant", [call]), Message("user", [result])]
    return told


def failing(name: str, **arguments: Any) -> Step:
    return name, arguments, True


@pytest.mark.parametrize(
    ("steps", "why"),
    [
        ([failing("Bash", command="make")] * 3, "Bash failed 3 times with the same arguments"),
        (
            [failing("Edit", file_path="a.py", old=str(n)) for n in range(3)],
            "3 edits of a.py in a row failed",
        ),
        ([failing("Bash", command="make")] * 2, None),
        ([failing("Bash", command=str(n)) for n in range(5)], None),
        ([("Bash", {"command": "make"}, False)] * 9, None),
        (
            [
                failing("Edit", file_path="a.py", old="1"),
                failing("Edit", file_path="a.py", old="2"),
                ("Edit", {"file_path": "a.py", "old": "3"}, False),
                failing("Edit", file_path="a.py", old="4"),
            ],
            None,
        ),
    ],
)
def test_three_failures_of_one_kind_are_a_loop(steps: list[Step], why: str | None):
    assert stuck(conversation(*steps)) == why


def test_a_new_word_of_the_person_ends_the_round():
    told = conversation(*[failing("Bash", command="make")] * 3)
    assert stuck([*told, Message("user", [Text("try make -k")])]) is None


def test_a_failure_is_known_by_its_first_words_where_the_dialect_marks_none():
    told = conversation(*[("Bash", {"command": "make"}, False)] * 3)
    for message in told[2::2]:
        message.blocks[0].content[0].text = "Error: no rule to make target"  # type: ignore
    assert stuck(told)


async def test_a_loop_goes_on_one_tier_up_to_the_end_of_the_round(tmp_path: Path):
    turns: list[Any] = [{"role": "user", "content": "thanks!"}]
    for number in range(3):
        call = messages.call(f"c{number}", "Bash", command="make")
        result = {
            "type": "tool_result",
            "tool_use_id": f"c{number}",
            "content": "no",
            "is_error": True,
        }
        turns += [{"role": "assistant", "content": [call]}, {"role": "user", "content": [result]}]
    tools = [{"name": "Bash", "input_schema": {"type": "object"}}]
    async with (
        Upstream(messages.says_hello) as upstream,
        proxy(tmp_path, config_for(upstream.url)) as (server, heard),
        aiohttp.ClientSession() as session,
    ):
        for upto, tier, reason in ((5, "SIMPLE", "pinned"), (7, "MEDIUM", "escalated")):
            body = {"model": "m", "max_tokens": 9, "messages": turns[:upto], "tools": tools}
            async with session.post(f"{server.url}/v1/messages", json=body) as response:
                assert response.headers["x-lynkr-tier"] == tier
                assert response.headers["x-lynkr-reason"] == reason
        [told] = heard.of(Escalated)
        assert isinstance(told, Escalated) and told.tier.name == "MEDIUM"
        assert told.reason == "Bash failed 3 times with the same arguments"
        same = server.house.routing.table.with_tier(Tier.MEDIUM, Target("up", "small"))
        server.house.routing.replace(same)
        async with session.post(f"{server.url}/v1/messages", json=body) as response:
            assert response.headers["x-lynkr-model"] == "large", "MEDIUM is the model that failed"
