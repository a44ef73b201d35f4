"""Force-patterns decide by what a message means, the user's before the built-in ones."""

import pytest

from classifier.decide import classify
from classifier.force import BUILTIN, ForcePattern, compile_patterns
from classifier.tiers import Tier
from tests.classifier.asks import CODING_TOOLS, said

FORCES = compile_patterns([])
MINE = ForcePattern("greeting", r"^(hi|hello|thanks)\b.{0,20}$", Tier.MEDIUM)


def verdict(text: str):
    return classify(said(text, tools=CODING_TOOLS), forces=FORCES)


SMALL_TALK = """hi|Hello!|hey claude 👋|good morning!|Hey there, how are you?|thanks!|ok thanks|
Thank you so much, that worked|Thanks a lot for your help 🙏|great, thanks!|bye|see you tomorrow|
good night|yes|Yes, please|yep|sure, sounds good|no|nope, not now|ok|okay cool|got it|lgtm|👍|hola|
谢谢|merci beaucoup|danke schön|no thanks|thanks, bye!|awesome work!|that's all for today, thanks"""


@pytest.mark.parametrize("text", [text.strip() for text in SMALL_TALK.split("|")])
def test_small_talk_is_simple_whatever_tools_are_offered(text):
    assert verdict(text).tier is Tier.SIMPLE


@pytest.mark.parametrize(
    "text",
    [
        "hi, can you refactor the auth module to use JWT?",
        "thanks, now fix the failing tests",
        "yes, and then migrate the database schema",
        "no, rewrite it using async and add tests",
        "ok now implement the parser",
    ],
)
def test_work_after_small_talk_is_still_work(text):
    assert verdict(text).tier > Tier.SIMPLE


@pytest.mark.parametrize(
    "text",
    [
        "Prove that the square root of 2 is irrational",
        "Can you prove the following lemma: every tree has n-1 edges",
        "Give a formal proof that quicksort terminates",
        "Do a full security audit of this repo",
        "We need you to threat model our webhook receiver",
        "Refactor the whole codebase to use async",
        "Analyze the entire codebase for circular dependencies",
        "Let's think carefully about this. Which design is best?",
        "Reason step by step about the tradeoffs",
    ],
)
def test_plainly_hard_work_never_goes_down(text):
    assert verdict(text).tier is Tier.REASONING


@pytest.mark.parametrize(
    "text",
    [
        "rename the variable author to writer",
        "prove me wrong lol",
        "please verify the file exists",
        "fix typo in docs/deployment.md",
        "improve the error message in utils.py",
        "what is a security audit?",
        "is there a security audit log in this app?",
        "search the whole codebase for TODO comments",
        "how do I solve a rubik's cube step by step",
        "do not think step by step, just answer",
        "add a proof-of-purchase field to the form",
        "please prove that you are not a robot",
    ],
)
def test_words_that_only_look_hard_are_not_reasoning(text):
    assert verdict(text).tier < Tier.REASONING


def test_a_consensus_protocol_that_tolerates_byzantine_faults_is_not_simple():
    for text in (
        "Design a consensus protocol that tolerates byzantine faults",
        "a consensus protocol that tolerates byzantine faults",
    ):
        assert verdict(text).tier > Tier.SIMPLE


def test_the_users_pattern_comes_first_and_names_its_verdict():
    decided = classify(said("Hello there"), forces=compile_patterns([MINE]))
    assert (decided.tier, decided.reason) == (Tier.MEDIUM, "force:greeting")
    assert decided.steps[-1] == "pattern: greeting decides MEDIUM"


def test_the_first_of_the_users_patterns_wins_and_a_disabled_one_is_passed_over():
    off = ForcePattern("off", "deploy", Tier.SIMPLE, enabled=False)
    first = ForcePattern("first", "deploy", Tier.REASONING)
    second = ForcePattern("second", "deploy now", Tier.COMPLEX)
    assert compile_patterns([off, first, second]).match("DEPLOY NOW") == first


def test_built_in_patterns_can_be_left_out():
    assert compile_patterns([], builtin=False).match("hi") is None
    assert len({row.name for row in BUILTIN}) == len(BUILTIN)


@pytest.mark.parametrize("pattern", ["(", "(?=x)", "a{2000}", r"\1", "x**"])
def test_a_pattern_that_does_not_compile_is_refused_by_name_and_with_the_reason(pattern):
    with pytest.raises(ValueError, match="force-pattern 'mine'.*: .+"):
        compile_patterns([ForcePattern("mine", pattern, Tier.SIMPLE)])


def test_a_disabled_pattern_is_checked_too():
    with pytest.raises(ValueError, match="'mine'"):
        compile_patterns([ForcePattern("mine", "(", Tier.SIMPLE, enabled=False)])
