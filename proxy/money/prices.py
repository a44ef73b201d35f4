"""What an exchange cost in dollars, by the table of genai-prices or by the user's own prices."""

import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from proxy.dialects.model import Usage
from proxy.loading import no_httpx

if TYPE_CHECKING:
    from genai_prices.types import ModelInfo, Provider

Price = Mapping[str, float]  # dollars per million tokens: input, output, cache_read, cache_write

# Provider kinds (and dialects, for the model that a client asked for) → the table's providers.
# Kinds that serve anyone's models at anyone's prices, local ones too, are left out on purpose.
SELLERS = {
    "anthropic": "anthropic",
    "openai": "openai",
    "openai_chat": "openai",
    "openai_responses": "openai",
    "azure_openai": "azure",
    "bedrock": "aws",
    "vertex": "google",
    "gemini": "google",
    "databricks": "databricks",
    "openrouter": "openrouter",
    "deepseek": "deepseek",
    "zai": "zai",
    "moonshot": "moonshotai",
    "groq": "groq",
    "mistral": "mistral",
    "xai": "x-ai",
    "together": "together",
    "fireworks": "fireworks",
    "cerebras": "cerebras",
    "cohere": "cohere",
    "minimax": "minimax",
    "novita": "novita",
    "perplexity": "perplexity",
}
_RATES = (
    ("input", "input_mtok"),
    ("output", "output_mtok"),
    ("cache_read", "cache_read_mtok"),
    ("cache_write", "cache_write_mtok"),
)
KEPT = 1_000  # model names come from clients
RATES_HOLD = 60  # seconds; some prices differ by the hour

# By the identity of models in the table, which lives as long as the process.
_rates: dict[int, tuple[int, Mapping[str, Any]]] = {}

_Model = tuple["Provider", "ModelInfo"] | None


class Prices:
    """Prices by provider and model. `own` are the user's: they win over the table.

    Its keys are `provider/model`, `provider/*` or `model`, in this order of weight; its values
    dollars per million tokens. Cached tokens cost as input where an own price leaves them out.
    No price is guessed: an unknown model has none, and a local provider (ollama, llamacpp,
    lmstudio, vllm) is free only where the config says so, as "local/*" = {input = 0, output = 0}.
    """

    def __init__(self, own: Mapping[str, Price] | None = None) -> None:
        self._own = dict(own or {})
        self._models: dict[tuple[str, str], _Model] = {}
        self._lock = threading.Lock()

    def load(self) -> None:
        """Read the table now: 0.2 s and 30 MB that the first call of `cost` would take else."""
        _snapshot()

    def cost(self, kind: str, model: str, usage: Usage, provider: str = "") -> float | None:
        """Dollars for `usage` of `model` at a provider of `kind` under the user's name `provider`.

        None where the price is unknown, or input or output was not told.
        """
        if usage.input is None or usage.output is None:
            return None
        own = self._own_price(kind, model, provider)
        if own is not None:
            return _own_cost(own, usage)
        found = self._model(kind, model)
        return None if found is None else _table_cost(found, usage)

    def rates(self, kind: str, model: str, provider: str = "") -> tuple[float, float] | None:
        """Dollars per million tokens in and out, of a short request; None where unknown."""
        into = self.cost(kind, model, Usage(1000, 0), provider)
        out = self.cost(kind, model, Usage(0, 1000), provider)
        return (
            None if into is None or out is None else (round(into * 1000, 4), round(out * 1000, 4))
        )

    def at_hand(self, kind: str, model: str, provider: str = "") -> bool:
        """Whether `cost` answers at once. Else it takes up to 5 ms, and 250 before `load`."""
        return (
            kind not in SELLERS
            or (kind, model) in self._models
            or self._own_price(kind, model, provider) is not None
        )

    def fetch(self, kind: str, model: str) -> None:
        """Have a price at hand from now on. Call it off the loop, as it takes what `cost` would."""
        self._model(kind, model)

    def window(self, kind: str, model: str) -> int | None:
        """Tokens that a model reads and writes at once; None where unknown, or not loaded yet."""
        if SELLERS.get(kind) is None or not _snapshot.cache_info().currsize:
            return None  # reading the table would hold up a request for 0.2 s
        found = self._model(kind, model)
        return found[1].context_window if found else None

    def _own_price(self, kind: str, model: str, provider: str) -> Price | None:
        if not self._own:
            return None
        keys = (f"{provider}/{model}", f"{provider}/*", f"{kind}/{model}", f"{kind}/*", model)
        return next((self._own[key] for key in keys if key in self._own), None)

    def _model(self, kind: str, model: str) -> _Model:
        try:
            return self._models[kind, model]
        except KeyError:
            found = _find(kind, model)  # without the lock: a slow search must hold up no one
        with self._lock:
            if len(self._models) >= KEPT:
                del self._models[next(iter(self._models))]
            self._models[kind, model] = found
        return found


