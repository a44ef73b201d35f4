"""Which models are proposed: the newest of each line, rising in price or size."""

from hypothesis import given
from hypothesis import strategies as st

from app.newcomer.found import Account
from app.newcomer.models import _ranked, choice_of, newest, propose, size_of
from classifier.tiers import Tier
from proxy.money.prices import Prices
from proxy.providers.probe import Probe
from proxy.routing.table import Target

PRICES = Prices()
ANTHROPIC = (
    *("claude-3-haiku-20240307", "claude-haiku-4-5-20251001", "claude-haiku-5-5"),
    *("claude-sonnet-5", "claude-sonnet-5-5", "claude-opus-4-8", "claude-opus-5-5"),
    "claude-fable-5-2",
)
OPENAI = (
    *("gpt-4o", "gpt-5.5", "gpt-6-luna", "gpt-6-sol", "gpt-6.1-sol", "gpt-6.1-terra", "o1-pro"),
    *("gpt-image-2", "gpt-realtime", "text-embedding-3-small", "gpt-6-cyber"),
)


def account(kind: str, *models: str) -> Account:
    return Account(kind, "found", probe=Probe(True, 200, models))


def names(*accounts: Account) -> list[str]:
    tiers = propose(accounts, PRICES)
    return [str(tiers[tier].target) for tier in Tier]


def test_anthropics_families_go_up_the_tiers_newest_first():
    assert names(account("anthropic", *ANTHROPIC)) == [
        "anthropic/claude-haiku-5-5",
        "anthropic/claude-haiku-5-5",
        "anthropic/claude-sonnet-5-5",
        "anthropic/claude-opus-5-5",
    ]


def test_a_missing_family_is_stood_in_for_by_its_neighbour():
    only = account("anthropic", "claude-sonnet-5-5", "claude-opus-5-5")
    assert names(only)[:2] == ["anthropic/claude-sonnet-5-5"] * 2


def test_other_vendors_models_rise_in_price_and_hold_conversations():
    tiers = propose([account("openai", *OPENAI)], PRICES)
    weights = [tiers[tier].weight for tier in Tier]
    assert weights == sorted(weights) and weights[0] < weights[-1]
    chosen = {one.target.model for one in tiers.values()}
    assert chosen <= {"gpt-5.5", "gpt-6-luna", "gpt-6.1-sol", "gpt-6.1-terra"}


def test_local_models_alone_rise_in_size_and_embedders_are_left_out():
    local = account("ollama", "q:32b", "nomic-embed-text:latest", "l:1b", "q:7b", "m:14b")
    assert names(local) == ["ollama/l:1b", "ollama/q:7b", "ollama/m:14b", "ollama/q:32b"]


def test_beside_a_vendor_a_local_model_takes_simple_if_it_is_large_enough():
    cloud = account("anthropic", *ANTHROPIC)
    assert names(cloud, account("ollama", "l:1b", "q:32b", "q:7b"))[0] == "ollama/q:7b"
    assert names(cloud, account("ollama", "l:1b"))[0] == "anthropic/claude-haiku-5-5"


def test_one_model_serves_all_tiers_and_none_serves_none():
    assert set(names(account("ollama", "q:7b"))) == {"ollama/q:7b"}
    assert propose([account("ollama")], PRICES) == {}


def test_a_model_without_a_price_has_none_made_up():
    assert choice_of(Target("ollama", "q:7b"), "ollama", PRICES).price == "price not known"


def test_of_a_line_the_newest_stays_and_the_undated_name_of_two():
    assert newest(["c-opus-4-8", "c-opus-5-5-20260901", "c-opus-5-5"]) == ["c-opus-5-5"]
    assert newest(["gemini-2.5-pro", "gemini-4-argon", "gemini-3.1-pro"]) == [
        "gemini-3.1-pro",
        "gemini-4-argon",
    ]


def test_a_size_is_read_from_a_name():
    sizes = {"q:7b": 7, "llama3.2:1b": 1, "q2.5-coder-0.5b": 0.5, "gpt-5.5": 0, "7benches": 0}
    assert {name: size_of(name) for name in sizes} == sizes


@given(st.lists(st.text(st.characters(codec="utf-8"), min_size=1, max_size=30), max_size=12))
def test_any_list_of_names_makes_four_tiers_of_its_own_or_none(listed: list[str]):
    tiers = propose([account("openai_compatible", *listed)], PRICES)
    assert set(tiers) in (set(), set(Tier))
    assert {one.target.model for one in tiers.values()} <= {
        name.removeprefix("models/") for name in listed
    }


@given(st.permutations(OPENAI))
def test_the_order_of_a_list_is_no_matter_and_nothing_dear_is_proposed(listed: list[str]):
    tiers = _ranked(account("openai", *listed), PRICES)
    assert "o1-pro" not in {one.target.model for one in tiers.values()}
    assert tiers == _ranked(account("openai", *OPENAI), PRICES)
