"""Loads libraries without what they would load for uses that are not ours."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock
from types import ModuleType
from typing import Any, Final, cast

NUMPY: Final = RLock()  # held by who loads numpy in a thread, and while it is hidden


@contextmanager
def no_numpy() -> Iterator[None]:
    """Whatever is imported in the block finds no numpy, unless that is loaded already. sqlite-utils
    would load it for columns of vectors: 12 MB and 0.1 s."""
    modules = cast(dict[str, Any], sys.modules)
    with NUMPY:
        if "numpy" in modules:
            yield
            return
        modules["numpy"] = None  # as Python notes what can't be imported
        try:
            yield
        finally:
            del modules["numpy"]


@contextmanager
def no_httpx() -> Iterator[None]:
    """Whatever is imported in the block finds an empty httpx2, unless that is loaded already.
    genai-prices would load it to fetch newer prices: 1.3 MB and 0.04 s."""
    if "httpx2" in sys.modules:
        yield
        return
    sys.modules["httpx2"] = ModuleType("httpx2")
    try:
        yield
    finally:
        del sys.modules["httpx2"]
