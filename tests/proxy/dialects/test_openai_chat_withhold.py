"""The usage chunk that we asked for stays with us; every other byte of the stream goes on."""

import pytest

from proxy.dialects.openai_chat.withhold import without_usage

SAID = b'data: {"choices":[{"index":0,"delta":{"content":"hi"}}],"usage":null}\n\n'
LAST = b'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"a":1}}\n\n'
BILL = b'data: {"id":"1","choices":[],"usage":{"prompt_tokens":10}}\n\n'
FILTER = b'data: {"choices":[],"prompt_filter_results":[],"usage":null}\n\n'
DONE = b"data: [DONE]\n\n"


def test_only_the_usage_chunk_is_taken_out():
    assert without_usage(SAID + LAST + BILL + DONE) == SAID + LAST + DONE


def test_line_ends_and_comments_stay():
    wire = (b": hello\n\n" + SAID + BILL + DONE).replace(b"\n", b"\r\n")
    assert without_usage(wire) == (b": hello\n\n" + SAID + DONE).replace(b"\n", b"\r\n")


@pytest.mark.parametrize("event", [SAID, LAST, FILTER, DONE, b'data: {"usage"\n\n'])
def test_what_says_anything_else_goes_on(event: bytes):
    assert without_usage(event) == event
