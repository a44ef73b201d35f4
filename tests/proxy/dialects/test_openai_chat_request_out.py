"""What a Chat provider is sent, beyond the golden dialogues: refusals, limits, stability."""

import pytest

from proxy.dialects.model import (
    Image,
    Message,
    Other,
    Request,
    Text,
    Tool,
    ToolCall,
    ToolChoice,
    ToolResult,
)
from proxy.dialects.openai_chat import OPENAI_CHAT
from proxy.dialects.openai_chat.signatures import signed_id
from proxy.dialects.quirks import Quirks
from proxy.errors import BadRequest

ASK = Message("user", [Text("read it")])


def request_of(*messages: Message, **fields) -> Request:
    return Request(dialect="anthropic", model="asked", messages=list(messages), body={}, **fields)


def called(*ids: str) -> Message:
    return Message("assistant", [ToolCall(i, "Read", '{"p":1}') for i in ids])


def answered(*ids: str) -> Message:
    return Message("user", [ToolResult(i, [Text(f"result of {i}")]) for i in ids])


def build(request: Request, **quirks):
    return OPENAI_CHAT.build(request, "up", Quirks(**quirks))


def test_a_result_that_answers_no_call_is_refused_by_its_index():
    with pytest.raises(BadRequest, match=r"messages\.2.*toolu_x"):
        build(request_of(ASK, called("a"), answered("toolu_x")))


def test_a_result_before_any_call_is_refused_by_its_index():
    with pytest.raises(BadRequest, match=r"messages\.0"):
        build(request_of(answered("a")))


def test_a_second_result_for_one_call_is_refused_by_its_index():
    with pytest.raises(BadRequest, match=r"messages\.2: a second result for 'a'"):
        build(request_of(ASK, called("a"), answered("a", "a")))


def test_two_calls_of_one_turn_that_share_an_id_are_refused():
    with pytest.raises(BadRequest, match=r"messages\.1"):
        build(request_of(ASK, called("a", "a"), answered("a")))


def test_an_unknown_role_is_refused_by_its_index():
    with pytest.raises(BadRequest, match=r"messages\.1.*'critic'"):
        build(request_of(ASK, Message("critic", [Text("bad")])))


def test_an_unknown_block_is_refused_by_its_index_and_type():
    with pytest.raises(BadRequest, match=r"messages\.0.*'hologram'"):
        build(request_of(Message("user", [Other({"type": "hologram"})])))


def test_a_pdf_is_refused_and_not_dropped():
    pdf = Other({"type": "document", "source": {"type": "base64", "data": "JVBERg=="}})
    with pytest.raises(BadRequest, match="document"):
        build(request_of(Message("user", [pdf, Text("sum up")])))


def test_nothing_to_say_is_refused():
    with pytest.raises(BadRequest, match="messages"):
        build(request_of(Message("user", [Text("")])))


@pytest.mark.parametrize("inside", [False, True], ids=["of the user", "in a result"])
def test_a_model_without_eyes_refuses_images_plainly(inside: bool):
    image = Image("image/png", "AA==")
    block = ToolResult("a", [image]) if inside else image
    request = request_of(ASK, called("a"), Message("user", [block, Text("look")]))

    with pytest.raises(BadRequest, match=r"messages\.2.*no images"):
        build(request, images=False)
    assert OPENAI_CHAT.dropped(request, Quirks(images=False)) == ["images: the model sees none"]


def test_an_image_of_no_image_type_is_refused():
    with pytest.raises(BadRequest, match="application/pdf"):
        build(request_of(Message("user", [Image("application/pdf", "AA==")])))


def test_calls_of_two_assistant_messages_in_a_row_are_answered_together():
    body = build(request_of(ASK, called("a"), called("b"), answered("b", "a")))
    assert [m["role"] for m in body["messages"]] == ["user", "assistant", "tool", "tool"]
    assert [m.get("tool_call_id") for m in body["messages"][2:]] == ["a", "b"]


def test_a_call_without_arguments_sends_an_empty_object():
    call = Message("assistant", [ToolCall("a", "Ping", "")])
    body = build(request_of(ASK, call, answered("a")))
    assert body["messages"][1]["tool_calls"][0]["function"]["arguments"] == "{}"


