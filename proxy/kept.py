"""What a rewrite made of a result, from a text that the user had kept; blocks: for a thread."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from proxy.dialects.model import Request, Text, ToolResult
from proxy.dialects.table import DIALECTS
from proxy.errors import ProxyError
from proxy.exchange import ResultRewrite
from proxy.history import reading
from proxy.reading import read
from proxy.rewrite import RewriteSettings, rewrite
from proxy.rewrite.abridge import ABRIDGERS
from proxy.rewrite.settings import Level

_TEXT = (
    "SELECT exchanges.dialect, texts.request FROM texts JOIN exchanges USING (id)"
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


def _request(ledger: Path, id: str) -> Request | None:
    with reading(ledger) as db:
        if (
            db is None
            or not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'texts'").fetchone()
        ):
            return None
        row = db.execute(_TEXT, (id,)).fetchone()
    if row is None or row[0] not in DIALECTS:
        return None
    try:
        return read(row[1].encode(), DIALECTS[row[0]])
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
