"""A neutral request as a Converse body: what is common to all models, and Claude's own fields."""

from collections.abc import Iterator
from typing import Final

import orjson
from msgspec.structs import replace

from proxy.dialects.anthropic import ANTHROPIC
from proxy.dialects.anthropic.claude import traits
from proxy.dialects.anthropic.turns import split_system
from proxy.dialects.bedrock_converse.blocks import Model, Writer
from proxy.dialects.bedrock_converse.turns import messages
from proxy.dialects.foreign import foreign_text, refuse_held
from proxy.dialects.free_text import FREE_TEXT, describe
from proxy.dialects.model import Body, Message, Other, Request, Text, Thinking, Tool
from proxy.dialects.names import wire_name
from proxy.dialects.quirks import DEFAULT, Quirks
from proxy.dialects.schemas import object_schema
from proxy.errors import BadRequest

BILLING: Final = "x-anthropic-billing-header"  # a client's own note to Anthropic
_INFERENCE: Final = {
    "max_tokens": "maxTokens",
    "temperature": "temperature",
    "top_p": "topP",
    "stop_sequences": "stopSequences",
}
_OF_CLAUDE: Final = ("thinking", "top_k")


def build(request: Request, model: str, quirks: Quirks = DEFAULT) -> Body:
    """The body for `model`; BadRequest names the message that Converse can't be told."""
    refuse_held(request)
    able = Model.of(model)
    tools = _tools(request, able, quirks)
    writer = Writer(able, quirks, calls=bool(tools))
    system, conversation = split_system(request)
    prefill = not (able.claude and traits(model).adaptive)
    said = messages(conversation, writer, prefill)
    if not said:
        raise BadRequest("messages: nothing in them that can be sent")
    body: Body = {"messages": said}
    prompts = [wire for text in _prompts(system) for wire in writer.said(text, "system")]
    if prompts:
        body["system"] = prompts
    if tools:
        body["toolConfig"] = {"tools": tools} | _choice(request, quirks)
    return body | _settings(request, able, quirks)


def _prompts(system: list[Text]) -> Iterator[Text]:
    return (text for text in system if not text.text.startswith(BILLING))


def _tools(request: Request, able: Model, quirks: Quirks) -> list[Body]:
    writer = Writer(able, quirks, calls=True)
    tools: list[Body] = []
    for tool in request.tools:
        if tool.kind != "server":
            tools.append({"toolSpec": _spec(tool, quirks)})
            tools += writer.cache_point(tool.raw)
    return tools


def _spec(tool: Tool, quirks: Quirks) -> Body:
    free = tool.kind == "custom"
    schema = FREE_TEXT if free else object_schema(tool.schema)
    text = describe(tool.description, tool.raw.get("format")) if free else tool.description
    spec: Body = {"name": wire_name(tool.name, quirks.tool_name_limit)}
    return spec | ({"description": text} if text else {}) | {"inputSchema": {"json": schema}}


def _choice(request: Request, quirks: Quirks) -> Body:
    """Converse knows no `none`, and wants the tools there as long as calls are."""
    choice = request.tool_choice
    if choice is None or choice.mode == "none":
        return {}
    if choice.mode == "tool":
        name = wire_name(choice.name, quirks.tool_name_limit)
        return {"toolChoice": {"tool": {"name": name}}}
    return {"toolChoice": {choice.mode: {}}}


def _settings(request: Request, able: Model, quirks: Quirks) -> Body:
    """Limits, sampling and thinking, as the Messages API would have them for the same model."""
    # The conversation is told above; a single message gets the settings alone out of it.
    alone = replace(request, messages=[Message("user", [Text("-")])])
    told = ANTHROPIC.build(alone, able.name, quirks) if request.dialect != "anthropic" else None
    wire = request.body if told is None else told
    if told is not None and not able.claude and request.max_tokens is None:
        wire = {key: value for key, value in wire.items() if key != "max_tokens"}
    found = {ours: wire[name] for name, ours in _INFERENCE.items() if wire.get(name) is not None}
    body: Body = {"inferenceConfig": found} if found else {}
    more = {name: wire[name] for name in _OF_CLAUDE if wire.get(name) is not None}
    if able.claude and more:
        body["additionalModelRequestFields"] = more
    output = _output(request, wire, able)
    return body | ({"outputConfig": output} if output else {})


def _output(request: Request, wire: Body, able: Model) -> Body:
    config = wire.get("output_config")
    effort = config.get("effort") if isinstance(config, dict) else None
    output: Body = {"effort": effort} if effort and able.claude else {}
    if request.output_schema is not None:
        schema = {"name": "answer", "schema": orjson.dumps(request.output_schema).decode()}
        output["textFormat"] = {"type": "json_schema", "structure": {"jsonSchema": schema}}
    return output


def dropped(request: Request, quirks: Quirks = DEFAULT) -> list[str]:
    """What `build` leaves out, in words."""
    found = [
        f"tool {tool.name}: it runs at another provider"
        for tool in request.tools
        if tool.kind == "server"
    ]
    blocks = [block for message in request.messages for block in message.blocks]
    if any(isinstance(b, Thinking) and not (b.signature or b.redacted) for b in blocks):
        found.append("earlier thinking: Claude did not sign it")
    if request.tool_choice and request.tool_choice.mode == "none" and request.tools:
        found.append("tool_choice none: Converse has none")
    others = [b for b in blocks if isinstance(b, Other) and foreign_text(b.raw) is not None]
    found += [f"{block.raw.get('type')}: told as text" for block in others]
    return list(dict.fromkeys(found))
