"""The official SDKs, each asking the same of a proxy in its own dialect, whole and streamed."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

import anthropic
import openai


@dataclass(frozen=True)
class Answer:
    """What a client made of an answer. `events` are kinds in order, repeats told once; `usage` is
    input and output tokens, None where the client was told none."""

    text: str
    stop: str | None
    events: tuple[str, ...] = ()
    pieces: int = 0
    usage: tuple[int, int] | None = None


class Dialect(Protocol):
    """One dialect as its SDK speaks it; `order` is how a cut-off answer streams."""

    @property
    def order(self) -> tuple[str, ...]: ...

    @property
    def cut(self) -> str:
        """The stop reason of an answer that reached its limit."""

    @property
    def done(self) -> str:
        """That of one that came to its end."""

    async def plain(self, url: str, prompt: str, limit: int) -> Answer: ...

    async def streamed(self, url: str, prompt: str, limit: int) -> Answer: ...

    async def leave(self, url: str, prompt: str, limit: int) -> None:
        """Ask for a stream, and go after the first piece of text."""


SDK_OPTIONS: dict[str, Any] = {"api_key": "dummy", "max_retries": 0, "timeout": 100}


def told_once(kinds: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(kinds))


class Messages:
    order = (
        "message_start",
        "content_block_start",
        "content_block_delta",
        "content_block_stop",
        "message_delta",
        "message_stop",
    )
    cut = "max_tokens"
    done = "end_turn"

    def _client(self, url: str) -> anthropic.AsyncAnthropic:
        return anthropic.AsyncAnthropic(base_url=url, **SDK_OPTIONS)

    def _ask(self, prompt: str, limit: int) -> dict[str, Any]:
        return {
            "model": "claude-sonnet-5-5",
            "max_tokens": limit,
            "messages": [{"role": "user", "content": prompt}],
        }

    async def plain(self, url: str, prompt: str, limit: int) -> Answer:
        async with self._client(url) as client:
            return self._answer(await client.messages.create(**self._ask(prompt, limit)))

    async def streamed(self, url: str, prompt: str, limit: int) -> Answer:
        kinds, pieces = [], []
        async with self._client(url) as client:
            async with client.messages.stream(**self._ask(prompt, limit)) as stream:
                async for event in stream:
                    if event.type == "text":  # the SDK's own, beside each delta
                        pieces.append(event.text)
                    else:
                        kinds.append(event.type)
                whole = self._answer(await stream.get_final_message())
        assert "".join(pieces) == whole.text
        return Answer(whole.text, whole.stop, told_once(kinds), len(pieces), whole.usage)

    async def leave(self, url: str, prompt: str, limit: int) -> None:
        async with self._client(url) as client:
            async with client.messages.stream(**self._ask(prompt, limit)) as stream:
                async for _ in stream.text_stream:
                    return

    def _answer(self, message: Any) -> Answer:
        (block,) = message.content
        usage = (message.usage.input_tokens, message.usage.output_tokens)
        return Answer(block.text, message.stop_reason, usage=usage)


class Chat:
    order = ("role", "content", "finish")
    cut = "length"
    done = "stop"

    def _client(self, url: str) -> openai.AsyncOpenAI:
        return openai.AsyncOpenAI(base_url=f"{url}/v1", **SDK_OPTIONS)

    def _ask(self, prompt: str, limit: int) -> dict[str, Any]:
        return {
            "model": "gpt-5.5",
            "max_tokens": limit,
            "messages": [{"role": "user", "content": prompt}],
        }

    async def plain(self, url: str, prompt: str, limit: int) -> Answer:
        async with self._client(url) as client:
            whole = await client.chat.completions.create(**self._ask(prompt, limit))
        (choice,) = whole.choices
        usage = whole.usage and (whole.usage.prompt_tokens, whole.usage.completion_tokens)
        return Answer(choice.message.content, choice.finish_reason, usage=usage)

    async def streamed(self, url: str, prompt: str, limit: int) -> Answer:
        kinds, pieces, stop, usage = [], [], None, None
        ask = self._ask(prompt, limit) | {"stream_options": {"include_usage": True}}
        async with self._client(url) as client:
            async for chunk in await client.chat.completions.create(stream=True, **ask):
                if chunk.usage:
                    usage = (chunk.usage.prompt_tokens, chunk.usage.completion_tokens)
                for choice in chunk.choices:
                    kinds += self._kinds(choice)
                    pieces += [choice.delta.content] if choice.delta.content else []
                    stop = choice.finish_reason or stop
        return Answer("".join(pieces), stop, told_once(kinds), len(pieces), usage)

    def _kinds(self, choice: Any) -> list[str]:
        found = (choice.delta.role, choice.delta.content, choice.finish_reason)
        return [kind for kind, value in zip(self.order, found, strict=True) if value]

    async def leave(self, url: str, prompt: str, limit: int) -> None:
        async with self._client(url) as client:
            stream = await client.chat.completions.create(stream=True, **self._ask(prompt, limit))
            async for chunk in stream:
                if chunk.choices and chunk.choices[0].delta.content:
                    await stream.close()
                    return


class Responses:
    order = (
        "response.created",
        "response.in_progress",
        "response.output_item.added",
        "response.content_part.added",
        "response.output_text.delta",
        "response.output_text.done",
        "response.content_part.done",
        "response.output_item.done",
        "response.incomplete",
    )
    cut = "max_output_tokens"
    done = "completed"

    def _client(self, url: str) -> openai.AsyncOpenAI:
        return openai.AsyncOpenAI(base_url=f"{url}/v1", **SDK_OPTIONS)

    def _ask(self, prompt: str, limit: int) -> dict[str, Any]:
        return {"model": "gpt-5.5", "max_output_tokens": limit, "input": prompt}

    async def plain(self, url: str, prompt: str, limit: int) -> Answer:
        async with self._client(url) as client:
            return self._answer(await client.responses.create(**self._ask(prompt, limit)))

    async def streamed(self, url: str, prompt: str, limit: int) -> Answer:
        kinds, pieces, last = [], [], None
        async with self._client(url) as client:
            async for event in await client.responses.create(
                stream=True, **self._ask(prompt, limit)
            ):
                kinds.append(event.type)
                if event.type == "response.output_text.delta":
                    pieces.append(event.delta)
                last = event
        whole = self._answer(last.response)  # type: ignore[union-attr]
        assert "".join(pieces) == whole.text or whole.stop == "failed"
        return Answer(whole.text, whole.stop, told_once(kinds), len(pieces), whole.usage)

    async def leave(self, url: str, prompt: str, limit: int) -> None:
        async with self._client(url) as client:
            stream = await client.responses.create(stream=True, **self._ask(prompt, limit))
            async for event in stream:
                if event.type == "response.output_text.delta":
                    await stream.close()
                    return

    def _answer(self, whole: Any) -> Answer:
        usage = whole.usage and (whole.usage.input_tokens, whole.usage.output_tokens)
        cut = whole.incomplete_details and whole.incomplete_details.reason
        return Answer(whole.output_text, cut or whole.status, usage=usage)


DIALECTS: dict[str, Dialect] = {
    "anthropic": Messages(),
    "openai_chat": Chat(),
    "openai_responses": Responses(),
}
