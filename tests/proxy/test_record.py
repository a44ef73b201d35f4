"""A fold makes one row of an exchange's events, and keeps no more of them than it must."""

from proxy import record as record_module
from proxy.record import Fold
from tests.proxy.told import begun, completed, failed, whole


def rows_of(fold: Fold) -> int:
    return len(fold._open)


def test_an_exchange_is_one_row_from_its_first_event_to_its_last():
    fold = Fold()
    rows = [fold(event) for event in whole("a")]
    assert all(row is rows[0] for row in rows)
    assert rows[0] is not None and rows[0].ended
    assert (rows[0].model, rows[0].cost, rows[0].first_byte) == ("model-medium", 0.001, 12.5)


def test_ended_ones_are_forgotten():
    fold = Fold()
    for event in [*whole("a"), *begun("b"), failed("b")]:
        fold(event)
    assert rows_of(fold) == 0


def test_of_those_that_never_end_the_oldest_go(monkeypatch):
    monkeypatch.setattr(record_module, "MOST_OPEN", 100)
    fold = Fold()
    for number in range(300):
        for event in begun(str(number)):
            fold(event)
    assert rows_of(fold) == 100
    latest, oldest = fold(completed("299")), fold(completed("0"))
    assert latest is not None and latest.session == "s1"
    assert oldest is not None and oldest.session == ""
