"""What each generation of Claude takes, as the vendor documents it; other models by default."""

import re
from typing import Final

from msgspec import Struct

_FAMILY_FIRST: Final = re.compile(r"claude-[a-z]+-(\d{1,2})(?:[-.](\d{1,2}))?(?!\d)")
_NUMBER_FIRST: Final = re.compile(r"claude-(\d{1,2})(?:[-.](\d{1,2}))?(?!\d)")


class Traits(Struct, frozen=True):
    """`adaptive`: thinks by effort, takes no prefill; `budget`: thinks by a number of tokens."""

    max_tokens: int  # sent where the client set none
    adaptive: bool = False
    budget: bool = False
    sampling: bool = True
    both_samplings: bool = True  # temperature and top_p in one request


_BY_VERSION: Final = (
    ((4, 7), Traits(32_000, adaptive=True, sampling=False)),
    ((4, 6), Traits(32_000, adaptive=True, both_samplings=False)),
    ((4, 1), Traits(32_000, budget=True, both_samplings=False)),
    ((3, 7), Traits(32_000, budget=True)),
    ((3, 5), Traits(8_192)),
    ((0, 0), Traits(4_096)),
)
_OTHERS: Final = Traits(8_192, budget=True)


def traits(model: str) -> Traits:
    """The traits of a model by its name, with or without a vendor's prefix or a date."""
    found = _FAMILY_FIRST.search(model) or _NUMBER_FIRST.search(model)
    if found is None:
        return _OTHERS
    version = (int(found[1]), int(found[2] or 0))
    return next(row for least, row in _BY_VERSION if version >= least)
