"""The config file under two hands: its owner's editor and the dashboard."""

import os
import stat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from app.demo.play import demo_config_text
from classifier.dimensions import DIMENSIONS
from classifier.force import ForcePattern
from classifier.tiers import Tier
from proxy.config.edit import ConfigFile
from proxy.config.load import ConfigError, load, parse, table_of
from proxy.config.toml import with_table
from proxy.routing.table import Table, Target

BEFORE = """\
# My routing. Ask Ada before you touch COMPLEX.

[providers.local]
kind = "ollama"          # on the machine under the desk
base_url = "http://127.0.0.1:11434"

# what each tier runs on
[tiers]
SIMPLE = "local/small"      # fast
MEDIUM = "local/middle"
COMPLEX = "local/large"     # not before Ada agrees
REASONING = "local/huge"
fallback = { SIMPLE = ["local/middle"] }

[classifier]
boundaries = [20, 51, 76]       # SIMPLE below 20, REASONING from 76

# politeness costs nothing
[[force]]
name = "greeting"
pattern = '^(hi|hello)\\b'
tier = "SIMPLE"   # always

# deployments are serious
[[force]]
name = "deploy"
pattern = "deploy to (prod|live)"
tier = "REASONING"

# no longer wanted
[[force]]
name = "old"
pattern = "legacy"
tier = "MEDIUM"

# ---- the rest ----

# Read is sacred
[tools]
never = ["Read"]
"""

AFTER = """\
# My routing. Ask Ada before you touch COMPLEX.

[providers.local]
kind = "ollama"          # on the machine under the desk
base_url = "http://127.0.0.1:11434"

# what each tier runs on
[tiers]
SIMPLE = "local/small"      # fast
MEDIUM = "local/middle"
COMPLEX = "local/largest"     # not before Ada agrees
REASONING = "local/huge"
fallback = { SIMPLE = ["local/middle"] }

[classifier]
boundaries = [15, 51, 80.5]       # SIMPLE below 20, REASONING from 76

# deployments are serious
[[force]]
name = "deploy"
pattern = "deploy to (prod|live)"
tier = "COMPLEX"

# politeness costs nothing
[[force]]
name = "greeting"
pattern = '^(hi|hello)\\b'
tier = "SIMPLE"   # always
enabled = false

[[force]]
name = "sql"
pattern = '\\bselect\\b'
tier = "MEDIUM"

# ---- the rest ----

# Read is sacred
[tools]
never = ["Read"]
"""

MINIMAL = """\
[providers.local]
kind = "ollama"
[tiers]
SIMPLE = "local/a"
MEDIUM = "local/b"
COMPLEX = "local/c"
REASONING = "local/d"
"""
EVEN = "".join(f"{row.name} = {1 / len(DIMENSIONS)} # even\n" for row in DIMENSIONS)
GREETING = ForcePattern("greeting", r"^(hi|hello)\b", Tier.SIMPLE)
DEPLOY = ForcePattern("deploy", "deploy to (prod|live)", Tier.REASONING)
NEXT = Target("local", "next")
Chains = dict[Tier, tuple[Target, ...]]
SQL = ForcePattern("sql", r"\bselect\b", Tier.MEDIUM)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "config.toml"
    file.write_text(BEFORE)
    return file


def edited(table: Table) -> Table:
    return replace(
        table.with_tier(Tier.COMPLEX, Target("local", "largest")),
        boundaries=(15.0, 51.0, 80.5),
        patterns=(
            ForcePattern("deploy", DEPLOY.pattern, Tier.COMPLEX),
            ForcePattern("greeting", GREETING.pattern, Tier.SIMPLE, enabled=False),
            SQL,
        ),
        weights=None,
    )


def test_a_save_keeps_comments_order_and_every_other_setting(path: Path) -> None:
    file = ConfigFile(path)
    file.save(edited(table_of(file.config)))
    assert path.read_text() == AFTER


def test_a_save_that_changes_nothing_leaves_every_byte(path: Path) -> None:
    file = ConfigFile(path)
    file.save(table_of(file.config))
    assert path.read_text() == BEFORE


def test_a_removed_pattern_takes_its_own_comment_along_and_no_other(path: Path) -> None:
    file = ConfigFile(path)
    table = table_of(file.config)
    file.save(replace(table, patterns=table.patterns[:2]))
    text = path.read_text()
    assert "no longer wanted" not in text
    for kept in ("politeness costs nothing", "deployments are serious", "the rest", "is sacred"):
        assert kept in text


