"""The Responses dialect: what Codex speaks, and OpenAI's own newer API."""

from collections.abc import Callable

from proxy.dialects.model import Answer, Body, Request, Usage
from proxy.dialects.openai import errors as openai_errors
from proxy.dialects.openai_responses import request_in, request_out
from proxy.dialects.openai_responses.answer_in import read_answer
from proxy.dialects.openai_responses.answer_out import write_answer
from proxy.dialects.openai_responses.dropped import dropped
from proxy.dialects.openai_responses.errors import failed_event
from proxy.dialects.openai_responses.own_out import rebuild
from proxy.dialects.openai_responses.stream_in import ResponsesReader
from proxy.dialects.openai_responses.stream_out import ResponsesWriter
from proxy.dialects.openai_responses.usage import read_usage
from proxy.dialects.quirks import DEFAULT, Quirks


class OpenAIResponses:
    """proxy.dialects.base.Dialect for the Responses API."""

    name = request_in.NAME
    path = "/v1/responses"

    def parse(self, body: Body) -> Request:
        return request_in.parse(body)

    def build(self, request: Request, model: str, quirks: Quirks = DEFAULT) -> Body:
        if request.dialect == self.name:
            return rebuild(request, model, quirks)
        return request_out.build(request, model, quirks)

    def dropped(self, request: Request, quirks: Quirks = DEFAULT) -> list[str]:
        return dropped(request, quirks)

    def read_answer(self, body: Body, request: Request | None = None) -> Answer:
        return read_answer(body, request)

    def write_answer(
        self, answer: Answer, asked_model: str, request: Request | None = None
    ) -> Body:
        return write_answer(answer, asked_model, request)

    def reader(self, request: Request | None = None) -> ResponsesReader:
        return ResponsesReader(request)

    def writer(self, asked_model: str, request: Request | None = None) -> ResponsesWriter:
        return ResponsesWriter(asked_model, request)

    def own_doing(self, request: Request) -> Callable[[bytes], bytes] | None:
        return None

    def usage(self, body: Body) -> Usage:
        return read_usage(body.get("usage"))

    def error_body(self, status: int, message: str) -> Body:
        return openai_errors.error_body(status, message)

    def error_event(self, status: int, message: str) -> bytes:
        return failed_event(status, message)

    def read_error(self, status: int, body: bytes) -> str:
        return openai_errors.read_error(status, body)


OPENAI_RESPONSES = OpenAIResponses()
