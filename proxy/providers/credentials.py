"""Whose key goes along with a call: the environment's, the keyring's, or the caller's own."""

import asyncio
import os
import time
from collections.abc import Callable, Collection, Mapping
from typing import Final, NamedTuple

from proxy.config.load import ProviderConfig
from proxy.errors import NotSent
from proxy.providers.catalog import Auth, Kind, belongs, is_marked
from proxy.secrets import remember
from proxy.sending.headers import auth_header

SPENT: Final = frozenset({401, 429})  # statuses after which another key may do better
REFUSED_SECONDS: Final = 600.0  # how long a key that was refused is asked last
LIMITED_SECONDS: Final = 60.0  # the same for one over its limit, where no retry-after was given
_BARE: Final = ("authorization", "x-api-key", "api-key", "x-goog-api-key")


class Held(NamedTuple):
    """A credential for one send: its place among the provider's keys, and its headers."""

    number: int
    headers: Mapping[str, str]


class Credentials:
    """The credentials of one provider. Which key rests until when is kept in memory alone."""

    def __init__(
        self,
        name: str,
        kind: Kind,
        config: ProviderConfig,
        clock: Callable[[], float] = time.monotonic,
        alone: bool = True,
    ) -> None:
        """`alone`: no other vendor's provider is handed the callers' own credentials."""
        self._name = name
        self._kind = kind
        self._config = config
        self._clock = clock
        self._alone = alone
        self._ready: dict[int, float] = {}  # by key: when a spent one may be first again
        self._ring: dict[str, str] = {}  # what the keyring gave, read once
        self._reading = asyncio.Lock()

    async def hold(self, callers: Mapping[str, str], tried: Collection[int] = ()) -> Held:
        """The headers to send now: the first key that is not resting, else the one that rests
        the shortest. Raises NotSent where a credential is named and can't be had, or where the
        caller's own belongs to another vendor."""
        if self._config.key == "client":
            return Held(0, self._handed_on(callers))
        keys = await self._keys()
        if not keys:
            return Held(0, {})
        now = self._clock()
        free = [n for n in range(len(keys)) if n not in tried] or list(range(len(keys)))
        number = min(free, key=lambda n: max(self._ready.get(n, 0.0), now))
        return Held(number, bearing(self._kind, keys[number]))

    async def spent(
        self, held: Held, status: int, retry_after: str, tried: Collection[int]
    ) -> bool:
        """Note that a key got a 401 or 429; whether there is one that this call has not tried."""
        if self._config.key == "client":
            return False
        rest = _seconds(retry_after) if status == 429 else REFUSED_SECONDS
        self._ready[held.number] = self._clock() + rest
        return len(set(tried)) < len(await self._keys())

    def resting(self) -> Mapping[int, float]:
        """Seconds that each key which was refused or limited is still asked last, by its place
        among the keys at hand."""
        left = {number: at - self._clock() for number, at in self._ready.items()}
        return {number: seconds for number, seconds in left.items() if seconds > 0}

    async def _keys(self) -> list[str]:
        if self._config.keyring:
            return [await self._from_ring(place) for place in self._config.rings]
        names = self._config.variables or ((self._kind.key_env,) if self._kind.key_env else ())
        if said := unset(self._name, self._config):
            raise NotSent(said)
        return [key for name in names if (key := os.environ.get(name, ""))]

    async def _from_ring(self, place: str) -> str:
        async with self._reading:  # a keyring may ask its user to unlock it: once is enough
            if place not in self._ring:
                self._ring[place] = await asyncio.to_thread(_ask_keyring, self._name, place)
        return self._ring[place]

    def _handed_on(self, callers: Mapping[str, str]) -> Mapping[str, str]:
        """The caller's own, under the header that this kind takes."""
        keys = [callers[name].removeprefix("Bearer ").strip() for name in _BARE if name in callers]
        marks = (*callers, *(value.removeprefix("Bearer ").strip() for value in callers.values()))
        if not all(belongs(mark, self._kind) for mark in marks):
            raise self._refused("this caller's belongs to another vendor")
        if keys and not self._alone and not any(is_marked(mark, self._kind) for mark in marks):
            raise self._refused(
                "so are other vendors' providers, and this caller's does not tell whose it is"
            )
        remember(callers.values())
        way = _way(self._kind.auth)
        wanted = "authorization" if way == "bearer" else way
        # Anthropic takes both headers, and only a bearer token is a sign-in.
        fits = wanted in callers or (wanted == "x-api-key" and "authorization" in callers)
        if fits or not keys:
            return callers
        rest = {name: value for name, value in callers.items() if name not in _BARE}
        return rest | auth_header(way, keys[0])

    def _refused(self, why: str) -> NotSent:
        return NotSent(
            f"provider {self._name} is handed the caller's own credential; {why}; give the "
            "provider a key_env, or send this client's tiers to a provider of its vendor",
            403,
        )


def unset(name: str, config: ProviderConfig) -> str:
    """What is said where not one of the variables that the config names is set; else empty."""
    names = config.variables
    if not names or any(os.environ.get(one) for one in names):
        return ""
    several = len(names) > 1
    return (
        f"provider {name}: the environment variable{'s' if several else ''} "
        f"{', '.join(names)} {'are' if several else 'is'} not set; "
        f"export {'one' if several else 'it'} and start lynkr-tui again"
    )


def bearing(kind: Kind, key: str) -> Mapping[str, str]:
    """The headers that show `key` to a provider of this kind."""
    remember((key,))
    return auth_header(_way(kind.auth), key)


def _way(auth: Auth) -> Auth:
    """How a key is sent to a provider that has one; AWS and local servers take it as a bearer."""
    return "bearer" if auth in ("none", "aws") else auth


def _ask_keyring(provider: str, place: str) -> str:
    """The secret at "service/name". Blocks, and loads a library: for a thread."""
    import keyring
    from keyring.errors import KeyringError

    service, _, name = place.partition("/")
    try:
        found = keyring.get_password(service, name)
    except KeyringError as error:
        raise NotSent(f"provider {provider}: the keyring can't be read: {error}") from None
    if not found:
        raise NotSent(
            f"provider {provider}: the keyring has nothing at {place}; "
            f"put it there with `keyring set {service} {name}`"
        )
    return found


def _seconds(retry_after: str) -> float:
    """A retry-after in seconds; its other form, a date, is not worth the parsing here."""
    try:
        return max(0.0, float(retry_after))
    except ValueError:
        return LIMITED_SECONDS
