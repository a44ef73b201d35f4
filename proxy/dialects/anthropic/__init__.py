"""The Messages dialect: what Claude Code and the Anthropic SDKs speak."""

from collections.abc import Callable
from typing import Final

from proxy.dialects.anthropic import answer as wire_answer
from proxy.dialects.anthropic import build as out
from proxy.dialects.anthropic import errors
from proxy.dialects.anthropic import request as wire
from proxy.dialects.anthropic.stream_in import Reader
from proxy.dialects.anthropic.stream_out import Writer
from proxy.dialects.anthropic.tap import UsageTap
from proxy.dialects.anthropic.usage import read_usage
from proxy.dialects.base import Dialect
from proxy.dialects.model import Answer, Body, Request, Usage
from proxy.dialects.quirks import DEFAULT, Quirks

__all__ = ["ANTHROPIC", "UsageTap"]


class Anthropic:
    """The Messages API as client dialect and as upstream dialect."""

    name = wire.NAME
    path = "/v1/messages"

    def parse(self, body: Body) -> Request:
        return wire.parse(body)

    def build(self, request: Request, model: str, quirks: Quirks = DEFAULT) -> Body:
        return out.build(request, model, quirks)

    def dropped(self, request: Request, quirks: Quirks = DEFAULT) -> list[str]:
        return out.dropped(request, quirks)

    def read_answer(self, body: Body, request: Request | None = None) -> Answer:
        return wire_answer.read_answer(body, request)

    def write_answer(
        self, answer: Answer, asked_model: str, request: Request | None = None
    ) -> Body:
        return wire_answer.write_answer(answer, asked_model)

    def reader(self, request: Request | None = None) -> Reader:
        return Reader(request)

    def writer(self, asked_model: str, request: Request | None = None) -> Writer:
        return Writer(asked_model, request)

    def own_doing(self, request: Request) -> Callable[[bytes], bytes] | None:
        return None

    def usage(self, body: Body) -> Usage:
        return read_usage(body.get("usage"))

    def error_body(self, status: int, message: str) -> Body:
        return errors.error_body(status, message)

    def error_event(self, status: int, message: str) -> bytes:
        return errors.error_event(status, message)

    def read_error(self, status: int, body: bytes) -> str:
        return errors.read_error(status, body)


ANTHROPIC: Final[Dialect] = Anthropic()
