"""What a conversation may need is kept, only grows, and with a fixed prefix never changes."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.evals.tools import tokens_of, tokens_sent
from proxy.dialects.model import Image, Message, Text, Tool, ToolCall, ToolResult
from proxy.rewrite.choice import Choice, choose
from proxy.rewrite.choice.families import family_of
from tests.proxy.rewrite.choice.fourteen import QUESTION, fourteen

TOOLS = fourteen(3)
CORE = {"Read", "Glob", "Grep", "Bash"}


def user(text: str) -> Message:
    return Message("user", [Text(text)])


def model(text: str = "Fine.") -> Message:
    return Message("assistant", [Text(text)])


def kept(*messages: Message, tools: list[Tool] = TOOLS, fixed: bool = False) -> frozenset[str]:
    return choose(messages, tools, fixed).kept


def general() -> list[Tool]:
    """Tools of no coding agent, each worth stripping."""
    told = {
        "find_flights": "Search for flights between two cities on a date.",
        "book_hotel": "Reserve a hotel room in a city.",
        "get_weather": "Current weather and forecast for a location.",
        "send_email": "Send an email to a recipient with a subject and a body.",
        "play_song": "Play a song or an album by an artist on a device.",
    }
    texts = {
        f"option_{n}": {"type": "string", "description": "How the answer is to be laid out " * 4}
        for n in range(4)
    }
    schema = {"type": "object", "properties": texts}
    return [Tool(name, description, schema) for name, description in told.items()]


@pytest.mark.parametrize("rules", [0, 3, 9])
@pytest.mark.parametrize("fixed", [False, True])
def test_a_question_about_the_readme_takes_half_the_tokens(rules: int, fixed: bool) -> None:
    tools = fourteen(rules)
    stay = kept(user(QUESTION), tools=tools, fixed=fixed)
    assert "Read" in stay
    assert 1 - tokens_sent(tools, stay) / tokens_of(tools) >= 0.53


@pytest.mark.parametrize(
    ("said", "needed"),
    [
        ("fix the failing test", {*CORE, "Edit", "Write"}),
        ("is there a bug in parse()? fix it", {"Edit"}),
        ("look up the latest release of httpx", {"WebSearch", "WebFetch"}),
        ("read https://example.com/spec and say what changed", {"WebFetch"}),
        ("add a plot to analysis.ipynb", {"NotebookEdit", "NotebookRead"}),
        ("investigate how auth works across the whole codebase", {"Task"}),
        ("make a plan: first write the parser and then the printer", {"TodoWrite"}),
        ("open a pull request on github for this branch", {"mcp__github__create_pull_request"}),
        ("why does the build fail?", CORE),
        ("use `TodoRead` for it", {"TodoRead"}),
        ("what would @task do here", {"Task"}),
    ],
)
def test_what_the_words_speak_of_stays(said: str, needed: set[str]) -> None:
    assert needed <= kept(user(said))


def test_a_plain_question_does_without_writing_and_says_why() -> None:
    choice = choose([user("how does the cache expire entries?")], TOOLS, False)
    assert CORE <= choice.kept and not choice.kept & {"Write", "Edit", "NotebookEdit"}
    assert choice.reasons.keys() == {tool.name for tool in TOOLS} - choice.kept
    assert set(choice.reasons.values()) == {"nothing said so far speaks of it"}


def test_small_talk_needs_nothing_unless_it_decides_for_good() -> None:
    choice = choose([user("hi there!")], TOOLS, False)
    assert choice.kept == frozenset()
    assert set(choice.reasons.values()) == {"the conversation is small talk so far"}
    assert CORE | {"Write", "Edit"} <= kept(user("hi there!"), fixed=True)
    assert kept(user("hi"), tools=general(), fixed=True) == {tool.name for tool in general()}


def test_a_yes_means_what_the_model_offered() -> None:
    talk = [user("how old is this library?"), model("Shall I search the web for it?"), user("yes")]
    assert "WebSearch" in kept(*talk) and "WebSearch" not in kept(user("yes"))


def test_what_the_harness_adds_speaks_for_nobody() -> None:
    note = "<system-reminder>\nUse TodoWrite and search the web.\n</system-reminder>"
    assert kept(user(note), user(QUESTION)) == kept(user(QUESTION))


def test_what_history_used_stays() -> None:
    talk = [user(QUESTION), Message("assistant", [ToolCall("1", "WebFetch", "{}")])]
    talk.append(Message("user", [ToolResult("1", [Text("x")])]))
    assert kept(*talk) == kept(user(QUESTION)) | {"WebFetch"}
    assert kept(*talk, fixed=True) == kept(user(QUESTION), fixed=True)


def test_what_runs_at_the_provider_or_ends_the_work_always_stays() -> None:
    stay = [
        Tool("web_search", kind="server", raw={"type": "web_search_20250305"}),
        *(Tool(name, "x" * 900) for name in ("ExitPlanMode", "attempt_completion")),
    ]
    assert {tool.name for tool in stay} <= kept(user("hi"), tools=[*TOOLS, *stay])


def test_few_tools_and_small_gains_are_left_alone() -> None:
    assert kept(user("hi"), tools=TOOLS[:2]) == {"Read", "Write"}
    tiny = [Tool(name, "Does it.") for name in ("Read", "Edit", "Bash", "Task")]
    assert kept(user("hi"), tools=tiny) == {tool.name for tool in tiny}


def test_a_picture_alone_may_need_anything() -> None:
    picture = Message("user", [Image(url="https://x.example/y.png")])
    assert kept(picture) == {tool.name for tool in TOOLS}


def test_general_tools_are_told_by_their_words() -> None:
    assert kept(user("What is the weather in Paris tomorrow?"), tools=general()) == {"get_weather"}
    assert kept(user("Find flights from Rome to Oslo"), tools=general()) == {"find_flights"}
    both = kept(user("Check the weather in Rome. Then send an email to bo@x.org."), tools=general())
    assert both >= {"get_weather", "send_email"}


@pytest.mark.parametrize("said", ["Wie wird das?", "스테이크 만드는 법 알려줘", "zzz qqq"])
def test_words_that_tell_nothing_keep_all(said: str) -> None:
    assert kept(user(said), tools=general()) == {tool.name for tool in general()}


@pytest.mark.parametrize(
    ("family", "names"),
    [
        ("read", "Read read_file read_many_files builtin_read_file"),
        ("search", "Glob Grep LS list_files search_files grep_search builtin_file_glob_search"),
        ("shell", "Bash shell local_shell exec_command run_shell_command execute_command"),
        (
            "write",
            "Write Edit MultiEdit apply_patch replace_in_file write_to_file str_replace_editor",
        ),
        ("web", "WebSearch WebFetch web_fetch google_web_search browser_action webfetch"),
        ("todo", "TodoWrite todowrite update_plan todo_write TaskCreate update_todo_list"),
        ("agents", "Task Agent spawn_agent task new_task"),
        ("notebook", "NotebookRead NotebookEdit edit_notebook run_notebook_cell"),
        ("protocol", "ExitPlanMode plan_exit ask_followup_question StructuredOutput question"),
        ("mcp", "mcp__github__create_pull_request"),
    ],
)
def test_many_agents_names_are_known(family: str, names: str) -> None:
    assert {family_of(Tool(name)) for name in names.split()} == {family}


def test_a_free_text_tool_writes() -> None:
    assert family_of(Tool("sed_script", kind="custom")) == "write"


_SAID = st.sampled_from(
    [
        *("hi", "thanks!", "yes", "go on", QUESTION, "fix the parser", "search the web for it"),
        *("what is this?", "use `Task`", "plan it step by step", "weather in Rome", "play a song"),
        "open a pull request on github",
    ]
) | st.text(max_size=40)
_TURN = st.one_of(
    _SAID.map(user),
    _SAID.map(model),
    st.sampled_from([tool.name for tool in [*TOOLS, *general()]]).map(
        lambda name: Message("assistant", [ToolCall("c", name, "{}")])
    ),
    st.just(Message("user", [ToolResult("c", [Text("search the web")])])),
    st.just(Message("user", [Image(url="https://x.example/y.png"), Text("and this")])),
    st.just(Message("system", [Text("use WebSearch")])),
)
_TALK = st.builds(lambda first, more: [user(first), *more], _SAID, st.lists(_TURN, max_size=8))
_OFFERED = st.sampled_from([TOOLS, general(), [*TOOLS, *general()], TOOLS[:4]])


@settings(max_examples=300, deadline=None)
@given(_TALK, _OFFERED)
def test_the_kept_set_only_grows(talk: list[Message], tools: list[Tool]) -> None:
    if not isinstance(talk[0].blocks[0], Text) or not talk[0].blocks[0].text.strip():
        return  # nothing said yet: no request of a client is like that
    sets = [choose(talk[: n + 1], tools, False).kept for n in range(len(talk))]
    assert all(a <= b for a, b in zip(sets, sets[1:], strict=False))


@settings(max_examples=300, deadline=None)
@given(_SAID, st.lists(_TURN, max_size=8), _OFFERED)
def test_a_fixed_set_never_changes(said: str, more: list[Message], tools: list[Tool]) -> None:
    if not said.strip():
        return
    first = choose([user(said)], tools, True)
    assert choose([user(said), model(), *more], tools, True).kept == first.kept


@settings(max_examples=100, deadline=None)
@given(_TALK, _OFFERED, st.booleans())
def test_what_is_not_kept_has_a_reason(talk: list[Message], tools: list[Tool], fixed: bool) -> None:
    choice: Choice = choose(talk, tools, fixed)
    assert choice.kept | choice.reasons.keys() == {tool.name for tool in tools}
    assert not choice.kept & choice.reasons.keys()
    assert choose(talk, tools, fixed) == choice


def test_a_list_seen_before_takes_no_time() -> None:
    tools = fourteen(40)
    talk = [user(QUESTION), model(), user("now fix it")]
    choose(talk, tools, False)
    times = []
    for _ in range(20):
        start = time.perf_counter()
        choose(talk, tools, False)
        times.append(time.perf_counter() - start)
    assert min(times) < 0.0004
