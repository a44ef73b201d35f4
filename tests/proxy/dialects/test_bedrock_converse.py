"""What Bedrock's Converse is told, and what its answers and streams mean."""

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.dialects.anthropic import ANTHROPIC
from proxy.dialects.assemble import assemble
from proxy.dialects.bedrock_converse import BEDROCK_CONVERSE
from proxy.dialects.model import (
    Answer,
    Broken,
    End,
    Finish,
    Start,
    StreamEvent,
    Text,
    Thinking,
    ToolCall,
    Usage,
)
from proxy.dialects.openai_chat import OPENAI_CHAT
from proxy.errors import BadRequest, Upstream
from tests.proxy.providers import aws
from tests.support import converse, messages
from tests.support.converse import frame
from tests.support.upstream import Sent

CLAUDE = "eu.anthropic.claude-sonnet-4-5-20250929-v1:0"
NOVA = "amazon.nova-pro-v1:0"
LLAMA = "meta.llama3-3-70b-instruct-v1:0"
READ = {"name": "Read", "description": "Reads a file.", "input_schema": {"type": "object"}}


def built(model: str = CLAUDE, **body: Any) -> dict[str, Any]:
    asked = {"model": "m", "max_tokens": 100, "tools": [READ], **body}
    wire = BEDROCK_CONVERSE.build(ANTHROPIC.parse(asked), model)
    assert aws.fits_the_model(sent(wire)) is None
    assert aws.takes_turns(sent(wire)) is None
    return wire


def sent(body: dict[str, Any]) -> Sent:
    return Sent("POST", "/", {}, orjson.dumps(body))


def user(*content: Any) -> dict[str, Any]:
    return {"role": "user", "content": list(content)}


def assistant(*content: Any) -> dict[str, Any]:
    return {"role": "assistant", "content": list(content)}


def result(call_id: str, content: Any, **more: Any) -> dict[str, Any]:
    return {"type": "tool_result", "tool_use_id": call_id, "content": content, **more}


TEXT = messages.text
ASK = user(TEXT("Read a and b."))
CALLS = assistant(messages.call("c1", "Read", path="a"), messages.call("c2", "Read", path="b"))


def test_parallel_calls_are_answered_in_their_order_before_the_users_words() -> None:
    heard = user(TEXT("Go on."), result("c2", "B"), result("c1", "A"))
    told = built(messages=[ASK, CALLS, heard])["messages"]
    assert [block["toolUse"]["input"] for block in told[1]["content"]] == [
        {"path": "a"},
        {"path": "b"},
    ]
    assert told[2]["content"] == [
        {"toolResult": {"toolUseId": "c1", "content": [{"text": "A"}]}},
        {"toolResult": {"toolUseId": "c2", "content": [{"text": "B"}]}},
        {"text": "Go on."},
    ]


def test_a_missing_result_is_told_as_missing_and_an_orphan_as_what_was_said() -> None:
    told = built(messages=[ASK, CALLS, user(result("c1", "A"), result("gone", "X"))])["messages"]
    content = told[2]["content"]
    assert content[1]["toolResult"]["status"] == "error"
    assert "no result" in content[1]["toolResult"]["content"][0]["text"]
    assert [block["text"] for block in content[2:]] == [
        '<tool_result tool_use_id="gone">',
        "X",
        "</tool_result>",
    ]


def test_signed_thinking_goes_back_to_claude_first_and_to_nobody_else() -> None:
    thought = {"type": "thinking", "thinking": "Hm.", "signature": "c2ln"}
    hidden = {"type": "redacted_thinking", "data": "aGlkZGVu"}
    turns = [ASK, assistant(thought, hidden, TEXT("Reading."), *CALLS["content"])]
    told = built(messages=turns)["messages"][1]["content"]
    assert told[:3] == [
        {"reasoningContent": {"reasoningText": {"text": "Hm.", "signature": "c2ln"}}},
        {"reasoningContent": {"redactedContent": "aGlkZGVu"}},
        {"text": "Reading."},
    ]
    assert "reasoningContent" not in str(built(NOVA, messages=turns))


