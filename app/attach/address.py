"""The address of a proxy elsewhere, as a person writes it."""

from urllib.parse import urlsplit

from proxy.clients.guests import is_loopback


def address(text: str) -> str:
    """The URL to put paths behind. ValueError, in words, for what is none."""
    text = text.strip()
    try:
        parts, _ = urlsplit(text), urlsplit(text).port
    except ValueError:
        raise ValueError("is no URL, like https://proxy.example:8081") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must begin with http:// or https://, like http://127.0.0.1:8081")
    if parts.username is not None or parts.password is not None:
        raise ValueError("must hold no name or password; --token-env names where the token is")
    if parts.query or parts.fragment or not text.isprintable():
        raise ValueError("must be scheme, host, port and path alone")
    return text.rstrip("/")


def in_the_clear(url: str) -> str:
    """The host that a token would go to for all on the way to read; empty where it is safe."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    return host if parts.scheme == "http" and not is_loopback(host) else ""
