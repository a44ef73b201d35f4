"""A tool that a person never wants compressed: saved with every comment, and in force at once."""

from pathlib import Path

import pytest
from aiohttp import ClientSession
from hypothesis import given, settings
from hypothesis import strategies as st

from app.holds.whole import Whole
from proxy.config.edit import ConfigFile
from proxy.config.load import ConfigError, load
from tests.proxy.sending.test_prefixes import LOG
from tests.support import messages
from tests.support.messages import call
from tests.support.proxy import config_for, proxy
from tests.support.upstream import Upstream

BASE = config_for("http://127.0.0.1:9")
LAID_OUT = {
    "nowhere yet": BASE,
    "without a list": BASE + '\n[compression]  # how far\nlevel = "lossless"\n\n# rules\n[tools]\n',
    "with a list": BASE + '\n[compression]\nnever = [\n  "Grep",  # I read these\n]\n# the end\n',
    "in one line": f'compression = {{ level = "balanced" }}\n{BASE}',
    "dotted": f'compression.level = "balanced"  # bold\n{BASE}',
    "of Windows": (BASE + '\n[compression]\nlevel = "lossless"\n').replace("\n", "\r\n"),
}


def file_of(folder: Path, text: str) -> ConfigFile:
    (folder / "config.toml").write_bytes(text.encode())
    return ConfigFile(folder / "config.toml")


@pytest.mark.parametrize("text", LAID_OUT.values(), ids=LAID_OUT)
def test_every_line_of_the_owner_stays(tmp_path: Path, text: str) -> None:
    file = file_of(tmp_path, text)
    before = file.config
    after = file.save_never("Read", True)
    assert after.compression.never == (*before.compression.never, "Read")
    assert load(file.path) == after == file.config and file.changed() is None
    written = file.path.read_bytes().decode()
    lines = [line for line in text.splitlines(keepends=True) if "compression = {" not in line]
    assert [line for line in lines if line not in written] == []
    assert ("\r\n" in written) == ("\r\n" in text) and "\n\r" not in written.replace("\r\n", "")
    assert file.save_never("Read", False).compression == before.compression


@settings(deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), unique=True))
def test_any_name_is_saved_as_it_is(tmp_path_factory: pytest.TempPathFactory, names: list[str]):
    file = file_of(tmp_path_factory.mktemp("config"), BASE)
    for name in names:
        file.save_never(name, True)
    assert load(file.path).compression.never == tuple(names)


def test_a_file_that_can_not_be_saved_changes_nothing(tmp_path: Path) -> None:
    file = file_of(tmp_path, BASE)
    file.path.write_text("not = [toml")
    with pytest.raises(ConfigError):
        file.save_never("Read", True)
    assert file.path.read_text() == "not = [toml"


def body() -> dict[str, object]:
    said = [
        {"role": "user", "content": "Run the build"},
        {"role": "assistant", "content": [call("call_1", "Bash", command="make")]},
        {
            "role": "user",
            "content": [{"type": "tool_result", "tool_use_id": "call_1", "content": LOG}],
        },
    ]
    tools = [{"name": "Bash", "description": "Runs it.", "input_schema": {"type": "object"}}]
    return {"model": "m", "max_tokens": 9, "tools": tools, "messages": said}


async def test_it_holds_from_the_next_request_on_and_can_be_taken_back(tmp_path: Path) -> None:
    async with (
        Upstream(messages.says_hello) as upstream,
        proxy(tmp_path, config_for(upstream.url)) as (server, _),
        ClientSession() as client,
    ):
        whole = Whole(ConfigFile(tmp_path / "config.toml"), server.house)
        for toggled in (None, True, False):
            if toggled is not None:
                assert whole.toggle("Bash") is toggled
                assert whole.names == (("Bash",) if toggled else ())
            async with client.post(f"{server.url}/v1/messages", json=body()) as got:
                assert got.status == 200
    results = [sent.body["messages"][2]["content"][0]["content"] for sent in upstream.sent]
    assert results[0] == results[2] != LOG and results[1] == LOG
