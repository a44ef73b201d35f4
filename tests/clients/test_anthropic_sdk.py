"""The anthropic SDK on every upstream dialect: answers, streams, tools, errors, counts, models."""

from collections.abc import AsyncIterator
from typing import Any

import anthropic
import pytest
import pytest_asyncio
from anthropic.types import MessageParam, ToolParam

from tests.clients.scripted import UPSTREAMS, failing
from tests.clients.stage import Stage, refusing, staged
from tests.support.messages import call, text

pytestmark = [pytest.mark.client, pytest.mark.asyncio(loop_scope="module")]

ASK: list[MessageParam] = [{"role": "user", "content": "What is the weather in Oslo?"}]
WEATHER: ToolParam = {
    "name": "weather",
    "description": "The weather in a city",
    "input_schema": {
        "type": "object",
        "properties": {"city": {"type": "string"}},
        "required": ["city"],
    },
}


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=UPSTREAMS)
async def stage(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Stage]:
    async with staged(tmp_path_factory.mktemp("sdk"), request.param) as stage:
        yield stage


@pytest_asyncio.fixture(loop_scope="module")
async def sdk(stage: Stage) -> AsyncIterator[anthropic.AsyncAnthropic]:
    async with anthropic.AsyncAnthropic(
        api_key="dummy", base_url=stage.url, max_retries=0
    ) as client:
        yield client


async def test_a_plain_answer(stage: Stage, sdk: anthropic.AsyncAnthropic):
    stage.plays(text("It rains."))
    message = await sdk.messages.create(
        model="some-model", max_tokens=100, system="Be brief.", messages=ASK
    )
    assert [block.to_dict() for block in message.content] == [{"type": "text", "text": "It rains."}]
    assert (message.role, message.stop_reason) == ("assistant", "end_turn")
    usage = message.usage
    assert usage.input_tokens + (usage.cache_read_input_tokens or 0) == 200
    assert usage.output_tokens == 25
    said = [(one.role, one.text) for one in stage.view.said(stage.last)]
    assert said == [("system", "Be brief."), ("user", "What is the weather in Oslo?")]


async def test_a_streamed_answer(stage: Stage, sdk: anthropic.AsyncAnthropic):
    stage.plays(text("It rains."))
    async with sdk.messages.stream(model="some-model", max_tokens=100, messages=ASK) as stream:
        words = "".join([piece async for piece in stream.text_stream])
        whole = await stream.get_final_message()
    assert words == "It rains."
    assert whole.stop_reason == "end_turn"
    assert whole.usage.output_tokens == 25


@pytest.mark.parametrize("streamed", (False, True))
async def test_parallel_tools_there_and_back(
    stage: Stage, sdk: anthropic.AsyncAnthropic, streamed: bool
):
    stage.plays(
        text("I look."),
        call("toolu_1", "weather", city="Oslo"),
        call("toolu_2", "weather", city="Bergen"),
    )
    options: Any = {"model": "some-model", "max_tokens": 100, "tools": [WEATHER]}
    if streamed:
        async with sdk.messages.stream(messages=ASK, **options) as stream:
            message = await stream.get_final_message()
    else:
        message = await sdk.messages.create(messages=ASK, **options)
    calls = [block for block in message.content if block.type == "tool_use"]
    assert [(one.name, one.input) for one in calls] == [
        ("weather", {"city": "Oslo"}),
        ("weather", {"city": "Bergen"}),
    ]
    assert message.stop_reason == "tool_use"
    stage.plays(text("Rain in both."))
    ids: Any = [{"type": "tool_result", "tool_use_id": one.id} for one in calls]
    rain, failed = (
        ids[0] | {"content": "rain"},
        ids[1] | {"content": "no such city", "is_error": True},
    )
    turns: Any = [
        *ASK,
        {"role": "assistant", "content": message.content},
        {"role": "user", "content": [rain, failed]},
    ]
    last = await sdk.messages.create(messages=turns, **options)
    assert last.content[0].to_dict() == {"type": "text", "text": "Rain in both."}
    first, second = stage.view.results(stage.last)
    assert first.text == "rain" and not first.failed
    assert second.text.endswith("no such city")
    assert second.failed or second.text != "no such city", "nothing says that the call failed"


