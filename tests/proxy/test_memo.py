"""The memo: what is made once is made once, and it never grows past its bound."""

from proxy.memo import Memo


def test_a_value_is_made_once_for_equal_keys():
    made = []
    memo = Memo[str](10)
    for key in (("a", 1), ("b", 2), ("a", 1)):
        assert memo.get(key, lambda key=key: made.append(key) or f"of {key}") == f"of {key}"
    assert made == [("a", 1), ("b", 2)]


def test_the_oldest_go_when_it_is_full():
    memo = Memo[int](3)
    for number in range(100):
        memo.get(number, lambda number=number: number)
    assert len(memo) == 3
    assert memo.get(0, lambda: -1) == -1
