"""What a client is told of a failure that no stage foresaw."""

import logging

from proxy.errors import BadRequest, ProxyError, Upstream
from proxy.secrets import hidden

log = logging.getLogger(__name__)

DEEPEST = 250  # levels of JSON that can be written; it is read to any depth


def told(error: Exception, of: str, answered: bool = False) -> ProxyError:
    """The refusal for `error`, which befell `of`: what nests too deep is the fault of who sent it,
    the provider where it has `answered`. Anything else is ours, and logged."""
    if _too_deep(error):
        deep = f"nests deeper than {DEEPEST} levels"
        return (
            Upstream(f"the provider's answer {deep}")
            if answered
            else BadRequest(f"the body {deep}")
        )
    log.error("%s failed", of, exc_info=error)
    return ProxyError(hidden(f"lynkr-tui failed: {error!r}"))


def _too_deep(error: Exception) -> bool:
    """Whether it is orjson's word for that, or Python's."""
    written = isinstance(error, TypeError) and "ecursion limit" in str(error)
    return written or isinstance(error, RecursionError)
