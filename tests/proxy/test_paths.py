"""Files are where the platform's custom puts them, and the data folder is its owner's alone."""

import stat
from pathlib import Path

import pytest

from proxy.paths import DataFiles, config_file, data_dir


def test_xdg_is_followed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert config_file() == tmp_path / "config" / "lynkr-tui" / "config.toml"
    assert data_dir() == tmp_path / "data" / "lynkr-tui"
    assert not list(tmp_path.iterdir())


def test_the_data_folder_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    files = DataFiles(tmp_path / "deep" / "data")
    assert stat.S_IMODE(files.dir.stat().st_mode) == 0o700
    assert [one.name for one in (files.ledger, files.cache, files.originals, files.log)] == [
        "ledger.db",
        "cache.db",
        "originals.db",
        "lynkr-tui.log",
    ]


def test_an_open_folder_is_closed_to_others(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    assert stat.S_IMODE(DataFiles(tmp_path).dir.stat().st_mode) == 0o700


def test_a_folder_that_can_not_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError):
        DataFiles(tmp_path / "file" / "data")
