"""A result said before is referred to, while the earlier one stands whole in the same request."""

import copy
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.dialects.model import Message, Request, Text, ToolCall, ToolResult
from proxy.rewrite import RewriteSettings, rewrite
from proxy.rewrite.results.repeats import Earlier, difference, patched
from proxy.rewrite.results.terminal import shown

SETTINGS = RewriteSettings(strip=False, never=frozenset(), level="lossless", fixed_prefix=True)
STATUS = "\n".join(f"{'abcdefg'[n % 7] * (n + 3)} {n * n}.py" for n in range(60))
OTHER = STATUS.replace(" 100.py", " 100.ts") + "\n?? new.py"

lines = st.lists(st.sampled_from(("a", "b", "c", "-x", "+y", "@@ -1 +1 @@", "")), max_size=40)


def asking(*results: tuple[str, str, str], **body: Any) -> Request:
    messages = []
    for number, (tool, command, text) in enumerate(results):
        arguments = orjson.dumps({"command": command}).decode()
        messages.append(Message("assistant", [ToolCall(str(number), tool, arguments)]))
        messages.append(Message("user", [ToolResult(str(number), [Text(text)])]))
    return Request("anthropic", "m", messages, dict(body))


def sent(request: Request) -> list[str]:
    blocks = [message.blocks[0] for message in rewrite(request, SETTINGS)[0].messages[1::2]]
    parts = [block.content[0] for block in blocks if isinstance(block, ToolResult)]
    return [part.text for part in parts if isinstance(part, Text)]


def test_the_same_output_again_names_the_result_that_has_it() -> None:
    texts = sent(asking(("Bash", "git status", STATUS), ("Bash", "git status -s", STATUS)))
    assert texts[1].startswith("[Same as tool result 1 above (Bash: git status), to the letter")
    assert "tool result" not in texts[0]


def test_nearly_the_same_output_of_the_same_call_is_said_as_a_difference() -> None:
    request = asking(("Bash", "git status", STATUS), ("Bash", "git status", OTHER))
    second = sent(request)[1]
    assert len(second) < 0.2 * len(OTHER) and "+?? new.py" in second.split("\n")
    assert patched(STATUS, second) == OTHER
    assert rewrite(request, SETTINGS)[1].results[-1].technique == "difference"


def test_a_difference_speaks_of_the_lines_themselves_where_the_earlier_ones_are_folded() -> None:
    log = [f"compiled unit {n * n} of the library in {n} ms without a warning" for n in range(60)]
    late = [*log[:30], "unit 900 failed", *log[31:]]
    request = asking(("Bash", "make", "\n".join(log)), ("Bash", "make", "\n".join(late)))
    first, second = sent(request)
    assert first.startswith("Folded") and len(second) < 300
    assert patched("\n".join(log), second) == "\n".join(late)


def test_a_reference_never_names_another_reference() -> None:
    texts = sent(asking(*[("Bash", "git status", STATUS)] * 4))
    assert all("tool result 1 above" in text for text in texts[1:])


def test_a_files_text_is_never_a_reference() -> None:
    for tool, command in (("Read", "x"), ("Bash", "cat x"), ("Bash", "git diff")):
        assert sent(asking((tool, command, STATUS), (tool, command, STATUS))) == [STATUS, STATUS]


@pytest.mark.parametrize(
    "body",
    [
        {"context_management": {"edits": [{"type": "clear_tool_uses_20250919"}]}},
        {"context_management": {"edits": [{"type": "compact_20260112"}]}},
        {"context_management": [{"type": "compaction"}]},
        {"truncation": "auto"},
        {"previous_response_id": "r"},
    ],
)
def test_where_the_provider_may_drop_earlier_results_all_are_sent_whole(
    body: dict[str, Any],
) -> None:
    texts = sent(asking(("Bash", "git status", STATUS), ("Bash", "git status", STATUS), **body))
    assert texts[0] == texts[1]


def test_clearing_thoughts_drops_no_results() -> None:
    body = {"context_management": {"edits": [{"type": "clear_thinking_20251015", "keep": "all"}]}}
    assert "Same as" in sent(asking(*[("Bash", "git status", STATUS)] * 2, **body))[1]


def test_when_the_client_drops_the_earlier_one_the_later_comes_whole() -> None:
    request = asking(("Bash", "git status", STATUS), ("Bash", "git status", STATUS))
    request.messages = request.messages[2:]
    assert "Same as" not in sent(request)[0]


pool = st.sampled_from([STATUS, OTHER, OTHER + "\nx", "short", STATUS[::-1], STATUS * 2])
steps = st.lists(st.tuples(st.sampled_from(["git status", "make", "cat x"]), pool), max_size=7)


@given(steps)
def test_each_turn_sends_again_what_the_last_one_sent(found: list[tuple[str, str]]) -> None:
    whole = asking(*(("Bash", command, text) for command, text in found))
    before: list[Message] = []
    for end in range(2, len(whole.messages) + 1, 2):
        request = Request("anthropic", "m", copy.deepcopy(whole.messages[:end]), {})
        now = rewrite(request, SETTINGS)[0].messages
        assert now[: len(before)] == before
        before = now


@given(lines, lines, lines)
def test_a_difference_makes_the_new_text_of_the_old(
    head: list[str], tail: list[str], new: list[str]
) -> None:
    same = ["a long line that stays where it is"] * 8
    old = "\n".join([*head, *same, *tail])
    text = "\n".join([*head, *same, *new])
    said = difference(Earlier(1, "Bash", "make", old), text, text)
    assert said is None or (patched(shown(old), said) == shown(text) and len(said) < len(text))
