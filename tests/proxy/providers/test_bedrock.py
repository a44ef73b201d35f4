"""Bedrock through the whole proxy: a tool round, its errors, and where its credentials are from."""

from pathlib import Path
from typing import Any

import aiohttp
import orjson
import pytest
from aiohttp import web
from botocore.utils import InstanceMetadataFetcher

from tests.proxy.providers import aws
from tests.support import converse, messages
from tests.support.proxy import proxy
from tests.support.upstream import Sent, Upstream, as_json

QUESTION: dict[str, Any] = {
    "model": "any",
    "max_tokens": 100,
    "tools": [{"name": "Read", "input_schema": {"type": "object"}}],
    "messages": [{"role": "user", "content": "Read a.py, please, and say what it does."}],
}
ANSWER = [messages.text("Reading."), messages.call("c1", "Read", path="a.py")]


@pytest.fixture(autouse=True)
def _no_aws_at_hand(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No credential of this machine, and nobody asks its metadata address."""
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE", "AWS_BEARER_TOKEN_BEDROCK"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "aws-config"))

    def asked(self: object) -> None:
        pytest.fail("the machine's metadata address was asked")

    monkeypatch.setattr(InstanceMetadataFetcher, "retrieve_iam_role_credentials", asked)


@pytest.fixture
def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", aws.ACCESS)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", aws.SECRET)


def config(url: str, more: str = f'region = "{aws.REGION}"') -> str:
    rows = "\n".join(f'{t} = "aws/claude-x"' for t in ("SIMPLE", "MEDIUM", "COMPLEX", "REASONING"))
    up = f'[providers.aws]\nkind = "bedrock"\nbase_url = "{url}"\n{more}\n'
    return f"{up}[tiers]\n{rows}\n[retry]\ntimes = 0\n"


async def ask(folder: Path, text: str, **more: object) -> tuple[int, bytes]:
    async with proxy(folder, text) as (server, _), aiohttp.ClientSession() as session:
        data = orjson.dumps({**QUESTION, **more})
        async with session.post(f"{server.url}/v1/messages", data=data) as answer:
            return answer.status, await answer.read()


async def calls_read(request: web.Request, sent: Sent) -> web.StreamResponse:
    if fault := aws.signed(sent) or aws.fits_the_model(sent):
        return as_json({"message": fault[4:]}, int(fault[:3]))
    return await converse.reply(request, sent, ANSWER)


@pytest.mark.usefixtures("_credentials")
async def test_a_call_reaches_a_messages_client_plain_and_streamed(tmp_path: Path) -> None:
    async with Upstream(calls_read) as upstream:
        status, plain = await ask(tmp_path, config(upstream.url))
        told = orjson.loads(plain)
        assert (status, told["stop_reason"]) == (200, "tool_use")
        assert [block["type"] for block in told["content"]] == ["text", "tool_use"]
        assert told["content"][1]["input"] == {"path": "a.py"}
        assert told["usage"]["cache_read_input_tokens"] == 80
        status, streamed = await ask(tmp_path, config(upstream.url), stream=True)
        assert status == 200
        assert b'"name":"Read"' in streamed and b"event: message_stop" in streamed
        assert [sent.path.rpartition("/")[2] for sent in upstream.sent] == [
            "converse",
            "converse-stream",
        ]


@pytest.mark.usefixtures("_credentials")
async def test_a_profile_and_a_session_token_sign_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.setenv("AWS_PROFILE", "work")
    (tmp_path / "credentials").write_text(
        f"[work]\naws_access_key_id = {aws.ACCESS}\naws_secret_access_key = {aws.SECRET}\n"
        "aws_session_token = a-session\n"
    )

    async def answers(request: web.Request, sent: Sent) -> web.StreamResponse:
        return await converse.reply(request, sent, ANSWER)

    monkeypatch.setenv("AWS_REGION", "us-west-2")
    async with Upstream(answers) as upstream:
        status, _ = await ask(tmp_path, config(upstream.url, ""))
        headers = upstream.sent[0].headers
        assert status == 200 and headers["x-amz-security-token"] == "a-session"
        assert f"{aws.ACCESS}/" in headers["authorization"]
        assert "/us-west-2/bedrock/aws4_request" in headers["authorization"]


async def test_a_bedrock_api_key_needs_no_signature(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_BEARER_TOKEN_BEDROCK", "an-api-key")

    async def answers(request: web.Request, sent: Sent) -> web.StreamResponse:
        return await converse.reply(request, sent, ANSWER)

    async with Upstream(answers) as upstream:
        status, _ = await ask(tmp_path, config(upstream.url))
        assert status == 200
        assert upstream.sent[0].headers["authorization"] == "Bearer an-api-key"
        assert "x-amz-date" not in upstream.sent[0].headers


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ("", 'provider aws has no region; add region = "us-east-1" to [providers.aws]'),
        ('region = "us-east-1"', "provider aws: no AWS credentials; set AWS_ACCESS_KEY_ID"),
    ],
)
async def test_what_is_missing_is_named_and_nobody_is_asked(
    tmp_path: Path, more: str, says: str
) -> None:
    status, body = await ask(tmp_path, config("http://127.0.0.1:9", more))
    assert status == 502
    assert says in orjson.loads(body)["error"]["message"]


@pytest.mark.usefixtures("_credentials")
async def test_a_refusal_keeps_its_status_and_words(tmp_path: Path) -> None:
    async def refuses(request: web.Request, sent: Sent) -> web.StreamResponse:
        return as_json({"message": "Input is too long for requested model."}, 400)

    async with Upstream(refuses) as upstream:
        status, body = await ask(tmp_path, config(upstream.url))
        assert status == 400
        assert "Input is too long for requested model." in orjson.loads(body)["error"]["message"]


@pytest.mark.usefixtures("_credentials")
async def test_an_exception_in_mid_stream_is_an_error_event(tmp_path: Path) -> None:
    async def breaks(request: web.Request, sent: Sent) -> web.StreamResponse:
        kind = {"Content-Type": "application/vnd.amazon.eventstream"}
        response = web.StreamResponse(headers=kind)
        await response.prepare(request)
        for piece in converse.frames(ANSWER)[:3]:
            await response.write(piece)
        body = {"message": "Too many tokens."}
        await response.write(converse.frame("throttlingException", body, "exception"))
        return response

    async with Upstream(breaks) as upstream:
        status, body = await ask(tmp_path, config(upstream.url), stream=True)
        assert status == 200
        assert b"event: error" in body and b"Too many tokens." in body
        assert b"rate_limit_error" in body and b"message_stop" not in body
