"""The tools that the demo's clients offer: synthetic schemas of believable size."""

from typing import Any, Final

Body = dict[str, Any]


def _tool(name: str, description: str, required: str, /, **properties: Body | str) -> Body:
    """A tool whose text properties are given by their description alone."""
    shaped = {
        key: {"type": "string", "description": value} if isinstance(value, str) else value
        for key, value in properties.items()
    }
    schema = {
        "type": "object",
        "properties": shaped,
        "required": required.split(),
        "additionalProperties": False,
    }
    return {"name": name, "description": description, "input_schema": schema}


def _kind(kind: str, description: str, **more: Any) -> Body:
    return {"type": kind, "description": description, **more}


_TODO: Final = {
    "type": "object",
    "properties": {
        "content": {"type": "string", "description": "What is to be done, as an order"},
        "status": {"type": "string", "enum": ["pending", "in_progress", "completed"]},
        "activeForm": {"type": "string", "description": "The same while it is being done"},
    },
    "required": ["content", "status", "activeForm"],
}
_REPLACEMENT: Final[dict[str, Body]] = {
    "old_string": {"type": "string", "description": "The text to be replaced, exactly"},
    "new_string": {"type": "string", "description": "The text to put in its place"},
    "replace_all": {"type": "boolean", "description": "Every occurrence, not just the one"},
}
_EDIT: Final = {
    "type": "object",
    "properties": _REPLACEMENT,
    "required": ["old_string", "new_string"],
}

CLAUDE_TOOLS: Final[list[Body]] = [
    _tool(
        "Read",
        "Reads a file from the disk and returns it with line numbers, 2,000 lines at most unless a "
        "range is asked for. Handles source text, images, notebooks and PDF pages. Several files "
        "may be read in one turn by several calls; do that whenever you expect to need them all. "
        "A folder can't be read; list it with Bash instead. An empty file gives a notice.",
        "file_path",
        file_path="The file's absolute path",
        offset=_kind("integer", "The first line to return, for files too long for one call"),
        limit=_kind("integer", "How many lines to return"),
    ),
    _tool(
        "Write",
        "Writes a whole file and replaces what was there. A file that exists must have been read "
        "before in this conversation. Prefer a small edit to a rewrite, and never write documents "
        "that nobody asked for.",
        "file_path content",
        file_path="The file's absolute path",
        content="All of its text",
    ),
    _tool(
        "Edit",
        "Replaces one exact piece of text in a file. The piece must occur once unless all are to "
        "be replaced; give more lines around it to make it unique. Keep the indentation as it "
        "stands behind the line numbers, and leave the numbers themselves out.",
        "file_path old_string new_string",
        file_path="The file's absolute path",
        **_REPLACEMENT,
    ),
    _tool(
        "MultiEdit",
        "Makes several replacements in one file, one after the other, all or none. Each sees the "
        "text as the one before it left it.",
        "file_path edits",
        file_path="The file's absolute path",
        edits=_kind("array", "The replacements in order", items=_EDIT, minItems=1),
    ),
    _tool(
        "Bash",
        "Runs a command in a shell that keeps its folder between calls and returns what it prints, "
        "30,000 characters at most. Quote paths with blanks. Chain what depends on each other with "
        "&&, and use separate calls in one turn for what does not. Use the search tools instead of "
        "find and grep, and Read instead of cat. Never commit or push unless you were asked to.",
        "command",
        command="The command",
        description="What it does, in five to ten words",
        timeout=_kind("number", "Milliseconds before it is ended, 600,000 at most"),
        run_in_background=_kind("boolean", "Do not wait; look at its output later"),
    ),
    _tool(
        "BashOutput",
        "Returns what a background command has printed since it was last looked at.",
        "bash_id",
        bash_id="The command's id",
        filter="A regular expression; lines that it does not match are dropped for good",
    ),
    _tool(
        "Glob",
        "Finds files by a pattern such as src/**/*.ts and returns their paths, last changed first. "
        "Fast at any size of repository.",
        "pattern",
        pattern="The pattern",
        path="The folder to look in; the working folder if left out",
    ),
    _tool(
        "Grep",
        "Searches file contents with a regular expression. Returns paths, matching lines with "
        "their neighbours, or counts. Patterns stay within a line unless multiline is set.",
        "pattern",
        pattern="The regular expression",
        path="File or folder to search",
        glob="Only files of this pattern, for instance *.tsx",
        output_mode={"type": "string", "enum": ["content", "files_with_matches", "count"]},
        context=_kind("integer", "Lines to show around each match"),
        head_limit=_kind("integer", "Stop after this many lines"),
        multiline=_kind("boolean", "Let the dot match line ends"),
    ),
    _tool(
        "Task",
        "Starts a helper with a fresh context for a question of several steps, such as a search "
        "through unknown code. It can't ask back, so say all that it must know and what it should "
        "return. Start several at once when their work is independent.",
        "description prompt subagent_type",
        description="Three to five words",
        prompt="The whole task",
        subagent_type="Which kind of helper: general, explore or plan",
    ),
    _tool(
        "TodoWrite",
        "Keeps the list of what is to be done in this session, for work of three steps and more. "
        "One item is in progress at a time; mark an item done as soon as it is.",
        "todos",
        todos=_kind("array", "The whole list as it is now", items=_TODO),
    ),
    _tool(
        "WebFetch",
        "Fetches a page, turns it into text and answers a question about it. Read only.",
        "url prompt",
        url=_kind("string", "The page's address", format="uri"),
        prompt="What you want to know of it",
    ),
    _tool(
        "WebSearch",
        "Searches the web and returns titles, addresses and excerpts.",
        "query",
        query=_kind("string", "What to look for", minLength=2),
        allowed_domains=_kind("array", "Only from these", items={"type": "string"}),
        blocked_domains=_kind("array", "Never from these", items={"type": "string"}),
    ),
    _tool(
        "NotebookEdit",
        "Replaces, inserts or deletes a cell of a notebook.",
        "notebook_path new_source",
        notebook_path="The notebook's absolute path",
        cell_id="The cell, or the one after which to insert",
        new_source="The cell's text",
        cell_type={"type": "string", "enum": ["code", "markdown"]},
        edit_mode={"type": "string", "enum": ["replace", "insert", "delete"]},
    ),
]

SEARCH_TOOLS: Final = [tool for tool in CLAUDE_TOOLS if tool["name"] in ("Read", "Glob", "Grep")]

CODEX_TOOLS: Final[list[Body]] = [
    _tool(
        "shell",
        "Runs a program and returns its output and exit code.",
        "command",
        command=_kind("array", "Program and arguments", items={"type": "string"}),
        workdir="The folder to run it in",
        timeout_ms=_kind("number", "Milliseconds before it is ended"),
        with_escalated_permissions=_kind("boolean", "Ask to run it outside the sandbox"),
        justification="Why it must run there; one sentence",
    ),
    _tool(
        "apply_patch",
        "Changes files by a patch of sections, each for one file, with lines to take out marked by "
        "- and lines to put in marked by +, and a few unchanged ones around them.",
        "patch",
        patch="The patch",
    ),
    _tool(
        "update_plan",
        "Shows the plan and how far it is.",
        "plan",
        explanation="What changed in the plan, and why",
        plan=_kind(
            "array",
            "The steps",
            items={
                "type": "object",
                "properties": {
                    "step": {"type": "string"},
                    "status": {"type": "string", "enum": ["pending", "in_progress", "completed"]},
                },
                "required": ["step", "status"],
            },
        ),
    ),
    _tool("view_image", "Shows a picture from the disk.", "path", path="The picture's path"),
]
