"""A credential goes to the provider it belongs to and to no other; a spent key makes room for the
next one."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import keyring
import orjson
import pytest
from aiohttp import web
from keyring.backend import KeyringBackend
from keyring.errors import KeyringError

from proxy.config.load import ProviderConfig
from proxy.errors import Upstream
from proxy.providers.catalog import KINDS
from proxy.providers.credentials import REFUSED_SECONDS, Credentials
from tests.support import chat, messages, responses
from tests.support.proxy import proxy
from tests.support.upstream import Sent, as_json
from tests.support.upstream import Upstream as Scripted

CLAUDE_SIGN_IN = {"authorization": "Bearer sk-ant-oat01-secret-of-the-caller"}
CHATGPT_SIGN_IN = {
    "authorization": "Bearer eyJhbGciOi.secret-of-the-caller",
    "chatgpt-account-id": "secret-of-the-caller",
}
API_KEY = {"x-api-key": "plain-secret-of-the-caller"}
CALLERS = {"claude": CLAUDE_SIGN_IN, "chatgpt": CHATGPT_SIGN_IN, "key": API_KEY}


def config(**words: object) -> ProviderConfig:
    return ProviderConfig.model_validate({"kind": "openai", **words})


def credentials(kind: str = "openai", **words: object) -> Credentials:
    return Credentials("up", KINDS[kind], config(kind=kind, **words))


# What is sent for a caller, by kind.

HANDED_ON = [
    ("anthropic", CLAUDE_SIGN_IN, CLAUDE_SIGN_IN),
    ("anthropic", API_KEY, API_KEY),
    ("openai", CHATGPT_SIGN_IN, CHATGPT_SIGN_IN),
    ("openai", {"x-api-key": "k"}, {"authorization": "Bearer k"}),
    ("azure_openai", {"authorization": "Bearer k"}, {"api-key": "k"}),
    ("anthropic", {"api-key": "k"}, {"x-api-key": "k"}),
    ("ollama", {"x-api-key": "k"}, {"authorization": "Bearer k"}),
    ("openai", {}, {}),
]


@pytest.mark.parametrize(("kind", "callers", "sent"), HANDED_ON)
async def test_the_callers_own_credential_is_sent_as_the_provider_takes_it(
    kind: str, callers: dict[str, str], sent: dict[str, str]
) -> None:
    held = await credentials(kind, key="client", base_url="http://h").hold(callers)
    assert held.headers == sent


OTHERS = [
    ("openai", CLAUDE_SIGN_IN),
    ("openai_compatible", CLAUDE_SIGN_IN),
    ("openrouter", CLAUDE_SIGN_IN),
    ("vertex", CLAUDE_SIGN_IN),
    ("anthropic", CHATGPT_SIGN_IN),
    ("groq", CHATGPT_SIGN_IN),
    ("anthropic", {"x-api-key": "sk-proj-abc"}),
    ("gemini", {"authorization": "Bearer gsk_abc"}),
]


@pytest.mark.parametrize(("kind", "callers"), OTHERS)
async def test_a_sign_in_is_never_handed_to_another_vendor(
    kind: str, callers: dict[str, str]
) -> None:
    with pytest.raises(Upstream, match="belongs to another vendor") as told:
        await credentials(kind, key="client", base_url="http://h").hold(callers)
    assert told.value.status == 403
    assert not any(secret in told.value.message for secret in callers.values())


async def test_a_caller_is_never_asked_where_the_provider_has_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "ours")
    held = await credentials().hold(CHATGPT_SIGN_IN)
    assert held.headers == {"authorization": "Bearer ours"}
    monkeypatch.delenv("OPENAI_API_KEY")
    assert (await credentials().hold(CHATGPT_SIGN_IN)).headers == {}


# Every route: each client dialect to each kind of provider, each with a key of its own or none.

CLIENTS: dict[str, dict[str, Any]] = {
    "/v1/messages": {"max_tokens": 9, "messages": [{"role": "user", "content": "Say a word."}]},
    "/v1/chat/completions": {"messages": [{"role": "user", "content": "Say a word."}]},
    "/v1/responses": {"input": "Say a word."},
    "/v1/messages/count_tokens": {"messages": [{"role": "user", "content": "Say a word."}]},
}


async def speaks(request: web.Request, sent: Sent) -> web.StreamResponse:
    speaker = {"chat": chat, "resp": responses}.get(sent.path.split("/")[2][:4], messages)
    named = Sent(sent.method, sent.path, sent.headers, orjson.dumps({"model": "m", **sent.body}))
    answer: web.StreamResponse = await speaker.reply(request, named, [messages.text("Word")])
    return answer


@pytest.mark.parametrize("own", ["", 'key_env = "OF_THE_PROVIDER"'])
@pytest.mark.parametrize("kind", ["anthropic", "anthropic_compatible", "openai_compatible"])
@pytest.mark.parametrize("caller", CALLERS)
async def test_no_route_leads_a_clients_credential_to_a_provider_without_key_client(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, own: str, caller: str
) -> None:
    monkeypatch.setenv("OF_THE_PROVIDER", "ours")
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    async with (
        Scripted(speaks) as upstream,
        proxy(tmp_path, tiers(upstream.url, kind, own)) as (server, _),
        aiohttp.ClientSession() as session,
    ):
        for path, body in CLIENTS.items():
            data = orjson.dumps({"model": "any", **body})
            headers = {**CALLERS[caller], "cookie": "secret-of-the-caller"}
            async with session.post(server.url + path, data=data, headers=headers) as answer:
                assert answer.status == 200, await answer.text()
        assert upstream.sent
        for sent in upstream.sent:
            assert "secret" not in str(sent.headers) and b"secret" not in sent.raw


def tiers(url: str, kind: str, more: str) -> str:
    rows = "\n".join(f'{tier} = "up/m"' for tier in ("SIMPLE", "MEDIUM", "COMPLEX", "REASONING"))
    up = f'[providers.up]\nkind = "{kind}"\nbase_url = "{url}"\n{more}\n'
    return f"{up}[tiers]\n{rows}\n[cache]\nexact = false\n"


async def test_a_claude_sign_in_reaches_anthropic_and_stops_before_another_provider(
    tmp_path: Path,
) -> None:
    async with Scripted(speaks) as anthropic, Scripted(speaks) as other:
        config = (
            f'[providers.own]\nkind = "anthropic"\nkey = "client"\nbase_url = "{anthropic.url}"\n'
            f'[providers.else]\nkind = "openai_compatible"\nkey = "client"\n'
            f'base_url = "{other.url}"\n[tiers]\nSIMPLE = "else/m"\nMEDIUM = "own/m"\n'
            'COMPLEX = "own/m"\nREASONING = "own/m"\n'
        )
        async with (
            proxy(tmp_path, config) as (server, _),
            aiohttp.ClientSession(headers=CLAUDE_SIGN_IN) as session,
        ):
            data = orjson.dumps({"model": "any", **CLIENTS["/v1/messages"]})
            for tier, status in (("MEDIUM", 200), ("SIMPLE", 403)):
                headers = {"x-lynkr-tier": tier}
                url = f"{server.url}/v1/messages"
                async with session.post(url, data=data, headers=headers) as answer:
                    assert answer.status == status
                    assert "secret" not in await answer.text()
        assert anthropic.sent[0].headers["authorization"] == CLAUDE_SIGN_IN["authorization"]
        assert not other.sent


# Several keys.


def keyed(
    statuses: dict[str, int], **headers: str
) -> Callable[[web.Request, Sent], Awaitable[web.StreamResponse]]:
    async def answer(request: web.Request, sent: Sent) -> web.StreamResponse:
        status = statuses.get(sent.headers["authorization"].removeprefix("Bearer "), 200)
        if status == 200:
            return await chat.says_hello(request, sent)
        return as_json({"error": {"message": f"status {status}"}}, status, **headers)

    return answer


async def asked(folder: Path, upstream: Scripted, times: int = 1) -> list[int]:
    keys = 'key_env = ["KEY_A", "KEY_B", "KEY_C"]'
    text = tiers(upstream.url, "openai_compatible", keys) + "[retry]\ntimes = 0\n"
    statuses = []
    async with proxy(folder, text) as (server, _), aiohttp.ClientSession() as session:
        for _ in range(times):
            data = orjson.dumps({"model": "any", **CLIENTS["/v1/chat/completions"]})
            async with session.post(f"{server.url}/v1/chat/completions", data=data) as answer:
                statuses.append(answer.status)
    return statuses


def used(upstream: Scripted) -> list[str]:
    return [sent.headers["authorization"][-1] for sent in upstream.sent]


@pytest.fixture
def _three_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for letter in "abc":
        monkeypatch.setenv(f"KEY_{letter.upper()}", f"key-{letter}")


@pytest.mark.usefixtures("_three_keys")
@pytest.mark.parametrize("status", [401, 429])
async def test_a_spent_key_makes_room_for_the_next_at_once_and_for_good(
    tmp_path: Path, status: int
) -> None:
    async with Scripted(keyed({"key-a": status})) as upstream:
        assert await asked(tmp_path, upstream, times=3) == [200, 200, 200]
        assert used(upstream) == ["a", "b", "b", "b"]


@pytest.mark.usefixtures("_three_keys")
async def test_when_all_keys_are_spent_the_last_refusal_comes_back(tmp_path: Path) -> None:
    everyone = {"key-a": 429, "key-b": 401, "key-c": 429}
    async with Scripted(keyed(everyone)) as upstream:
        assert await asked(tmp_path, upstream) == [429]
        assert used(upstream) == ["a", "b", "c"]


@pytest.mark.usefixtures("_three_keys")
async def test_other_refusals_keep_the_key(tmp_path: Path) -> None:
    async with Scripted(keyed({"key-a": 400})) as upstream:
        assert await asked(tmp_path, upstream, times=2) == [400, 400]
        assert used(upstream) == ["a", "a"]


@pytest.mark.usefixtures("_three_keys")
async def test_a_key_comes_back_when_its_retry_after_has_passed() -> None:
    now = [100.0]
    keys = Credentials(
        "up", KINDS["openai"], config(key_env=["KEY_A", "KEY_B"]), clock=lambda: now[0]
    )
    first = await keys.hold({})
    assert await keys.spent(first, 429, "30", {0})
    assert (await keys.hold({})).number == 1
    now[0] += 29
    assert (await keys.hold({})).number == 1
    now[0] += 2
    assert (await keys.hold({})).number == 0
    second = await keys.hold({}, tried={0})
    assert second.number == 1 and not await keys.spent(second, 401, "", {0, 1})
    await keys.spent(first, 429, "Wed, 21 Oct 2026 07:28:00 GMT", {0})
    assert (await keys.hold({})).number == 0  # both rest; this one is back first
    now[0] += REFUSED_SECONDS
    assert (await keys.hold({})).number == 0


@pytest.mark.usefixtures("_three_keys")
async def test_a_variable_that_is_not_set_is_passed_over_and_named_when_none_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("KEY_A")
    keys = credentials(key_env=["KEY_A", "KEY_B"])
    assert (await keys.hold({})).headers == {"authorization": "Bearer key-b"}
    monkeypatch.delenv("KEY_B")
    with pytest.raises(Upstream, match="up: the environment variables KEY_A, KEY_B are not set"):
        await keys.hold({})


# The keyring.


class Drawer(KeyringBackend):
    """A keyring in memory, which counts how often it is asked."""

    priority = 99

    def __init__(self, secrets: dict[tuple[str, str], str]) -> None:
        super().__init__()
        self.secrets, self.asked = secrets, 0

    def set_password(self, service: str, username: str, password: str) -> None:
        self.secrets[service, username] = password

    def get_password(self, service: str, username: str) -> str | None:
        self.asked += 1
        if service == "locked":
            raise KeyringError("the collection is locked")
        return self.secrets.get((service, username))


@pytest.fixture
def drawer() -> object:
    before = keyring.get_keyring()
    backend = Drawer({("lynkr", "openai"): "from-the-ring", ("lynkr", "spare"): "another"})
    keyring.set_keyring(backend)
    yield backend
    keyring.set_keyring(before)


async def test_a_key_comes_from_the_keyring_and_is_read_once(drawer: Drawer) -> None:
    keys = credentials(keyring=["lynkr/openai", "lynkr/spare"])
    for _ in range(3):
        assert (await keys.hold({})).headers == {"authorization": "Bearer from-the-ring"}
    assert drawer.asked == 2
    assert (await keys.hold({}, tried={0})).headers == {"authorization": "Bearer another"}


@pytest.mark.usefixtures("drawer")
@pytest.mark.parametrize(
    ("place", "says"),
    [("lynkr/none", "nothing at lynkr/none; put it there with `keyring set lynkr none`"),
     ("locked/x", "the keyring can't be read: the collection is locked")],
)  # fmt: skip
async def test_a_keyring_without_the_key_says_how_to_put_it_there(place: str, says: str) -> None:
    with pytest.raises(Upstream) as told:
        await credentials(keyring=place).hold({})
    assert says in told.value.message


# Several vendors that are handed callers' keys.


async def test_a_key_that_does_not_tell_whose_it_is_goes_to_none_of_several_vendors() -> None:
    def shared(kind: str) -> Credentials:
        row = config(kind=kind, key="client", base_url="http://h")
        return Credentials("up", KINDS[kind], row, alone=False)

    assert (await shared("anthropic").hold(CLAUDE_SIGN_IN)).headers == CLAUDE_SIGN_IN
    assert (await shared("openai").hold(CHATGPT_SIGN_IN)).headers == CHATGPT_SIGN_IN
    assert (await shared("ollama").hold({})).headers == {}
    for kind in ("anthropic", "openai", "ollama"):
        with pytest.raises(Upstream, match="does not tell whose it is"):
            await shared(kind).hold(API_KEY)