def test_cache_marks_become_cache_points_where_the_model_takes_them() -> None:
    mark = {"cache_control": {"type": "ephemeral"}}
    long = {"cache_control": {"type": "ephemeral", "ttl": "1h"}}
    body: dict[str, Any] = {
        "system": [{**TEXT("Be brief."), **long}],
        "tools": [{**READ, **mark}],
        "messages": [user({**TEXT("Hello there."), **mark})],
    }
    told = built(**body)
    point = {"cachePoint": {"type": "default"}}
    assert told["system"] == [
        {"text": "Be brief."},
        {"cachePoint": {"type": "default", "ttl": "1h"}},
    ]
    assert told["toolConfig"]["tools"][1] == point
    assert told["messages"][0]["content"] == [{"text": "Hello there."}, point]
    assert "cachePoint" not in str(built(LLAMA, **body))


def test_a_failed_result_says_so_by_status_or_in_words() -> None:
    turns = [ASK, CALLS, user(result("c1", "no such file", is_error=True), result("c2", "B"))]
    for model in (CLAUDE, NOVA):
        told = built(model, messages=turns)["messages"][2]["content"][0]["toolResult"]
        assert told["status"] == "error" and told["content"] == [{"text": "no such file"}]
    told = built(LLAMA, messages=turns)["messages"][2]["content"][0]["toolResult"]
    assert "status" not in told and told["content"][0] == {"text": "Error: "}


def test_images_and_pdfs_go_as_bytes_inside_results_too() -> None:
    source = {"type": "base64", "media_type": "image/png", "data": "aGk="}
    image = {"type": "image", "source": source}
    pdf = {**source, "media_type": "application/pdf"}
    document = {"type": "document", "title": "a/b_c.pdf", "source": pdf}
    heard = user(result("c1", [image]), result("c2", "B"), document, TEXT("See."))
    told = built(messages=[ASK, CALLS, heard])["messages"][2]["content"]
    picture = {"image": {"format": "png", "source": {"bytes": "aGk="}}}
    assert told[0]["toolResult"]["content"] == [picture]
    assert told[2]["document"] == {"format": "pdf", "name": "a-b-c", "source": {"bytes": "aGk="}}


def test_a_late_system_message_keeps_its_place_and_the_billing_note_stays_home() -> None:
    late = {"role": "system", "content": "Now be quick."}
    told = built(
        system=[TEXT("x-anthropic-billing-header: cc=1"), TEXT("Be brief.")],
        messages=[ASK, CALLS, user(result("c1", "A"), result("c2", "B")), late],
    )
    assert told["system"] == [{"text": "Be brief."}]
    assert told["messages"][2]["content"][2] == {"text": "<system>\nNow be quick.\n</system>"}


def test_without_tools_earlier_calls_are_told_in_words() -> None:
    told = built(tools=[], messages=[ASK, CALLS, user(result("c1", "A"), result("c2", "B"))])
    assert "toolConfig" not in told
    assert told["messages"][1]["content"][0] == {"text": '[Read called: {"path":"a"}]'}
    assert told["messages"][2]["content"][:2] == [{"text": "[result of c1]"}, {"text": "A"}]


def test_settings_stand_where_converse_has_them() -> None:
    told = built(
        messages=[ASK],
        temperature=0.5,
        top_k=40,
        stop_sequences=["END"],
        thinking={"type": "enabled", "budget_tokens": 2000},
        output_config={"effort": "high"},
        tool_choice={"type": "tool", "name": "Read"},
    )
    assert told["inferenceConfig"] == {
        "maxTokens": 100,
        "temperature": 0.5,
        "stopSequences": ["END"],
    }
    fields = {"top_k": 40, "thinking": {"type": "enabled", "budget_tokens": 2000}}
    assert told["additionalModelRequestFields"] == fields
    assert told["outputConfig"] == {"effort": "high"}
    assert told["toolConfig"]["toolChoice"] == {"tool": {"name": "Read"}}
    told = built(NOVA, messages=[ASK], top_k=40, output_config={"effort": "high"})
    assert not {"additionalModelRequestFields", "outputConfig"} & told.keys()


