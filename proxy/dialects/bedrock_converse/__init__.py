"""AWS Bedrock's Converse, spoken to providers only: no client of ours speaks it."""

from typing import Final

from proxy.dialects.anthropic import errors
from proxy.dialects.base import ProviderDialect
from proxy.dialects.bedrock_converse import answer
from proxy.dialects.bedrock_converse import build as out
from proxy.dialects.bedrock_converse.stream import ConverseReader
from proxy.dialects.model import Answer, Body, Request, Usage
from proxy.dialects.quirks import DEFAULT, Quirks


class BedrockConverse:
    """Converse and ConverseStream. The answer names neither itself nor its model."""

    name = "bedrock_converse"
    path = "/model/{model}/converse"

    def build(self, request: Request, model: str, quirks: Quirks = DEFAULT) -> Body:
        return out.build(request, model, quirks)

    def dropped(self, request: Request, quirks: Quirks = DEFAULT) -> list[str]:
        return out.dropped(request, quirks)

    def read_answer(self, body: Body, request: Request | None = None) -> Answer:
        return answer.read_answer(body, request)

    def reader(self, request: Request | None = None) -> ConverseReader:
        return ConverseReader(request)

    def usage(self, body: Body) -> Usage:
        return answer.read_usage(body.get("usage"))

    def read_error(self, status: int, body: bytes) -> str:
        return errors.read_error(status, body)


BEDROCK_CONVERSE: Final[ProviderDialect] = BedrockConverse()