@cache
def _snapshot() -> Any:
    """The table, of the providers that we know alone. It never updates itself."""
    with no_httpx():
        from genai_prices.data_snapshot import get_snapshot  # slow

    table, sellers = get_snapshot(), frozenset(SELLERS.values())
    table.providers[:] = [one for one in table.providers if one.id in sellers]
    return table


def _find(kind: str, model: str) -> _Model:
    seller = SELLERS.get(kind)
    if seller is None:
        return None
    try:
        found: _Model = _snapshot().find_provider_model(model, None, seller, None)
    except LookupError:
        return None
    return found


def _table_cost(found: tuple["Provider", "ModelInfo"], usage: Usage) -> float | None:
    """By the table: the plain sum where it has a rate for all that was used, which is faster."""
    plain = _plain_cost(_rates_of(found[1], int(time.time() / RATES_HOLD)), usage)
    return _librarys_cost(found, usage) if plain is None else plain


def _rates_of(model: "ModelInfo", now: int) -> Mapping[str, Any]:
    """What the model costs at present; `now` counts spans of RATES_HOLD seconds."""
    known = _rates.get(id(model))
    if known is None or known[0] != now:
        known = _rates[id(model)] = now, vars(model.get_prices(datetime.now(UTC)))
    return known[1]


def _plain_cost(rates: Mapping[str, Any], usage: Usage) -> float | None:
    """Tokens times rates; None where a rate is missing or more than tokens is charged for."""
    total = (usage.input or 0) + (usage.cache_read or 0) + (usage.cache_write or 0)
    dollars = 0.0
    for name, key in _RATES:
        tokens, rate = getattr(usage, name) or 0, rates.get(key)
        if tokens < 0 or (rate is None and (tokens or not name.startswith("cache"))):
            return None
        dollars += tokens * (_rate(rate, total) if tokens else 0.0)
    return None if rates.get("requests_kcount") else dollars / 1e6


def _rate(rate: Any, total: int) -> float:
    """Dollars per million; in a table of tiers the one that all of the input reaches."""
    for tier in reversed(getattr(rate, "tiers", ())):
        if total > tier.start:
            return float(tier.price)
    return float(getattr(rate, "base", rate))


def _librarys_cost(found: tuple["Provider", "ModelInfo"], usage: Usage) -> float | None:
    from genai_prices import Usage as Sold

    provider, model = found
    read, write = usage.cache_read or 0, usage.cache_write or 0
    try:
        price = model.calc_price(
            Sold(
                input_tokens=(usage.input or 0) + read + write,  # the table counts cached ones in
                cache_read_tokens=read,
                cache_write_tokens=write,
                output_tokens=usage.output,
            ),
            provider,
            genai_request_timestamp=datetime.now(UTC),
            auto_update_timestamp=None,
        )
    except (ValueError, LookupError):
        return None
    return float(price.total_price)


def _own_cost(price: Price, usage: Usage) -> float | None:
    """By the user's price; None where tokens were used that it does not name."""
    total = 0.0
    for name in ("input", "output", "cache_read", "cache_write"):
        tokens = getattr(usage, name) or 0
        rate = price.get(name, price.get("input") if name.startswith("cache") else None)
        if rate is None and tokens:
            return None
        total += tokens * (rate or 0.0) / 1e6
    return total
