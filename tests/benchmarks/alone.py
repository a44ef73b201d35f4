"""Parts measured by themselves, in this process: reading, scoring, rewriting."""

import time
from collections.abc import Callable
from statistics import median
from typing import TypeVar

import numpy as np

from classifier.decide import Verdict, classify
from classifier.tiers import Tier
from proxy.cache.semantic.index import Index
from proxy.clients.reading import read
from proxy.dialects.model import Request
from proxy.dialects.table import DIALECTS
from proxy.rewrite import RewriteSettings, rewrite
from proxy.routing.asking import ask_of, round_start
from proxy.routing.table import Table, Target
from tests.benchmarks import bodies
from tests.benchmarks.rows import Row, alone

TABLE = Table(tiers={tier: Target("up", tier.name.lower()) for tier in Tier})
SETTINGS = RewriteSettings(strip=True, never=frozenset(), level="lossless", fixed_prefix=False)
DIALECT = DIALECTS["anthropic"]

MANY, WIDTH = 100_000, 384  # entries, numbers of each

T = TypeVar("T")


def parts(times: int) -> list[Row]:
    """What the request path does to a request that is not the same as the one before."""
    return [
        *_parts("short", bodies.short(), times),
        *_parts("50 KB", bodies.coding(), times),
        _index(times),
    ]


def _index(times: int) -> Row:
    """A search of the nearest among many vectors of nothing in particular."""
    random = np.random.default_rng(0)
    vectors = random.normal(size=(MANY, WIDTH)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    index = Index(WIDTH)
    for number, vector in enumerate(vectors):
        index.add(number, vector)
    asked = list(vectors[:times])
    took = _each(lambda one: index.near(one, 5), asked)
    return alone(f"semantic index of {MANY:,}, a search", "ms", took, 5)


def _parts(name: str, body: bytes, times: int) -> list[Row]:
    numbered = bodies.numbered(body)
    raw = [next(numbered) for _ in range(times)]
    requests = [read(one, DIALECT) for one in raw]
    return [
        alone(f"reading alone, {name}", "ms", _each(lambda one: read(one, DIALECT), raw)),
        alone(f"classifier alone, {name}", "ms", _each(_classify, requests)),
        alone(
            f"rewriting alone, {name}", "ms", _each(lambda one: rewrite(one, SETTINGS), requests)
        ),
    ]


def _classify(request: Request) -> Verdict:
    """Anew each time, as for the first request of a tool round."""
    ask = ask_of(request, round_start(request.messages))
    return classify(ask, TABLE.boundaries, TABLE.forces, TABLE.weights)


def _each(work: Callable[[T], object], given: list[T]) -> float:
    """Median milliseconds."""
    times = []
    for one in given:
        began = time.perf_counter()
        work(one)
        times.append((time.perf_counter() - began) * 1000)
    return median(times)
