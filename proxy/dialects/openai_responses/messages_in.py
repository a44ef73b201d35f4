"""A Responses input read into the neutral conversation."""

from typing import Final

from proxy.dialects.model import Block, Body, Json, Message, Text, ToolResult
from proxy.dialects.openai.checks import extra, want
from proxy.dialects.openai_responses.content_in import read_content
from proxy.dialects.openai_responses.items_in import is_said, read_item
from proxy.errors import BadRequest

_SYSTEM: Final = frozenset({"system", "developer"})
_MESSAGE: Final = frozenset({"type", "role", "content"})
_NO_WORDS: Final = frozenset({"additional_tools"})  # read with the tools
HELD: Final = frozenset({"item_reference", "compaction", "context_compaction"})


def read_messages(given: Json) -> tuple[list[Block], list[Message]]:
    """The prompt (system messages before anyone speaks) and the conversation."""
    if isinstance(given, str):
        if not given:
            raise BadRequest("input: expected some text or items")
        return [], [Message("user", [Text(given)])]
    items = want(given, list, "input")
    if not items:
        raise BadRequest("input: expected at least one item")
    conversation = Conversation()
    for at, item in enumerate(items):
        conversation.add(want(item, dict, f"input[{at}]"), f"input[{at}]")
    return conversation.system, conversation.messages


def held_by_provider(body: Body) -> str:
    """The field that stands for something only the client's own provider holds, "" for none."""
    named = ("previous_response_id", "conversation", "prompt")
    found = next((name for name in named if body.get(name)), "")
    items = body.get("input")
    places = (
        f"input[{at}]"
        for at, item in enumerate(items if isinstance(items, list) else ())
        if isinstance(item, dict) and str(item.get("type")) in HELD
    )
    return found or next(places, "")


class Conversation:
    """Collects items: what the model said in a row is one message, results in a row are one."""

    def __init__(self) -> None:
        self.system: list[Block] = []
        self.messages: list[Message] = []
        self._answered: set[str] = set()

    def add(self, raw: Body, where: str) -> None:
        kind = want(raw.get("type") or ("message" if "role" in raw else None), str, f"{where}.type")
        if kind == "message":
            self._message(raw, where)
        elif kind not in _NO_WORDS:
            self._item(raw, kind, where)

    def _message(self, raw: Body, where: str) -> None:
        role = want(raw.get("role"), str, f"{where}.role")
        blocks = read_content(raw.get("content"), f"{where}.content")
        if role in _SYSTEM and not self.messages:
            self.system += blocks
        elif role == "assistant":
            self._said(blocks, where)
        else:
            self.messages.append(Message(role, blocks, extra(raw, _MESSAGE), where))

    def _item(self, raw: Body, kind: str, where: str) -> None:
        block = read_item(raw, kind, where)
        if is_said(kind):
            self._said([block], where)
        else:
            self._heard(block, where)

    def _said(self, blocks: list[Block], where: str) -> None:
        if not self.messages or self.messages[-1].role != "assistant":
            self.messages.append(Message("assistant", [], place=where))
        self.messages[-1].blocks += blocks

    def _heard(self, block: Block, where: str) -> None:
        before = self.messages[-1].blocks if self._in_results() else []
        if isinstance(block, ToolResult) and block.call_id in self._answered:
            return self._heard_more(block, before)
        if isinstance(block, ToolResult):
            self._answered.add(block.call_id)
        if before:
            before.append(block)
        else:
            self.messages.append(Message("user", [block], place=where))
        return None

    def _in_results(self) -> bool:
        last = self.messages[-1] if self.messages else None
        return bool(
            last and last.role == "user" and last.blocks and isinstance(last.blocks[-1], ToolResult)
        )

    def _heard_more(self, more: ToolResult, before: list[Block]) -> None:
        """A client may report on a running call again; to other dialects a call has one result."""
        for result in before:
            if isinstance(result, ToolResult) and result.call_id == more.call_id:
                result.content += more.content
                return
        opening = Text(f"[more from the call {more.call_id}]")
        self.messages.append(Message("user", [opening, *more.content]))
