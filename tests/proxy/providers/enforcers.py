"""What each vendor refuses, as its documentation says: a scripted upstream that holds to it."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import orjson
from aiohttp import web

from tests.proxy.providers import aws
from tests.support import chat, converse, messages, responses
from tests.support.upstream import Answer, Sent, as_json

Fault = str | None
Rule = Callable[[Sent], Fault]

KEY = "sk-of-the-provider"
CHATS_TOKENS = 63_000  # by which the Chat client of these tests is known


def auth(header: str, value: str = "") -> Rule:
    """The key in this header, and no credential in any other."""
    wanted = value or (f"Bearer {KEY}" if header == "authorization" else KEY)
    others = {"authorization", "x-api-key", "api-key", "x-goog-api-key"} - {header}

    def rule(sent: Sent) -> Fault:
        if sent.headers.get(header) != wanted:
            return f"401 no key in {header}"
        return next((f"401 a key in {name}" for name in others if name in sent.headers), None)

    return rule


def no_key(sent: Sent) -> Fault:
    return "401 a key" if {"authorization", "x-api-key"} & sent.headers.keys() else None


def at(path: str) -> Rule:
    return lambda sent: None if sent.path == path else f"404 {sent.path}"


def header(name: str, value: str) -> Rule:
    return lambda sent: None if sent.headers.get(name) == value else f"400 header {name}"


def field(name: str, value: object) -> Rule:
    return lambda sent: None if sent.body.get(name) == value else f"400 {name} is not {value!r}"


def refuses(*names: str) -> Rule:
    def rule(sent: Sent) -> Fault:
        return next((f"400 unknown field {name}" for name in names if name in sent.body), None)

    return rule


def keeps(name: str, value: object) -> Rule:
    """What a Messages client asked for, and the vendor takes, is not held back from it."""

    def rule(sent: Sent) -> Fault:
        mine = "seed" not in sent.body  # the Chat client of these tests sends one
        return f"400 {name} is lost" if mine and sent.body.get(name) != value else None

    return rule


def takes_xhigh(sent: Sent) -> Fault:
    """A Chat client's effort, beside which it named its user, keeps its height."""
    chats = "user_id" in sent.body.get("metadata", {})
    effort = sent.body.get("output_config", {}).get("effort")
    return "400 effort is lost" if chats and effort not in (None, "xhigh") else None


def signed_thinking(sent: Sent) -> Fault:
    """Anthropic refuses thinking whose signature is not its own: another model's has none."""
    said = [b for m in _messages(sent) if isinstance(m["content"], list) for b in m["content"]]
    unsigned = any(b["type"] == "thinking" and not b.get("signature") for b in said)
    return "400 Invalid signature in thinking block" if unsigned else None


def by_model(start: str, able: tuple[Rule, ...], others: tuple[Rule, ...]) -> Rule:
    """Rules for the models whose name begins so, and for the others."""

    def rule(sent: Sent) -> Fault:
        named = sent.body["model"].rpartition("/")[2].startswith(start)
        return next((fault for one in (able if named else others) if (fault := one(sent))), None)

    return rule


def signed_calls(sent: Sent) -> Fault:
    """Gemini 3 wants its thought signature back with each call it made."""
    calls = [call for message in _messages(sent) for call in message.get("tool_calls", ())]
    mine = "seed" not in sent.body
    return "400 no thought_signature" if mine and "extra_content" not in calls[0] else None


def has(name: str) -> Rule:
    return lambda sent: None if name in sent.body else f"400 {name} is lost"


def at_most(name: str, limit: float) -> Rule:
    """The number, or the length of the list, where it is given."""

    def rule(sent: Sent) -> Fault:
        given = sent.body.get(name)
        size = len(given) if isinstance(given, list) else given
        return f"400 {name} over {limit}" if size is not None and size > limit else None

    return rule


def one_of(name: str, *values: object) -> Rule:
    """The field, where it is given, is one of these."""

    def rule(sent: Sent) -> Fault:
        return f"400 {name}" if name in sent.body and sent.body[name] not in values else None

    return rule


def message_refuses(name: str) -> Rule:
    return lambda sent: "400 messages[].name" if any(name in m for m in _messages(sent)) else None


