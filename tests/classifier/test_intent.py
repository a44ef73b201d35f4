"""The person's words are found, whatever a harness puts around them."""

import pytest

from classifier.ask import Ask, Turn
from classifier.intent import SAMPLE, intent
from tests.classifier.asks import said


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("<system-reminder>security policy</system-reminder>17+25", "17+25"),
        ("fix it\n<env>\nPlatform: linux\n</env>", "fix it"),
        ("<environment_context>\n<cwd>/srv</cwd>\n</environment_context> go on", "go on"),
        ('<document index="1">prove that</document>summarise this', "summarise this"),
        ("<task>add a flag</task>", "<task>add a flag</task>"),
        ("is a < b and b > c?", "is a < b and b > c?"),
        ("<system-reminder> never closed, still here", "never closed, still here"),
    ],
)
def test_blocks_that_a_harness_adds_are_left_out(text, own):
    assert intent(said(text)) == own


def test_the_last_turn_with_words_of_its_own_counts():
    ask = Ask(
        (
            Turn("user", "rename the parser"),
            Turn("assistant", "Done.", calls=("Edit",)),
            Turn("user", "<system-reminder>todo list is empty</system-reminder>", results=1),
        )
    )
    assert intent(ask) == "rename the parser"


def test_an_ask_without_a_user_turn_has_no_intent():
    assert intent(Ask((Turn("assistant", "hello"),))) == ""


def test_a_long_text_keeps_its_head_and_its_tail():
    own = intent(said("START " + "x" * 100_000 + " END"))
    assert own.startswith("START") and own.endswith("END")
    assert len(own) == 2 * SAMPLE + 1
