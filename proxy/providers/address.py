"""Where a provider's calls go: a row's base URL and paths with the config's words filled in."""

import re
from typing import Final
from urllib.parse import quote

from yarl import URL

from proxy.config.load import ProviderConfig
from proxy.providers.base import Call
from proxy.providers.catalog import Kind

_VERSION: Final = re.compile(r"/v\d\w*(?:/openai)?$")  # a base that names the API's version
_KEPT: Final = 100  # URLs remembered; the models of one provider are few


class Address:
    """The URLs of one provider. `region` is the config's, or what the provider found in its place;
    the config's check sees to the rest."""

    def __init__(self, kind: Kind, config: ProviderConfig, region: str = "") -> None:
        self._kind = kind
        self._query = bool(kind.path)  # such a path is no place for a client's own query
        region = region or config.region
        self._words = {
            "region": quote(region, safe=""),
            "project": quote(config.project, safe=""),
            "api_version": quote(config.api_version, safe=""),
        }
        own = kind.base_urls.get(region, kind.base_url).format_map(self._words)
        self._base = (config.base_url or own).rstrip("/")
        self._path = kind.dated_path if config.api_version else kind.path
        self._known: dict[tuple[str, str, str], URL] = {}

    def of(self, call: Call) -> URL:
        """The URL for a call; the query a client sent goes on where the path is its own."""
        path = (call.stream and self._kind.stream_path) or self._path or call.path
        query = "" if self._query else call.query
        known = self._known.get((path, query, call.model))
        if known is None:
            filled = path.format_map(self._words | {"model": quote(call.model, safe="@")})
            known = _url(self._base, filled + (f"?{query}" if query else ""))
            kept = self._known if len(self._known) < _KEPT else {}
            self._known = {**kept, (path, query, call.model): known}
        return known

    @property
    def models(self) -> URL | None:
        """Where it lists its models, if it does."""
        return _url(self._base, self._kind.models_path) if self._kind.models_path else None


def _url(base: str, path: str) -> URL:
    return URL(base + _rest(base, path), encoded=True)


def _rest(base: str, path: str) -> str:
    """The part of `path` that `base` does not hold already: users write both https://host and
    https://host/v1, and some vendors call their version v4."""
    if path.startswith("/v1/") and _VERSION.search(base):
        return path.removeprefix("/v1")
    cuts = [at for at, letter in enumerate(path) if letter == "/" and at]
    return next((path[cut:] for cut in reversed(cuts) if base.endswith(path[:cut])), path)