def test_arguments_that_are_no_json_go_as_they_came():
    call = Message("assistant", [ToolCall("a", "Ping", '{"p": ')])
    body = build(request_of(ASK, call, answered("a")))
    assert body["messages"][1]["tool_calls"][0]["function"]["arguments"] == '{"p": '


def test_ids_of_another_shape_are_mapped_the_same_in_call_and_result():
    body = build(request_of(ASK, called("toolu_01"), answered("toolu_01")), tool_id_shape="mistral")
    wire = body["messages"][1]["tool_calls"][0]["id"]
    assert len(wire) == 9 and wire.isalnum()
    assert body["messages"][2]["tool_call_id"] == wire


def test_a_thought_signature_goes_back_beside_its_call_and_never_in_the_id():
    extra = {"google": {"thought_signature": "c2ln"}}
    signed = signed_id("call_a", extra)
    request = request_of(ASK, called(signed), answered(signed))

    call = build(request, thought_signature=True)["messages"][1]["tool_calls"][0]
    assert (call["id"], call["extra_content"]) == ("call_a", extra)
    elsewhere = build(request)["messages"]
    assert "extra_content" not in elsewhere[1]["tool_calls"][0]
    assert elsewhere[2]["tool_call_id"] == "call_a"


def test_refused_fields_are_left_out():
    request = request_of(ASK, temperature=0.5, tools=[Tool("T")], effort="high")
    body = build(request, refuses=frozenset({"temperature", "reasoning_effort"}))
    assert "temperature" not in body and "reasoning_effort" not in body and "tools" in body


def test_parallel_tool_calls_is_not_said_to_a_provider_that_knows_none():
    request = request_of(ASK, tools=[Tool("T")], tool_choice=ToolChoice("auto", parallel=False))
    assert build(request)["parallel_tool_calls"] is False
    assert "parallel_tool_calls" not in build(request, parallel_tools=False)


def test_without_tools_there_is_no_tool_choice():
    body = build(request_of(ASK, tool_choice=ToolChoice("any")))
    assert not {"tools", "tool_choice", "parallel_tool_calls"} & set(body)


def test_a_custom_tool_is_a_function_of_one_text():
    body = build(request_of(ASK, tools=[Tool("apply_patch", "Patches", kind="custom")]))
    function = body["tools"][0]["function"]
    assert function["name"] == "apply_patch"
    assert function["parameters"]["required"] == ["input"]


@pytest.mark.parametrize(
    ("effort", "sent"),
    [("low", "low"), ("minimal", "low"), ("xhigh", "high"), ("max", "high"), ("auto", None)],
)
def test_an_effort_lands_on_the_provider_s_ladder_and_auto_on_none(effort, sent):
    assert build(request_of(ASK, effort=effort)).get("reasoning_effort") == sent


def test_thinking_that_is_merely_on_says_no_effort():
    """Claude Code always turns it on, and servers refuse an effort for a model without thinking."""
    assert "reasoning_effort" not in build(request_of(ASK, thinking=True))


@pytest.mark.parametrize(("budget", "sent"), [(1024, "low"), (8000, "medium"), (32000, "high")])
def test_a_thinking_budget_is_the_effort_it_amounts_to(budget, sent):
    request = request_of(ASK, thinking=True, thinking_budget=budget)
    assert build(request)["reasoning_effort"] == sent


def test_a_model_outside_the_reasoning_ones_gets_sampling_and_no_effort():
    request = request_of(ASK, effort="high", temperature=0.2)
    body = build(request, reasoning_models=("gpt-5",))
    assert body["temperature"] == 0.2 and "reasoning_effort" not in body


def test_a_provider_that_takes_no_effort_gets_none():
    assert "reasoning_effort" not in build(request_of(ASK, effort="high"), effort_name="")


def test_a_provider_that_refuses_stream_options_gets_none():
    body = build(request_of(ASK, stream=True), stream_usage=False)
    assert body["stream"] is True and "stream_options" not in body


def test_the_client_s_user_id_stays_with_the_client_s_own_vendor():
    assert "user" not in build(request_of(ASK, user='{"account":"secret"}'))


def test_the_prompt_of_a_later_turn_starts_with_the_earlier_one():
    first = [ASK, called("a"), answered("a")]
    earlier = build(request_of(*first))["messages"]
    later = build(request_of(*first, called("b"), answered("b"), ASK))["messages"]
    assert later[: len(earlier)] == earlier
