"""Puts a newcomer's keys into the system's keyring, so that they stand in no file."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

from app.process.failure import Failure

SERVICE: Final = "lynkr-tui"


class Ring:
    """Stores keys one by one, and knows what was there before."""

    def __init__(self) -> None:
        self._before: dict[str, str | None] = {}
        self.kept = False

    def store(self, kind: str, key: str) -> str:
        """Its place in the keyring. Raises Failure where there is no keyring, or no key."""
        import keyring
        from keyring.errors import KeyringError

        if not key.strip():
            raise Failure(f"no key was given for {kind}; nothing was written")
        try:
            before = keyring.get_password(SERVICE, kind)
            keyring.set_password(SERVICE, kind, key.strip())
        except (KeyringError, RuntimeError) as error:
            raise Failure(_refused(kind, error)) from None
        self._before.setdefault(kind, before)
        return place_of(kind)

    def keep(self) -> None:
        """What was stored stays."""
        self.kept = True

    def put_back(self) -> None:
        """Each place has again what it had before."""
        import keyring
        from keyring.errors import KeyringError

        for kind, key in self._before.items():
            with suppress(KeyringError, RuntimeError):
                if key is None:
                    keyring.delete_password(SERVICE, kind)
                else:
                    keyring.set_password(SERVICE, kind, key)


@contextmanager
def storing() -> Iterator[Ring]:
    """A ring whose changes are taken back at the end of the block, unless they are to be kept."""
    ring = Ring()
    try:
        yield ring
    finally:
        if not ring.kept:
            ring.put_back()


def place_of(kind: str) -> str:
    """Where the keyring has the key of a kind of provider: service/name."""
    return f"{SERVICE}/{kind}"


def _refused(kind: str, error: Exception) -> str:
    why = str(error).split("\n")[0]
    return f"the keyring can't take the key of {kind}: {why}; set its variable in the environment"
