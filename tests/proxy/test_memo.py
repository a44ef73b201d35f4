"""The memo: what is made once is made once, and it never grows past its bound."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

from proxy.memo import Memo, Same


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
    assert [memo.peek(number) for number in (96, 97, 98, 99)] == [None, 97, 98, 99]
    assert len(memo) == 3
    assert memo.get(0, lambda: -1) == -1


def test_a_large_one_lets_go_of_an_eighth_at_once():
    memo = Memo[int](800)
    for number in range(801):
        memo.put(number, number)
    assert len(memo) == 701 and memo.peek(99) is None and memo.peek(100) == 100


def test_threads_may_put_at_once():
    memo = Memo[int](8)
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda number: memo.put(number, number), range(20_000)))
    assert len(memo) <= 8


def test_the_very_same_object_is_made_something_of_once():
    made: list[list[int]] = []

    def make(given: list[int]) -> int:
        made.append(given)
        return len(made)

    same = Same(make, most=2)
    one, equal = [1], [1]
    assert [same(one), same(equal), same(one), same(equal)] == [1, 2, 1, 2]
    assert same([3]) == 3  # in the place of `one`, which was asked for longest ago
    assert [same(equal), same(one)] == [2, 4]
