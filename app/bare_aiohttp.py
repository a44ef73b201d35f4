"""Imports aiohttp without the two copies of the machine's certificates that it would read at once.

They take 0.1 s and 3 MB. Connections to providers bring certificates of their own
(proxy.providers.way), and a session that brings none trusts nobody.
"""

import ssl


def _none(self: ssl.SSLContext) -> None:
    """In place of reading them."""


_read = ssl.SSLContext.set_default_verify_paths
ssl.SSLContext.set_default_verify_paths = _none  # type: ignore[method-assign]
try:
    import aiohttp.connector  # noqa: F401
finally:
    ssl.SSLContext.set_default_verify_paths = _read  # type: ignore[method-assign]
