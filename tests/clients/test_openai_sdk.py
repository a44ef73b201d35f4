"""The openai SDK on every upstream dialect, by Chat Completions and by Responses."""

from collections.abc import AsyncIterator
from typing import Any

import openai
import pytest
import pytest_asyncio

from tests.clients.scripted import UPSTREAMS, failing
from tests.clients.stage import Stage, refusing, staged
from tests.support.messages import call, text

pytestmark = [pytest.mark.client, pytest.mark.asyncio(loop_scope="module")]

QUESTION = "What is the weather in Oslo?"
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
WEATHER = {"name": "weather", "description": "The weather in a city", "parameters": SCHEMA}
CHAT_TOOL: Any = {"type": "function", "function": WEATHER}
RESPONSES_TOOL: Any = {"type": "function", "strict": False, **WEATHER}
ASK: Any = [
    {"role": "system", "content": "Be brief."},
    {"role": "user", "content": QUESTION},
]
BOTH_CITIES = (
    text("I look."),
    call("call_1", "weather", city="Oslo"),
    call("call_2", "weather", city="Bergen"),
)


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=UPSTREAMS)
async def stage(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Stage]:
    async with staged(tmp_path_factory.mktemp("sdk"), request.param) as stage:
        yield stage


@pytest_asyncio.fixture(loop_scope="module")
async def sdk(stage: Stage) -> AsyncIterator[openai.AsyncOpenAI]:
    url = f"{stage.url}/v1"
    async with openai.AsyncOpenAI(api_key="dummy", base_url=url, max_retries=0) as client:
        yield client


async def test_a_plain_chat_answer(stage: Stage, sdk: openai.AsyncOpenAI):
    stage.plays(text("It rains."))
    answer = await sdk.chat.completions.create(model="some-model", messages=ASK)
    (choice,) = answer.choices
    assert (choice.message.content, choice.finish_reason) == ("It rains.", "stop")
    assert answer.usage is not None
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens) == (200, 25)
    said = [(one.role, one.text) for one in stage.view.said(stage.last)]
    assert said == [("system", "Be brief."), ("user", QUESTION)]


async def test_a_streamed_chat_answer(stage: Stage, sdk: openai.AsyncOpenAI):
    stage.plays(text("It rains."))
    stream = await sdk.chat.completions.create(
        model="some-model", messages=ASK, stream=True, stream_options={"include_usage": True}
    )
    chunks = [chunk async for chunk in stream]
    choices = [choice for chunk in chunks for choice in chunk.choices]
    assert "".join(choice.delta.content or "" for choice in choices) == "It rains."
    assert [c.finish_reason for c in choices if c.finish_reason] == ["stop"]
    (usage,) = [chunk.usage for chunk in chunks if chunk.usage]
    assert (usage.prompt_tokens, usage.completion_tokens) == (200, 25)


async def test_parallel_chat_tools_there_and_back(stage: Stage, sdk: openai.AsyncOpenAI):
    stage.plays(*BOTH_CITIES)
    async with sdk.chat.completions.stream(
        model="some-model", messages=ASK, tools=[CHAT_TOOL]
    ) as stream:
        first = (await stream.get_final_completion()).choices[0]
    calls = first.message.tool_calls or []
    assert [(one.function.name, one.function.arguments) for one in calls] == [
        ("weather", '{"city":"Oslo"}'),
        ("weather", '{"city":"Bergen"}'),
    ]
    assert (first.message.content, first.finish_reason) == ("I look.", "tool_calls")
    stage.plays(text("Rain in both."))
    asked = [
        {"id": one.id, "type": "function", "function": one.function.model_dump(include=FIELDS)}
        for one in calls
    ]
    told = [
        {"role": "tool", "tool_call_id": one.id, "content": word}
        for one, word in zip(calls, ("rain", "sun"), strict=True)
    ]
    turns = [*ASK, {"role": "assistant", "content": "I look.", "tool_calls": asked}, *told]
    last = await sdk.chat.completions.create(model="some-model", messages=turns, tools=[CHAT_TOOL])
    assert last.choices[0].message.content == "Rain in both."
    assert [one.text for one in stage.view.results(stage.last)] == ["rain", "sun"]


FIELDS = {"name", "arguments"}


async def test_a_plain_response(stage: Stage, sdk: openai.AsyncOpenAI):
    stage.plays(text("It rains."))
    answer = await sdk.responses.create(
        model="some-model", instructions="Be brief.", input=QUESTION, store=False
    )
    assert (answer.output_text, answer.status) == ("It rains.", "completed")
    assert answer.usage is not None
    assert (answer.usage.input_tokens, answer.usage.output_tokens) == (200, 25)
    said = [(one.role, one.text) for one in stage.view.said(stage.last)]
    assert ("system", "Be brief.") in said


