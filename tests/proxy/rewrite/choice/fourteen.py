"""Fourteen tools of a coding agent with schemas of believable size, made up for tests."""

from typing import Any

from app.demo.tools import CLAUDE_TOOLS
from proxy.dialects.model import Tool

QUESTION = "What does the README say about installation?"

_TEXT = {"type": "string"}
_MORE: list[dict[str, Any]] = [
    {
        "name": "TodoRead",
        "description": "Returns the list of what is to be done in this session, with the state of "
        "each item. Use it at the start of a conversation, before new work begins, and whenever "
        "it is not plain what comes next. An empty list means that nothing was planned yet.",
        "input_schema": {"type": "object", "properties": {}, "additionalProperties": False},
    },
    {
        "name": "NotebookRead",
        "description": "Reads a Jupyter notebook (.ipynb) and returns all of its cells with their "
        "source and their outputs, or a single cell. Notebooks mix text, code and pictures.",
        "input_schema": {
            "type": "object",
            "properties": {
                "notebook_path": {**_TEXT, "description": "The notebook's absolute path"},
                "cell_id": {**_TEXT, "description": "One cell to read; without it, all of them"},
            },
            "required": ["notebook_path"],
            "additionalProperties": False,
        },
    },
    {
        "name": "mcp__github__create_pull_request",
        "description": "Create a new pull request in a GitHub repository",
        "input_schema": {
            "type": "object",
            "properties": {
                "owner": {**_TEXT, "description": "Repository owner (username or organization)"},
                "repo": {**_TEXT, "description": "Repository name"},
                "title": {**_TEXT, "description": "Pull request title"},
                "body": {**_TEXT, "description": "Pull request body/description"},
                "head": {**_TEXT, "description": "The branch where your changes are implemented"},
                "base": {**_TEXT, "description": "The branch you want the changes pulled into"},
                "draft": {"type": "boolean", "description": "Whether to create it as a draft"},
                "maintainer_can_modify": {
                    "type": "boolean",
                    "description": "Whether maintainers can modify the pull request",
                },
            },
            "required": ["owner", "repo", "title", "head", "base"],
            "additionalProperties": False,
            "$schema": "http://json-schema.org/draft-07/schema#",
        },
    },
]
_NAMES = (
    "Read Write Edit Bash Glob Grep WebSearch WebFetch TodoWrite TodoRead Task NotebookRead"
    " NotebookEdit mcp__github__create_pull_request"
)
# What agents write at length into three of their descriptions: rules and cases.
_RULES = {
    "Bash": "Before a command that makes files, see that the folder is there. Put paths with "
    "blanks in quotes. Prefer the tools made for reading and searching to cat, find and grep. "
    "Join commands that depend on each other by &&. Before a commit look at the state, the diff "
    "and the log in parallel, and write a message that says why. Never change the configuration "
    "of git, never force a push, never skip hooks unless the user says so. ",
    "TodoWrite": "Use it for work of three steps or more, when the user lists several things, and "
    "when new orders arrive. Don't use it for one plain step, or for talk. Keep one item in "
    "progress at a time, mark each as done at once, and never mark one as done while tests fail. ",
    "Task": "Use a helper for a search over many files whose outcome is not plain, not to read a "
    "known file or to find a known class. Start several in one message where they don't depend on "
    "each other. A helper knows nothing of this conversation: tell it all, and what to report. ",
}


def fourteen(rules: int = 0) -> list[Tool]:
    """The tools; with their `rules` repeated so many times, as long as real agents have them."""
    specs = {spec["name"]: spec for spec in [*CLAUDE_TOOLS, *_MORE]}
    return [_tool(specs[name], _RULES.get(name, "") * rules) for name in _NAMES.split()]


def _tool(spec: dict[str, Any], rules: str) -> Tool:
    description = f"{spec['description']}\n\n{rules}".strip()
    raw = {**spec, "description": description}
    return Tool(spec["name"], description, spec["input_schema"], raw=raw)
