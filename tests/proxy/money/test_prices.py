"""Prices: by the shipped table or the user's own, and none where none is known."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.dialects.model import Usage
from proxy.money import prices as prices_module
from proxy.money.prices import SELLERS, Prices

SONNET = "claude-sonnet-4-5"  # $3 in, $15 out, $0.30 cache read, $3.75 cache write
LOT = 100_000  # the table's long-context tiers begin above 200,000
UNKNOWN = [
    ("anthropic", "claude-nonsense-9"),
    ("ollama", "qwen2.5-coder:7b"),
    ("vllm", SONNET),
    ("openai_compatible", "gpt-4o"),
    ("demo", "demo-medium"),
    ("", ""),
]


def dollars(kind, model, usage, own=None, provider=""):
    return Prices(own).cost(kind, model, usage, provider)


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        (Usage(input=LOT, output=0), 0.3),
        (Usage(input=0, output=LOT), 1.5),
        (Usage(input=0, output=0, cache_read=LOT), 0.03),
        (Usage(input=0, output=0, cache_write=LOT), 0.375),
        (Usage(input=1000, output=100, cache_read=600, cache_write=200), 0.00543),
        (Usage(input=0, output=0), 0.0),
    ],
)
def test_input_output_cache_reads_and_writes_each_have_their_price(usage, expected):
    assert dollars("anthropic", SONNET, usage) == pytest.approx(expected)


@pytest.mark.parametrize(("kind", "model"), UNKNOWN)
def test_an_unknown_model_or_a_kind_without_list_prices_has_no_price(kind, model):
    assert dollars(kind, model, Usage(input=10, output=10)) is None


@pytest.mark.parametrize("usage", [Usage(), Usage(input=5), Usage(output=5)])
def test_usage_that_was_not_told_has_no_price(usage):
    assert dollars("anthropic", SONNET, usage) is None


def test_usage_that_makes_no_sense_has_no_price():
    assert dollars("anthropic", SONNET, Usage(input=-5, output=1)) is None


def test_a_dialect_stands_for_its_maker_so_that_the_model_asked_for_has_a_price():
    usage = Usage(input=1000, output=1000)
    assert dollars("openai_chat", "gpt-4o", usage) == dollars("openai", "gpt-4o", usage) > 0


def test_every_seller_is_in_the_table():
    from genai_prices.data_snapshot import get_snapshot

    known = {provider.id for provider in get_snapshot().providers}
    assert set(SELLERS.values()) <= known


def test_the_users_own_price_wins_the_more_exact_key_first():
    own = {
        "work/gpt-4o": {"input": 1, "output": 0},
        "work/*": {"input": 2, "output": 0},
        "gpt-4o": {"input": 3, "output": 0},
    }
    usage = Usage(input=1_000_000, output=0)
    assert dollars("openai", "gpt-4o", usage, own, "work") == 1
    assert dollars("openai", "o3", usage, own, "work") == 2
    assert dollars("openai", "gpt-4o", usage, own, "home") == 3


def test_local_models_are_free_only_where_the_config_says_so():
    usage = Usage(input=1_000, output=50)
    assert dollars("ollama", "qwen", usage, None, "local") is None
    assert dollars("ollama", "qwen", usage, {"local/*": {"input": 0, "output": 0}}, "local") == 0


def test_an_own_price_without_cache_prices_takes_cached_tokens_as_input():
    own = {"m": {"input": 2, "output": 8}}
    usage = Usage(input=0, output=0, cache_read=500_000, cache_write=500_000)
    assert dollars("openai", "m", usage, own) == 2
    named = {"m": {"input": 2.0, "output": 8.0, "cache_read": 0.2, "cache_write": 2.5}}
    assert dollars("openai", "m", usage, named) == pytest.approx(1.35)


def test_an_own_price_that_leaves_out_what_was_used_is_no_price():
    assert dollars("openai", "m", Usage(input=1, output=1), {"m": {"input": 2}}) is None
    assert dollars("openai", "m", Usage(input=1_000_000, output=0), {"m": {"input": 2}}) == 2


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 10**6), st.integers(0, 10**6))
def test_more_tokens_never_cost_less(tokens_in, tokens_out, read, write):
    prices = Prices()
    less = prices.cost("anthropic", SONNET, Usage(tokens_in, tokens_out, read, write))
    more = prices.cost("anthropic", SONNET, Usage(tokens_in + 1, tokens_out + 1, read, write))
    assert less is not None and more is not None and 0 <= less <= more


@given(st.data())
def test_the_plain_sum_is_what_the_library_makes_of_it(data):
    from genai_prices.data_snapshot import get_snapshot

    provider = data.draw(st.sampled_from(get_snapshot().providers))
    found = (provider, data.draw(st.sampled_from(provider.models)))
    tokens = st.sampled_from([None, 0, 1, 1_000, 128_000, 200_000, 200_001, 10**6])
    usage = Usage(*(data.draw(tokens) for _ in range(4)))
    theirs = prices_module._librarys_cost(found, usage)
    assert prices_module._table_cost(found, usage) == pytest.approx(theirs)


def test_models_from_clients_do_not_pile_up():
    prices = Prices()
    for number in range(3_000):
        prices.cost("anthropic", f"invented-{number}", Usage(input=1, output=1))
    assert len(prices._models) <= 1_000


def test_the_table_is_read_late_and_never_from_the_network():
    program = (
        "import socket, sys\n"
        "def refuse(*a, **k): raise SystemExit('network')\n"
        "socket.socket.connect = socket.getaddrinfo = refuse\n"
        "from proxy.money.prices import Prices\n"
        "from proxy.dialects.model import Usage\n"
        "assert 'genai_prices' not in sys.modules, 'genai_prices is imported before it is needed'\n"
        "prices = Prices(); prices.load()\n"
        "assert prices.cost('anthropic', 'claude-sonnet-4-5', Usage(input=1, output=1)) > 0\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
