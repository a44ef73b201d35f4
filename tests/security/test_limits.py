"""What a client may take: bytes and time. Each refusal is in the caller's own dialect."""

import asyncio
import zlib
from pathlib import Path

import pytest

from proxy.clients import bodies, listening
from tests.security.raw import PATHS, answer_to, head, parted
from tests.support.proxy import config_for, proxy

NOWHERE = config_for("http://127.0.0.1:9")


@pytest.mark.parametrize("dialect", PATHS)
async def test_half_a_body_and_then_nothing_is_a_408_in_the_callers_dialect(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dialect: str
) -> None:
    monkeypatch.setattr(bodies, "BODY_SECONDS", 0.2)
    monkeypatch.setattr(listening, "LINGER_SECONDS", 0.1)
    async with proxy(tmp_path, NOWHERE) as (server, heard):
        sent = head(PATHS[dialect], "Content-Length: 1000") + b'{"model": '
        status, said = parted(await answer_to(server.port, sent))
        assert status == 408 and "did not come within" in said["error"]["message"]
        assert ("type" in said) == (dialect == "anthropic")
        assert heard == []


@pytest.mark.parametrize("sent", [b"", b"POST /v1/messages HTTP/1.1\r\nHost: 127.0", b"POST"])
async def test_a_head_that_does_not_come_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sent: bytes
) -> None:
    monkeypatch.setattr(listening, "HEAD_SECONDS", 0.2)
    async with proxy(tmp_path, NOWHERE) as (server, _):
        status, said = parted(await answer_to(server.port, sent))
        assert status == 408 and "within 0.2 s" in said["error"]["message"]


async def test_a_connection_that_was_used_is_kept_longer_than_a_head_may_take(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening, "HEAD_SECONDS", 0.3)
    async with proxy(tmp_path, NOWHERE) as (server, _):
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        for _ in range(2):
            writer.write(head("/api/hello", method="GET"))
            assert (await reader.readuntil(b"}")).startswith(b"HTTP/1.1 200")
            await asyncio.sleep(0.5)  # it is the time that counts here
        writer.close()


FAULTS = {
    "a line": (head("/v1/messages", f"x-api-key: canary{'k' * 40_000}"), "longer than"),
    "a path": (head("/" + "p" * 20_000), "longer than"),
    "headers": (head("/v1/messages", *(f"x-canary-{n}: 1" for n in range(200))), "headers"),
    "no http": (b"\x16\x03\x01 canary \r\n\r\n", "not HTTP"),
    "two lengths": (head("/", "Content-Length: 1", "Content-Length: 2"), "not HTTP"),
    "both": (head("/", "Content-Length: 1", "Transfer-Encoding: chunked"), "not HTTP"),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_head_that_is_too_large_or_no_head_is_a_400_and_no_word_of_it_is_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, fault: str
) -> None:
    sent, named = FAULTS[fault]
    async with proxy(tmp_path, NOWHERE) as (server, _):
        status, said = parted(await answer_to(server.port, sent))
    assert status == 400 and named in said["error"]["message"]
    assert "canary" not in str(said) and "canary" not in caplog.text


async def test_a_long_sign_in_token_passes(tmp_path: Path) -> None:
    async with proxy(tmp_path, NOWHERE) as (server, _):
        sent = head(
            "/api/hello", f"Authorization: Bearer {'t' * 20_000}", "Connection: close", method="GET"
        )
        assert parted(await answer_to(server.port, sent))[0] == 200


@pytest.mark.parametrize("path", [*PATHS.values(), "/lynkr/explain", "/lynkr/routing"])
async def test_a_body_that_unpacks_to_a_gigabyte_is_refused_before_it_does(
    tmp_path: Path, path: str
) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join(packer.compress(bytes(2**20)) for _ in range(64)) + packer.flush()
    assert len(bomb) < 2**17
    length = f"Content-Length: {len(bomb)}"
    method = "PUT" if path.endswith("routing") else "POST"
    top = head(path, "Content-Encoding: gzip", length, "Connection: close", method=method)
    async with proxy(tmp_path, NOWHERE) as (server, _):
        status, said = parted(await answer_to(server.port, top + bomb))
    assert status == 413 and "larger than 32 MiB" in said["error"]["message"]


async def test_a_body_that_can_not_be_unpacked_is_the_clients_fault(tmp_path: Path) -> None:
    top = head("/v1/messages", "Content-Encoding: gzip", "Content-Length: 5", "Connection: close")
    async with proxy(tmp_path, NOWHERE) as (server, _):
        status, said = parted(await answer_to(server.port, top + b"plain"))
    assert status == 400 and "can't be read" in said["error"]["message"]
