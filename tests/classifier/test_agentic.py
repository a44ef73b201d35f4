"""Work that an agent will do with tools is never SIMPLE; what only looks at things may be."""

import pytest

from classifier.agentic import floor
from classifier.ask import Turn
from classifier.decide import classify
from classifier.features import extract
from classifier.force import compile_patterns
from classifier.tiers import Tier
from tests.classifier.asks import CODING_TOOLS, said

FORCES = compile_patterns([])


def worked(results: int, failures: int = 0) -> tuple[Turn, ...]:
    return (
        Turn("user", "fix the bug"),
        Turn("assistant", "", calls=("Bash",) * results),
        Turn("user", "", results=results, failures=failures),
    )


@pytest.mark.parametrize(
    "text",
    [
        "fix the auth bug in session.js",
        "add a dark mode toggle",
        "run the tests",
        "commit this",
        "rename foo to bar in utils.py",
    ],
)
def test_a_short_request_that_will_use_write_tools_is_not_simple(text):
    assert classify(said(text, tools=CODING_TOOLS), forces=FORCES).tier > Tier.SIMPLE


@pytest.mark.parametrize(
    "text", ["what does git stash do?", "What is 2+2?", "hi", "what files are here?"]
)
def test_a_question_stays_simple_though_tools_are_offered(text):
    assert classify(said(text, tools=CODING_TOOLS), forces=FORCES).tier is Tier.SIMPLE


def test_tools_offered_without_work_set_no_floor():
    assert floor(extract(said("Which colour is the sky?", tools=CODING_TOOLS))) is None


def test_going_on_with_work_is_work():
    verdict = classify(said("continue", *worked(3), tools=CODING_TOOLS), forces=FORCES)
    assert (verdict.tier, verdict.reason) == (Tier.MEDIUM, "agentic")
    assert "3 prior results" in verdict.steps[-1]


def test_repeated_failures_raise_the_floor_further():
    asked = said("still failing, fix it", *worked(4, failures=4), tools=CODING_TOOLS)
    assert classify(asked, forces=FORCES).tier is Tier.COMPLEX


def test_a_trivial_question_after_a_huge_result_stays_simple():
    result = Turn("user", "", results=1, result_chars=240_000)
    asked = said("what is the name of the first function?", result, tokens=60_000)
    assert classify(asked, forces=FORCES).tier is Tier.SIMPLE


def test_work_to_be_kept_at_until_it_is_done_is_at_least_complex():
    text = "Keep going until all tests pass: run the suite, fix failures, repeat"
    assert classify(said(text), forces=FORCES).tier >= Tier.COMPLEX


def test_autonomous_work_over_many_steps_is_at_least_complex():
    text = "Work autonomously: first run the tests, then fix each failure, until all are green."
    assert classify(said(text, tools=CODING_TOOLS), forces=FORCES).tier >= Tier.COMPLEX
