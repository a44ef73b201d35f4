"""A config is read whole, or refused with the file, the line, the key and the fix."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from classifier.dimensions import DIMENSIONS
from classifier.force import ForcePattern
from classifier.tiers import DEFAULT_BOUNDARIES, Tier
from proxy.config.load import ConfigError, load, parse, table_of
from proxy.routing.table import Target

FULL = """\
[providers.anthropic]
kind = "anthropic"
key_env = "ANTHROPIC_API_KEY"
[providers.local]
kind = "ollama"
base_url = "http://127.0.0.1:11434/"
[providers.mine]
kind = "anthropic"
key = "client"
[tiers]
SIMPLE = "local/qwen2.5-coder:7b"
MEDIUM = "local/hf.co/someone/model"
COMPLEX = "anthropic/sonnet"
REASONING = "mine/opus"
fallback = { SIMPLE = ["anthropic/haiku"] }
[classifier]
boundaries = [20, 51.5, 76]
[[force]]
name = "greeting"
pattern = '^(hi|hello|thanks)\\b.{0,20}$'
tier = "SIMPLE"
[[force]]
name = "later"
pattern = "x"
tier = "REASONING"
enabled = false
[tools]
strip = false
never = ["Read", "Edit"]
[compression]
level = "balanced"
[cache]
semantic = false
max_wrong = 0.02
[ledger]
keep_text = true
[prices]
"local/qwen2.5-coder:7b" = { input = 0, output = 0.5, cache_read = 0.1 }
[keys]
pause = "p"
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


def refused(text: str) -> str:
    with pytest.raises(ConfigError) as error:
        parse(text, "my.toml")
    return str(error.value)


def test_all_that_the_file_says_is_read() -> None:
    config = parse(FULL)
    assert config.providers["anthropic"].key_env == "ANTHROPIC_API_KEY"
    assert config.providers["local"].base_url == "http://127.0.0.1:11434"
    assert config.providers["mine"].key == "client"
    assert config.tiers.MEDIUM == Target("local", "hf.co/someone/model")
    assert config.tiers.fallback == {"SIMPLE": (Target("anthropic", "haiku"),)}
    assert (config.tools.strip, config.tools.never) == (False, ("Read", "Edit"))
    assert config.compression.level == "balanced"
    assert (config.cache.semantic, config.cache.max_wrong) == (False, 0.02)
    assert config.ledger.keep_text
    price = config.prices["local/qwen2.5-coder:7b"]
    assert (price.input, price.output, price.cache_read, price.cache_write) == (0, 0.5, 0.1, None)
    assert config.keys == {"pause": "p"}


def test_a_provider_may_have_several_keys_limits_and_a_place() -> None:
    text = MINIMAL.replace(
        'kind = "ollama"',
        'kind = "vertex"\nregion = "global"\nproject = "p-1"\nkey_env = ["A", "B"]\n'
        "rpm = 60\ntpm = 100_000",
    )
    row = parse(text).providers["local"]
    assert (row.region, row.project, row.variables) == ("global", "p-1", ("A", "B"))
    assert (row.rpm, row.tpm) == (60, 100_000)
    rings = MINIMAL.replace('kind = "ollama"', 'kind = "openai"\nkeyring = "lynkr/openai"')
    assert parse(rings).providers["local"].rings == ("lynkr/openai",)


def test_what_the_file_leaves_out_has_a_default() -> None:
    config = parse(MINIMAL)
    assert config.classifier.boundaries == DEFAULT_BOUNDARIES
    assert config.compression.level == "lossless"
    assert config.cache.exact and config.cache.semantic and config.cache.max_wrong == 0.01
    assert config.tools.strip and not config.ledger.keep_text
    assert not config.force and not config.prices and not config.keys


def test_patience_and_what_models_can_do_have_defaults_and_can_be_set() -> None:
    config = parse(MINIMAL)
    limits = config.providers["local"].timeout
    assert (limits.connect, limits.first_byte, limits.silence) == (10, 120, 300)
    assert (config.retry.times, config.retry.seconds) == (2, 10)
    said = (
        MINIMAL.replace("[providers.local]", "[providers.local]\ntimeout = { silence = 60 }")
        + "[retry]\ntimes = 0\n"
        + '[models."local/qwen:7b"]\nwindow = 32768\nimages = false\noutput = 8192\n'
    )
    config = parse(said)
    assert config.providers["local"].timeout.silence == 60 and config.retry.times == 0
    model = config.models["local/qwen:7b"]
    assert (model.window, model.output, model.images) == (32768, 8192, False)