def call_ids(shape: str) -> Rule:
    def rule(sent: Sent) -> Fault:
        ids = [call["id"] for message in _messages(sent) for call in message.get("tool_calls", ())]
        told = [m["tool_call_id"] for m in _messages(sent) if "tool_call_id" in m]
        odd = [one for one in ids + told if not re.fullmatch(shape, one)]
        return f"400 call id {odd[0]}" if odd or ids != told else None

    return rule


def reasoning_with_calls(sent: Sent) -> Fault:
    calling = [m for m in _messages(sent) if m.get("tool_calls")]
    return "400 reasoning_content" if any("reasoning_content" not in m for m in calling) else None


def gemini_schemas(sent: Sent) -> Fault:
    """Unknown keywords anywhere in a schema bring "Unknown name … Cannot find field"."""
    unknown = {"$schema", "additionalProperties", "const", "oneOf", "$ref", "$defs", "default"}
    for tool in sent.body.get("tools", ()):
        for node in _nodes(tool["function"]["parameters"]):
            if found := unknown & node.keys():
                return f"400 Unknown name {sorted(found)[0]}: Cannot find field"
    return None


def plain_tops(sent: Sent) -> Fault:
    """Refused: what is no plain object at its top, by "must have type object and not have …"."""
    for tool in sent.body.get("tools", ()):
        top = tool.get("function", tool)["parameters"]
        if {"anyOf", "oneOf", "allOf", "enum", "not"} & top.keys():
            return f"400 Invalid schema for function {tool}"
    return None


