"""The clients that can be started through the proxy, one row each: what each has to be told.

{url} is the proxy's, {dir} a folder that lasts as long as the client, {word} what stands in for a
key. How each client is led was seen on the wire with the versions in docs/clients.md.
"""

from collections.abc import Mapping
from typing import Final

import orjson
from msgspec import Struct, field

MODEL: Final = "auto"  # no model's name: the score decides
WORD: Final = "lynkr"  # clients insist on a key; the proxy hands on none that it was not told to

Words = tuple[str, ...]
Pairs = Mapping[str, str]


class Client(Struct, frozen=True):
    """One row. `program` is looked for on the PATH, `install` is how one gets it.

    `env` and `words` (before the user's own) are always given; `key` where the proxy has keys of
    its own, `sign_in` where it hands on the caller's; `home` where every route is Anthropic's.
    `astray` are variables that would lead past the proxy, or contradict `key`.
    """

    name: str
    known_as: str = ""  # in the ledger, where that is another name
    program: str = ""
    install: str = ""
    env: Pairs = field(default_factory=dict)
    words: Words = ()
    files: Pairs = field(default_factory=dict)  # path under {dir} → text
    key: Pairs = field(default_factory=dict)
    key_words: Words = ()
    sign_in_words: Words = ()
    home: Pairs = field(default_factory=dict)
    astray: Words = ()
    mark: str = ""  # how keys of the vendor that it signs in to begin
    status: Words = ()  # words that put {command} into its status bar
    why_not: str = ""  # why it can't be started from here
    by_hand: str = ""  # what its user has to do


def _json(value: object) -> str:
    return orjson.dumps(value).decode().replace("{", "{{").replace("}", "}}")


def _json_of(value: object) -> str:
    """JSON in which {url} and the like are still to be filled in."""
    said = _json(value)
    for name in ("url", "dir", "word", "command"):
        said = said.replace(f"<{name}>", f"{{{name}}}")
    return said


_CODEX: Final = "model_providers.lynkr"

_ROWS: Final = (
    Client(
        "claude",
        known_as="claude-code",
        program="claude",
        install="npm install -g @anthropic-ai/claude-code",
        env={"ANTHROPIC_BASE_URL": "{url}", "CLAUDE_CODE_GATEWAY_HINT_HEADERS": "1"},
        key={"ANTHROPIC_AUTH_TOKEN": "{word}"},
        # It turns its own tool search off where the URL is not Anthropic's.
        home={"ENABLE_TOOL_SEARCH": "true"},
        astray=(
            "ANTHROPIC_API_KEY",
            "CLAUDE_CODE_USE_BEDROCK",
            "CLAUDE_CODE_USE_VERTEX",
            "CLAUDE_CODE_USE_FOUNDRY",
        ),
        mark="sk-ant-",
        status=(
            "--settings",
            _json_of({"statusLine": {"type": "command", "command": "<command>"}}),
        ),
    ),
    # A provider of its own: the built-in one tries a WebSocket first, and loses seconds on it.
    Client(
        "codex",
        program="codex",
        install="npm install -g @openai/codex",
        words=(
            *("-c", 'model_provider="lynkr"'),
            *("-c", f'{_CODEX}.name="lynkr"'),
            *("-c", f'{_CODEX}.base_url="{{url}}/v1"'),
            *("-c", f'{_CODEX}.wire_api="responses"'),
        ),
        key={"LYNKR_KEY": "{word}"},
        key_words=("-c", f'{_CODEX}.env_key="LYNKR_KEY"'),
        sign_in_words=("-c", f"{_CODEX}.requires_openai_auth=true"),
        mark="sk-proj-",
    ),
    Client(
        "cline",
        program="cline",
        install="npm install -g cline",
        words=("--data-dir", "{dir}"),
        files={
            "settings/providers.json": _json_of(
                {
                    "version": 1,
                    "lastUsedProvider": "openai-compatible",
                    "providers": {
                        "openai-compatible": {
                            "settings": {
                                "provider": "openai-compatible",
                                "apiKey": "<word>",
                                "model": MODEL,
                                "baseUrl": "<url>/v1",
                            },
                            "updatedAt": "2026-01-01T00:00:00.000Z",
                            "tokenSource": "manual",
                        }
                    },
                }
            )
            + "\n"
        },
    ),
    Client(
        "continue",
        program="cn",
        install="npm install -g @continuedev/cli",
        words=("--config", "{dir}/config.yaml"),
        files={
            "config.yaml": "name: lynkr\nversion: 0.0.1\nschema: v1\nmodels:\n"
            f"  - name: lynkr\n    provider: openai\n    model: {MODEL}\n"
            "    apiBase: {url}/v1\n    apiKey: {word}\n"
            "    roles: [chat]\n    capabilities: [tool_use]\n"
        },
    ),
    Client(
        "cursor",
        why_not="Cursor calls models from its own servers, so the proxy needs a public URL",
        by_hand="""\
# Whoever finds the tunnel can spend on your accounts, so the proxy has to ask for a token.
# 1. LYNKR_TUI_TOKEN=A-LONG-SECRET lynkr-tui serve --host 0.0.0.0
# 2. Lead a tunnel with an https URL to the port that it says.
# 3. Cursor: Settings > Models > OpenAI API Key: A-LONG-SECRET
# 4. The same place > Override OpenAI Base URL: https://YOUR-TUNNEL/v1""",
    ),
    Client(
        "opencode",
        program="opencode",
        install="npm install -g opencode-ai",
        env={
            "OPENCODE_CONFIG_CONTENT": _json_of(
                {
                    "model": f"lynkr/{MODEL}",
                    "small_model": f"lynkr/{MODEL}",
                    "provider": {
                        "lynkr": {
                            "npm": "@ai-sdk/openai-compatible",
                            "name": "lynkr",
                            "options": {"baseURL": "<url>/v1", "apiKey": "<word>"},
                            "models": {MODEL: {}},
                        }
                    },
                }
            )
        },
    ),
    Client(
        "aider",
        program="aider",
        install="python -m pip install aider-chat",
        env={"OPENAI_API_BASE": "{url}/v1"},
        words=("--model", f"openai/{MODEL}"),
        key={"OPENAI_API_KEY": "{word}"},
        mark="sk-proj-",
    ),
    Client(
        "qwen",
        program="qwen",
        install="npm install -g @qwen-code/qwen-code",
        env={"OPENAI_BASE_URL": "{url}/v1", "OPENAI_MODEL": MODEL},
        words=("--auth-type", "openai"),
        key={"OPENAI_API_KEY": "{word}"},
        mark="sk-proj-",
    ),
)

CLIENTS: Final = {row.name: row for row in _ROWS}