def test_a_limit_of_nothing_is_refused_with_its_place() -> None:
    for said, place in (
        ("[retry]\ntimes = -1\n", "retry.times must be 0 or more"),
        ('[models."x/y"]\nwindow = 0\n', "window must be"),
    ):
        with pytest.raises(ConfigError, match=place):
            parse(MINIMAL + said)


def test_the_table_holds_what_decides_a_route() -> None:
    table = table_of(parse(FULL))
    assert table.fallback == {Tier.SIMPLE: (Target("anthropic", "haiku"),)}
    assert table.tiers[Tier.REASONING] == Target("mine", "opus")
    assert table.boundaries == (20.0, 51.5, 76.0)
    assert table.patterns == (
        ForcePattern("greeting", r"^(hi|hello|thanks)\b.{0,20}$", Tier.SIMPLE),
        ForcePattern("later", "x", Tier.REASONING, enabled=False),
    )
    assert table.weights is None and not table.overrides
    assert table.forces.match("Hello there") == table.patterns[0]


def test_weights_replace_the_shipped_ones() -> None:
    share = 1 / len(DIMENSIONS)
    rows = "".join(f"{row.name} = {share}\n" for row in DIMENSIONS)
    table = table_of(parse(MINIMAL + "[classifier.weights]\n" + rows))
    assert table.weights == {row.name: share for row in DIMENSIONS}


