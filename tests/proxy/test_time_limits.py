"""Time limits on what an upstream sends, and the pings that keep a silent stream alive."""

import asyncio
from pathlib import Path

from proxy.answer import pulse
from proxy.events import Completed, Failed, FellBack
from tests.proxy.sends import CHAT, STREAM, ask, two
from tests.proxy.test_server import post
from tests.support import messages
from tests.support.scripted import halting, in_turn, late, says
from tests.support.upstream import stream


async def test_no_first_byte_in_time_goes_to_the_fallback(tmp_path: Path):
    async with two(
        tmp_path, late(5, says("late")), says("spare"), timeout="{ first_byte = 0.1 }"
    ) as (server, heard, up, _):
        status, headers, _ = await ask(server, STREAM)
        assert (status, headers["x-lynkr-provider"], len(up.sent)) == (200, "spare", 1)
        (fell,) = heard.of(FellBack)
        assert isinstance(fell, FellBack) and "timeout.first_byte" in fell.why


async def test_without_one_it_is_tried_again(tmp_path: Path):
    first = in_turn(late(5, says("late")), says("in time"))
    async with two(tmp_path, first, timeout="{ first_byte = 0.1 }") as (server, _, up, _):
        status, _, got = await ask(server, STREAM)
        assert status == 200 and b"in time" in got and len(up.sent) == 2


async def test_a_first_byte_that_never_comes_is_a_504_that_names_the_setting(tmp_path: Path):
    first = late(5, says("late"))
    async with two(tmp_path, first, timeout="{ first_byte = 0.05 }") as (server, _, up, _):
        status, _, got = await ask(server, STREAM)
        assert status == 504 and b"providers.up.timeout.first_byte" in got
        assert len(up.sent) == 3


async def test_an_answer_that_is_not_streamed_may_take_longer(tmp_path: Path):
    first = late(0.3, says("worth it"))
    async with two(tmp_path, first, timeout="{ first_byte = 0.1 }") as (server, _, up, _):
        status, _, got = await ask(server)
        assert status == 200 and b"worth it" in got and len(up.sent) == 1


async def test_silence_in_mid_stream_is_an_error_event_and_no_fallback(tmp_path: Path):
    async with two(tmp_path, halting("Half", 5), says("never"), timeout="{ silence = 0.1 }") as (
        server,
        heard,
        up,
        spare,
    ):
        _, _, got = await ask(server, STREAM)
        assert b"Half" in got and b"event: error" in got and b"fell silent for 0.1 s" in got
        assert (len(up.sent), len(spare.sent)) == (1, 0)
        assert [e.status for e in heard if isinstance(e, Failed)] == [504]


async def test_a_stream_that_goes_on_in_time_is_whole(tmp_path: Path):
    first = halting("Half", 0.15)
    async with two(tmp_path, first, timeout="{ silence = 0.3 }") as (server, heard, _, _):
        _, _, got = await ask(server, STREAM)
        assert b"message_stop" in got and b"event: error" not in got and heard.of(Completed)


async def test_a_silent_stream_is_kept_alive_by_pings(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(pulse, "EVERY", 0.05)
    async with two(tmp_path, halting("Half", 0.3)) as (server, heard, _, _):
        _, _, got = await ask(server, STREAM)
        assert 2 <= got.count(b'event: ping\ndata: {"type": "ping"}\n\n') <= 6
        untouched = got.replace(b'event: ping\ndata: {"type": "ping"}\n\n', b"")
        assert untouched.count(b"event: ") == 6 and heard.of(Completed)
        _, _, got = await post(f"{server.url}/v1/chat/completions", {**CHAT, "stream": True})
        assert 2 <= got.count(b": ping\n\n") <= 6 and b"event: ping" not in got
        assert got.endswith(b"data: [DONE]\n\n")


async def test_no_ping_ever_lands_inside_an_event(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(pulse, "EVERY", 0.03)
    whole = b"".join(messages.events("m", [messages.text("cut in the middle")]))
    half = len(whole) // 2

    async def cut(request, sent):
        response = await stream(request, [whole[:half]])
        await asyncio.sleep(0.15)
        await response.write(whole[half:])
        return response

    async with two(tmp_path, cut) as (server, _, _, _):
        _, _, got = await ask(server, STREAM)
        events = [part for part in got.split(b"\n\n") if b"event: ping" not in part]
        assert events == whole.split(b"\n\n")


async def test_an_upstreams_own_pings_are_handed_on(tmp_path: Path):
    chunks = messages.events("m", [messages.text("Hello")])
    ping = messages.event("ping")

    async def pings(request, sent):
        return await stream(request, [chunks[0], ping, *chunks[1:]])

    async with two(tmp_path, pings) as (server, _, _, _):
        _, _, got = await ask(server, STREAM)
        assert got == b"".join([chunks[0], ping, *chunks[1:]])
