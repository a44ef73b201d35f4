"""Results that may be a file's text stay to the letter."""

import orjson
import pytest

from proxy.dialects.model import ToolCall
from proxy.rewrite.results.quoting import must_be_exact


def call(name: str, **arguments: object) -> ToolCall:
    return ToolCall("c", name, orjson.dumps(arguments).decode())


@pytest.mark.parametrize(
    "name",
    ["Read", "read_file", "mcp__fs__read_text_file", "View", "cat", "readFile", "NotebookRead"],
)
def test_file_readers_are_exact_however_they_are_spelled(name: str) -> None:
    assert must_be_exact(call(name, path="x"))


@pytest.mark.parametrize(
    "command",
    [
        "cat package",
        "cd app && cat settings",
        "sudo head -n 5 f; ls",
        "git show HEAD:conf",
        "sed -n 1,20p x",
        "jq . package.json",
        "python -m json.tool < tsconfig.json",
        "python -c \"print(open('a/b.ipynb').read())\"",
        "echo x\ncat y",
        "(cat y)",
        "Get-Content y",
    ],
)
def test_commands_that_print_a_file_are_exact(command: str) -> None:
    assert must_be_exact(call("Bash", command=command))
    assert must_be_exact(call("shell", command=["bash", "-lc", command]))


@pytest.mark.parametrize(
    "command",
    [
        "curl -s https://api.example.com/v1/users.json | head -c 900",
        "gh api repos/o/r/pulls",
        "kubectl get pods -o json",
        "docker inspect web",
        "gh pr list --json title | cat",
    ],
)
def test_commands_that_ask_a_service_are_not(command: str) -> None:
    assert not must_be_exact(call("Bash", command=command))


def test_an_unknown_call_may_be_anything() -> None:
    assert must_be_exact(None)


def test_a_call_whose_arguments_are_broken_is_read_as_text() -> None:
    assert must_be_exact(ToolCall("c", "Bash", '{"command": "cat x.json'))
    assert not must_be_exact(ToolCall("c", "get_user", "{"))
    assert must_be_exact(ToolCall("c", "get_user", "x" * 1_000_000))
