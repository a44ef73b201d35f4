"""Puts a newcomer's key into the system's keyring, so that it stands in no file."""

from typing import Final

from app.failure import Failure

SERVICE: Final = "lynkr-tui"


def place_of(kind: str) -> str:
    """Where the keyring has the key of a kind of provider: service/name."""
    return f"{SERVICE}/{kind}"


def store(kind: str, key: str) -> str:
    """Its place in the keyring. Raises Failure where there is no keyring, or no key."""
    import keyring
    from keyring.errors import KeyringError

    if not key.strip():
        raise Failure(f"no key was given for {kind}; nothing was written")
    try:
        keyring.set_password(SERVICE, kind, key.strip())
    except (KeyringError, RuntimeError) as error:
        why = str(error).split("\n")[0]
        raise Failure(
            f"the keyring can't take the key of {kind}: {why}; set its variable in the environment"
        ) from None
    return place_of(kind)
