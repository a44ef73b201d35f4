"""Generated agent conversations, and each request of theirs in any client's dialect."""

from dataclasses import dataclass, field
from typing import Any

import orjson
from hypothesis import strategies as st

Body = dict[str, Any]

SYSTEM = "You are a careful engineer in this repository. " * 120  # longer than any least prefix
DOES = "It does what its name says, and no more than that. " * 30
SCHEMA = {"type": "object", "properties": {"path": {"type": "string"}}, "required": ["path"]}
TOOLS = ("Read", "Grep", "list_files", "Bash")


@dataclass
class Model:
    """The assistant's turn: what it says and what it calls, as (id, tool, arguments)."""

    text: str
    calls: list[tuple[str, str, Body]] = field(default_factory=list)
    results: list[str] = field(default_factory=list)


@dataclass
class Conversation:
    """A system prompt, the tools, and turns: a person's words or the model's turn with results."""

    system: str
    tools: tuple[str, ...]
    turns: list[str | Model]

    @property
    def requests(self) -> list[int]:
        """How many turns each request of the conversation has sent, oldest first."""
        return [at + 1 for at, turn in enumerate(self.turns) if isinstance(turn, str) or turn.calls]


_words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40).map(
    lambda text: f"Then look at {text} and say why."
)
_rows = st.integers(5, 40).map(
    lambda n: orjson.dumps(
        [{"file": f"src/{i}.py", "line": i * 3, "match": "TODO"} for i in range(n)],
        option=orjson.OPT_INDENT_2,
    ).decode()
)
_results = st.one_of(_words, _rows, st.sampled_from(["", "ok\n", "\x1b[31mred\x1b[0m " * 90]))


@st.composite
def _rounds(draw: st.DrawFn) -> list[str | Model]:
    turns: list[str | Model] = []
    number = 0
    for _ in range(draw(st.integers(1, 3))):
        turns.append("Please fix the parser. " + draw(_words))
        for _ in range(draw(st.integers(0, 2))):
            names = draw(st.lists(st.sampled_from(TOOLS), min_size=1, max_size=3))
            calls = [(f"call_{number + at}", name, {"path": "a"}) for at, name in enumerate(names)]
            number += len(calls)
            results = [draw(_results) for _ in calls]
            turns.append(Model(draw(st.sampled_from(["", "Let me look."])), calls, results))
        turns.append(Model(draw(_words)))
    return turns


conversations = st.builds(
    Conversation,
    st.sampled_from([SYSTEM, "Be brief.", ""]),
    st.sampled_from([TOOLS, TOOLS[:1], ()]),
    _rounds(),
)


def body_of(talk: Conversation, dialect: str, turns: int) -> Body:
    """The request that has sent the first `turns`."""
    return _BODIES[dialect](talk, talk.turns[:turns])


def _messages_body(talk: Conversation, turns: list[str | Model]) -> Body:
    body: Body = {"model": "asked", "max_tokens": 900, "messages": []}
    if talk.system:
        body["system"] = talk.system
    if talk.tools:
        body["tools"] = [
            {"name": name, "description": DOES, "input_schema": SCHEMA} for name in talk.tools
        ]
    for turn in turns:
        body["messages"] += _as_messages(turn)
    return body


def _as_messages(turn: str | Model) -> list[Body]:
    if isinstance(turn, str):
        return [{"role": "user", "content": turn}]
    said: list[Body] = [{"type": "text", "text": turn.text}] if turn.text else []
    said += [{"type": "tool_use", "id": i, "name": n, "input": a} for i, n, a in turn.calls]
    told = [
        {"type": "tool_result", "tool_use_id": id, "content": result}
        for (id, _, _), result in zip(turn.calls, turn.results, strict=True)
    ]
    spoken = {"role": "assistant", "content": said}
    return [spoken, {"role": "user", "content": told}] if told else [spoken]


def _chat_body(talk: Conversation, turns: list[str | Model]) -> Body:
    first = [{"role": "system", "content": talk.system}] if talk.system else []
    body: Body = {"model": "asked", "messages": first}
    if talk.tools:
        body["tools"] = [
            {
                "type": "function",
                "function": {"name": name, "description": DOES, "parameters": SCHEMA},
            }
            for name in talk.tools
        ]
    for turn in turns:
        body["messages"] += _as_chat(turn)
    return body


def _as_chat(turn: str | Model) -> list[Body]:
    if isinstance(turn, str):
        return [{"role": "user", "content": turn}]
    spoken: Body = {"role": "assistant", "content": turn.text or None}
    if turn.calls:
        spoken["tool_calls"] = [
            {"id": i, "type": "function", "function": {"name": n, "arguments": _text(a)}}
            for i, n, a in turn.calls
        ]
    return [spoken] + [
        {"role": "tool", "tool_call_id": id, "content": result}
        for (id, _, _), result in zip(turn.calls, turn.results, strict=True)
    ]


def _responses_body(talk: Conversation, turns: list[str | Model]) -> Body:
    body: Body = {"model": "asked", "input": [], "store": False}
    if talk.system:
        body["instructions"] = talk.system
    if talk.tools:
        body["tools"] = [
            {"type": "function", "name": name, "description": DOES, "parameters": SCHEMA}
            for name in talk.tools
        ]
    for turn in turns:
        body["input"] += _as_items(turn)
    return body


def _as_items(turn: str | Model) -> list[Body]:
    if isinstance(turn, str):
        return [_item("user", "input_text", turn)]
    said = [_item("assistant", "output_text", turn.text)] if turn.text else []
    calls = [
        {"type": "function_call", "call_id": i, "name": n, "arguments": _text(a)}
        for i, n, a in turn.calls
    ]
    return (
        said
        + calls
        + [
            {"type": "function_call_output", "call_id": id, "output": result}
            for (id, _, _), result in zip(turn.calls, turn.results, strict=True)
        ]
    )


def _item(role: str, kind: str, text: str) -> Body:
    return {"type": "message", "role": role, "content": [{"type": kind, "text": text}]}


def _text(value: Body) -> str:
    return orjson.dumps(value).decode()


_BODIES = {
    "anthropic": _messages_body,
    "openai_chat": _chat_body,
    "openai_responses": _responses_body,
}