FALLBACKS = [
    {},
    {Tier.SIMPLE: (Target("local", "other"),)},
    {Tier.SIMPLE: (Target("local", "a"), Target("local", "b/c")), Tier.COMPLEX: (NEXT,)},
    {Tier.REASONING: (NEXT,)},
]


@pytest.mark.parametrize("chains", FALLBACKS)
@pytest.mark.parametrize("layout", [BEFORE, MINIMAL, MINIMAL + "[tiers.fallback]\nMEDIUM=[]\n"])
def test_fallback_chains_are_saved(path: Path, chains: Chains, layout: str) -> None:
    path.write_text(layout)
    file = ConfigFile(path)
    file.save(replace(table_of(file.config), fallback=chains))
    assert table_of(load(path)).fallback == chains
    for line in layout.splitlines():
        assert "fallback" in line or "MEDIUM=[]" in line or line in path.read_text()


def test_overrides_are_a_thing_of_the_moment_and_not_saved(path: Path) -> None:
    file = ConfigFile(path)
    file.save(table_of(file.config).with_override("session", Tier.REASONING))
    assert path.read_text() == BEFORE


@pytest.mark.parametrize(
    "layout",
    [
        MINIMAL,
        MINIMAL + "[[force]]\nname='greeting'\npattern='x'\ntier='COMPLEX'",
        'force = [{name="greeting", pattern="x", tier="COMPLEX"}, '
        '{name="b", pattern="x", tier="COMPLEX"}]\n' + MINIMAL,
        "force = []\n" + MINIMAL,
        "classifier.boundaries = [1, 2, 3] # low\n" + MINIMAL,
        'tiers = {SIMPLE="l/a", MEDIUM="l/b", COMPLEX="l/c", REASONING="l/d"}\n'
        '[providers]\nl = {kind="ollama"}\nlocal = {kind="ollama"}\n',
        MINIMAL + "[classifier]\n[classifier.weights]\n" + EVEN,
        MINIMAL + "[[force]]\nname='a'\npattern='''\n# x\n'''\ntier='COMPLEX'\n"
        "[cache]\nexact=true\n[[force]]\nname='greeting'\npattern='x'\ntier='COMPLEX'\n",
    ],
)
def test_a_table_comes_back_from_any_layout(layout: str) -> None:
    wanted = edited(table_of(parse(layout)))
    assert table_of(parse(with_table(layout, wanted))) == wanted


def test_windows_line_ends_stay() -> None:
    text = BEFORE.replace("\n", "\r\n")
    written = with_table(text, edited(table_of(parse(text))))
    assert written == AFTER.replace("\n", "\r\n")


NAMES = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=20)
PATTERNS = st.builds(
    ForcePattern,
    name=NAMES,
    pattern=st.sampled_from(
        [
            "",
            "a",
            r"\bx\b",
            "it's",
            "it's \\d",
            "tab\there",
            "two\nlines",
            '"',
            "#",
            "'''",
            "é\u2028",
        ]
    ),
    tier=st.sampled_from(Tier),
    enabled=st.booleans(),
)
WEIGHTS = st.lists(st.floats(0, 1), min_size=len(DIMENSIONS), max_size=len(DIMENSIONS)).filter(
    lambda shares: sum(shares) > 0.01
)


def shares(values: list[float]) -> dict[str, float]:
    return {row.name: value / sum(values) for row, value in zip(DIMENSIONS, values, strict=True)}


TABLES = st.builds(
    Table,
    tiers=st.fixed_dictionaries(
        {tier: st.builds(Target, st.just("local"), NAMES) for tier in Tier}
    ),
    boundaries=st.lists(st.floats(0, 100), min_size=3, max_size=3, unique=True).map(
        lambda cuts: tuple(sorted(cuts))
    ),
    patterns=st.lists(PATTERNS, max_size=5, unique_by=lambda row: row.name).map(tuple),
    weights=st.none() | WEIGHTS.map(shares),
)


@settings(max_examples=60, deadline=None)
@given(first=TABLES, second=TABLES, layout=st.sampled_from([BEFORE, MINIMAL]))
def test_any_table_saved_is_the_table_loaded(first: Table, second: Table, layout: str) -> None:
    once = with_table(layout, first)
    assert table_of(parse(once)) == first
    twice = with_table(once, second)
    assert table_of(parse(twice)) == second


