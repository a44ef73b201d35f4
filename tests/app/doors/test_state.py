"""The doors that a dashboard elsewhere needs, over a real socket."""

from pathlib import Path

import pytest

from app.attach.state import State
from proxy.values_json import read
from tests.proxy.control.test_api import QUESTION, call
from tests.support import messages
from tests.support.proxy import config_for, proxy
from tests.support.upstream import Upstream


async def test_the_state_tells_how_it_is_set_up_and_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("UP_KEY", "sk-a-secret")
    config = config_for("http://127.0.0.1:9/v").replace("[tiers]", 'key_env = "UP_KEY"\n[tiers]')
    more = "[approval]\ndollars = 2.5\n[compression]\nnever = ['Grep']\n"
    async with proxy(tmp_path, config + more) as (server, _):
        status, said = await call("GET", f"{server.url}/lynkr/state")
    assert status == 200 and "sk-a-secret" not in str(said)
    state = read(State, said)
    assert state.config == str(tmp_path / "config.toml")
    assert state.approval.above == 2.5 and not state.approval.on
    assert state.whole == ("Grep",) and state.caches.on and not state.keeps_text
    assert state.providers["up"].config.base_url == "http://127.0.0.1:9/v"
    assert state.providers["up"].keys == ("UP_KEY",)
    assert read(State, said | {"mood": "fine"}) == state, "a newer proxy may tell more"


async def test_each_switch_is_put_as_asked_and_a_tool_is_saved(tmp_path: Path):
    config = config_for("http://127.0.0.1:9", more="[approval]\ndollars = 1\n")
    async with proxy(tmp_path, config) as (server, _):
        url, house = f"{server.url}/lynkr/state", server.house
        for _ in range(2):  # the same again changes nothing
            asked = {"cache": False, "approval": True, "whole": {"Grep": True}}
            status, said = await call("PUT", url, asked)
            assert status == 200
            assert (said["caches"]["on"], said["approval"]["on"]) == (False, True)
            assert (house.cached_on, house.approvals.on) == (False, True)
            assert house.config.compression.never == ("Grep",) == tuple(said["whole"])
        assert "Grep" in (tmp_path / "config.toml").read_text()
        assert (await call("PUT", url, {"whole": {"Grep": False}}))[1]["whole"] == []


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"cache": "off"}, "cache"),
        ({"whole": {"Grep": 1}}, "Grep"),
        ({"whole": ["Grep"]}, "whole"),
        ({"colour": True}, "colour"),
        ([], "object"),
    ],
)
async def test_a_switch_that_can_not_be_put_is_named_and_nothing_changes(
    tmp_path: Path, body: object, named: str
):
    async with proxy(tmp_path, config_for("http://127.0.0.1:9")) as (server, _):
        before = server.house.config
        status, said = await call("PUT", f"{server.url}/lynkr/state", body)
        assert status == 400 and named in said["error"]["message"]
        assert server.house.config is before and server.house.cached_on


async def test_a_provider_is_tested_and_an_answer_called_wrong(tmp_path: Path):
    async with (
        Upstream(messages.says_hello) as upstream,
        proxy(tmp_path, config_for(upstream.url)) as (server, heard),
    ):
        _, said = await call("POST", f"{server.url}/lynkr/providers/up/test")
        assert said["finding"]["what"] == "provider up"
        _, said = await call("POST", f"{server.url}/lynkr/providers/gone/test")
        assert said["finding"]["level"] == "fail"
        for _ in range(2):
            await call("POST", f"{server.url}/v1/messages", QUESTION)
        hit = next(event.id for event in heard if type(event).__name__ == "CacheHit")
        url = f"{server.url}/lynkr/exchanges/{hit}/wrong"
        assert [(await call("POST", url))[1] for _ in range(2)] == [
            {"known": True},
            {"known": False},
        ]
        url = f"{server.url}/lynkr/exchanges/{hit}/approval"
        assert (await call("POST", url, {"go": True})) == (200, {"waited": False})
        assert (await call("POST", url, {"go": "yes"}))[0] == 400


async def test_no_door_opens_to_a_foreign_page(tmp_path: Path):
    async with proxy(tmp_path, config_for("http://127.0.0.1:9")) as (server, _):
        for method, path in (
            ("GET", "/lynkr/state"),
            ("PUT", "/lynkr/state"),
            ("POST", "/lynkr/exchanges/x/wrong"),
            ("POST", "/lynkr/exchanges/x/approval"),
            ("POST", "/lynkr/providers/up/test"),
        ):
            for header in ({"Origin": "https://evil.example"}, {"Host": "evil.example"}):
                status, _ = await call(method, server.url + path, {"cache": False}, **header)
                assert status == 403, path
        assert server.house.cached_on


async def test_steering_needs_no_config_that_can_be_written_and_rules_do(tmp_path: Path):
    async with proxy(tmp_path, config_for("http://127.0.0.1:9")) as (server, _):
        (tmp_path / "config.toml").write_text("[not toml")
        url = f"{server.url}/lynkr/routing"
        assert (await call("PUT", url, {"override_new": "REASONING"}))[0] == 200
        status, said = await call("PUT", url, {"boundaries": [10, 20, 30]})
        assert status == 409 and "config.toml" in said["error"]["message"]
        assert server.house.routing.table.boundaries != (10, 20, 30)
