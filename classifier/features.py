"""What is counted in a request: the person's words by concept, and the structure around them."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from msgspec import Struct, field

from classifier.ask import Ask, ToolOffer, Turn
from classifier.hardness import hardness
from classifier.intent import intent
from classifier.reading import concepts_in, respell, tokens_of

__all__ = ["Features", "extract", "intent"]

_FENCE = re.compile(r"```[^\n]*\n(.*?)(?:```|\Z)", re.DOTALL)
_QUOTED = re.compile(r'"[^"\n]{1,200}"|“[^”\n]{1,200}”')
_OPTION = re.compile(r"(?m)^[ \t]*[A-J][.)][ \t].*$")  # an answer to choose from
_FILE = re.compile(
    r"(?:\.{1,2}|~|[\w@.-]+/[\w@.-]+)?(?:/[\w@.-]+)+/?|[\w@-]+/|"
    r"[\w@./-]*[\w-]\.(?:py|[jt]sx?|mjs|go|rs|java|kt|rb|php|c|h|cc|cpp|cs|swift|sql|sh|md|txt|json"
    r"|ya?ml|toml|html?|css|vue|ini|cfg|lock|csv|xml|env|ipynb|tf|proto)"
)
_LONGEST_PATH = 200
_SENSITIVE = re.compile(r"auth|login|session|token|secret|passw|crypt|payment|billing|permission")
_ERROR = re.compile(r"\b\w{0,60}(?:Error|Exception)\b|Traceback|panic:")
_ERROR_HINT = re.compile(r"Error|Exception|Traceback|panic:")
_NUMBER = re.compile(r"\d[\d.,]*")
_MATH = re.compile(r"\\[a-z]+|O\([^)]{1,12}\)|[=^√∑∫≤≥∈∀∃→]")
_ITEM = re.compile(r"(?m)^[ \t]*(?:[-*•]|\d{1,2}[.)])\s+\S")
_CODE_STARTS = tuple(
    "def |class |import |return |#include|const |let |fn |>>> |public |private |var |func |@|//|/*"
    "|SELECT ".split("|")
)
_CODE_ENDS = (";", "{", "}", "};", "):")
_QUESTION = re.compile(
    r"(?i)^(?:(?:hi|hey|hello|so|ok|please|and)[,!. ]+)*(?:what|who|whom|whose|when|where|which|why"
    r"|how|is|are|was|were|do|does|did|can|could|will|would|should|has|have|tell me)\b"
)
_KINDS = {
    "write": re.compile(r"(?i)write|edit|patch|creat|updat|delet|replac|insert|append|save"),
    "shell": re.compile(r"(?i)bash|shell|exec|terminal|command|run|process"),
    "read": re.compile(r"(?i)read|grep|glob|search|list|^ls$|find|fetch|get|view|open|query|look"),
}
TASKS = (
    "convert",
    "explain",
    "compose",
    "check",
    "compare",
    "run",
    "build",
    "fix",
    "change",
    "analyse",
    "reason",
    "design",
    "prove",
)
_SLIGHT = ("change", "build", "compose", "cosmetic", "fix", "lookup")  # says it already
_TALK = ("explain", "compare", "analyse", "check", "design")
_LONG_WORD = 9
_MOST_TURNS = 2_000  # of a longer conversation the newest are counted


class Features(Struct, frozen=True):
    """Counts alone, never text. `found` holds distinct words or phrases by concept."""

    found: Mapping[str, int] = field(default_factory=dict)
    tasks: tuple[str, ...] = ()  # what is asked for, of TASKS
    words: int = 0
    long_words: int = 0
    sentences: int = 0
    questions: int = 0
    clauses: int = 0
    numbers: int = 0
    maths: int = 0
    items: int = 0
    code_lines: int = 0
    files: int = 0
    sensitive_files: int = 0
    errors: int = 0
    hardness: float = 0.0  # as classifier.hardness measures it
    asks_first: bool = False  # opens as a question does
    tokens: int = 0  # of the whole input
    tools: int = 0
    write_tools: int = 0
    shell_tools: int = 0
    read_tools: int = 0
    properties: int = 0
    required: int = 0
    depth: int = 0
    turns: int = 0
    user_turns: int = 0
    calls: int = 0
    write_calls: int = 0
    results: int = 0
    failures: int = 0
    images: int = 0

    def has(self, *concepts: str) -> int:
        """How many distinct words or phrases speak of any of `concepts`."""
        found, total = self.found, 0
        for concept in concepts:
            if concept in found:
                total += found[concept]
        return total


def extract(ask: Ask, own: str | None = None) -> Features:
    """Count what is in `ask`; `own` is its `intent`, where the caller has it already."""
    text = intent(ask) if own is None else own
    return Features(
        tokens=ask.tokens,
        **_text_counts(text),
        **_tool_counts(ask.tools),
        **_turn_counts(ask.turns),
    )


def _text_counts(text: str) -> dict[str, Any]:
    prose, code_lines = _without_code(text)
    files = _files(prose) if "/" in prose or "." in prose else []
    plain = prose
    for file in files:
        plain = plain.replace(file, " ")
    tokens = tokens_of(plain)
    words = [token for token in tokens if token[0] not in ".!?;:,"]
    material = _QUOTED.search(plain) or _OPTION.search(plain)
    spoken = tokens_of(_OPTION.sub(" ", _QUOTED.sub(" ", plain))) if material else tokens
    found, asks_first = concepts_in(respell(spoken), plain), bool(_QUESTION.match(text))
    return {
        "found": found,
        "tasks": _tasks(found, asks_first),
        "words": max(len(words), _wide(plain)),
        "long_words": sum(len(word) >= _LONG_WORD for word in set(words)),
        "sentences": sum(mark in ".!?" for mark in tokens if len(mark) == 1) or bool(words),
        "questions": text.count("?") + text.count("？"),
        "clauses": sum(token in {",", ";", ":", "and"} for token in tokens),
        "numbers": len(_NUMBER.findall(plain)),
        "maths": len(_MATH.findall(plain)),
        "items": len(_ITEM.findall(prose)),
        "code_lines": code_lines,
        "files": len(files),
        "sensitive_files": sum(bool(_SENSITIVE.search(file.lower())) for file in files),
        "errors": len(set(_ERROR.findall(text))) if _ERROR_HINT.search(text) else 0,
        "hardness": round(hardness(text), 3),
        "asks_first": asks_first,
    }


def _tasks(found: Mapping[str, int], asks_first: bool) -> tuple[str, ...]:
    """The tasks named; to want something of code is to have it built, whatever the verb."""
    named = tuple(name for name in TASKS if name in found)
    code = found.get("code", 0) + found.get("language", 0)
    making = ("wants" in found or "compose" in found) and found.keys().isdisjoint(_TALK)
    bare = not named and code >= 2 and not asks_first and "lookup" not in found
    if code and (making or bare) and "build" not in found:
        return (*named, "build")
    edits = "edit" in found and code and not asks_first
    return (*named, "change") if edits and found.keys().isdisjoint(_SLIGHT) else named


def _files(prose: str) -> list[str]:
    runs = {run.strip("()[],.:;!?'\"`*") for run in prose.split() if "." in run or "/" in run}
    return sorted(run for run in runs if len(run) <= _LONGEST_PATH and _FILE.fullmatch(run))


def _without_code(text: str) -> tuple[str, int]:
    fenced = sum(block.count("\n") + 1 for block in _FENCE.findall(text)) if "```" in text else 0
    prose = _FENCE.sub(" ", text) if fenced else text
    return prose, fenced + sum(_is_code(line.strip()) for line in prose.split("\n"))


def _is_code(line: str) -> bool:
    return line.endswith(_CODE_ENDS) or line.startswith(_CODE_STARTS)


def _wide(text: str) -> int:
    """A word count for scripts that put no spaces between words: two characters make one."""
    return 0 if text.isascii() else sum(char >= "\u2e80" for char in text) // 2


def _tool_counts(tools: Iterable[ToolOffer]) -> dict[str, Any]:
    offered = tuple(tools)
    kinds = [kind_of(tool.name) for tool in offered]
    return {
        "tools": len(offered),
        "write_tools": kinds.count("write"),
        "shell_tools": kinds.count("shell"),
        "read_tools": kinds.count("read"),
        "properties": sum(tool.properties for tool in offered),
        "required": sum(tool.required for tool in offered),
        "depth": max((tool.depth for tool in offered), default=0),
    }


@lru_cache(4096)
def kind_of(name: str) -> str:
    """`write`, `shell`, `read` or `other`, by a tool's name."""
    return next((kind for kind, pattern in _KINDS.items() if pattern.search(name)), "other")


def _turn_counts(turns: tuple[Turn, ...]) -> dict[str, Any]:
    recent = turns[-_MOST_TURNS:]
    calls = [name for turn in recent for name in turn.calls]
    return {
        "turns": len(turns),
        "user_turns": sum(turn.role == "user" and bool(turn.text) for turn in recent),
        "calls": len(calls),
        "write_calls": sum(kind_of(name) == "write" for name in calls),
        "results": sum(turn.results for turn in recent),
        "failures": sum(turn.failures for turn in recent),
        "images": sum(turn.images for turn in recent),
    }
