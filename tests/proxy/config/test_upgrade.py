"""A config that an older build wrote: understood with its old names, brought up to date in its
place with a copy beside it, and its comments kept."""

import stat
from pathlib import Path

import pytest

from app.doctor import examine
from app.main import _config
from proxy.config import names as config_names
from proxy.config.edit import ConfigFile
from proxy.config.load import ConfigError, load
from proxy.config.names import Renamed, upgraded
from proxy.config.upgrade import bring_up
from proxy.routing.table import Target

OLDER = """\
# Mine.
[providers.local]
kind = "ollama"
url = "http://127.0.0.1:11500"   # not the usual one; kind stays

[providers."a.b"]
kind = "ollama"
"url" = "http://127.0.0.1:11501"

[tiers]
SIMPLE = "local/url"
MEDIUM = "local/b"
COMPLEX = "local/c"
REASONING = "local/d"

[store]          # the cache's name of old
semantic = false

[[force]]
name = "url"
regex = '^url = '
tier = "SIMPLE"
"""
NEWER = (
    OLDER.replace('\nurl = "', '\nbase_url = "')
    .replace('"url" = ', "base_url = ")
    .replace("[store]", "[cache]")
    .replace("regex =", "pattern =")
)
ROWS = (
    Renamed("0.2.0", ("providers", "*"), "url", "base_url"),
    Renamed("0.3.0", (), "store", "cache"),
    Renamed("0.3.0", ("force", "*"), "regex", "pattern"),
)


@pytest.fixture(autouse=True)
def renamed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config_names, "RENAMED", ROWS)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(OLDER)
    path.chmod(0o600)
    return path


def test_old_names_are_understood_wherever_they_stand_and_nothing_else_changes(path: Path):
    assert upgraded(OLDER) == (NEWER, ROWS)
    assert upgraded(NEWER) == (NEWER, ())
    config = load(path)
    assert config.providers["a.b"].base_url == "http://127.0.0.1:11501"
    assert not config.cache.semantic and config.force[0].pattern == "^url = "
    assert path.read_text() == OLDER, "reading writes nothing"


def test_a_start_writes_the_new_names_keeps_a_copy_and_says_so(
    path: Path, capsys: pytest.CaptureFixture[str]
):
    file = _config(path)
    assert path.read_text() == NEWER and file.changed() is None
    backup = path.with_name("config.toml.before-0.2.0")
    assert backup.read_text() == OLDER
    assert [stat.S_IMODE(one.stat().st_mode) for one in (path, backup)] == [0o600, 0o600]
    said = capsys.readouterr().err
    assert f"{path} is from an older build: providers.*.url is now called base_url" in said
    assert "kept in config.toml.before-0.2.0" in said
    assert _config(path) and capsys.readouterr().err == "", "once is enough"


def test_the_doctor_names_them_and_changes_nothing(path: Path):
    config, found = examine._config(path)
    assert config is not None and found.level == "warn" and "url, store, regex" in found.said
    assert path.read_text() == OLDER


def test_a_file_that_can_not_be_written_is_read_all_the_same(path: Path):
    path.with_name("config.toml.before-0.2.0").mkdir()
    assert "stays as it is" in bring_up(path)
    assert path.read_text() == OLDER and ConfigFile(path).config.cache.semantic is False


def test_an_edit_from_the_dashboard_lands_in_a_file_of_old_names(path: Path):
    file = ConfigFile(path)
    file.save_never("Bash", True)
    assert load(path).compression.never == ("Bash",)
    assert load(path).tiers.SIMPLE == Target("local", "url")


@pytest.mark.parametrize(
    "text",
    [
        OLDER.replace("[tiers]", "[tiers"),
        OLDER.replace('kind = "ollama"\nurl', 'kind = "frob"\nurl'),
        OLDER + "\n[cache]\nttl = 1\n",
    ],
    ids=["no-toml", "another-fault", "both-names"],
)
def test_what_does_not_load_stays_as_it_is(path: Path, text: str):
    path.write_text(text)
    assert bring_up(path) == ""
    assert path.read_text() == text
    assert [one.name for one in path.parent.iterdir()] == ["config.toml"]
    with pytest.raises(ConfigError):
        load(path)


def test_without_a_row_nothing_is_touched(path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(config_names, "RENAMED", ())
    assert upgraded(OLDER) == (OLDER, ())