def test_a_chat_client_that_set_no_limit_leaves_it_to_a_model_that_needs_none() -> None:
    asked = OPENAI_CHAT.parse({"model": "m", "messages": [{"role": "user", "content": "Hi."}]})
    assert "inferenceConfig" not in BEDROCK_CONVERSE.build(asked, LLAMA)
    assert BEDROCK_CONVERSE.build(asked, CLAUDE)["inferenceConfig"]["maxTokens"] > 0


REFUSED = [
    (user({"type": "image", "source": {"type": "url", "url": "https://h/x.png"}}), "by its URL"),
    (user({"type": "new_block"}), "'new_block'"),
    ({"role": "narrator", "content": "So it was."}, "'narrator'"),
]


@pytest.mark.parametrize(("message", "says"), REFUSED)
def test_what_converse_can_not_be_told_is_refused_by_its_index(
    message: dict[str, Any], says: str
) -> None:
    with pytest.raises(BadRequest, match=r"messages\.1") as told:
        built(messages=[ASK, message])
    assert says in told.value.message


def test_what_is_left_out_is_told() -> None:
    server = {"type": "web_search_20250305", "name": "web_search"}
    choice = {"type": "none"}
    asked = {"model": "m", "max_tokens": 9, "messages": [ASK], "tool_choice": choice}
    request = ANTHROPIC.parse({**asked, "tools": [READ, server]})
    assert BEDROCK_CONVERSE.dropped(request) == [
        "tool web_search: it runs at another provider",
        "tool_choice none: Converse has none",
    ]


WORDS = st.text(min_size=1, max_size=8)
BLOCKS = st.one_of(
    WORDS.map(TEXT),
    st.builds(lambda n: messages.call(f"c{n}", "Read", path="a"), st.integers(0, 5)),
    st.builds(lambda n, t: result(f"c{n}", t), st.integers(0, 5), WORDS),
)


@given(
    st.lists(st.tuples(st.sampled_from(["user", "assistant"]), st.lists(BLOCKS, max_size=4))),
    st.sampled_from([CLAUDE, NOVA, LLAMA]),
)
def test_any_conversation_fits_the_service_model_and_takes_turns_or_is_refused(
    turns: list[tuple[str, list[dict[str, Any]]]], model: str
) -> None:
    said = [{"role": role, "content": content} for role, content in turns]
    try:
        wire = built(model, messages=said)
    except BadRequest:
        return
    texts = [b["text"] for _, content in turns for b in content if b["type"] == "text"]
    assert all(
        text in str(wire["messages"]) or not text.strip() for text in texts if text.isalnum()
    )


# Answers.

BLOCKS_SAID = [
    TEXT("Reading."),
    messages.call("c1", "Read", path="a.py"),
    messages.call("c2", "Ls"),
]
MEANT = Answer(
    "",
    "",
    [Text("Reading."), ToolCall("c1", "Read", '{"path":"a.py"}'), ToolCall("c2", "Ls", "{}")],
    "tool_use",
    Usage(input=120, output=25, cache_read=80, cache_write=0),
)


def test_a_plain_answer_has_its_blocks_its_reason_and_its_bill() -> None:
    assert BEDROCK_CONVERSE.read_answer(converse.answer(BLOCKS_SAID)) == MEANT


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("end_turn", "end_turn"),
        ("max_tokens", "max_tokens"),
        ("stop_sequence", "stop_sequence"),
        ("guardrail_intervened", "refusal"),
        ("model_context_window_exceeded", "max_tokens"),
    ],
)
def test_every_reason_to_stop_has_its_meaning(said: str, meant: str) -> None:
    body = {**converse.answer([TEXT("So")]), "stopReason": said}
    assert BEDROCK_CONVERSE.read_answer(body).stop == meant


