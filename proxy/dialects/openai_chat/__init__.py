"""The Chat Completions dialect, spoken both to clients and to OpenAI-compatible providers."""

from collections.abc import Callable

from proxy.dialects.model import Answer, Body, Request, Usage
from proxy.dialects.openai import errors
from proxy.dialects.openai_chat import request_in, request_out
from proxy.dialects.openai_chat.answer import read_answer, write_answer
from proxy.dialects.openai_chat.bend import bend, bent
from proxy.dialects.openai_chat.dropped import dropped
from proxy.dialects.openai_chat.own_out import rebuild
from proxy.dialects.openai_chat.stream_in import ChatReader
from proxy.dialects.openai_chat.stream_out import ChatWriter, error_chunk, wants_usage
from proxy.dialects.openai_chat.usage import read_usage
from proxy.dialects.openai_chat.withhold import without_usage
from proxy.dialects.quirks import DEFAULT, Quirks


class OpenAIChat:
    """proxy.dialects.base.Dialect for Chat Completions."""

    name = request_in.NAME
    path = "/v1/chat/completions"

    def parse(self, body: Body) -> Request:
        return request_in.parse(body)

    def build(self, request: Request, model: str, quirks: Quirks = DEFAULT) -> Body:
        own = request.dialect == self.name
        body = (rebuild if own else request_out.build)(request, model, quirks)
        return bend(body, model, quirks)

    def dropped(self, request: Request, quirks: Quirks = DEFAULT) -> list[str]:
        own = request.dialect == self.name
        return [*dropped(request, quirks), *(bent(request, quirks) if own else ())]

    def read_answer(self, body: Body, request: Request | None = None) -> Answer:
        return read_answer(body, request)

    def write_answer(
        self, answer: Answer, asked_model: str, request: Request | None = None
    ) -> Body:
        return write_answer(answer, asked_model, request)

    def reader(self, request: Request | None = None) -> ChatReader:
        return ChatReader(request)

    def writer(self, asked_model: str, request: Request | None = None) -> ChatWriter:
        return ChatWriter(asked_model, request)

    def own_doing(self, request: Request) -> Callable[[bytes], bytes] | None:
        return None if wants_usage(request) else without_usage

    def usage(self, body: Body) -> Usage:
        return read_usage(body.get("usage"))

    def error_body(self, status: int, message: str) -> Body:
        return errors.error_body(status, message)

    def error_event(self, status: int, message: str) -> bytes:
        return error_chunk(status, message)

    def read_error(self, status: int, body: bytes) -> str:
        return errors.read_error(status, body)


OPENAI_CHAT = OpenAIChat()
