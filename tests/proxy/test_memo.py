"""The memo: what is made once is made once, and it never grows past its bound."""

from functools import partial

from proxy.memo import Memo


def test_a_value_is_made_once_for_equal_keys():
    made = []

    def make(key: tuple[str, int]) -> str:
        made.append(key)
        return f"of {key}"

    memo = Memo[str](10)
    for key in (("a", 1), ("b", 2), ("a", 1)):
        assert memo.get(key, partial(make, key)) == f"of {key}"
    assert made == [("a", 1), ("b", 2)]


def test_the_oldest_go_when_it_is_full():
    memo = Memo[int](3)
    for number in range(100):
        memo.get(number, partial(int, number))
    assert len(memo) == 3
    assert memo.get(0, lambda: -1) == -1
