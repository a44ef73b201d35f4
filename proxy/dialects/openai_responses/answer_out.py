"""A whole neutral answer written as a response."""

from collections.abc import Callable
from typing import Any

from proxy.dialects.model import Answer, Block, Body, Request, Text, Thinking, ToolCall
from proxy.dialects.openai_responses.calls_out import Offered
from proxy.dialects.openai_responses.content_in import REFUSAL
from proxy.dialects.openai_responses.envelope import ended, envelope
from proxy.dialects.openai_responses.ids import item_id, response_id
from proxy.dialects.openai_responses.usage import write_usage


def write_answer(answer: Answer, asked_model: str, request: Request | None = None) -> Body:
    """A `response` that names the model the client asked for."""
    whole_id, offered = response_id(answer.id), Offered.by(request)
    made = (_item(block, whole_id, at, offered) for at, block in enumerate(answer.blocks))
    output = [item for item in made if item]
    begun = envelope(whole_id, asked_model, request)
    return ended(begun, output, write_usage(answer.usage), answer.stop)


def _item(block: Block, response: str, at: int, offered: Offered) -> Body | None:
    """The block's item; None for what a Responses client can't be told."""
    if isinstance(block, ToolCall):
        kind = offered.kind(block)
        return offered.item(block, item_id(kind.prefix, response, at), "completed")
    write = _WRITERS.get(type(block))
    return write(block, response, at) if write else None


def _message(text: Text, response: str, at: int) -> Body:
    return message_item(item_id("msg", response, at), "completed", [text_part(text, text.text)])


def _reasoning(thinking: Thinking, response: str, at: int) -> Body | None:
    """A signature that another provider gave is of no use as OpenAI's sealed reasoning."""
    if not thinking.text:
        return None
    return reasoning_item(item_id("rs", response, at), [summary_part(thinking.text)])


_WRITERS: dict[type, Callable[[Any, str, int], Body | None]] = {
    Text: _message,
    Thinking: _reasoning,
}


def message_item(item: str, status: str, content: list[Body]) -> Body:
    base = {"id": item, "type": "message", "status": status, "role": "assistant"}
    return base | {"content": content}


def text_part(block: Text, text: str) -> Body:
    """A part of a message: words, or a refusal in the model's own words."""
    if block.extra.get(REFUSAL):
        return {"type": "refusal", "refusal": text}
    return {"type": "output_text", "annotations": [], "logprobs": [], "text": text}


def reasoning_item(item: str, summary: list[Body]) -> Body:
    return {"id": item, "type": "reasoning", "summary": summary}


def summary_part(text: str) -> Body:
    return {"type": "summary_text", "text": text}
