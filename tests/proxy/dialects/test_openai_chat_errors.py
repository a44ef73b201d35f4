"""Errors for Chat clients, and the message inside whatever a provider answers."""

import openai
import orjson
import pytest

from proxy.dialects.openai_chat import OPENAI_CHAT
from tests.proxy.dialects.chat_sdk import ASK, sdk


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, openai.BadRequestError),
        (401, openai.AuthenticationError),
        (403, openai.PermissionDeniedError),
        (404, openai.NotFoundError),
        (429, openai.RateLimitError),
        (500, openai.InternalServerError),
        (502, openai.InternalServerError),
        (529, openai.InternalServerError),
    ],
)
async def test_the_sdk_raises_its_own_error_with_our_message(status, kind):
    body = OPENAI_CHAT.error_body(status, "what went wrong")
    async with sdk(status, orjson.dumps(body), "application/json") as client:
        with pytest.raises(kind, match="what went wrong") as caught:
            await client.chat.completions.create(model="m", messages=ASK)
    assert caught.value.type == body["error"]["type"]


def test_every_error_has_all_four_fields():
    for status in (400, 401, 402, 404, 413, 418, 429, 500, 503, 529):
        error = OPENAI_CHAT.error_body(status, "x")["error"]
        assert set(error) == {"message", "type", "param", "code"}


@pytest.mark.parametrize(
    "message",
    [
        "prompt is too long: 210000 tokens > 200000 maximum",
        "This model's maximum context length is 8192 tokens",
        "the request exceeds the available context size, try increasing it",
    ],
)
def test_a_context_overflow_has_the_code_that_clients_look_for(message):
    assert OPENAI_CHAT.error_body(400, message)["error"]["code"] == "context_length_exceeded"
    assert OPENAI_CHAT.error_body(500, message)["error"]["code"] is None


def test_the_field_that_is_wrong_is_the_param():
    error = OPENAI_CHAT.error_body(400, "messages[0].role: expected a string, got nothing")["error"]
    assert error["param"] == "messages[0].role"
    assert OPENAI_CHAT.error_body(400, "no such thing: x")["error"]["param"] is None


def test_the_same_error_inside_a_stream():
    event = OPENAI_CHAT.error_event(529, "Overloaded")
    data = orjson.loads(event.removeprefix(b"data: "))
    assert data == OPENAI_CHAT.error_body(529, "Overloaded")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b'{"error":{"message":"no such model","type":"x"}}', "no such model"),
        (b'{"error":"model not found"}', "model not found"),
        (b'{"object":"error","message":"too long"}', "too long"),
        (b'{"detail":"Not Found"}', "Not Found"),
        (b'[{"error":{"code":400,"message":"bad schema"}}]', "bad schema"),
        (b"<html>Bad gateway</html>", "<html>Bad gateway</html>"),
        (b"", "status 502, no body"),
        (b"\xff\xfe", "\ufffd\ufffd"),
        (b'{"error":null}', '{"error":null}'),
    ],
)
def test_the_message_of_an_upstream_s_error_is_found(body, message):
    assert OPENAI_CHAT.read_error(502, body) == message


def test_a_long_error_page_is_shortened():
    assert len(OPENAI_CHAT.read_error(500, b"x" * 10_000)) < 1_000
