"""PUT /lynkr/routing takes what GET gave, fallback chains included."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.tiers import Tier
from proxy.errors import BadRequest
from proxy.routing.as_json import as_json, table_from
from proxy.routing.table import Table, Target

TARGETS = st.builds(Target, st.sampled_from(["a", "b"]), st.text("xyz/:.-", min_size=1))
TABLES = st.builds(
    Table,
    tiers=st.fixed_dictionaries({tier: TARGETS for tier in Tier}),
    fallback=st.dictionaries(st.sampled_from(Tier), st.lists(TARGETS, min_size=1).map(tuple)),
    overrides=st.dictionaries(st.text(), st.sampled_from(Tier)),
    override_new=st.none() | st.sampled_from(Tier),
)
PLAIN = Table({tier: Target("a", tier.name) for tier in Tier})
KNOWN = {"a": 1, "b": 2}


@given(TABLES)
def test_what_get_gave_put_takes(table: Table) -> None:
    assert table_from(as_json(table), PLAIN, KNOWN) == table


@pytest.mark.parametrize(
    ("chains", "fault"),
    [
        ({"SIMPLE": ["gone/x"]}, "fallback.SIMPLE: provider 'gone' is not configured"),
        ({"HUGE": ["a/x"]}, "fallback: 'HUGE' is missing or unknown"),
        ({"SIMPLE": ["x"]}, "fallback: 'x' is not provider/model"),
        ({"SIMPLE": 7}, "fallback: "),
        ([], "fallback: "),
    ],
)
def test_a_wrong_chain_is_named(chains: object, fault: str) -> None:
    with pytest.raises(BadRequest) as refused:
        table_from({"fallback": chains}, PLAIN, KNOWN)
    assert fault in refused.value.message
