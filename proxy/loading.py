"""Loads sqlite-utils without numpy, which takes 12 MB and 0.1 s, for columns that are not ours."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock
from typing import Any, Final, cast

NUMPY: Final = RLock()  # held by who loads numpy in a thread, and while it is hidden


@contextmanager
def no_numpy() -> Iterator[None]:
    """Whatever is imported in the block finds no numpy, unless that is loaded already."""
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
