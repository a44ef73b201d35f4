"""How long to wait before a call is made again, and when not to."""

from datetime import UTC, datetime
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.sending.retry import Budget, passes, retry_after

NOW = 1_795_000_000.0


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after-ms": "1500", "retry-after": "2"}, 1.5),
        ({"retry-after": format_datetime(datetime.fromtimestamp(NOW + 9, UTC), usegmt=True)}, 9.0),
        ({"retry-after": format_datetime(datetime.fromtimestamp(NOW - 9, UTC), usegmt=True)}, 0.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-3"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": ""}, None),
        ({}, None),
    ],
)
def test_retry_after_is_seconds_milliseconds_or_a_date(
    headers: dict[str, str], seconds: float | None
) -> None:
    assert retry_after(headers, lambda: NOW) == seconds


@given(st.text())
def test_no_header_value_is_too_strange(text: str) -> None:
    found = retry_after({"retry-after": text})
    assert found is None or 0 <= found


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503, 504, 529])
def test_what_can_pass_is_tried_again_unless_the_provider_says_no(status: int) -> None:
    assert passes(status, {})
    assert not passes(status, {"x-should-retry": "false"})


@pytest.mark.parametrize("status", [200, 400, 401, 402, 403, 404, 413, 422])
def test_what_stays_is_not(status: int) -> None:
    assert not passes(status, {})


def test_the_waits_grow_and_are_jittered() -> None:
    low, high = Budget(3, 100, lambda: 0.0), Budget(3, 100, lambda: 1.0)
    assert [low.wait(None) for _ in range(4)] == [0.25, 0.5, 1.0, None]
    assert [high.wait(None) for _ in range(4)] == [0.5, 1.0, 2.0, None]


def test_who_asks_for_more_time_than_is_left_is_not_asked_again() -> None:
    budget = Budget(5, 10)
    assert budget.wait(6.0) == 6.0
    assert budget.wait(4.5) is None
    assert budget.wait(4.0) == 4.0


def test_another_provider_gets_its_own_tries_but_no_more_time() -> None:
    budget = Budget(1, 10)
    assert budget.wait(8.0) == 8.0 and budget.wait(0.0) is None
    budget.renew()
    assert budget.wait(3.0) is None and budget.wait(2.0) == 2.0


@given(
    st.integers(0, 5),
    st.floats(0, 20),
    st.lists(st.none() | st.floats(0, 30), max_size=20),
)
def test_neither_number_nor_time_is_ever_exceeded(
    times: int, seconds: float, asked: list[float | None]
) -> None:
    budget = Budget(times, seconds)
    waits = [wait for one in asked if (wait := budget.wait(one)) is not None]
    assert len(waits) <= times and sum(waits) <= seconds + 1e-6
    assert all(wait >= 0 for wait in waits)
