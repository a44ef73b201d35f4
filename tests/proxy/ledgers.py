"""Tells a ledger what happened and reads its file, as another process would."""

import sqlite3
import threading
import time

from proxy.ledger.rows import COLUMNS
from tests.proxy.told import feed


def tell(ledger, *events):
    feed(ledger, events)
    assert ledger.flush(10)


def ask(path, query, *values):
    db = sqlite3.connect(path)
    try:
        return db.execute(query, values).fetchall()
    finally:
        db.close()


def kept(path):
    return [id for (id,) in ask(path, "SELECT id FROM exchanges ORDER BY rowid")]


def one(path, id="a"):
    (row,) = ask(path, "SELECT * FROM exchanges WHERE id = ?", id)
    return dict(zip(COLUMNS, row, strict=True))


def wait_for(condition, seconds=5.0):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it never came about"
        threading.Event().wait(0.02)
