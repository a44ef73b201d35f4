"""What a coding agent's tools are for, told by their names: a table over many agents' names."""

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Final

from proxy.dialects.model import Tool
from proxy.rewrite.choice.words import stems, words

# The first family that fits a name, put as its lower-case words with blanks between, is its own.
_TABLE: Final[tuple[tuple[str, str], ...]] = (
    (
        "protocol",
        r"exit ?plan ?mode|plan exit|plan mode respond|act mode respond|attempt completion|ask .*"
        r"|question|request user input|user input|structured ?output|final ?answer|finish|done"
        r"|submit|return(?: .*)?|complete(?: task)?|task complete|report .*|tool ?search.*|exit"
        r"|invalid|switch mode|condense|summarize task|use mcp tool|think",
    ),
    ("resources", r"(?:list|read|access|load) ?mcp .*|mcp"),
    ("notebook", r".*\bnotebook\b.*|.*\bjupyter\b.*"),
    ("web", r"(?:.* )?(?:web ?search|web ?fetch|web|browser|url|webpage|fetch)\b.*|codesearch"),
    (
        "todo",
        r"(?:.* )?todo.*|update plan|checklist|focus chain|task (?:create|get|update|list)"
        r"|plan update",
    ),
    ("background", r"(?:bash|terminal|task|shell) output|(?:kill|stop) .*|task stop|monitor"
     r"|get terminal output|check background job|bash kill"),
    (
        "agents",
        r"task|.*\b(?:sub)?agents?\b.*|.*\bsubagent\b.*|send input|wait|delegate.*|new task"
        r"|send message|team .*|workflow|dispatch.*|batch",
    ),
    ("planning", r"enter ?plan ?mode|plan enter"),
    ("worktree", r".*\bworktree\b.*"),
    ("schedule", r"cron.*|schedule.*|push notification|remote trigger"),
    (
        "shell",
        r"(?:local |run |exec )?(?:shell|bash|terminal|powershell|command)(?: tool| command)?"
        r"|(?:exec|execute|run)(?: .*)?(?: command| cmd| terminal)|run in terminal|exec"
        r"|write stdin|unified exec|container exec",
    ),
    (
        "write",
        r"write(?: .*file)?|(?:multi ?|str replace )?edit(?: .*)?|edit existing file|patch"
        r"|apply (?:patch|diff)|replace(?: in file| .*)?|create (?:new )?file"
        r"|create director(?:y|ies)"
        r"|insert (?:content|edit into file|code)|search and replace|delete (?:file|path)"
        r"|move file|rename file|multi ?edit|str replace .*|single find and replace|undo edit"
        r"|text editor",
    ),
    (
        "search",
        r"glob.*|grep.*|ls|list|search|find|(?:list|view) (?:dir|director(?:y|ies)|files?)(?: .*)?"
        r"|(?:file|code|codebase|semantic|file glob|glob|grep|ripgrep|text|regex|symbol) search"
        r"|search (?:files?|file content|code|codebase|dir|symbols?)|codebase|repo ?map"
        r"|list code definition names|tree",
    ),
    (
        "read",
        r"read|(?:read|view|open|show|get)(?: many| multiple| currently open)? files?(?: .*)?"
        r"|view|cat|read currently open file|multi ?read",
    ),
)  # fmt: skip
_PREFIX: Final = re.compile(r"^(?:builtin|default|functions?|copilot) ")

# Where a name says nothing, the first words of the description may.
_TOLD: Final = (
    ("shell", {"run", "command"}),
    ("shell", {"execut", "command"}),
    ("write", {"edit", "file"}),
    ("write", {"writ", "file"}),
    ("read", {"read", "file"}),
    ("search", {"search", "file"}),
    ("web", {"search", "web"}),
    ("web", {"fetch", "url"}),
)
_FIRST: Final = 12  # words of a description that are asked
MCP: Final = "mcp"
OTHER: Final = "other"
_MCP: Final = re.compile(r"mcp__?([^_]+(?:_[^_]+)*?)__")


def family_of(tool: Tool, told: bool = True) -> str:
    """A tool's family; `mcp` for a tool of a server of the user's, `other` where nothing fits.

    `told`: whether the description may say it where the name does not.
    """
    if tool.kind == "server":
        return "protocol"
    if server_of(tool.name):
        return MCP
    named = _named(tool.name)
    if named == OTHER and tool.kind == "custom":
        return "write"  # free text: a patch, or code to run
    return _told(tool.description) if named == OTHER and told else named


def server_of(name: str) -> str:
    """The MCP server that a tool's name tells, or ""."""
    found = _MCP.match(name)
    return found[1] if found else ""


def is_coding(tools: Sequence[Tool]) -> bool:
    """Whether the tools are a coding agent's: a shell, or both reading and writing of files."""
    named = {_named(tool.name) for tool in tools if not server_of(tool.name)}
    return "write" in named and bool(named & {"read", "shell"}) or {"shell", "read"} <= named


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((family, re.compile(pattern)) for family, pattern in _TABLE)


def compiled() -> None:
    """Has the patterns ready, which take 10 ms: for a thread, before the first request."""
    _patterns()


@lru_cache(4096)
def _named(name: str) -> str:
    spelt = _PREFIX.sub("", " ".join(words(name))) or name.lower()
    fits = (family for family, pattern in _patterns() if pattern.fullmatch(spelt))
    return next(fits, OTHER)


def _told(description: str) -> str:
    said = set(stems(" ".join(description[:200].split()[:_FIRST])))
    return next((family for family, needed in _TOLD if needed <= said), OTHER)
