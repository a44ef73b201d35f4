"""Whether a provider is there and takes its credential, found out without asking any model."""

import asyncio
import os
import socket

import aiohttp
import orjson
from msgspec import Struct

from proxy.config.model import ProviderConfig
from proxy.errors import NotSent
from proxy.providers.address import Address
from proxy.providers.base import Call
from proxy.providers.catalog import KINDS
from proxy.providers.credentials import Credentials, bearing
from proxy.providers.way import web_proxy

REFUSED = (401, 403)


class Probe(Struct, frozen=True):
    """What was found. `models` is None where the provider has no list, or gave none; `keyless` is
    where the config names a credential that is not there; `problem` says what is wrong, if
    anything is."""

    reached: bool
    status: int = 0
    models: tuple[str, ...] | None = None
    problem: str = ""
    keyless: bool = False

    @property
    def refused(self) -> bool:
        """Whether it was reached, and did not take the credential."""
        return self.status in REFUSED and bool(self.problem)


async def probe(
    name: str, row: ProviderConfig, session: aiohttp.ClientSession, seconds: float, key: str = ""
) -> Probe:
    """Ask for the list of models, or for the bare address where the kind has none. With
    `key = "client"` it is asked without a credential, so a refusal is only to be expected. `key`
    is tried in place of what `row` names: one that was just typed, and is kept nowhere yet."""
    kind = KINDS[row.kind]
    if row.kind == "demo":
        from proxy.providers.demo import DemoProvider

        return Probe(True, 200, tuple(await DemoProvider(name).models()))
    try:
        held = bearing(kind, key) if key else (await Credentials(name, kind, row).hold({})).headers
        signs = kind.auth == "aws" and not held
        address = Address(kind, row, await _region(name, row, signs))
    except NotSent as error:
        return Probe(False, problem=str(error), keyless=True)
    url = address.models or address.of(Call("", b"", {}, stream=False, model="none"))
    headers = {**kind.headers, **held}
    timeout = aiohttp.ClientTimeout(total=seconds)
    try:
        async with session.get(
            url,
            headers=headers,
            timeout=timeout,
            allow_redirects=False,
            proxy=web_proxy(url),
        ) as answer:
            if signs:  # this bare question bears no signature, so a refusal tells nothing
                return Probe(True, answer.status)
            return _read(answer.status, await answer.read(), bool(address.models))
    except NotSent as error:
        return Probe(False, problem=str(error))
    except TimeoutError:
        return Probe(False, problem=f"{url.origin()} did not answer within {seconds:g} s")
    except (aiohttp.ClientError, OSError, ValueError) as error:
        return Probe(False, problem=f"{url.origin()} can't be reached: {_cause(error)}")


async def _region(name: str, row: ProviderConfig, signs: bool) -> str:
    """AWS's region, after what `signs` calls there was found; empty elsewhere. Raises NotSent."""
    if KINDS[row.kind].auth != "aws":
        return ""
    from proxy.providers.bedrock import Signer, no_region, region_of

    region = region_of(row)
    if not region:
        raise NotSent(no_region(name))
    if signs:
        await asyncio.to_thread(Signer(name, region).headers, "https://aws", b"")
    return region


def _cause(error: Exception) -> str:
    """Why no connection came about, without numbers and addresses where it is an everyday cause."""
    cause = getattr(error, "os_error", error)
    if isinstance(cause, ConnectionError) and cause.errno:
        return os.strerror(cause.errno).lower()
    if isinstance(cause, socket.gaierror):
        return "its name is not known here (is there a network?)"
    return str(cause) or type(error).__name__


def _read(status: int, body: bytes, lists: bool) -> Probe:
    if status in REFUSED:
        return Probe(True, status, problem=f"it refused the credential ({status})")
    if not lists:  # any answer from a bare address will do
        return Probe(True, status)
    if status != 200:
        return Probe(True, status, problem=f"its list of models answered {status}")
    try:
        rows = orjson.loads(body)["data"]
        return Probe(True, status, tuple(sorted(str(row["id"]) for row in rows)))
    except (ValueError, KeyError, TypeError):
        return Probe(True, status, problem="its list of models is not in the usual form")
