"""Bad input to the commands of the first minutes: one clear sentence, the fix, the right exit
code, and nothing half done."""

import asyncio
import os
import socket
import textwrap
from pathlib import Path

import orjson
import pytest

from tests.app.commands.running import run
from tests.app.newcomer.test_init import KEY, LOCAL, init, lists, place
from tests.app.wrap.fake import ASK, Fake
from tests.support.proxy import config_for
from tests.support.scripted import refusal
from tests.support.upstream import Upstream

CONFIG = config_for("http://127.0.0.1:9")
# What stands where the config should be, and what is said about it.
BAD = {
    "half-written": (CONFIG[: CONFIG.index("[tiers]") + 20].encode(), "line "),
    "empty": (b"", "tiers is missing"),
    "no-text": (b"\xff\xfe\x00", "UTF-8"),
    "a-wrong-key": (
        CONFIG.encode() + b'\n[compresion]\nlevel = "off"\n',
        "did you mean compression?",
    ),
    "an-unknown-provider": (CONFIG.replace('"up/', '"down/').encode(), "down"),
    "a-folder": (None, "is a directory; name the TOML file in it"),
}

REFUSED = f"try:\n{textwrap.indent(ASK, '    ')}\nexcept OSError:\n    pass\n"


def put(home: Path, content: bytes | None) -> Path:
    path = place(home)
    path.parent.mkdir(parents=True)
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)
    return path


def files(home: Path) -> set[Path]:
    return {path for path in home.rglob("*") if path.is_file() and "bin" not in path.parts}


@pytest.mark.parametrize("words", [("serve",), ("wrap", "claude"), ("wrap", "--print", "claude")])
@pytest.mark.parametrize("what", BAD)
def test_a_bad_config_is_one_message_and_nothing_is_begun(
    tmp_path: Path, what: str, words: tuple[str, ...]
):
    content, said = BAD[what]
    fake, path = Fake(tmp_path, "claude"), put(tmp_path, content)
    before = files(tmp_path)
    done = run(*words, "--port", "0", home=tmp_path, PATH=fake.env["PATH"])
    assert done.returncode == 1 and done.stdout == ""
    assert str(path) in done.stderr and said in done.stderr
    assert "Traceback" not in done.stderr and len(done.stderr.splitlines()) <= 4
    assert files(tmp_path) == before


@pytest.mark.parametrize("named", [True, False], ids=["named", "usual"])
@pytest.mark.parametrize("command", ["serve", "wrap claude", "doctor"])
def test_a_config_that_can_not_be_read_is_no_bad_usage(tmp_path: Path, command: str, named: bool):
    fake, path = Fake(tmp_path, "claude"), put(tmp_path, CONFIG.encode())
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user reads every file")
    words = (*command.split(), "--port", "0", *(("--config", path) if named else ()))
    done = run(*words, home=tmp_path, PATH=fake.env["PATH"])
    assert done.returncode == 1
    assert f"{path} can't be read: Permission denied; check its mode" in done.stdout + done.stderr
    assert "Usage" not in done.stderr


@pytest.mark.parametrize("what", BAD)
def test_doctor_names_a_bad_config_and_looks_at_the_rest(tmp_path: Path, what: str):
    content, said = BAD[what]
    path = put(tmp_path, content)
    before = files(tmp_path)
    done = run("doctor", "--json", "--port", "0", home=tmp_path)
    found = {one["what"]: one for one in orjson.loads(done.stdout)["findings"]}
    assert done.returncode == 1 and found["config"]["level"] == "fail"
    assert str(path) in found["config"]["said"] and said in found["config"]["said"]
    assert found["config"]["fix"] and found["ledger"]["level"] == "ok"
    assert files(tmp_path) == before


@pytest.mark.parametrize("what", BAD)
async def test_init_replaces_a_bad_config_only_when_forced(tmp_path: Path, what: str):
    content, _ = BAD[what]
    path = put(tmp_path, content)
    async with lists(*LOCAL) as local:
        at = ("--yes", "--at", f"ollama={local.url}")
        done = await init(tmp_path, *at)
        assert done.returncode == 1 and "stays as it is; --force replaces it" in done.stderr
        assert path.is_dir() if content is None else path.read_bytes() == content
        done = await init(tmp_path, *at, "--force")
    assert done.returncode == (1 if content is None else 0)
    assert path.is_dir() if content is None else b"ollama" in path.read_bytes()
    assert [one.name for one in path.parent.iterdir()] == ["config.toml"]


async def test_init_without_a_network_says_who_could_not_be_reached(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    done = await init(tmp_path, "--yes", "--at", f"anthropic={url}", ANTHROPIC_API_KEY=KEY)
    assert done.returncode == 1 and not place(tmp_path).exists()
    last = done.stderr.splitlines()[-1]
    assert f"anthropic: {url} can't be reached: connection refused; so no provider" in last
    assert KEY not in done.stderr
    far = "anthropic=http://no-such-host.invalid"
    done = await init(tmp_path, "--yes", "--at", far, ANTHROPIC_API_KEY=KEY)
    assert done.returncode == 1 and not place(tmp_path).exists()
    assert "its name is not known here" in done.stderr and "Errno" not in done.stderr


async def test_a_key_that_was_asked_for_is_forgotten_where_no_config_comes_of_it(tmp_path: Path):
    env = {
        "PYTHON_KEYRING_BACKEND": "tests.support.ring.FileRing",
        "PYTHONPATH": str(Path(__file__).parents[3]),
        "RING": str(tmp_path / "ring"),
    }
    async with lists(key="another") as vendor:
        words = ("init", "--yes", "--keyring", "anthropic", "--at", f"anthropic={vendor.url}")
        done = await asyncio.to_thread(lambda: run(*words, home=tmp_path, stdin=f"{KEY}\n", **env))
    assert done.returncode == 1 and "refused the credential (401)" in done.stderr
    assert KEY not in (tmp_path / "ring").read_text() + done.stderr


async def test_after_a_wrong_key_wrap_says_what_failed_and_who_finds_the_cause(tmp_path: Path):
    fake = Fake(tmp_path, "claude", act=REFUSED)
    async with Upstream(refusal(401)) as upstream:
        put(tmp_path, config_for(upstream.url).encode())
        done = await asyncio.to_thread(fake.wrap, "claude")
    told = done.stderr.splitlines()[-1]
    assert "failed" in told and "401" in told and "lynkr-tui doctor" in told
