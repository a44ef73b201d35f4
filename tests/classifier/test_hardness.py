"""How hard a question's words are: learned, bounded, and nearly silent on short texts."""

from hypothesis import given
from hypothesis import strategies as st

from classifier.hardness import STEM, WEIGHTS, hardness, stems_of
from classifier.hardness_table import TABLE


def test_the_table_is_whole():
    assert len(WEIGHTS) == len(TABLE.split()) == 2_000
    assert all(len(stem) <= STEM for stem in WEIGHTS)


def test_words_of_hard_questions_weigh_more():
    hard = "Which of these scenarios is morally wrong according to ordinary moral standards?"
    easy = "How much does she pay in total for the eggs?"
    assert hardness(hard) > hardness(easy) + 0.5


def test_a_short_text_says_little():
    assert hardness("") == 0
    assert abs(hardness("thanks!")) < 0.3


def test_numbers_are_one_word():
    assert stems_of("3 and 4.5") == {"and", "#"}


@given(st.text(max_size=500))
def test_any_text_has_a_hardness(text: str):
    assert -10 < hardness(text) < 10
