"""Verdicts are reached once in a tool round, and never outlive their table."""

from collections.abc import Mapping

import orjson

from classifier.force import ForcePattern
from classifier.tiers import Tier
from proxy.clients.reading import read
from proxy.dialects.table import DIALECTS
from proxy.routing.asking import view_of
from proxy.routing.route import judge
from proxy.routing.table import Table, Target

TABLE = Table(tiers={tier: Target("up", tier.name.lower()) for tier in Tier})


def asked(*messages: Mapping[str, object], tools: int = 0) -> bytes:
    schema = {"type": "object", "properties": {"path": {"type": "string"}}}
    offered = [{"name": f"Read{number}", "input_schema": schema} for number in range(tools)]
    return orjson.dumps({"model": "m", "messages": messages, "tools": offered})


def verdict(raw: bytes, table: Table = TABLE):
    return judge(view_of(read(raw, DIALECTS["anthropic"])), table)


QUESTION = {"role": "user", "content": "Please fix the failing test in billing/invoice.py"}
CALL = {
    "role": "assistant",
    "content": [{"type": "tool_use", "id": "toolu_1", "name": "Read0", "input": {}}],
}
RESULT = {
    "role": "user",
    "content": [{"type": "tool_result", "tool_use_id": "toolu_1", "content": "x = 1"}],
}


def test_a_tool_round_has_one_verdict():
    assert verdict(asked(QUESTION, tools=2)) is verdict(asked(QUESTION, CALL, RESULT, tools=2))


def test_other_words_tools_or_turns_have_a_verdict_of_their_own():
    first = verdict(asked(QUESTION, tools=2))
    assert verdict(asked(QUESTION, tools=3)) is not first
    assert verdict(asked(QUESTION, CALL, RESULT, QUESTION, tools=2)) is not first
    assert verdict(asked({**QUESTION, "content": "hello there"}, tools=2)) is not first


def test_a_new_table_judges_anew():
    assert verdict(asked(QUESTION)).reason != "force:fixing"
    rule = ForcePattern("fixing", "please fix", Tier.REASONING)
    forced = Table(tiers=TABLE.tiers, patterns=(rule,))
    assert verdict(asked(QUESTION), forced).reason == "force:fixing"
