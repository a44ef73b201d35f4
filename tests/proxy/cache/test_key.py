"""Two requests share a key only if nothing that shapes the answer differs."""

import copy
from typing import Any

import pytest
from hypothesis import assume, given

from proxy.cache.exact import key_of
from proxy.dialects.anthropic.request import parse
from proxy.routing.table import Target
from tests.proxy.rewrite.jsons import documents

TARGET = Target("anthropic", "haiku")
BODY: dict[str, Any] = {
    "model": "sonnet",
    "max_tokens": 100,
    "system": [{"type": "text", "text": "Be brief."}],
    "messages": [
        {"role": "user", "content": "Name a prime"},
        {"role": "assistant", "content": "2"},
        {"role": "user", "content": "What does this do?\nprint(1)"},
    ],
}


def key(body: dict[str, Any] | None = None, **more: Any) -> bytes:
    given = {"target": TARGET, "credential": "sk-1", **more}
    return key_of(parse(copy.deepcopy(body or BODY)), **given)


def changed(**fields: Any) -> dict[str, Any]:
    return {**BODY, **fields}


def last(text: Any) -> dict[str, Any]:
    return changed(messages=[*BODY["messages"][:2], {"role": "user", "content": text}])


SHAPING = {
    "another system prompt": changed(system=[{"type": "text", "text": "Be long."}]),
    "no system prompt": {k: v for k, v in BODY.items() if k != "system"},
    "a system prompt with one more blank": changed(system=[{"type": "text", "text": "Be brief. "}]),
    "a tool set": changed(tools=[{"name": "Read", "input_schema": {}}]),
    "another tool set": changed(tools=[{"name": "Edit", "input_schema": {}}]),
    "another pasted file": last("What does this do?\nprint(2)"),
    "another case": last("what does this do?\nprint(1)"),
    "an attachment": last([{"type": "image", "source": {"type": "url", "url": "https://x/1"}}]),
    "another attachment": last(
        [{"type": "image", "source": {"type": "url", "url": "https://x/2"}}]
    ),
    "a shorter history": changed(messages=BODY["messages"][2:]),
    "another history": changed(
        messages=[BODY["messages"][0], {"role": "assistant", "content": "3"}, BODY["messages"][2]]
    ),
    "another length": changed(max_tokens=101),
    "a temperature": changed(temperature=0.0),
    "another temperature": changed(temperature=0.5),
    "top_p": changed(top_p=0.9),
    "stop sequences": changed(stop_sequences=["x"]),
    "thinking": changed(thinking={"type": "adaptive"}),
    "an output format": changed(output_config={"format": {"type": "json_schema", "schema": {}}}),
    "an effort": changed(output_config={"effort": "low"}),
    "an unknown field": changed(new_thing=1),
}


def test_what_shapes_the_answer_gives_a_key_of_its_own() -> None:
    keys = {name: key(body) for name, body in SHAPING.items()}
    assert len({*keys.values(), key()}) == len(keys) + 1


@pytest.mark.parametrize(
    "more",
    [
        {"credential": "sk-2"},
        {"target": Target("anthropic", "opus")},
        {"target": Target("other", "haiku")},
        {"session_scope": "s1"},
        {"headers": ["context-1m"]},
    ],
)
def test_another_key_model_session_or_beta_flag_is_another_entry(more: dict[str, Any]) -> None:
    assert key(**more) != key()


def test_enable_and_disable_are_two() -> None:
    assert key(last("enable 2FA")) != key(last("disable 2FA"))


def test_how_the_answer_travels_and_for_whom_shapes_nothing() -> None:
    travelling = changed(stream=True, metadata={"user_id": "u"}, model="opus")
    assert key(travelling) == key()
    assert key(dict(reversed(BODY.items()))) == key()


def test_the_billing_block_shapes_nothing() -> None:
    def billed(number: int) -> dict[str, Any]:
        block = {"type": "text", "text": f"x-anthropic-billing-header: n={number}"}
        return changed(system=[block, *BODY["system"]])

    assert key(billed(1)) == key(billed(2)) == key()


def test_the_credential_does_not_stand_in_the_key() -> None:
    assert len(key()) == 32 and b"sk-1" not in key()


def test_a_target_may_be_written_out() -> None:
    assert key(target="anthropic/haiku") == key()


@given(documents, documents)
def test_different_unknown_values_never_meet(one: Any, other: Any) -> None:
    assume(repr(one) != repr(other))
    assert key(changed(new_thing=one)) != key(changed(new_thing=other))


def test_a_body_too_deep_to_write_has_no_key() -> None:
    deep: Any = 1
    for _ in range(400):
        deep = [deep]
    assert key(changed(new_thing=deep)) == b""
