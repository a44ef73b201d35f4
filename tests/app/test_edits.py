"""Edits of a routing table: a new table or a reason, and undo that leaves overrides alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import edits
from app.edits import FieldError, Trail
from classifier.force import ForcePattern
from classifier.tiers import Tier
from proxy.routing.table import Table, Target
from tests.app.scene import MODELS

HELLO = ForcePattern("hello", "^hello", Tier.SIMPLE)
PROVE = ForcePattern("prove", r"\bprove\b", Tier.REASONING)
AUDIT = ForcePattern("audit", "audit", Tier.COMPLEX)
TABLE = Table(MODELS, patterns=(HELLO, PROVE, AUDIT))

cuts = st.lists(st.integers(1, 99), min_size=3, max_size=3, unique=True).map(sorted).map(tuple)
steps = st.lists(st.tuples(st.integers(0, 2), st.sampled_from([-5, -1, 1, 5])), max_size=60)


@given(cuts, steps)
def test_however_boundaries_are_moved_they_rise_between_0_and_100(boundaries, moves):
    for which, by in moves:
        boundaries = edits.moved(boundaries, which, by)
    assert edits.set_boundaries(boundaries)(TABLE).boundaries == boundaries
    assert 0 < boundaries[0] < boundaries[1] < boundaries[2] < 100


@pytest.mark.parametrize("wrong", [(20, 20, 76), (51, 20, 76), (20, 51), (0, 51, 76), (1, 2, 100)])
def test_boundaries_that_do_not_rise_are_refused(wrong):
    with pytest.raises(FieldError, match="rising"):
        edits.set_boundaries(wrong)


@pytest.mark.parametrize("wrong", ["", "model", "local/", "/model", "local/a b", "local/\x07"])
def test_a_target_must_be_provider_and_model(wrong):
    with pytest.raises(FieldError, match="provider/model") as caught:
        edits.set_tier(Tier.SIMPLE, wrong)
    assert caught.value.field == "target"


def test_a_tier_goes_elsewhere_and_the_others_stay():
    table = edits.set_tier(Tier.SIMPLE, " hub/meta/llama ")(TABLE)
    assert table.tiers == {**MODELS, Tier.SIMPLE: Target("hub", "meta/llama")}
    assert table.patterns == TABLE.patterns


@pytest.mark.parametrize(
    ("name", "pattern", "tier", "field"),
    [
        ("", "x", "SIMPLE", "name"),
        ("n" * 61, "x", "SIMPLE", "name"),
        ("a\nb", "x", "SIMPLE", "name"),
        ("n", "", "SIMPLE", "pattern"),
        ("n", "(a", "SIMPLE", "pattern"),
        ("n", "a(?=b)", "SIMPLE", "pattern"),
        ("n", "x" * 4001, "SIMPLE", "pattern"),
        ("n", "x", "HUGE", "tier"),
    ],
)
def test_a_wrong_pattern_names_its_field(name, pattern, tier, field):
    with pytest.raises(FieldError) as caught:
        edits.checked(name, pattern, tier)
    assert caught.value.field == field
    assert str(caught.value)


def test_what_re2_has_against_a_pattern_is_told_in_its_words():
    with pytest.raises(FieldError, match=r"missing \)"):
        edits.checked("n", "(a", "SIMPLE")


def test_patterns_are_added_changed_deleted_and_switched():
    new = ForcePattern("new", "new", Tier.MEDIUM)
    assert edits.add(new)(TABLE).patterns == (HELLO, PROVE, AUDIT, new)
    assert edits.change(PROVE, new)(TABLE).patterns == (HELLO, new, AUDIT)
    assert edits.delete(PROVE)(TABLE).patterns == (HELLO, AUDIT)
    off = edits.toggle(PROVE)(TABLE)
    assert [rule.enabled for rule in off.patterns] == [True, False, True]
    assert off.forces.match("prove it") != PROVE


@given(st.sampled_from([HELLO, PROVE, AUDIT]), st.integers(-5, 5))
def test_reordering_keeps_every_pattern_and_the_others_in_order(rule, by):
    patterns = edits.shift(rule, by)(TABLE).patterns
    assert sorted(patterns, key=str) == sorted(TABLE.patterns, key=str)
    rest = [one for one in TABLE.patterns if one != rule]
    assert [one for one in patterns if one != rule] == rest
    assert patterns.index(rule) == min(max(TABLE.patterns.index(rule) + by, 0), 2)


def test_two_patterns_never_share_a_name():
    with pytest.raises(FieldError, match="already"):
        edits.add(ForcePattern("prove", "other", Tier.SIMPLE))(TABLE)
    with pytest.raises(FieldError, match="already"):
        edits.change(HELLO, ForcePattern("prove", "other", Tier.SIMPLE))(TABLE)


def test_a_pattern_that_is_gone_meanwhile_is_not_brought_back():
    gone = edits.delete(PROVE)(TABLE)
    for edit in (edits.toggle(PROVE), edits.delete(PROVE), edits.shift(PROVE, 1)):
        with pytest.raises(FieldError, match="elsewhere"):
            edit(gone)


nudges = st.lists(
    st.tuples(st.sampled_from(list(edits.SHIPPED)), st.sampled_from([-0.05, -0.01, 0.01, 0.05])),
    max_size=60,
)


@given(nudges, st.sampled_from(list(edits.SHIPPED)))
def test_however_weights_are_moved_they_can_be_evened_out_and_then_hold(moves, keep):
    weights = dict(edits.SHIPPED)
    for name, by in moves:
        weights = edits.nudged(weights, name, by)
        assert 0 <= weights[name] <= 1
    even = edits.evened(weights, keep)
    assert even[keep] == weights[keep]
    assert edits.weighing(edits.set_weights(even)(TABLE)) == even


def test_weights_that_do_not_sum_to_1_are_refused_with_their_sum():
    with pytest.raises(FieldError, match=r"sum to 1\.05"):
        edits.set_weights(edits.nudged(edits.SHIPPED, "ambiguity", 0.05))


def test_the_shipped_weights_are_no_weights_of_ones_own():
    own = edits.evened(edits.nudged(edits.SHIPPED, "ambiguity", 0.05), "ambiguity")
    table = edits.set_weights(own)(TABLE)
    assert table.weights == own
    assert edits.set_weights(edits.SHIPPED)(table).weights is None


def test_weights_are_tried_in_proportion_while_they_are_moved():
    assert edits.in_proportion({"a": 1.0, "b": 3.0}) == {"a": 0.25, "b": 0.75}
    assert edits.in_proportion({"a": 0.0}) is None


def test_undo_brings_back_rules_and_leaves_overrides_alone():
    then = TABLE
    now = edits.delete(HELLO)(TABLE).with_override("s1", Tier.REASONING)
    back = edits.restored(now, then)
    assert back.patterns == then.patterns
    assert back.override_of("s1") == Tier.REASONING
    assert edits.same_rules(then, back)
    assert not edits.same_rules(now, back)


def test_a_trail_leads_back_and_forth_and_a_new_change_ends_the_way_forth():
    one, two, three = (edits.set_boundaries((n, 50, 80))(TABLE) for n in (1, 2, 3))
    trail = Trail().did(one).did(two)
    assert trail.past[-1] == two
    trail = trail.undone(three)
    assert (trail.past[-1], trail.future[-1]) == (one, three)
    assert trail.redone(two).past[-1] == two
    assert trail.did(two).future == ()
