"""Quiet toasts: a lost prompt cache, a budget that is reached, a session that escalates."""

import time
from pathlib import Path

import pytest
from textual.widgets._toast import Toast

from app.actions import labels
from app.alerts import Alerts
from app.dashboard import Dashboard
from classifier.tiers import Tier
from proxy.bus import Listener
from proxy.events import BudgetReached, CacheLost, Escalated
from tests.app.scene import MODELS, begin, finish, services
from tests.app.screen import SIZES, screen_of, ticked
from tests.app.test_staying_up import toasts


def escalated(tell: Listener, id: str, tier: Tier = Tier.COMPLEX) -> None:
    tell(Escalated(id=id, at=time.time(), tier=tier, target=MODELS[tier], reason="broken call"))


def lost(tell: Listener, id: str) -> None:
    target = MODELS[Tier.COMPLEX]
    tell(CacheLost(id=id, at=time.time(), target=target, tokens=12_000, techniques=("toon",)))


def reached(tell: Listener, id: str, then: str = "hold") -> None:
    why = "the budget of $5 a day [b]is reached\x1b[2J"
    tell(BudgetReached(id=id, at=time.time(), why=why, then=then))


@pytest.mark.parametrize("size", SIZES)
async def test_each_kind_is_a_quiet_toast_on_the_screen(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    given = services(tmp_path)
    dashboard = Dashboard(given)
    async with dashboard.run_test(size=size, notifications=True) as pilot:
        id = begin(given.bus.publish, "5e551011")
        for tell in (lost, reached, escalated):
            tell(given.bus.publish, id)
        await ticked(dashboard, pilot)
        assert toasts(dashboard) == [
            "Rewriting lost a prompt cache: 5e5510, 12k tokens at cloud/large-5; "
            "toon is off for it",
            "Budget: the budget of $5 a day [b]is reached␛[2J: requests are refused",
            "Escalated: 5e5510 to COMPLEX",
        ]
        shown = screen_of(dashboard)
        assert all(word in shown for word in ("Escalated", "[b]is", "refused", "Rewriting lost"))
        drawn = dashboard.screen.query(Toast)
        assert {toast.has_class("-information") for toast in drawn} == {True}
        await ticked(dashboard, pilot)
        assert len(toasts(dashboard)) == 3, "told once"


async def test_many_of_a_kind_in_a_beat_are_one_toast(tmp_path: Path) -> None:
    given = services(tmp_path)
    dashboard = Dashboard(given)
    async with dashboard.run_test(size=(80, 24), notifications=True) as pilot:
        for number in range(500):
            escalated(given.bus.publish, begin(given.bus.publish, f"s{number:05}"))
        await ticked(dashboard, pilot)
        said = "Escalated: s00000 to COMPLEX; s00001 to COMPLEX; s00002 to COMPLEX; and 497 more"
        assert toasts(dashboard) == [said]


async def test_what_is_told_after_its_exchange_ended_does_no_harm(tmp_path: Path) -> None:
    given = services(tmp_path)
    dashboard = Dashboard(given)
    async with dashboard.run_test(notifications=True) as pilot:
        id = begin(given.bus.publish)
        finish(given.bus.publish, id)
        lost(given.bus.publish, id)
        await ticked(dashboard, pilot)
        assert [said.partition(":")[0] for said in toasts(dashboard)] == [
            "Rewriting lost a prompt cache"
        ]


def test_a_session_s_escalations_are_told_once_a_minute() -> None:
    now = [1000.0]
    alerts = Alerts(lambda: now[0])

    def told(session: str) -> list[str]:
        escalated(lambda event: alerts.hear(event, session), "id")
        return list(alerts.take(labels()))

    assert told("one") == ["Escalated: one to COMPLEX"]
    assert told("one") == []
    assert told("two") == ["Escalated: two to COMPLEX"], "another session is another matter"
    now[0] += 59
    assert told("one") == [], "being silent does not begin another minute"
    now[0] += 1
    assert told("one") == ["Escalated: one to COMPLEX"]


def test_sessions_told_of_are_not_kept_for_ever() -> None:
    now = [1000.0]
    alerts = Alerts(lambda: now[0])
    for number in range(10_000):
        now[0] += 1
        escalated(lambda event, s=number: alerts.hear(event, str(s)), "id")  # type: ignore[misc]
        list(alerts.take(labels()))
    assert len(alerts._told) <= 61
