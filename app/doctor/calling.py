"""A call of a few tokens to each tier's model, through a real proxy on a port of its own."""

import tempfile
from pathlib import Path

import aiohttp
import orjson

from app.doctor.finding import Finding, fail, ok
from app.house import running
from app.text import plain
from proxy.config.edit import ConfigFile
from proxy.config.load import Config, table_of
from proxy.paths import DataFiles
from proxy.providers.catalog import KINDS
from proxy.routing.table import Target

TOKENS = 16  # the fewest that every dialect allows
SECONDS = 60.0
HEADERS = {"x-lynkr-cache": "off", "x-lynkr-rewrite": "off"}


def targets(config: Config) -> list[Target]:
    """The tiers' models, each once. One that gets the caller's own credential can't be called."""
    wanted = dict.fromkeys(table_of(config).tiers.values())
    return [one for one in wanted if config.providers[one.provider].key != "client"]


def costs(config: Config) -> bool:
    """Whether a call may be billed: whatever is not on one's own machine."""
    kinds = (config.providers[one.provider].kind for one in targets(config))
    return any(KINDS[kind].auth != "none" for kind in kinds)


async def called(path: Path, config: Config) -> list[Finding]:
    """Call each model once; what its own refusal says is passed on. Nothing joins the ledger."""
    with tempfile.TemporaryDirectory(prefix="lynkr-") as data:
        async with (
            running(ConfigFile(path), DataFiles(Path(data)), "127.0.0.1", 0) as server,
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=SECONDS)) as session,
        ):
            return [await _call(session, server.url, one) for one in targets(config)]


async def _call(session: aiohttp.ClientSession, url: str, target: Target) -> Finding:
    what = f"call {target}"
    asked = [{"role": "user", "content": "Say ok."}]
    body = orjson.dumps({"model": str(target), "max_tokens": TOKENS, "messages": asked})
    try:
        async with session.post(f"{url}/v1/messages", data=body, headers=HEADERS) as answer:
            said = orjson.loads(await answer.read())
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        return fail(what, f"no answer: {error or type(error).__name__}", "try again")
    if answer.status == 200:
        return ok(what, f"it answered; billed {_billed(said)}")
    return fail(what, f"{answer.status}: {_refusal(said)}", "correct what it says, then try again")


def _billed(said: object) -> str:
    usage = said.get("usage") if isinstance(said, dict) else None
    known = usage if isinstance(usage, dict) else {}
    return f"{known.get('input_tokens', '–')} tokens in, {known.get('output_tokens', '–')} out"


def _refusal(said: object) -> str:
    error = said.get("error") if isinstance(said, dict) else None
    words = error.get("message") if isinstance(error, dict) else error
    return plain(words or said, 200)
