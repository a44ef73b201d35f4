"""The texts that the user had kept, and what a rewrite made of a result; blocks: for a thread."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from proxy.clients.reading import read
from proxy.dialects.model import Request, Text, ToolResult
from proxy.dialects.table import DIALECTS
from proxy.errors import ProxyError
from proxy.exchange import ResultRewrite
from proxy.ledger.history import reading
from proxy.past.recent import Texts
from proxy.rewrite import RewriteSettings, rewrite
from proxy.rewrite.abridge import ABRIDGERS
from proxy.rewrite.settings import Level

_TEXT = (
    "SELECT exchanges.dialect, texts.request, texts.answer FROM texts JOIN exchanges USING (id)"
    " WHERE texts.id = ?"
)


def before_and_after(ledger: Path, id: str, wanted: ResultRewrite) -> tuple[str, str] | None:
    """A result of an exchange as its tool gave it, and as it was sent.

    It is rewritten again, as a rewrite follows from the request alone. None where the exchange's
    text was not kept, or the result is not in it. Raises sqlite3.Error on a damaged ledger.
    """
    request = _request(ledger, id)
    if request is None:
        return None
    level: Level = "balanced" if wanted.technique in ABRIDGERS else "lossless"
    settings = RewriteSettings(
        strip=False, never=frozenset(), level=level, fixed_prefix=False, whole=frozenset()
    )
    sent, told = rewrite(request, settings, lambda id, text: True)
    for result, pair in zip(told.results, _changed(request, sent), strict=True):
        if result == wanted:
            return pair
    return None


def texts_of(ledger: Path, id: str) -> Texts | None:
    """What the user had kept of an exchange; None where that is nothing. Raises sqlite3.Error on a
    damaged ledger."""
    with reading(ledger) as db:
        if (
            db is None
            or not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'texts'").fetchone()
        ):
            return None
        row = db.execute(_TEXT, (id,)).fetchone()
    if row is None or row[0] not in DIALECTS:
        return None
    return Texts(row[0], row[1].encode(), bytearray(row[2].encode()), path=DIALECTS[row[0]].path)


def _request(ledger: Path, id: str) -> Request | None:
    texts = texts_of(ledger, id)
    if texts is None:
        return None
    try:
        return read(texts.request, DIALECTS[texts.dialect])
    except ProxyError:
        return None


def _changed(asked: Request, sent: Request) -> Iterator[tuple[str, str]]:
    """The texts that differ, in the order in which they were rewritten."""
    for was, now in zip(_texts(asked), _texts(sent), strict=True):
        if was is not now:
            yield was.text, now.text


def _texts(request: Request) -> Iterator[Text]:
    for block in chain.from_iterable(message.blocks for message in request.messages):
        if isinstance(block, ToolResult):
            yield from (one for one in block.content if isinstance(one, Text))