ERRORS = [
    (400, "invalid_request_error", anthropic.BadRequestError),
    (401, "authentication_error", anthropic.AuthenticationError),
    (403, "permission_error", anthropic.PermissionDeniedError),
    (404, "not_found_error", anthropic.NotFoundError),
    (413, "request_too_large", anthropic.RequestTooLargeError),
    (429, "rate_limit_error", anthropic.RateLimitError),
    (500, "api_error", anthropic.InternalServerError),
    (529, "overloaded_error", anthropic.OverloadedError),
]


@pytest.mark.parametrize("streamed", (False, True))
@pytest.mark.parametrize(("status", "kind", "raised"), ERRORS)
async def test_each_refusal_raises_its_own_error_and_ends_nothing(
    stage: Stage,
    sdk: anthropic.AsyncAnthropic,
    status: int,
    kind: str,
    raised: type[anthropic.APIStatusError],
    streamed: bool,
):
    stage.faults = [refusing(status, kind, "because of the test", retry_after="7")]
    with pytest.raises(raised) as caught:
        await sdk.messages.create(model="some-model", max_tokens=100, messages=ASK, stream=streamed)
    assert caught.value.status_code == status
    assert caught.value.response.headers["retry-after"] == "7"
    assert isinstance(caught.value.body, dict)
    assert caught.value.body["error"]["type"] == kind
    assert "because of the test" in caught.value.body["error"]["message"]
    stage.plays(text("It rains."))
    assert (await sdk.messages.create(model="some-model", max_tokens=100, messages=ASK)).content


async def test_a_prompt_too_long_says_so_in_words_that_clients_know(
    stage: Stage, sdk: anthropic.AsyncAnthropic
):
    told = "prompt is too long: 300000 tokens > 200000 maximum"
    stage.faults = [refusing(400, "invalid_request_error", told)]
    with pytest.raises(anthropic.BadRequestError, match="prompt is too long"):
        await sdk.messages.create(model="some-model", max_tokens=100, messages=ASK)


async def test_an_error_inside_a_stream_is_raised(stage: Stage, sdk: anthropic.AsyncAnthropic):
    stage.faults = [failing]
    with pytest.raises(anthropic.APIStatusError) as caught:
        async with sdk.messages.stream(model="some-model", max_tokens=100, messages=ASK) as stream:
            await stream.get_final_message()
    assert isinstance(caught.value.body, dict)
    assert caught.value.body["error"]["type"] == "overloaded_error"


async def test_the_sdk_waits_as_told_and_tries_again(stage: Stage, sdk: anthropic.AsyncAnthropic):
    stage.plays(text("It rains."))
    stage.faults = [refusing(429, "rate_limit_error", "slow down", retry_after="1")]
    message = await sdk.with_options(max_retries=1).messages.create(
        model="some-model", max_tokens=100, messages=ASK
    )
    assert message.content[0].to_dict() == {"type": "text", "text": "It rains."}


async def test_a_wrong_request_is_refused_by_the_proxy_itself(
    stage: Stage, sdk: anthropic.AsyncAnthropic
):
    with pytest.raises(anthropic.BadRequestError, match="messages"):
        await sdk.messages.create(model="some-model", max_tokens=100, messages="hi")  # type: ignore[arg-type]


async def test_tokens_are_counted(stage: Stage, sdk: anthropic.AsyncAnthropic):
    short = await sdk.messages.count_tokens(model="some-model", messages=ASK)
    longer = await sdk.messages.count_tokens(model="some-model", messages=ASK, tools=[WEATHER])
    assert 5 <= short.input_tokens < longer.input_tokens


async def test_models_are_listed(stage: Stage, sdk: anthropic.AsyncAnthropic):
    names = [model.id async for model in sdk.models.list()]
    assert {"lynkr/simple", "lynkr/reasoning", "up/small", "up/reported"} <= set(names)
