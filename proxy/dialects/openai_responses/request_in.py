"""A client's Responses request read into neutral form."""

from proxy.dialects.model import Block, Body, Message, Request
from proxy.dialects.openai.checks import count, number, optional, want
from proxy.dialects.openai_responses.content_in import read_content
from proxy.dialects.openai_responses.messages_in import held_by_provider, read_messages
from proxy.dialects.openai_responses.tools_in import read_choice, read_tools

NAME = "openai_responses"


def parse(body: Body) -> Request:
    """A Responses body in neutral form; BadRequest names the field that is wrong.

    Fields and items that this build does not know pass with `body` to an upstream of the same
    dialect.
    """
    held = held_by_provider(body)
    system, messages = _conversation(body, held)
    effort = _effort(body)
    return Request(
        dialect=NAME,
        model=optional(body, "model", str) or "",
        messages=messages,
        body=body,
        system=system,
        tools=read_tools(body),
        tool_choice=read_choice(body),
        max_tokens=count(body, "max_output_tokens"),
        temperature=number(body, "temperature"),
        top_p=number(body, "top_p"),
        stream=optional(body, "stream", bool) or False,
        effort=effort,
        thinking=False if effort == "none" else None,
        output_schema=_schema(body),
        user=optional(body, "user", str) or "",
        held=held,
    )


def _conversation(body: Body, held: str) -> tuple[list[Block], list[Message]]:
    """Instructions and leading system messages; then who said what.

    Where there is nothing else, the last of them is what the model is to answer.
    """
    given = body.get("input")
    prompt, messages = read_messages(given) if given or not held else ([], [])
    if not messages and prompt and not held:
        prompt, messages = prompt[:-1], [Message("developer", [prompt[-1]])]
    return _instructions(body) + prompt, messages


def _instructions(body: Body) -> list[Block]:
    given = body.get("instructions")
    if isinstance(given, list):
        system, messages = read_messages(given)
        return system + [block for message in messages for block in message.blocks]
    return read_content(optional(body, "instructions", str), "instructions")


def _effort(body: Body) -> str:
    reasoning = optional(body, "reasoning", dict) or {}
    effort = reasoning.get("effort")
    return "" if effort is None else want(effort, str, "reasoning.effort")


def _schema(body: Body) -> Body | None:
    text = optional(body, "text", dict) or {}
    form = text.get("format")
    if not isinstance(form, dict) or form.get("type") != "json_schema":
        return None
    return want(form.get("schema"), dict, "text.format.schema")