MISTAKES = [
    # what the owner wrote, instead of what, and what the message must say
    ("stirp = false", "strip = false", 28, "tools.stirp is not a setting; did you mean strip?"),
    ("[toools]", "[tools]", 27, "toools is not a setting; did you mean tools?"),
    ("[provider.x]\n[tools]", "[tools]", 27, "provider is not a setting; did you mean providers?"),
    ("colour = 1", "strip = false", 28, "tools.colour is not a setting; there is strip, never"),
    ('strip = "false"', "strip = false", 28, "tools.strip must be true or false, not text"),
    ("strip = 1", "strip = false", 28, "tools.strip must be true or false, not a number"),
    ('never = "Read"', 'never = ["Read", "Edit"]', 29, "tools.never must be a list"),
    ('never = [\n"Read",\n4]', 'never = ["Read", "Edit"]', 31, "tools.never[1] must be text in"),
    ("max_wrong = 1.5", "max_wrong = 0.02", 34, "cache.max_wrong must be 1 or less"),
    ("max_wrong = nan", "max_wrong = 0.02", 34, "cache.max_wrong must be"),
    ("max_wrong = 2026-11-22", "max_wrong = 0.02", 34, "must be a number, not a date or time"),
    ("ttl = 0", "max_wrong = 0.02", 34, "cache.ttl must be more than 0"),
    ('"lossles"', '"balanced"', 31, "compression.level must be off, lossless or balanced; did you"),
    ('"olama"', '"ollama"', 5, "kind 'olama' is not in the catalog; did you mean ollama?"),
    ('"zzz"', '"ollama"', 5, "kind 'zzz' is not in the catalog; there is anthropic, "),
    (
        'knd = "ollama"',
        'kind = "ollama"',
        5,
        "providers.local.knd is not a setting; did you mean k",
    ),
    ("", 'kind = "ollama"', 4, "providers.local.kind is missing; add kind to [providers.local]"),
    ('"openai_compatible"', '"ollama"\nbase_url = "http://127.0.0.1:11434/"', 4, "no base_url"),
    ('"127.0.0.1:11434"', '"http://127.0.0.1:11434/"', 6, "base_url must begin with http://"),
    ('"http://u:p@h/"', '"http://127.0.0.1:11434/"', 6, "a key belongs into key_env"),
    ('"http://h:x/"', '"http://127.0.0.1:11434/"', 6, "providers.local.base_url"),
    ('"http://[::1/"', '"http://127.0.0.1:11434/"', 6, "providers.local.base_url"),
    ('"$KEY-1"', '"ANTHROPIC_API_KEY"', 3, "key_env names an environment variable, e.g."),
    ("[]", '"ANTHROPIC_API_KEY"', 3, "key_env names an environment variable, e.g."),
    ('["A", "B C"]', '"ANTHROPIC_API_KEY"', 3, "key_env names an environment variable, e.g."),
    (
        'keyring = "lynkr"',
        'key = "client"',
        9,
        'keyring must be "service/name", as the',
    ),
    ('key_env = "K"\nkeyring = "a/b"', 'key = "client"', 10, "can't stand beside key_env; keep"),
    (
        'key = "client"\nkeyring = "a/b"',
        'key = "client"',
        9,
        "can't stand beside keyring; keep",
    ),
    ("rpm = 0", 'key = "client"', 9, "providers.mine.rpm must be more than 0"),
    ("tpm = 1.5", 'key = "client"', 9, "providers.mine.tpm must be a whole number, not a number"),
    (
        'region = "eu"',
        'key = "client"',
        9,
        "mine.region is not read by kind anthropic; leave",
    ),
    ('kind = "vertex"\nregion = "eu"', 'kind = "ollama"', 4, "has no project, which kind vertex"),
    ('kind = "bedrock"\nregion = "a/b"', 'kind = "ollama"', 6, "must be letters, digits, . : _"),
    ('key = "caller"', 'key = "client"', 9, 'providers.mine.key may only be "client"'),
    ('key = "client"\nkey_env = "K"', 'key = "client"', 9, "can't stand beside key_env; keep one"),
    ('[providers."a/b"]\nkind="ollama"\n[tiers]', "[tiers]", 10, "must be named by letters"),
    ("SIMPEL =", "SIMPLE =", 10, "tiers.SIMPLE is missing; add SIMPLE to [tiers]"),
    ("SIMPEL =", "SIMPLE =", 11, "tiers.SIMPEL is not a setting; did you mean SIMPLE?"),
    ('"locl/a"', '"local/qwen2.5-coder:7b"\nMEDIUM', 11, "not TOML"),
    ('"opsu/x"', '"mine/opus"', 14, "names provider 'opsu', which is not configured; there is"),
    ('"mien/x"', '"mine/opus"', 14, "provider 'mien', which is not configured; did you mean mine?"),
    ('"opus"', '"mine/opus"', 14, "tiers.REASONING 'opus' is not provider/model, e.g."),
    ('"mine/o pus"', '"mine/opus"', 14, "tiers.REASONING must be provider/model without spaces"),
    ("7", '"mine/opus"', 14, 'tiers.REASONING must be "provider/model", e.g.'),
    ('["gone/x"]', '["anthropic/haiku"]', 15, "tiers.fallback.SIMPLE[0] names provider 'gone'"),
    ("[20, 51]", "[20, 51.5, 76]", 17, "classifier.boundaries must be three numbers that rise"),
    ("[20, 76, 51]", "[20, 51.5, 76]", 17, "classifier.boundaries must be three numbers that"),
    ("[20, 51, 51]", "[20, 51.5, 76]", 17, "classifier.boundaries must be three numbers that"),
    ("[20, 51, 101]", "[20, 51.5, 76]", 17, "classifier.boundaries[2] must be 100 or less"),
    ("[-1, 51, 90]", "[20, 51.5, 76]", 17, "classifier.boundaries[0] must be 0 or more"),
    ('["a", 51, 90]', "[20, 51.5, 76]", 17, "classifier.boundaries[0] must be a number, not te"),
    ('"SIMPEL"', '"SIMPLE"', 21, "force[0].tier must be SIMPLE, MEDIUM, COMPLEX or REASONING"),
    ('"simple"', '"SIMPLE"', 21, "did you mean SIMPLE?"),
    ("'^((hi'", "'^(hi|hello|thanks)\\b.{0,20}$'", 20, "missing )"),
    ("'(?=hi)'", "'^(hi|hello|thanks)\\b.{0,20}$'", 20, "force[0].pattern is refused"),
    ('name = "greeting"', 'name = "later"', 23, "force[1].name 'greeting' is taken"),
    ('name = ""', 'name = "later"', 23, "force[1].name must be 1 to 60 printable characters"),
    ('name = "a\\r\\nb"', 'name = "later"', 23, "force[1].name must be 1 to 60 printable"),
    (
        "output = -0.5",
        "output = 0.5",
        38,
        'prices."local/qwen2.5-coder:7b".output must be 0 or more',
    ),
    ("out = 0.5", "output = 0.5", 38, "output is missing"),
    ("pause = 1", 'pause = "p"', 40, 'keys.pause must be text in quotes, like "this", not a numb'),
    ("[tools", "[tools]", 27, "column 7: not TOML: Expected ']'"),
    ('"', '"ANTHROPIC_API_KEY"', 3, "not TOML"),
]


