"""What the demo provider says: the script where a request is of its story, else a plain word."""

import hashlib
from base64 import b64encode
from collections.abc import Iterator
from typing import Any, Final

import orjson

from proxy.providers.demo_scene import Scene, Step
from proxy.providers.demo_scenes import SCENES

Body = dict[str, Any]

MODELS: Final = ("demo-simple", "demo-medium", "demo-complex", "demo-reasoning")
_CHARS_PER_TOKEN: Final = 4
_FREE: Final = (
    "This is lynkr-tui's demo provider: no model has read your words. Your request was scored, "
    "routed to {model} and would have been answered there. To talk to a real model, give a tier "
    "a provider of your own in the config, for instance a local Ollama."
)
_THOUGHTS: Final = (
    "Let me put down what must hold before I choose a design. The simplest answer that could work "
    "comes first, then the case that breaks it, then the smallest change that repairs it. I should "
    "name what I assume, for the argument is only as good as that."
)


def answer(body: Body, raw: bytes) -> Body:
    """The whole Messages answer to `body`, whose bytes are `raw`; a function of these alone."""
    mark = hashlib.blake2b(raw, digest_size=9).hexdigest()
    model = body.get("model")
    model = model if model in MODELS else MODELS[1]
    content = [*_thinking(body, model, mark), *_said(body, model, mark)]
    stop = "tool_use" if content[-1]["type"] == "tool_use" else "end_turn"
    if _tokens(content) > (limit := body.get("max_tokens") or 4096):
        content, stop = _cut(content, limit), "max_tokens"
    return {
        "id": f"msg_demo_{mark}",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": content,
        "stop_reason": stop,
        "stop_sequence": None,
        "usage": _usage(body, content),
    }


def last_words(body: Body) -> str:
    """The text of the last user message that has any."""
    return next((text for _, text in _spoken(body)), "")


def _spoken(body: Body) -> Iterator[tuple[int, str]]:
    """Texts of user messages with their index, the last first."""
    messages = body.get("messages") or []
    for index in range(len(messages) - 1, -1, -1):
        if messages[index].get("role") == "user" and (text := _text(messages[index])):
            yield index, text


def _text(message: Body) -> str:
    content = message.get("content")
    if isinstance(content, str):
        return content
    return "\n".join(
        str(block.get("text", "")) for block in content or () if block.get("type") == "text"
    )


def _thinking(body: Body, model: str, mark: str) -> list[Body]:
    wanted = (body.get("thinking") or {}).get("type") in ("enabled", "adaptive")
    if not wanted or model != MODELS[-1]:
        return []
    signature = b64encode(f"demo:{mark}".encode()).decode()
    return [{"type": "thinking", "thinking": _THOUGHTS, "signature": signature}]


def _said(body: Body, model: str, mark: str) -> list[Body]:
    schema = ((body.get("output_config") or {}).get("format") or {}).get("schema")
    scene, rounds = _scene(body)
    if schema:
        return [_block(orjson.dumps(_shaped(schema, scene)).decode())]
    if scene is None:
        return [_block(_FREE.format(model=model))]
    offered = {tool.get("name") for tool in body.get("tools") or ()}
    step = scene.steps[rounds] if rounds < len(scene.steps) else None
    if step is None or not {name for name, _ in step.calls} <= offered:
        return [_block(scene.end)]
    return [_block(step.say), *_calls(step, mark)]


def _scene(body: Body) -> tuple[Scene | None, int]:
    """The scene that the person's last words open, and how many tool rounds it is in."""
    for index, text in _spoken(body):
        scene = next((scene for scene in SCENES if scene.cue in text), None)
        later = body["messages"][index + 1 :]
        return scene, sum(message.get("role") == "assistant" for message in later)
    return None, 0


def _calls(step: Step, mark: str) -> list[Body]:
    return [
        {"type": "tool_use", "id": f"toolu_demo_{mark}_{n}", "name": name, "input": arguments}
        for n, (name, arguments) in enumerate(step.calls)
    ]


def _shaped(schema: Body, scene: Scene | None) -> Body:
    """An object for `schema`: its required texts all get the scene's title."""
    title = scene.title if scene else "Demo session"
    known = {"string": title, "boolean": False, "integer": 0, "number": 0, "array": []}
    return {
        name: known.get(kind.get("type", ""), {})
        for name, kind in schema.get("properties", {}).items()
    }


def _block(text: str) -> Body:
    return {"type": "text", "text": text}


def _cut(content: list[Body], limit: int) -> list[Body]:
    """As much text as `limit` tokens hold; a call that does not fit whole is not made."""
    text = next((str(block["text"]) for block in content if block["type"] == "text"), "")
    return [_block(text[: max(1, limit * _CHARS_PER_TOKEN - 30)])]


def _usage(body: Body, content: list[Body]) -> Body:
    """Sizes of what was really sent. Where the client marks its prompt for caching, all up to its
    last request counts as read and the rest as written; a cold cache is not played."""
    messages = body["messages"]
    answered = [n for n, message in enumerate(messages) if message.get("role") == "assistant"]
    head = _tokens([body.get("system"), body.get("tools")])
    marked = b"cache_control" in orjson.dumps([body.get("system"), body.get("tools")])
    read = head + _tokens(messages[: answered[-1]]) if answered and marked else 0
    fresh = head + _tokens(messages) - read
    plain = min(fresh, _tokens(messages[-1:])) if marked else fresh
    return {
        "input_tokens": plain,
        "output_tokens": _tokens(content),
        "cache_read_input_tokens": read,
        "cache_creation_input_tokens": fresh - plain,
    }


def _tokens(value: Any) -> int:
    """About four characters a token; nothing for what is not there."""
    return -(-len(orjson.dumps(value)) // _CHARS_PER_TOKEN) if value else 0
