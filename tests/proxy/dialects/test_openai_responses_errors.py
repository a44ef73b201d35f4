"""A Responses provider's refusals, and ours in its shape."""

import pytest

from proxy.dialects.openai_responses import OPENAI_RESPONSES


@pytest.mark.parametrize(
    ("body", "message"),
    (
        (b'{"error": {"message": "no such model", "code": "model_not_found"}}', "no such model"),
        (b"plain words", "plain words"),
        (b"", "status 404, no body"),
    ),
)
def test_the_message_in_a_refusal_is_found(body: bytes, message: str):
    assert OPENAI_RESPONSES.read_error(404, body) == message


def test_a_refusal_of_ours_has_the_shape_that_its_clients_know():
    error = OPENAI_RESPONSES.error_body(429, "slow down")["error"]
    assert (error["type"], error["message"]) == ("rate_limit_error", "slow down")
