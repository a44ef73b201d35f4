"""What the clients of a soak ask, one plan an exchange, and what their upstream is to do."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import orjson

from proxy.dialects.table import DIALECTS

TIERS: Final = ("SIMPLE", "MEDIUM", "COMPLEX")  # each leads to a provider of another dialect

# What happens, and how many of a hundred exchanges it happens in.
SHARES: Final = {
    "fine": 62,
    "tools": 8,  # an agent's turn: tools offered, results to shorten
    "again": 8,  # a question that was asked before
    "once": 4,  # a 500, then a good answer
    "slow": 4,  # an answer in ten pieces
    "cut": 2,  # the upstream hangs up in mid-answer
    "garbled": 2,
    "page": 2,  # a gateway's page of HTML
    "limit": 2,  # a 429 that says to come back much later
    "leaves": 3,  # the client leaves in mid-answer
    "early": 2,  # the client leaves before the first byte
    "bad": 1,  # the client's body is not what its dialect asks for
}
GOOD: Final = frozenset(("fine", "tools", "again", "once", "slow"))
LEAVE: Final = frozenset(("leaves", "early"))
_MARK: Final = re.compile(rb"\[soak (\d+) (\w+)\]")


@dataclass(frozen=True, slots=True)
class Plan:
    """One exchange: `number` is its own, `kind` one of SHARES."""

    number: int
    kind: str
    dialect: str
    tier: str
    streamed: bool

    @property
    def path(self) -> str:
        return DIALECTS[self.dialect].path

    @property
    def body(self) -> bytes:
        if self.kind == "bad":
            return b'{"model": 7}'
        return orjson.dumps({**_ASKED[self.dialect](self), "stream": self.streamed})

    @property
    def billed(self) -> int:
        """The number that the upstream reads: "again" asks what was asked before."""
        return self.number % 20 if self.kind == "again" else self.number

    @property
    def session(self) -> str:
        """One of a thousand; who asks again is the one who asked, or it is another question."""
        return "soak again" if self.kind == "again" else f"soak {self.number % 1_000}"

    @property
    def words(self) -> str:
        kind = "fine" if self.kind == "again" else self.kind
        return f"What is the square root of {self.billed}? [soak {self.billed} {kind}]"


def plans(seed: int = 1) -> Iterator[Plan]:
    """One after the other, without end; the same for the same seed."""
    dice, number = random.Random(seed), 0
    kinds, weights = list(SHARES), list(SHARES.values())
    while True:
        number += 1
        (kind,) = dice.choices(kinds, weights)
        dialect, tier = dice.choice(list(DIALECTS)), dice.choice(TIERS)
        yield Plan(number, kind, dialect, tier, dice.random() < 0.6)


def marked(body: bytes) -> tuple[int, str]:
    """The number and the kind of the exchange that a request belongs to."""
    number, kind = _MARK.findall(body)[-1]
    return int(number), kind.decode()


def bill(number: int) -> dict[str, int]:
    """What the upstream bills for the exchange of this number, in tokens."""
    return {"input": 100 + number % 900, "output": 10 + number % 90, "cache_read": number % 50}


def _said(plan: Plan) -> list[dict[str, Any]]:
    return [{"role": "user", "content": plan.words}]


_SCHEMA: Final = {"type": "object", "properties": {"path": {"type": "string"}}}
_NAMES: Final = ("Read", "Write", "Edit", "Bash", "WebSearch", "Notebook")
_RESULT: Final = orjson.dumps(
    [{"path": f"src/part_{at}.py", "line": at, "text": "def settle(): ..."} for at in range(40)]
).decode()


def _messages(plan: Plan) -> dict[str, Any]:
    body: dict[str, Any] = {"model": "claude-any", "max_tokens": 100, "messages": _said(plan)}
    if plan.kind == "tools":
        use = {"type": "tool_use", "id": "toolu_1", "name": "Bash", "input": {"path": "."}}
        result = {"type": "tool_result", "tool_use_id": "toolu_1", "content": _RESULT}
        body["tools"] = [
            {"name": n, "description": f"{n} a file. " * 9, "input_schema": _SCHEMA} for n in _NAMES
        ]
        body["messages"] += [
            {"role": "assistant", "content": [use]},
            {"role": "user", "content": [result]},
        ]
    return body


def _chat(plan: Plan) -> dict[str, Any]:
    body: dict[str, Any] = {"model": "gpt-any", "messages": _said(plan)}
    if plan.kind == "tools":
        call = {"id": "call_1", "type": "function"}
        call_of = {**call, "function": {"name": "Bash", "arguments": '{"path": "."}'}}
        body["tools"] = [
            {"type": "function", "function": {"name": name, "parameters": _SCHEMA}}
            for name in _NAMES
        ]
        body["messages"] += [
            {"role": "assistant", "content": None, "tool_calls": [call_of]},
            {"role": "tool", "tool_call_id": "call_1", "content": _RESULT},
        ]
    return body


def _responses(plan: Plan) -> dict[str, Any]:
    body: dict[str, Any] = {"model": "gpt-any", "input": _said(plan)}
    if plan.kind == "tools":
        call = {"type": "function_call", "call_id": "call_1", "name": "Bash", "arguments": "{}"}
        body["tools"] = [
            {"type": "function", "name": name, "parameters": _SCHEMA} for name in _NAMES
        ]
        body["input"] += [
            call,
            {"type": "function_call_output", "call_id": "call_1", "output": _RESULT},
        ]
    return body


_ASKED: Final = {"anthropic": _messages, "openai_chat": _chat, "openai_responses": _responses}
