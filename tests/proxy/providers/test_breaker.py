"""A breaker opens on a provider that keeps failing, probes it once, and closes when it answers."""

from hypothesis import given
from hypothesis import strategies as st

from proxy.providers.breaker import MOST_FAILURES, PAUSE, WINDOW, Breaker, Breakers, Standing


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def opened(clock: Clock) -> Breaker:
    breaker = Breaker(clock)
    for _ in range(MOST_FAILURES):
        assert breaker.enter()
        breaker.failed()
    return breaker


def test_five_failures_within_a_minute_open_it() -> None:
    clock = Clock()
    breaker = opened(clock)
    assert breaker.state == "open" and not breaker.enter() and not breaker.ready()
    assert breaker.wait == PAUSE


def test_failures_that_lie_further_apart_do_not() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    for _ in range(20):
        breaker.failed()
        clock.now += WINDOW / (MOST_FAILURES - 1) + 0.1
    assert breaker.state == "closed" and breaker.enter()


def test_a_success_between_keeps_a_busy_provider_open_for_business() -> None:
    breaker = Breaker(Clock())
    for _ in range(20):
        breaker.failed()
        breaker.failed()
        breaker.succeeded()
    assert breaker.state == "closed" and breaker.failures == 0


def test_refusals_say_nothing_against_a_provider() -> None:
    breaker = Breaker(Clock())
    for _ in range(4):
        breaker.failed()
    for _ in range(20):
        breaker.answered()
    assert breaker.state == "closed" and breaker.failures == 4


def test_after_the_pause_one_request_probes_and_the_others_wait() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now += PAUSE
    assert breaker.enter() and breaker.state == "half-open"
    assert not breaker.enter()
    breaker.succeeded()
    closed: str = breaker.state  # a checker would take it for what it was before
    assert closed == "closed" and breaker.enter()


def test_a_probe_that_fails_opens_it_again() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now += PAUSE
    assert breaker.enter()
    breaker.failed()
    assert breaker.state == "open" and breaker.wait == PAUSE and not breaker.enter()


def test_a_probe_that_is_refused_shows_that_the_provider_is_back() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now += PAUSE
    assert breaker.enter()
    breaker.answered()
    assert breaker.state == "closed"


def test_a_probe_whose_client_left_makes_room_for_another() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now += PAUSE
    assert breaker.enter()
    breaker.left()
    assert breaker.ready() and breaker.enter()


STEPS = st.lists(
    st.sampled_from(["enter", "failed", "succeeded", "answered", "left", "pause"]), max_size=60
)


@given(STEPS)
def test_it_never_stays_shut_for_longer_than_the_pause(steps: list[str]) -> None:
    clock = Clock()
    breaker = Breaker(clock)
    entered = 0
    for step in steps:
        if step == "pause":
            clock.now += PAUSE / 2
        elif step == "enter":
            entered += breaker.enter()
        elif entered:
            entered -= 1
            getattr(breaker, step)()
    assert 0 <= breaker.wait <= PAUSE
    for _ in range(entered):
        breaker.left()
    clock.now += PAUSE
    assert breaker.enter()


def test_each_provider_has_its_own_and_each_change_is_told_once() -> None:
    clock, told = Clock(), list[Standing]()
    breakers = Breakers(told.append, clock)
    for _ in range(MOST_FAILURES + 3):
        breakers.enter("a")
        breakers.failed("a")
    assert not breakers.ready("a") and breakers.ready("b")
    clock.now += PAUSE
    assert breakers.enter("a")
    breakers.succeeded("a")
    assert [(one.provider, one.state) for one in told] == [
        ("a", "open"),
        ("a", "half-open"),
        ("a", "closed"),
    ]
    assert told[0].wait == PAUSE and told[0].failures == MOST_FAILURES
    assert {name: one.state for name, one in breakers.states().items()} == {
        "a": "closed",
        "b": "closed",
    }


def test_a_new_config_closes_all() -> None:
    told = list[Standing]()
    breakers = Breakers(told.append, Clock())
    for _ in range(MOST_FAILURES):
        breakers.failed("a")
    breakers.forget()
    assert breakers.ready("a") and told[-1].state == "closed"
