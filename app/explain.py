"""`lynkr-tui explain`: the decision for a request in a file; nothing is sent, nothing kept."""

import asyncio
from pathlib import Path
from typing import Any

from app.house import house_of
from app.process.beginning import priced
from app.process.failure import Failure
from app.text import indented
from proxy.config.edit import ConfigFile
from proxy.config.load import ConfigError
from proxy.control.explain import dialect_of, explain
from proxy.dialects.table import DIALECTS
from proxy.errors import ProxyError
from proxy.exchange import Exchange
from proxy.paths import DataFiles
from proxy.providers.http import new_session
from proxy.rewrite.recall_store import Originals


def explain_file(raw: bytes, dialect: str, config: Path, data: Path) -> str:
    """Indented JSON, as POST /lynkr/explain answers. Raises Failure."""
    found = dialect_of(raw, dialect)
    if found not in DIALECTS:
        raise Failure(f"--dialect {found}: not one of {', '.join(DIALECTS)}")
    try:
        said = asyncio.run(_explained(Exchange(raw, found, {}), ConfigFile(config), data))
    except (ConfigError, ProxyError) as error:
        raise Failure(str(error)) from None
    return indented(said)


class _OnPaper(Originals):
    """Shows what `balanced` would abridge, and keeps nothing."""

    def keep(self, id: str, text: str) -> bool:
        return True


async def _explained(exchange: Exchange, file: ConfigFile, data: Path) -> dict[str, Any]:
    async with new_session() as session:
        house = house_of(file, DataFiles(data), session)
        house.originals = _OnPaper(DataFiles(data).originals)
        try:
            priced(house)()
            return await explain(exchange, house)
        finally:
            house.counter.close()
