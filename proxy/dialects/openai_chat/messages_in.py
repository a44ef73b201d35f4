"""Chat messages read into the neutral conversation: results go to the user's turn after a call."""

from proxy.dialects.model import Block, Body, Json, Message, ToolResult
from proxy.dialects.openai.checks import extra, want
from proxy.dialects.openai_chat.content_in import old_id, read_assistant, read_content
from proxy.errors import BadRequest

_SYSTEM = frozenset({"system", "developer"})
_RESULTS = frozenset({"tool", "function"})
_KNOWN = frozenset(
    "role content tool_calls tool_call_id function_call refusal reasoning_content reasoning".split()
)


def read_messages(given: Json) -> tuple[list[Block], list[Message]]:
    """The prompt (system messages before anything else) and the conversation."""
    raws = want(given, list, "messages")
    if not raws:
        raise BadRequest("messages: expected at least one message")
    system: list[Block] = []
    conversation: list[Message] = []
    for at, item in enumerate(raws):
        raw = want(item, dict, f"messages[{at}]")
        role = want(raw.get("role"), str, f"messages[{at}].role")
        if role in _SYSTEM and not conversation:
            system += read_content(raw.get("content"), f"messages[{at}].content")
        else:
            _add(conversation, raw, role, f"messages[{at}]")
    return system, conversation


def _add(conversation: list[Message], raw: Body, role: str, where: str) -> None:
    """One message more; the results of one turn, and what the user says to them, are one."""
    message = _message(raw, role, where)
    last = conversation[-1] if conversation else None
    if last and message.role == last.role == "user" and isinstance(last.blocks[-1], ToolResult):
        last.blocks += message.blocks
        last.extra |= message.extra
    elif message.blocks or role != "user":
        conversation.append(message)


def _message(raw: Body, role: str, where: str) -> Message:
    if role in _RESULTS:
        return Message("user", [_result(raw, where)], place=where)
    if role == "assistant":
        return Message(role, read_assistant(raw, where), extra(raw, _KNOWN), where)
    blocks = read_content(raw.get("content"), f"{where}.content")
    return Message(role, blocks, extra(raw, _KNOWN), where)


def _result(raw: Body, where: str) -> ToolResult:
    call_id = raw.get("tool_call_id")
    if raw["role"] == "function":
        call_id = old_id(want(raw.get("name"), str, f"{where}.name"))
    content = read_content(raw.get("content"), f"{where}.content")
    return ToolResult(want(call_id, str, f"{where}.tool_call_id"), content, place=where)
