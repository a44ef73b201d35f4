"""Tools that can't be used go; one that loads them stands in, and nothing moves later."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from msgspec.structs import replace

from proxy.dialects.model import (
    Message,
    Request,
    Text,
    Tool,
    ToolCall,
    ToolChoice,
    ToolResult,
)
from proxy.rewrite import RewriteSettings, rewrite
from proxy.rewrite.choice import cost
from tests.proxy.rewrite.choice.fourteen import QUESTION, fourteen

SETTINGS = RewriteSettings(strip=True, never=frozenset(), level="off", fixed_prefix=False)
FIXED = replace(SETTINGS, fixed_prefix=True)
TOOLS = fourteen(3)
LOAD, CALL = "lynkr_load_tools", "lynkr_call_tool"


def user(*texts: str) -> Message:
    return Message("user", [Text(text) for text in texts])


def model(text: str) -> Message:
    return Message("assistant", [Text(text)])


def used(name: str) -> list[Message]:
    """A call and its result."""
    return [
        Message("assistant", [ToolCall(f"call_{name}", name, "{}")]),
        Message("user", [ToolResult(f"call_{name}", [Text("done")])]),
    ]


def asking(*messages: Message, **more: object) -> Request:
    given: dict[str, object] = {"tools": list(TOOLS), **more}
    return Request("anthropic", "m", list(messages), {}, **given)  # type: ignore[arg-type]


def sent(request: Request, settings: RewriteSettings = SETTINGS) -> list[str]:
    return [tool.name for tool in rewrite(request, settings)[0].tools]


def stays(request: Request, settings: RewriteSettings = SETTINGS) -> bool:
    return sent(request, settings) == [tool.name for tool in request.tools]


def test_a_question_takes_half_the_tokens_and_keeps_what_it_needs() -> None:
    request = asking(user(QUESTION))
    after, told = rewrite(request, SETTINGS)
    assert "Read" in told.kept and cost(after.tools) <= 0.47 * cost(TOOLS)
    assert told.offered == 14 and told.saved == cost(TOOLS) - cost(after.tools)
    assert request.tools == TOOLS


def test_every_tool_that_goes_is_told_of_by_the_one_that_loads_it() -> None:
    after, told = rewrite(asking(user(QUESTION)), SETTINGS)
    (loader,) = (tool for tool in after.tools if tool.name == LOAD)
    assert told.stripped and all(f"\n- {name}" in loader.description for name, _ in told.stripped)
    assert all(reason for _, reason in told.stripped)


@pytest.mark.parametrize("hello", ["hi", "Hello there!", "hey, how are you?", "thank you :)"])
def test_a_greeting_needs_the_loader_alone(hello: str) -> None:
    assert sent(asking(user(hello), tool_choice=ToolChoice("auto"))) == [LOAD]


def test_what_is_needed_later_comes_after_what_was_there() -> None:
    talk = [user(QUESTION), *used("Read"), model("By pip."), user("Search the web for pip's docs.")]
    turns = [sent(asking(*talk[:n])) for n in (1, 3, 5)]
    assert turns[0] == turns[1] == turns[2][: len(turns[0])]
    assert {"WebSearch", "WebFetch"} <= set(turns[2][len(turns[0]) :])


def test_a_tool_that_was_called_comes_in_the_order_of_the_calls() -> None:
    talk = [user(QUESTION), *used("WebFetch"), *used("Edit")]
    first = sent(asking(user(QUESTION)))
    assert sent(asking(*talk)) == [*first, "WebFetch", "Edit"]


def test_where_the_prefix_is_fixed_nothing_is_added_and_the_rest_can_be_called_through() -> None:
    talk = [user(QUESTION), *used("WebFetch"), user("Now search the web.")]
    first = sent(asking(user(QUESTION)), FIXED)
    assert first == sent(asking(*talk), FIXED) and first[-2:] == [LOAD, CALL]
    assert {"Read", "Edit", "Write"} & set(first)


def test_the_users_never_list_holds() -> None:
    assert "WebFetch" in sent(asking(user("hi")), replace(SETTINGS, never=frozenset({"WebFetch"})))


def test_a_tool_that_the_client_insists_on_is_sent() -> None:
    assert sent(asking(user("hi"), tool_choice=ToolChoice("tool", "Task"))) == [LOAD, "Task"]


def test_a_tool_with_a_cache_mark_stays_with_it() -> None:
    mark = {"cache_control": {"type": "ephemeral"}}
    marked = [*TOOLS[:-1], replace(TOOLS[-1], raw=TOOLS[-1].raw | mark)]
    assert sent(asking(user("hi"), tools=marked)) == [TOOLS[-1].name, LOAD]


def test_a_namespace_is_sent_whole() -> None:
    spaced = [
        replace(tool, raw=tool.raw | {"namespace": "web"}) if tool.name.startswith("Web") else tool
        for tool in TOOLS
    ]
    talk = [user(QUESTION), *used("WebFetch")]
    assert {"WebSearch", "WebFetch"} <= set(sent(asking(*talk, tools=spaced)))
    assert not {"WebSearch", "WebFetch"} & set(sent(asking(user(QUESTION), tools=spaced)))


@pytest.mark.parametrize(
    "more",
    [
        {"tools": TOOLS[:2]},
        {"tools": [Tool(name, "does things") for name in ("Read", "Edit", "Bash")]},
        {"tools": [*TOOLS, Tool("Later", raw={"name": "Later", "defer_loading": True})]},
        {"tools": [*TOOLS, Tool("lynkr_x", raw={"name": "lynkr_x"})]},
        {"held": True},
    ],
)
def test_few_small_and_deferred_tools_are_left_alone(more: dict[str, object]) -> None:
    assert stays(asking(user("hi"), **more))


@pytest.mark.parametrize(
    "body",
    [
        {"functions": [{"name": "old"}]},
        {"tool_choice": {"type": "allowed_tools", "mode": "auto", "tools": []}},
    ],
)
def test_where_the_body_names_tools_elsewhere_all_stay(body: dict[str, Any]) -> None:
    request = asking(user("hi"))
    request.body.update(body)
    assert stays(request)


def test_the_setting_keeps_them_all() -> None:
    request = asking(user("hi"))
    assert rewrite(request, replace(SETTINGS, strip=False))[0] is request


_said = st.sampled_from(
    ["hi", QUESTION, "fix the bug", "thanks", "search the web", "make a plan of five steps", "yes"]
)
_turn = st.one_of(
    _said.map(lambda text: [user(text)]),
    st.just([model("Shall I look at the notebook?")]),
    st.sampled_from([tool.name for tool in TOOLS]).map(used),
)


@examples(deadline=None)
@given(st.lists(_turn, max_size=6), st.lists(_turn, max_size=6), st.booleans())
def test_a_turns_tools_begin_with_those_of_the_turn_before(
    before: list[list[Message]], more: list[list[Message]], fixed: bool
) -> None:
    talk = [user(QUESTION), *(message for turn in before for message in turn)]
    went_on = [*talk, model("Fine."), *(message for turn in more for message in turn)]
    settings = FIXED if fixed else SETTINGS
    earlier = sent(asking(*talk), settings)
    assert sent(asking(*went_on), settings)[: len(earlier)] == earlier
