"""What the event stream says, as the dashboard's own bus then tells it."""

from typing import Any

import orjson

from app.attach.hearing import UNSEEN, Hearing
from proxy.bus import Bus
from proxy.control.wire_events import as_line
from proxy.events import Event, Failed, FirstToken, RoutingChanged
from proxy.routing.table import Table
from tests.app.scene import MODELS, begin, finish


class Scene:
    """A Hearing, and what it made of what it took."""

    def __init__(self) -> None:
        self.heard: list[Event] = []
        self.tables: list[Table] = []
        self.missed: list[int] = []
        bus = Bus()
        bus.subscribe(self.heard.append)
        self.hearing = Hearing(bus, self.tables.append, self.missed.append)

    def tell(self, event: Event) -> None:
        self.hearing.take(type(event).__name__, as_line(event))

    def in_step(self, missed: int = 0, *open: str) -> None:
        said: dict[str, Any] = {"event": "InStep", "missed": missed, "open": open}
        self.hearing.take("InStep", orjson.dumps(said))


def test_what_is_under_way_here_and_not_there_ended_unseen():
    scene = Scene()
    lost, whole = begin(scene.tell), begin(scene.tell)
    finish(scene.tell, whole)
    under_way = begin(scene.tell)
    count = len(scene.heard)
    scene.in_step(0, under_way)
    (end,) = scene.heard[count:]
    assert isinstance(end, Failed)
    assert (end.id, end.status, end.error) == (lost, 0, UNSEEN)
    scene.in_step(0, under_way)
    assert len(scene.heard) == count + 1, "it is told once"
    assert scene.missed == []


def test_what_was_missed_is_counted():
    scene = Scene()
    scene.in_step(1204)
    assert scene.missed == [1204]


def test_a_strange_event_is_passed_over_and_those_after_it_are_not():
    scene = Scene()
    for name, data in (
        ("Teleported", b'{"event": "Teleported"}'),
        ("FirstToken", b'{"event": "FirstToken"}'),
        ("FirstToken", b"{"),
        ("InStep", b"{}"),
        ("InStep", b"[]"),
        ("InStep", b'{"open": 7, "missed": "x"}'),
    ):
        scene.hearing.take(name, data)
    scene.tell(FirstToken(id="a", at=1.0, latency=2.0))
    assert scene.heard == [FirstToken(id="a", at=1.0, latency=2.0)]


def test_times_are_told_by_the_clock_here():
    scene = Scene()
    scene.hearing.ahead = 100.0
    scene.tell(FirstToken(id="a", at=1000.0, latency=2.0))
    assert scene.heard[0].at == 900.0


def test_a_changed_table_is_known_before_it_is_told():
    scene = Scene()
    table = Table(MODELS, boundaries=(10.0, 20.0, 30.0))
    scene.tell(RoutingChanged(id="", at=1.0, table=table, by="file"))
    assert scene.tables == [table]