def test_a_table_that_would_not_load_is_refused_and_the_file_stays(path: Path) -> None:
    file = ConfigFile(path)
    table = table_of(file.config).with_tier(Tier.SIMPLE, Target("gone", "model"))
    with pytest.raises(ConfigError, match="not saved.*\n.*tiers.SIMPLE names provider 'gone'"):
        file.save(table)
    assert path.read_text() == BEFORE
    assert file.config == parse(BEFORE)


def test_an_own_save_is_no_change(path: Path) -> None:
    file = ConfigFile(path)
    wanted = edited(table_of(file.config))
    file.save(wanted)
    assert file.changed() is None
    assert table_of(file.config) == wanted


def test_an_edit_is_reported_once(path: Path) -> None:
    file = ConfigFile(path)
    assert file.changed() is None
    path.write_text(BEFORE.replace("local/small", "local/tiny"))
    changed = file.changed()
    assert changed is not None and changed.tiers.SIMPLE == Target("local", "tiny")
    assert file.config is changed
    assert file.changed() is None


def test_a_touch_is_no_change(path: Path) -> None:
    file = ConfigFile(path)
    os.utime(path, ns=(1, 1))
    assert file.changed() is None


def test_a_broken_edit_is_told_once_and_the_old_config_stays(path: Path) -> None:
    file = ConfigFile(path)
    path.write_text(BEFORE.replace("[tools]", "[tools"))
    with pytest.raises(ConfigError, match="line 39, column 7"):
        file.changed()
    assert file.changed() is None
    assert file.config == parse(BEFORE)
    path.write_text(BEFORE.replace("local/small", "local/tiny"))
    assert file.changed() is not None


def test_a_deleted_file_is_told_once_and_the_old_config_stays(path: Path) -> None:
    file = ConfigFile(path)
    path.unlink()
    with pytest.raises(ConfigError, match="does not exist"):
        file.changed()
    assert file.changed() is None
    assert file.config == parse(BEFORE)


def test_a_save_onto_an_edit_not_yet_seen_keeps_both(path: Path) -> None:
    file = ConfigFile(path)
    table = table_of(file.config)
    path.write_text(BEFORE.replace('never = ["Read"]', 'never = ["Read", "Edit"]'))
    file.save(table.with_tier(Tier.COMPLEX, Target("local", "largest")))
    changed = file.changed()
    assert changed is not None
    assert changed.tools.never == ("Read", "Edit")
    assert changed.tiers.COMPLEX == Target("local", "largest")
    assert file.changed() is None


def test_a_save_onto_a_broken_edit_is_refused(path: Path) -> None:
    file = ConfigFile(path)
    broken = BEFORE.replace("[tools]", "[tools")
    path.write_text(broken)
    with pytest.raises(ConfigError, match="line 39, column 7"):
        file.save(table_of(file.config))
    assert path.read_text() == broken


def test_a_save_keeps_mode_and_link_and_leaves_nothing_behind(path: Path) -> None:
    path.chmod(0o640)
    link = path.with_name("link.toml")
    link.symlink_to(path)
    file = ConfigFile(link)
    file.save(edited(table_of(file.config)))
    assert link.is_symlink()
    assert path.read_text() == AFTER
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert {one.name for one in path.parent.iterdir()} == {"config.toml", "link.toml"}


def test_a_save_that_can_not_be_written_says_so(path: Path, monkeypatch) -> None:
    file = ConfigFile(path)

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ConfigError, match="No space left on device; nothing was saved"):
        file.save(edited(table_of(file.config)))
    assert path.read_text() == BEFORE
    assert [one.name for one in path.parent.iterdir()] == ["config.toml"]
    assert load(path) == file.config


def test_new_weights_stand_below_the_classifier_and_part_no_comment_from_its_block():
    before = demo_config_text()
    weights = {one.name: one.weight for one in DIMENSIONS} | {
        "tool_count": 0.03,
        "tool_complexity": 0.0,
    }
    table = table_of(parse(before, "demo.toml"))
    after = with_table(before, replace(table, weights=weights))
    assert "ambiguity = 0.05\n\n# Rules that decide" in after
    block = after[after.index("[classifier.weights]") : after.index("# Rules that decide")]
    assert after.replace(block, "") == before, "nothing else is another"
    assert table_of(parse(after, "demo.toml")).weights == weights