def _nodes(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        yield schema
        for key, value in schema.items():
            inner = value.values() if key == "properties" else [value]
            for one in inner:
                for node in one if isinstance(one, list) else [one]:
                    yield from _nodes(node)


def _messages(sent: Sent) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = sent.body["messages"]
    return found


ROOT = "/v1/chat/completions"
BEARER = auth("authorization")
SAME_KEY = auth("x-api-key")
VERSION = header("anthropic-version", "2023-06-01")
EFFORT = refuses("reasoning_effort")
RESPONSES = (at("/v1/responses"), refuses("max_tokens", "stop"))
OPENAI = (
    plain_tops,
    refuses("max_tokens", "top_k"),
    by_model("gpt-5", (refuses("temperature", "top_p"),), (EFFORT,)),
)
CLAUDE = (VERSION, takes_xhigh, signed_thinking)
TOP_K = keeps("top_k", 40)
EFFORTS = "none", "minimal", "low", "medium", "high"


def converse_path(sent: Sent) -> Fault:
    name = r"/model/eu\.(anthropic\.claude-opus-4-6|amazon\.nova-pro)-v1%3A0/converse(-stream)?"
    return None if re.fullmatch(name, sent.raw_path) else f"404 {sent.raw_path}"


def converse_effort(sent: Sent) -> Fault:
    """The client's effort, which Claude alone takes."""
    effort = sent.body.get("outputConfig", {}).get("effort")
    if "nova" in sent.raw_path:
        return "400 effort" if effort else None
    chats = sent.body["inferenceConfig"]["maxTokens"] == CHATS_TOKENS
    return None if effort == ("xhigh" if chats else "high") else f"400 effort {effort}"


def vertex_path(sent: Sent) -> Fault:
    verb = "streamRawPredict" if sent.body.get("stream") else "rawPredict"
    places = "/v1/projects/p/locations/us-east5/publishers/anthropic/models/claude-"
    good = sent.path.startswith(places) and sent.path.endswith(f":{verb}")
    return None if good else f"404 {sent.path}"


# kind → what its vendor holds to; `ROWS` in the test says with which model it is asked
RULES: dict[str, tuple[Rule, ...]] = {
    "anthropic": (SAME_KEY, *CLAUDE, at("/v1/messages")),
    "anthropic_compatible": (SAME_KEY, VERSION, at("/v1/messages")),
    "azure_anthropic": (SAME_KEY, *CLAUDE, at("/anthropic/v1/messages")),
    "vertex": (
        BEARER,
        field("anthropic_version", "vertex-2023-10-16"),
        refuses("model"),
        takes_xhigh,
        signed_thinking,
        vertex_path,
    ),
    "openai": (BEARER, at(ROOT), *OPENAI),
    "openai_responses": (
        BEARER,
        *RESPONSES,
        plain_tops,
        by_model("gpt-5", (refuses("temperature", "top_p"),), (refuses("reasoning"),)),
    ),
    "openai_responses_compatible": (BEARER, *RESPONSES),
    "bedrock": (aws.signed, converse_path, aws.fits_the_model, aws.takes_turns, converse_effort),
    "azure_openai": (auth("api-key"), at("/openai/v1/chat/completions"), *OPENAI),
    "gemini": (
        BEARER,
        at("/v1beta/openai/chat/completions"),
        refuses("store"),
        one_of("reasoning_effort", *EFFORTS),
        gemini_schemas,
        signed_calls,
    ),
    "databricks": (BEARER, at("/serving-endpoints/chat/completions")),
    "openrouter": (BEARER, at("/api/v1/chat/completions"), TOP_K),
    "deepseek": (
        BEARER,
        at(ROOT),
        at_most("max_tokens", 8192),
        one_of("reasoning_effort", "high", "max"),
        reasoning_with_calls,
    ),
    "zai": (
        BEARER,
        at("/api/paas/v4/chat/completions"),
        at_most("temperature", 1),
        at_most("stop", 1),
        one_of("tool_choice", "auto"),
        refuses("frequency_penalty", "presence_penalty", "stream_options", "reasoning_effort"),
        message_refuses("name"),
    ),
    "moonshot": (
        BEARER,
        at(ROOT),
        EFFORT,
        by_model("kimi-", (refuses("temperature", "top_p"),), (at_most("temperature", 1),)),
        reasoning_with_calls,
    ),
    "qianfan": (BEARER, at("/v2/chat/completions")),
    "atlascloud": (BEARER, at(ROOT), at_most("temperature", 2), TOP_K),
    "edenai": (BEARER, at("/v3/chat/completions")),
    "groq": (
        BEARER,
        at("/openai/v1/chat/completions"),
        refuses("logprobs", "logit_bias", "top_logprobs"),
        by_model("gpt-oss", (has("reasoning_effort"),), (EFFORT,)),
        message_refuses("name"),
    ),
    "mistral": (
        BEARER,
        at(ROOT),
        call_ids("[a-zA-Z0-9]{9}"),
        refuses("max_completion_tokens", "stream_options", "user", "store", "logit_bias", "seed"),
        EFFORT,
    ),
    "xai": (
        BEARER,
        at(ROOT),
        refuses("presence_penalty", "frequency_penalty", "stop"),
        by_model("grok-4.3", (has("reasoning_effort"),), (EFFORT,)),
    ),
    "together": (BEARER, at(ROOT), TOP_K),
    "fireworks": (BEARER, at("/inference/v1/chat/completions"), TOP_K),
    "siliconflow": (
        BEARER,
        at(ROOT),
        TOP_K,
        by_model("DeepSeek-V4", (one_of("reasoning_effort", "high", "max"),), (EFFORT,)),
    ),
    "cerebras": (
        BEARER,
        at(ROOT),
        refuses("max_tokens", "frequency_penalty", "presence_penalty", "logit_bias"),
        refuses("parallel_tool_calls", "service_tier"),
        by_model("gpt-oss", (has("reasoning_effort"),), (EFFORT,)),
        one_of("tool_choice", "auto", "none"),
    ),
    "openai_compatible": (BEARER, at(ROOT), EFFORT),
    "ollama": (no_key, at(ROOT), EFFORT),
    "llamacpp": (no_key, at(ROOT), EFFORT),
    "lmstudio": (no_key, at(ROOT), EFFORT),
    "vllm": (no_key, at(ROOT), EFFORT),
}


SPEAKERS = {
    "chat/completions": chat.reply,
    "/converse": converse.reply,
    "/responses": responses.reply,
    "": messages.reply,
}


def holds_to(rules: tuple[Rule, ...]) -> Answer:
    """An upstream that answers where no rule is broken, else refuses as the first one says."""

    async def answer(request: web.Request, sent: Sent) -> web.StreamResponse:
        fault = next((fault for rule in rules if (fault := rule(sent))), None)
        if fault:
            error = {"error": {"type": "invalid_request_error", "message": fault[4:]}}
            return as_json(error, int(fault[:3]))
        named = Sent(
            sent.method, sent.path, sent.headers, orjson.dumps({"model": "m-1", **sent.body})
        )
        speak = next((reply for path, reply in SPEAKERS.items() if path in sent.path))
        return await speak(request, named, [messages.text("It holds.")])

    return answer