async def test_a_streamed_response_with_tools_there_and_back(stage: Stage, sdk: openai.AsyncOpenAI):
    stage.plays(*BOTH_CITIES)
    options: Any = {"model": "some-model", "tools": [RESPONSES_TOOL], "store": False}
    asked: Any = [{"role": "user", "content": QUESTION}]
    async with sdk.responses.stream(input=asked, **options) as stream:
        first = await stream.get_final_response()
    calls = [item for item in first.output if item.type == "function_call"]
    assert [(one.name, one.arguments) for one in calls] == [
        ("weather", '{"city":"Oslo"}'),
        ("weather", '{"city":"Bergen"}'),
    ]
    assert first.output_text == "I look."
    stage.plays(text("Rain in both."))
    told = [
        {"type": "function_call_output", "call_id": one.call_id, "output": word}
        for one, word in zip(calls, ("rain", "sun"), strict=True)
    ]
    back = [item.to_dict() for item in first.output]
    turns: Any = [*asked, *back, *told]
    last = await sdk.responses.create(input=turns, **options)
    assert last.output_text == "Rain in both."
    assert [one.text for one in stage.view.results(stage.last)] == ["rain", "sun"]


ERRORS = [
    (400, "invalid_request_error", openai.BadRequestError),
    (401, "authentication_error", openai.AuthenticationError),
    (403, "permission_error", openai.PermissionDeniedError),
    (404, "not_found_error", openai.NotFoundError),
    (429, "rate_limit_error", openai.RateLimitError),
    (500, "api_error", openai.InternalServerError),
    (529, "overloaded_error", openai.InternalServerError),
]


@pytest.mark.parametrize("api", ("chat", "responses"))
@pytest.mark.parametrize("streamed", (False, True))
@pytest.mark.parametrize(("status", "kind", "raised"), ERRORS)
async def test_each_refusal_raises_its_own_error_and_ends_nothing(
    stage: Stage,
    sdk: openai.AsyncOpenAI,
    status: int,
    kind: str,
    raised: type[openai.APIStatusError],
    streamed: bool,
    api: str,
):
    stage.faults = [refusing(status, kind, "because of the test", retry_after="7")]
    options: Any = {"model": "some-model", "stream": streamed}
    with pytest.raises(raised, match="because of the test") as caught:
        if api == "chat":
            await sdk.chat.completions.create(messages=ASK, **options)
        else:
            await sdk.responses.create(input=QUESTION, **options)
    assert caught.value.status_code == status
    assert caught.value.response.headers["retry-after"] == "7"
    stage.plays(text("It rains."))
    assert (await sdk.chat.completions.create(model="some-model", messages=ASK)).choices


async def test_an_error_inside_a_chat_stream_is_raised(stage: Stage, sdk: openai.AsyncOpenAI):
    stage.faults = [failing]
    with pytest.raises(openai.APIError, match="Overloaded"):
        stream = await sdk.chat.completions.create(model="some-model", messages=ASK, stream=True)
        async for _ in stream:
            pass


async def test_an_error_inside_a_response_ends_it_as_failed(stage: Stage, sdk: openai.AsyncOpenAI):
    stage.faults = [failing]
    stream = await sdk.responses.create(model="some-model", input=QUESTION, stream=True)
    last = [event async for event in stream][-1]
    assert last.type == "response.failed"
    assert last.response.error is not None
    assert "Overloaded" in last.response.error.message


async def test_the_sdk_waits_as_told_and_tries_again(stage: Stage, sdk: openai.AsyncOpenAI):
    stage.plays(text("It rains."))
    stage.faults = [refusing(429, "rate_limit_error", "slow down", retry_after="1")]
    answer = await sdk.with_options(max_retries=1).chat.completions.create(
        model="some-model", messages=ASK
    )
    assert answer.choices[0].message.content == "It rains."


async def test_a_wrong_request_is_refused_by_the_proxy_itself(
    stage: Stage, sdk: openai.AsyncOpenAI
):
    wrong: Any = "hi"
    with pytest.raises(openai.BadRequestError, match="messages"):
        await sdk.chat.completions.create(model="some-model", messages=wrong)


async def test_models_are_listed(stage: Stage, sdk: openai.AsyncOpenAI):
    names = [model.id async for model in sdk.models.list()]
    assert {"lynkr/simple", "lynkr/reasoning", "up/small", "up/reported"} <= set(names)
