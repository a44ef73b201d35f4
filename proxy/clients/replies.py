"""Small JSON responses, and refusals in a dialect."""

from aiohttp import web
from msgspec.json import encode

from proxy.dialects.table import DIALECTS
from proxy.errors import ProxyError
from proxy.values_json import write

JSON_HEADERS = {"Content-Type": "application/json"}
STREAM_HEADERS = {"Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-cache"}


def json_response(value: object, status: int = 200) -> web.Response:
    """`value` as JSON."""
    return web.Response(status=status, body=encode(value), headers=JSON_HEADERS)


def values_response(value: object) -> web.Response:
    """A struct as JSON, or JSON that structs stand in, as `values_json` reads it."""
    return web.Response(body=write(value), headers=JSON_HEADERS)


def refusal(error: ProxyError, dialect: str) -> web.Response:
    """An error outside any exchange, in the caller's dialect."""
    said = json_response(DIALECTS[dialect].error_body(error.status, error.message), error.status)
    said.headers.update(error.headers)
    return said