@pytest.mark.parametrize("body", [{}, {"output": {}}, {"output": {"message": {"content": 7}}}])
def test_an_answer_without_a_message_is_no_answer(body: dict[str, Any]) -> None:
    with pytest.raises(Upstream, match="can't be used"):
        BEDROCK_CONVERSE.read_answer(body)


def test_malformed_output_is_an_error_plain_and_streamed() -> None:
    with pytest.raises(Upstream, match="malformed_tool_use"):
        body = {**converse.answer([TEXT("So")]), "stopReason": "malformed_tool_use"}
        BEDROCK_CONVERSE.read_answer(body)
    stop = frame("messageStop", {"stopReason": "malformed_tool_use"})
    assert isinstance(read([*converse.frames([TEXT("So")])[:-2], stop])[-1], Broken)


# Streams.


def read(chunks: list[bytes]) -> list[StreamEvent]:
    reader = BEDROCK_CONVERSE.reader()
    return [event for chunk in chunks for event in reader.feed(chunk)] + reader.close()


def test_a_stream_means_what_the_plain_answer_means() -> None:
    streamed = assemble(read(converse.frames(BLOCKS_SAID)))
    assert streamed is not None
    streamed.blocks[2].arguments = "{}"  # type: ignore[union-attr]  # it came in two pieces
    assert streamed == MEANT


@given(st.lists(st.integers(1, 3000), max_size=12))
def test_any_cut_of_a_stream_gives_the_same_events(cuts: list[int]) -> None:
    whole = b"".join(converse.frames(BLOCKS_SAID))
    at = sorted({0, len(whole), *(cut for cut in cuts if cut < len(whole))})
    pieces = [whole[start:end] for start, end in zip(at, at[1:], strict=False)]
    assert assemble(read(pieces)) == assemble(read([whole]))


def test_reasoning_comes_as_thinking_with_its_signature() -> None:
    at = {"contentBlockIndex": 0}
    pieces = [
        {"reasoningContent": {"text": "Let me "}},
        {"reasoningContent": {"text": "see."}},
        {"reasoningContent": {"signature": "c2ln"}},
    ]
    chunks = [frame("messageStart", {"role": "assistant"})]
    chunks += [frame("contentBlockDelta", {"delta": piece, **at}) for piece in pieces]
    chunks += [frame("contentBlockStop", at), frame("messageStop", {"stopReason": "end_turn"})]
    events = read(chunks)
    answer = assemble(events)
    assert answer is not None
    assert answer.blocks == [Thinking("Let me see.", "c2ln")]
    assert answer.usage == Usage()  # the metadata never came: nothing is invented
    assert [type(event) for event in events[-2:]] == [Finish, End]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("throttlingException", "rate_limit_error"),
        ("serviceUnavailableException", "overloaded_error"),
        ("validationException", "invalid_request_error"),
        ("modelStreamErrorException", "api_error"),
    ],
)
def test_an_exception_in_the_stream_is_told_and_ends_it(name: str, kind: str) -> None:
    begun = converse.frames([TEXT("So")])[:2]
    events = read([*begun, frame(name, {"message": "Too much."}, "exception"), *begun])
    assert events[-1] == Broken(kind, "Too much.")
    assert sum(isinstance(event, Start) for event in events) == 1


def test_a_stream_that_stops_short_or_is_garbled_is_broken() -> None:
    whole = converse.frames(BLOCKS_SAID)
    assert isinstance(read(whole[:3])[-1], Broken)
    assert isinstance(read([whole[0], whole[1][:-1] + b"\0"])[-1], Broken)
    assert isinstance(read([b"<html>Bad gateway, says a proxy on the way</html>"])[-1], Broken)
