"""Tools go only while nothing but hello was said, and only where their return hurts nobody."""

from dataclasses import replace

import pytest

from proxy.dialects.model import (
    Image,
    Message,
    Request,
    Text,
    Tool,
    ToolCall,
    ToolChoice,
    ToolResult,
)
from proxy.rewrite import RewriteSettings, rewrite
from proxy.rewrite.tools import SMALL_TALK_REASON

SETTINGS = RewriteSettings(strip=True, never=frozenset(), level="off", fixed_prefix=False)
TOOLS = [Tool(name, "does things", {"type": "object"}) for name in ("Read", "Edit", "Bash")]


def user(*texts: str) -> Message:
    return Message("user", [Text(text) for text in texts])


def model(text: str) -> Message:
    return Message("assistant", [Text(text)])


def asking(*messages: Message, **more: object) -> Request:
    given: dict[str, object] = {"tools": list(TOOLS), **more}
    return Request("openai_chat", "m", list(messages), {}, **given)  # type: ignore[arg-type]


def stays(request: Request, settings: RewriteSettings = SETTINGS) -> bool:
    return rewrite(request, settings)[0] is request


@pytest.mark.parametrize(
    "hello",
    ["hi", "Hello there!", "hey, how are you?", "Thanks a lot!", "good morning", "thank you :)"],
)
def test_a_greeting_needs_no_tools_and_says_why(hello: str) -> None:
    request = asking(user(hello))
    sent, told = rewrite(request, SETTINGS)
    assert sent.tools == [] and told.kept == ()
    assert told.stripped == tuple((tool.name, SMALL_TALK_REASON) for tool in TOOLS)
    assert told.offered == 3 and told.saved > 0
    assert request.tools == TOOLS


@pytest.mark.parametrize(
    "said",
    [
        "What does the README say?",
        "hi, please fix the tests",
        "thanks, now run it",
        "yes",
        "ok",
        "no",
        "continue",
        "hello world in python",
        "hi " * 60,
        "",
    ],
)
def test_what_may_need_a_tool_keeps_them_all(said: str) -> None:
    assert stays(asking(user(said)))


def test_a_yes_may_answer_an_offer() -> None:
    assert stays(asking(user("hi"), model("Shall I list the files?"), user("yes")))


def test_what_the_harness_adds_is_not_what_the_person_said() -> None:
    note = "<system-reminder>\nRead CLAUDE.md before you edit files.\n</system-reminder>"
    assert not stays(asking(user(note, "hi")))


def test_the_kept_set_only_grows() -> None:
    turns = [
        user("hi"),
        model("Hello!"),
        user("thanks"),
        model("Sure."),
        user("fix the bug"),
        Message("assistant", [ToolCall("c", "Read", "{}")]),
        Message("user", [ToolResult("c", [Text("x")])]),
        model("Done."),
        user("thanks"),
    ]
    kept = [
        set(rewrite(asking(*turns[: n + 1]), SETTINGS)[1].kept)
        for n, turn in enumerate(turns)
        if turn.role == "user"
    ]
    assert kept == sorted(kept, key=len)
    assert kept[0] == kept[1] == set() and all(len(names) == 3 for names in kept[2:])


def test_the_users_never_list_holds() -> None:
    choice = ToolChoice("auto")
    sent, told = rewrite(
        asking(user("hi"), tool_choice=choice), replace(SETTINGS, never=frozenset({"Read"}))
    )
    assert [tool.name for tool in sent.tools] == ["Read"] == list(told.kept)
    assert sent.tool_choice is choice


def test_a_choice_goes_with_the_last_tool() -> None:
    sent, _ = rewrite(asking(user("hi"), tool_choice=ToolChoice("auto")), SETTINGS)
    assert sent.tools == [] and sent.tool_choice is None


@pytest.mark.parametrize(
    "more",
    [
        {"tools": TOOLS[:1]},
        {"tool_choice": ToolChoice("tool", "Read")},
        {"tool_choice": ToolChoice("any")},
        {"tool_choice": ToolChoice("auto", parallel=False)},
        {"tools": [*TOOLS, Tool("Later", raw={"name": "Later", "defer_loading": True})]},
    ],
)
def test_a_choice_an_only_tool_and_deferred_tools_keep_them_all(more: dict[str, object]) -> None:
    assert stays(asking(user("hi"), **more))


def test_pictures_calls_and_unknown_roles_keep_them_all() -> None:
    assert stays(asking(Message("user", [Text("hi"), Image(url="https://x/y.png")])))
    assert stays(asking(user("hi"), Message("assistant", [ToolCall("c", "Read", "{}")])))
    assert stays(asking(Message("critic", [Text("hi")]), user("hi")))


def test_a_fixed_prefix_and_the_setting_keep_them_all() -> None:
    assert stays(asking(user("hi")), replace(SETTINGS, fixed_prefix=True))
    assert stays(asking(user("hi")), replace(SETTINGS, strip=False))
    request = asking(user("hi"))
    request.body["parallel_tool_calls"] = True
    assert stays(request)
