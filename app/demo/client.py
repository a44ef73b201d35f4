"""A coding agent as the proxy sees one: it asks, follows the tool calls, and asks again."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import aiohttp
import orjson

from app.demo.day import TITLE_FORM, TITLE_SYSTEM, Chore, system
from app.demo.workspace import result
from proxy.dialects.sse import SseReader

Body = dict[str, Any]
Pause = Callable[[float], Awaitable[None]]

TRIES: Final = 3
MOST_ROUNDS: Final = 12
_RETRIED: Final = frozenset({429, 500, 502, 503, 504, 529})


class Conversation:
    """One chore's conversation. `headers` go with each request; `pause` takes seconds to wait."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        url: str,
        chore: Chore,
        headers: Mapping[str, str],
        pause: Pause,
    ) -> None:
        self._session = session
        self._url = url + "/v1/messages"
        self._chore = chore
        self._headers = {
            "user-agent": chore.client.agent,
            "content-type": "application/json",
            "anthropic-version": "2023-06-01",
            "x-api-key": "demo",
            **headers,
        }
        self._pause = pause
        self._messages: list[Body] = []
        self._ran: set[bytes] = set()

    async def say(self, text: str, failing: bool = False) -> None:
        """One message of the person, and all tool rounds until the agent is done."""
        trouble = {"x-demo-fail": "529"} if failing else {}
        self._messages.append({"role": "user", "content": [{"type": "text", "text": text}]})
        for _ in range(MOST_ROUNDS):
            content = await self._ask(self._body(), trouble)
            self._messages.append({"role": "assistant", "content": content})
            results = [self._run(block) for block in content if block["type"] == "tool_use"]
            if not results:
                return
            self._messages.append({"role": "user", "content": results})
            await self._pause(0.6)

    async def title(self) -> None:
        """What clients ask beside the conversation: a title for its first message, no tools."""
        first = self._chore.says[0]
        body = {
            "model": "demo-simple",
            "max_tokens": 512,
            "system": TITLE_SYSTEM,
            "messages": [{"role": "user", "content": first}],
            "output_config": TITLE_FORM,
        }
        await self._ask(body, {})

    def _body(self) -> Body:
        client = self._chore.client
        tools = {"tools": client.tools} if client.tools else {}
        return {
            "model": client.model,
            "max_tokens": 16_000,
            "system": system(self._chore),
            **tools,
            "messages": self._messages,
            "stream": client.stream,
            **dict(client.extra),
        }

    def _run(self, call: Body) -> Body:
        key = orjson.dumps([call["name"], call["input"]])
        text = result(call["name"], call["input"], again=key in self._ran)
        self._ran.add(key)
        failed = " FAILED" in text
        shown = {"is_error": True} if failed else {}
        return {"type": "tool_result", "tool_use_id": call["id"], "content": text, **shown}

    async def _ask(self, body: Body, trouble: Mapping[str, str]) -> list[Body]:
        """The answer's content. A busy upstream is tried again; aiohttp's errors pass."""
        data = orjson.dumps(body)
        for tried in range(TRIES):
            headers = {**self._headers, **(trouble if not tried else {})}
            async with self._session.post(self._url, data=data, headers=headers) as reply:
                if reply.status in _RETRIED and tried < TRIES - 1:
                    await self._pause(float(reply.headers.get("retry-after", 1 + tried)))
                    continue
                reply.raise_for_status()
                if "event-stream" in reply.content_type:
                    return await _streamed(reply)
                content: list[Body] = orjson.loads(await reply.read())["content"]
                return content
        raise AssertionError("the last try returns or raises")


async def _streamed(reply: aiohttp.ClientResponse) -> list[Body]:
    """A stream's content blocks, put together as a client does."""
    reader, blocks = SseReader(), dict[int, Body]()
    pieces: dict[int, list[str]] = {}
    async for chunk in reply.content.iter_any():
        for _, data in reader.feed(chunk):
            event = orjson.loads(data)
            if event["type"] == "content_block_start":
                blocks[event["index"]] = event["content_block"]
            elif event["type"] == "content_block_delta":
                _take(blocks[event["index"]], event["delta"], pieces.setdefault(event["index"], []))
            elif event["type"] == "error":
                raise aiohttp.ClientPayloadError(event["error"]["message"])
    for index, written in pieces.items():
        if written:
            blocks[index]["input"] = orjson.loads("".join(written))
    return list(blocks.values())


def _take(block: Body, delta: Body, pieces: list[str]) -> None:
    if delta["type"] == "input_json_delta":
        pieces.append(delta["partial_json"])
        return
    key = {"text_delta": "text", "thinking_delta": "thinking", "signature_delta": "signature"}
    name = key[delta["type"]]
    block[name] += delta[name]
