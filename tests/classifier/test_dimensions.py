"""Each dimension measures what its name says, with evidence that a person can check."""

import pytest

from classifier.ask import Ask, ToolOffer, Turn
from classifier.dimensions import DIMENSIONS
from classifier.score import Part, score
from tests.classifier.asks import CODING_TOOLS, said

NAMES = (
    "token_count",
    "prompt_complexity",
    "technical_depth",
    "domain_specificity",
    "tool_count",
    "tool_complexity",
    "tool_chain_potential",
    "multi_step_reasoning",
    "code_generation",
    "analysis_depth",
    "conversation_depth",
    "prior_tool_usage",
    "ambiguity",
)


def part(name: str, ask: Ask) -> Part:
    return next(part for part in score(ask).parts if part.dimension == name)


def test_thirteen_dimensions_in_order_weigh_one_together():
    assert tuple(row.name for row in DIMENSIONS) == NAMES
    assert sum(round(row.weight * 100) for row in DIMENSIONS) == 100
    assert all(row.weight > 0 for row in DIMENSIONS)


WORKED = (
    Turn("user", "fix it"),
    Turn("assistant", "", calls=("Read", "Edit")),
    Turn("user", "", results=2, failures=1),
)
LOW_AND_HIGH = [
    ("token_count", said("Why?"), said("Why is it so? " * 40)),
    (
        "prompt_complexity",
        said("Name a fruit."),
        said("Design a system that must scale, and plan."),
    ),
    ("technical_depth", said("Write a poem."), said("Explain raft consensus under partition.")),
    ("domain_specificity", said("Buy a shirt."), said("Which enzyme cleaves this protein ligand?")),
    ("tool_count", said("Go."), said("Go.", tools=CODING_TOOLS)),
    (
        "tool_complexity",
        said("Go.", tools=(ToolOffer("a", properties=1),)),
        said("Go.", tools=(ToolOffer("a", properties=12, depth=4),)),
    ),
    ("tool_chain_potential", said("Fix it."), said("Fix it.", tools=CODING_TOOLS)),
    ("multi_step_reasoning", said("Say it."), said("Reason step by step, then derive it.")),
    ("code_generation", said("Write a poem."), said("Implement a parser class in Python.")),
    ("analysis_depth", said("Name it."), said("Analyze the trade-offs and the root cause.")),
    ("conversation_depth", said("Go."), said("Go.", *WORKED, *WORKED, *WORKED)),
    ("prior_tool_usage", said("Go."), said("Go.", *WORKED)),
    ("ambiguity", said("What is the capital of France?"), said("Improve this somehow.")),
]


@pytest.mark.parametrize(("name", "low", "high"), LOW_AND_HIGH, ids=NAMES)
def test_more_of_what_it_measures_gives_a_higher_value(name, low, high):
    assert part(name, low).value < part(name, high).value


def test_evidence_counts_what_was_found():
    ask = said("First fix src/a.py, then fix src/b.py.", *WORKED, tools=CODING_TOOLS, tokens=1204)
    assert part("token_count", ask).evidence == "4 own words, 1,204 tokens in all"
    assert "asks to fix" in part("prompt_complexity", ask).evidence
    assert part("technical_depth", ask).evidence.endswith("2 files")
    assert part("tool_count", ask).evidence == "8 tools offered"
    assert part("tool_complexity", ask).evidence == "4.0 properties a tool, 2 deep"
    assert part("tool_chain_potential", ask).evidence == "4 read tools, 2 write tools, 1 shell tool"
    assert "2 step words" in part("multi_step_reasoning", ask).evidence
    assert part("conversation_depth", ask).evidence == "4 turns so far"
    assert part("prior_tool_usage", ask).evidence == "2 calls, 2 prior results, 1 failure"


def test_words_that_are_quoted_negated_or_told_of_others_are_no_task():
    assert "no task" in part("prompt_complexity", said("She designs and builds houses.")).evidence
    assert "analyse" not in part("prompt_complexity", said("Do not analyze it.")).evidence
    quoted = said('Explain the phrase "design a distributed architecture".')
    assert "design" not in part("prompt_complexity", quoted).evidence


def test_answers_to_choose_from_are_no_task():
    asked = said("Which one is a metal?\nA. Design it\nB. Analyze it\nC. Prove it")
    assert "no task" in part("prompt_complexity", asked).evidence


def test_a_misspelt_word_still_speaks():
    assert "explain" in part("prompt_complexity", said("epxlain it")).evidence


def test_brevity_asked_for_lowers_the_score():
    long, short = said("Explain how DNS works."), said("Explain briefly how DNS works.")
    assert score(short).total < score(long).total
