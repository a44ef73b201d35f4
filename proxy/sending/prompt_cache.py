"""Keeps a provider's own prompt cache warm for clients that leave that to others.

Claude caches a prompt up to each mark (`cache_control`), for 1.25 times the input price, and reads
it again for a tenth. So the marks stand where the next request will look for them, and nowhere
where none is to be expected: what they do follows from the request alone. A mark is no part of
what is cached, so it may move on as the conversation grows; neither is it whether a text stands
alone or as the only block of an array. OpenAI caches by itself, and finds a session's cache by
its key.
"""

from collections.abc import Iterator, Mapping
from hashlib import blake2b
from typing import Any, Final

import orjson
from msgspec.structs import replace

from proxy.dialects.model import Body
from proxy.dialects.splice import Edit, Layout, Member, apply
from proxy.providers.base import Call
from proxy.providers.catalog import Kind
from proxy.tokens.counter import estimate

LEAST: Final = 1_024  # tokens, estimated: shorter prompts are kept by hardly any model
_MARKS: Final = b'"cache_control"'
_MARK: Final = b'"cache_control":{"type":"ephemeral"}'
_TEXT: Final = b'[{"type":"text","text":%b,' + _MARK + b"}]"
_KEY: Final = b'"prompt_cache_key"'
# Blocks that take a mark. Thinking refuses it, and so does a text without a word.
_MARKABLE: Final = frozenset({"text", "image", "document", "tool_use", "tool_result"})


def warmed(call: Call, kind: Kind, session: str, translated: bool) -> Call:
    """`call` with a session's key or with marks, where its provider heeds them.

    Claude elsewhere than at a vendor's gets marks only in a body that was written here: another
    Messages server gets what its client wrote.
    """
    if kind.cache_key:
        return replace(call, body=keyed(call.body, session))
    return (
        replace(call, body=marked(call.body)) if _takes_ours(kind, call.model, translated) else call
    )


def is_kept(kind: Kind, model: str, translated: bool, raw: bytes) -> bool:
    """Whether the prompt made from `raw` is cached there for sure: by a session's key, or up to
    marks, the client's or those set here.

    There a tool that joins the others has the whole conversation read anew.
    """
    marked = kind.dialect == "anthropic" and _MARKS in raw
    return kind.cache_key or marked or _takes_ours(kind, model, translated)


def _takes_ours(kind: Kind, model: str, translated: bool) -> bool:
    claude = kind.own or (translated and "claude" in model.lower())
    return kind.dialect == "anthropic" and claude


def keyed(body: bytes, session: str) -> bytes:
    """An OpenAI body with the session's key, a hash of its id; one that has a key stays."""
    if _KEY in body:
        return body
    end = body.rindex(b"}")
    digest = blake2b(session.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    return b'%b,%b:"lynkr-%b"%b' % (body[:end], _KEY, digest.encode(), body[end:])


def marked(body: bytes) -> bytes:
    """A Messages body with four marks at most, each other byte as it was; one that has marks stays.

    They stand after the tools, after the system prompt, and, where the conversation goes on, after
    the newest user message and the one that ended the request before it.
    """
    if _MARKS in body or estimate(len(body)) < LEAST:
        return body
    layout = Layout(body)
    return apply(body, _edits(layout, _given(layout)))


def _given(layout: Layout, at: int = 0) -> dict[str, Member]:
    """What the object at `at` says, by key; null says nothing."""
    return {m.key: m for m in layout.members(at) if layout.body[m.value : m.end] != b"null"}


def _edits(layout: Layout, parts: Mapping[str, Member]) -> Iterator[Edit]:
    """A mark for each prefix that is long enough, in the order in which a prompt is read."""
    size = 0
    for key, blocks in (("tools", _tools), ("system", _content)):
        if key in parts:
            size += parts[key].end - parts[key].value
            if estimate(size) >= LEAST:
                yield from blocks(layout, parts[key])
    messages = list(layout.elements(parts["messages"].value))
    turns = _user_turns(layout.body, messages)
    if len(turns) < 2 and not _offers(layout, parts):
        return  # an only question may well be the last
    for message in turns:
        if estimate(size + message.stop - parts["messages"].value) >= LEAST:
            yield from _content(layout, _given(layout, message.start)["content"])


def _offers(layout: Layout, parts: Mapping[str, Member]) -> bool:
    """Whether there are tools, which make another turn likely."""
    return "tools" in parts and any(True for _ in layout.elements(parts["tools"].value))


def _user_turns(body: bytes, messages: list[slice]) -> list[slice]:
    """The newest user message, and the last one before the assistant's turn that it follows."""
    found: list[slice] = []
    answered = True
    for message in reversed(messages):
        role = orjson.loads(body[message])["role"]
        if role == "user" and answered:
            found.append(message)
            if len(found) == 2:
                break
        answered = role == "assistant" or (answered and role != "user")
    return found


def _tools(layout: Layout, tools: Member) -> Iterator[Edit]:
    """A mark on the last tool that takes one: a deferred tool is no part of the prompt yet."""
    for tool in reversed(list(layout.elements(tools.value))):
        if not orjson.loads(layout.body[tool]).get("defer_loading"):
            yield _inside(tool)
            return


def _content(layout: Layout, content: Member) -> Iterator[Edit]:
    """A mark on the last block that takes one; a text that stands alone becomes a block."""
    value: Any = orjson.loads(layout.body[content.value : content.end])
    if isinstance(value, str) and value.strip():
        text = layout.body[content.value : content.end]
        yield Edit(content.value, content.end, _TEXT % text)
    elif isinstance(value, list):
        spans = list(layout.elements(content.value))
        last = next((at for at in reversed(range(len(value))) if _takes(value[at])), None)
        if last is not None:
            yield _inside(spans[last])


def _takes(block: Body) -> bool:
    if block.get("type") == "text":
        return bool(block["text"].strip())
    return block.get("type") in _MARKABLE


def _inside(block: slice) -> Edit:
    """A mark as the last field of the object that spans `block`; it has others."""
    return Edit(block.stop - 1, block.stop - 1, b"," + _MARK)
