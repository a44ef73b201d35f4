"""Who is talking: sessions and clients are recognised by what real clients send."""

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.dialects.anthropic import ANTHROPIC
from proxy.dialects.model import Request
from proxy.routing.sessions import client_of, fingerprint, session_of


def request(**more: object) -> Request:
    return ANTHROPIC.parse(
        {
            "model": "m",
            "max_tokens": 5,
            "messages": [{"role": "user", "content": "Fix the bug"}],
            **more,
        }
    )


def test_the_lynkr_header_wins_over_the_clients_own():
    headers = {"x-lynkr-session": "mine", "x-claude-code-session-id": "theirs"}
    assert session_of(headers, request()) == "mine"


@pytest.mark.parametrize("name", ["x-claude-code-session-id", "session_id", "conversation_id"])
def test_a_clients_session_header_names_the_session(name: str):
    assert session_of({name: "abc-1"}, request()) == "abc-1"


def test_claude_codes_user_id_is_a_json_object_with_the_session_in_it():
    user = orjson.dumps({"device_id": "d", "session_id": "s-77"}).decode()
    assert session_of({}, request(metadata={"user_id": user})) == "s-77"


def test_older_claude_codes_user_id_ends_in_the_session():
    user = "user_0a1b_account__session_0f0f0f0f-1234"
    assert session_of({}, request(metadata={"user_id": user})) == "0f0f0f0f-1234"


@pytest.mark.parametrize("user", ["{", '{"session_id": null}', "someone", "{}"])
def test_an_odd_user_id_leaves_the_fingerprint(user: str):
    odd = request(metadata={"user_id": user})
    assert session_of({}, odd) == fingerprint(odd)


def test_the_fingerprint_holds_over_later_turns_and_the_changing_billing_block():
    def turn(bill: str, *later: dict[str, str]) -> Request:
        system = [
            {"type": "text", "text": f"x-anthropic-billing-header: {bill}"},
            {"type": "text", "text": "Be brief."},
        ]
        opening = {"role": "user", "content": "Fix the bug"}
        return request(system=system, messages=[opening, *later])

    answered = turn("2", {"role": "assistant", "content": "Done"}, {"role": "user", "content": "?"})
    assert fingerprint(turn("1")) == fingerprint(answered)


def test_other_first_words_or_another_system_prompt_are_another_session():
    prints = {
        fingerprint(request()),
        fingerprint(request(system="Be brief.")),
        fingerprint(request(messages=[{"role": "user", "content": "Fix the other bug"}])),
    }
    assert len(prints) == 3


@given(st.text(), st.text())
def test_a_session_is_always_a_short_printable_word(header: str, user: str):
    found = session_of({"x-lynkr-session": header}, request(metadata={"user_id": user}))
    assert 0 < len(found) <= 64
    assert found.isascii() and found.isprintable() and " " not in found


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("claude-cli/2.1.197 (external, cli)", "claude-code"),
        ("codex_cli_rs/0.98.0 (Linux; x86_64)", "codex"),
        ("Anthropic/Python 2.12.0", "anthropic-sdk"),
        ("OpenAI/Python 3.54.0", "openai-sdk"),
        ("curl/8.5", "curl"),
        ("My Tool/1.0", "my"),
        ("", "unknown"),
    ],
)
def test_a_client_is_named_by_its_user_agent(agent: str, name: str):
    assert client_of({"user-agent": agent}, request()) == name


@pytest.mark.parametrize(
    ("agent", "system", "name"),
    [
        ("ai-sdk/anthropic/4.0.42", "You are Cline, an assistant.", "cline"),
        ("ls/JS 5.23.2", "You are an agent in the Continue CLI. Be kind.", "continue"),
        ("codex_cli_rs/0.98.0", "You are Cline, an assistant.", "codex"),
        ("OpenAI/Python 3.54.0", "Tell apart Cline and others. " * 9, "openai-sdk"),
    ],
)
def test_a_client_built_on_an_sdk_is_named_by_its_introduction(agent: str, system: str, name: str):
    assert client_of({"user-agent": agent}, request(system=system)) == name
