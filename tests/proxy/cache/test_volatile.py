"""What may be answered otherwise tomorrow is told apart from what is generally known."""

from pathlib import Path

import orjson
import pytest

from proxy.cache.alone import stands_alone
from proxy.cache.volatile import FILES, MOMENT, volatile

INTENTS = Path(__file__).parents[4] / "shared" / "data" / "intents_clinc150.jsonl"


@pytest.mark.parametrize(
    "asked",
    [
        "What time is it?",
        "what's the date",
        "How is the weather in Oslo?",
        "Will it be raining in Bergen?",
        "How much is a ticket to Rome?",
        "Price of gold?",
        "convert 200 us dollars to pesos",
        "Who won the match last night?",
        "How many days until Christmas?",
        "Is it noon yet?",
        "Pick a random number",
        "Summarise https://example.com/changes",
        "x" * 5_000 + " What is the news today?",
    ],
)
def test_a_question_of_the_moment(asked: str) -> None:
    assert volatile(asked) == MOMENT


@pytest.mark.parametrize(
    "asked",
    [
        "What does src/app.py do?",
        "Summarise README.md",
        "Why is utils.js so slow?",
        "Explain this function",
        "Review my code",
        "What is this repository about?",
        "How is our project built?",
        "Why do the tests fail?",
        "Which files use it?",
        "Are there uncommitted changes?",
        "Is the build green?",
        "What is in /etc/hosts?",
        "Which branch of my repo has it?",
    ],
)
def test_a_question_about_files_or_a_repository_that_are_not_shown(asked: str) -> None:
    assert volatile(asked) == FILES


@pytest.mark.parametrize(
    "asked",
    [
        "What is the capital of France?",
        "How do I reverse a list in Python?",
        "What is Node.js?",
        "What is a package.json for?",
        "What does console.log() do?",
        "Explain this function:\n```python\ndef f(x):\n    return x + 1\n```",
        "Translate this line: the cat sat on the mat",
        "How do I start a project in Django?",
        "What is a repository pattern?",
        "What does git rebase do?",
    ],
)
def test_what_is_generally_known_or_shown_in_the_question(asked: str) -> None:
    assert volatile(asked) == ""


@pytest.mark.parametrize(
    "asked",
    [
        "What is a monad in functional programming?",
        "Explain the difference between TCP and UDP",
        "How do I reverse a list in Python?",
        "Hi, what is a closure in JavaScript?",
        "Who was the author of War and Peace?",
    ],
)
def test_stands_alone(asked: str) -> None:
    assert stands_alone(asked)


@pytest.mark.parametrize(
    "asked",
    [
        "Fix the failing login",
        "What is next?",
        "How does it work in Python?",
        "Why does login fail in Safari?",
        "What is the name of the main class?",
        "What does get_user return in Django?",
        "Explain how authentication works end to end",
        "How many lines does README have?",
        "What are we doing about Windows?",
        "Describe every endpoint of the API",
        "What is wrong with App startup?",
        "What is a monad?\nAnd fix main",
        "What is " + "a very " * 60 + "long question?",
    ],
)
def test_what_may_mean_something_at_hand_does_not(asked: str) -> None:
    assert not stands_alone(asked)


@pytest.mark.parametrize(
    ("intent", "least"),
    [("time", 1.0), ("date", 1.0), ("weather", 1.0), ("exchange_rate", 1.0), ("traffic", 0.5)],
)
def test_what_people_ask_of_the_moment(intent: str, least: float) -> None:
    """Of the rows, those that the words were not chosen by."""
    if not INTENTS.exists():
        pytest.skip(f"no {INTENTS.name} at hand")
    rows = [orjson.loads(line) for line in INTENTS.read_bytes().splitlines()]
    asked = [row["prompt"] for row in rows if row["intent"] == intent][7::2]
    assert asked and sum(volatile(one) == MOMENT for one in asked) >= least * len(asked)