@pytest.mark.parametrize(("wrong", "right", "line", "says"), MISTAKES)
def test_a_mistake_is_told_with_line_key_and_fix(
    wrong: str, right: str, line: int, says: str
) -> None:
    assert right in FULL
    message = refused(FULL.replace(right, wrong, 1))
    told = message.splitlines()
    assert any(row.startswith(f"my.toml, line {line}") and says in row for row in told), message
    assert len(told) <= 3


EVEN = 1 / len(DIMENSIONS)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"token_cont": EVEN}, "weights.token_cont is not a dimension; did you mean token_count?"),
        ({"ambiguity": 0.9}, "classifier.weights must sum to 1; they sum to 1.8"),
        ({"ambiguity": None}, "must have all 13, or none; add ambiguity"),
        ({"ambiguity": -0.1}, "classifier.weights.ambiguity must be 0 or more"),
    ],
)
def test_weights_that_do_not_add_up_are_refused(change: dict[str, float | None], says: str) -> None:
    weights = {**{row.name: EVEN for row in DIMENSIONS}, **change}
    rows = "".join(f"{name} = {share}\n" for name, share in weights.items() if share is not None)
    assert says in refused(MINIMAL + "[classifier.weights]\n" + rows)


def test_no_provider_and_no_tiers_are_told() -> None:
    assert refused("").splitlines() == [
        "my.toml, line 1: providers is missing; add providers to the file",
        "my.toml, line 1: tiers is missing; add tiers to the file",
    ]
    assert "providers is empty" in refused("providers = {}\n" + MINIMAL[MINIMAL.index("[tiers]") :])
    assert "line 1: tools must be a table, not a number" in refused("tools = 3\n" + MINIMAL)


def test_more_than_three_mistakes_are_counted() -> None:
    told = refused(MINIMAL + "a = 1\nb = 1\nc = 1\nd = 1\n").splitlines()
    assert len(told) == 3 and told[2] == "and 2 more of these"


def test_a_key_pasted_into_the_file_is_never_repeated() -> None:
    for field in ("key", "key_env", "kee", "base_url"):
        message = refused(FULL.replace('key = "client"', f'{field} = "sk-secret-123"'))
        assert "secret" not in message


def test_a_byte_order_mark_and_windows_line_ends_are_fine(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b"\xef\xbb\xbf" + FULL.replace("\n", "\r\n").encode())
    assert load(path) == parse(FULL)


def test_a_file_that_can_not_be_read_says_why(tmp_path: Path) -> None:
    gone = tmp_path / "gone.toml"
    with pytest.raises(ConfigError, match=f"{gone} does not exist; `lynkr-tui init` writes one"):
        load(gone)
    with pytest.raises(ConfigError, match=f"{tmp_path} is a directory; name the TOML file in it"):
        load(tmp_path)
    latin = tmp_path / "latin.toml"
    latin.write_bytes(b"# fine\n# caf\xe9\n")
    with pytest.raises(ConfigError, match="latin.toml, line 2: not UTF-8; save the file as UTF-8"):
        load(latin)
    with pytest.raises(ConfigError, match="can't be read: Not a directory"):
        load(latin / "config.toml")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_says_so(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(FULL)
    path.chmod(0)
    with pytest.raises(ConfigError, match="can't be read: Permission denied; check its mode"):
        load(path)


def test_reading_a_config_imports_nothing_heavy() -> None:
    code = (
        "import sys, proxy.config.load, proxy.config.edit; "
        "print(*{'tomlkit', 'aiohttp', 'torch', 'tiktoken', 'textual', 'numpy'} & set(sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == ""
