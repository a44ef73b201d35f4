"""The class of a request: the work itself, a sub-agent's, or a client's errand on the side."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from proxy.dialects.model import Request, Text, ToolCall, ToolResult
from proxy.routing.asking import text_of

CLASS_HEADER = "x-claude-code-request-class"
AGENT_HEADER = "x-claude-code-agent-id"

MAIN, SUBAGENT, COMPACTION = "main", "subagent", "compaction"
TITLE, WARMUP, SIDE = "title", "warmup", "side"
REPLAY = "replay"  # no client's: a person sends an exchange once more

LONGEST_ORDER = 12_000  # characters of a prompt that asks for a summary; a person's paste is longer

# A client that wants the conversation put into fewer words says so at length, and alone.
_TALK = (
    r"(?:(?:the|this|our|your|entire|whole|full|current|above|previous|chat) )*"
    r"(?:conversation|chat|discussion|thread)"
    r"(?! (?:mode|screen|page|view|feature|component|list|window|model))\b"
)
_COMPACTS = re.compile(
    rf"(?is)\b(?:summary (?:of|for) |summari[sz]e |compact |condense ){_TALK}|"
    r"\bcontext checkpoint\b|\bhand-?off summary for\b|\bstate[ _]snapshot\b|"
    r"\bcontinu(?:e|ing) (?:our|the|this) conversation\b"
)
_ORDERS = re.compile(
    r"(?is)\b(?:your task|create a|provide a|you are|produce a|write a|do not call|only output|"
    r"include (?:the )?following|another (?:language )?model|next (?:agent|assistant|llm))\b"
)
_TITLES = re.compile(
    r"(?is)\b(?:generate|write|create|come up with|give|output|produce|extract)\b.{0,40}"
    r"\b(?:short|concise|brief|succinct|\d+[- ](?:to \d+[- ])?words?)\b.{0,60}"
    r"\b(?:title|headline|branch name)\b|\b(?:title generator|thread title)\b"
)
_TOPIC = re.compile(r"(?i)\bnew (?:conversation )?topic\b|\bisNewTopic\b")
_TITLE_KEYS = frozenset({"title", "topic", "branch", "isNewTopic"})
_SEARCHES = re.compile(r"(?i)^perform a web search\b")
_SUGGESTS = re.compile(r"(?i)^\[?(?:suggestion mode|prompt suggestion)\b")

Test = Callable[[Mapping[str, str], Request], bool]


def class_of(headers: Mapping[str, str], request: Request) -> str:
    """The first class of CLASSES that fits, else main.

    A header alone makes nothing cheap: what offers functions of the client's own, or carries
    results, is work, whatever it is called.
    """
    return next((name for name, fits in CLASSES if fits(headers, request)), MAIN)


def _said(headers: Mapping[str, str], *names: str) -> bool:
    return headers.get(CLASS_HEADER, "").lower() in names


def _last_words(request: Request) -> str:
    for message in reversed(request.messages):
        if message.role == "user":
            return text_of(message.blocks)
    return ""


def _works(request: Request) -> bool:
    """Whether the model is to use the client's tools, or has."""
    if any(tool.kind != "server" for tool in request.tools):
        return True
    used = (ToolCall, ToolResult)
    return any(isinstance(block, used) for message in request.messages for block in message.blocks)


def _is_subagent(headers: Mapping[str, str], request: Request) -> bool:
    return _said(headers, "subagent", "workflow") or bool(headers.get(AGENT_HEADER))


def _is_compaction(headers: Mapping[str, str], request: Request) -> bool:
    """Asked for in so many words, after a conversation; tools may still stand in the request."""
    words = _last_words(request)
    if len(words) > LONGEST_ORDER or len(request.messages) < 2:
        return False
    if _said(headers, "compaction"):
        return True
    return len(words) > 150 and bool(_COMPACTS.search(words) and _ORDERS.search(words))


def _is_warmup(headers: Mapping[str, str], request: Request) -> bool:
    """A request for nothing: a quota probe, or one that only fills the provider's cache."""
    asked = request.max_tokens
    return (asked is not None and asked <= 1) or _last_words(request).strip() == "Warmup"


def _is_title(headers: Mapping[str, str], request: Request) -> bool:
    if _works(request) or len(request.messages) > 3:
        return False
    system = " ".join(block.text for block in request.system if isinstance(block, Text))
    told = f"{system[-4_000:]}\n{_last_words(request)[:2_000]}"
    if request.output_schema is not None:
        fields = request.output_schema.get("properties")
        return isinstance(fields, dict) and bool(fields) and fields.keys() <= _TITLE_KEYS
    return bool(system) and bool(_TITLES.search(told) or _TOPIC.search(told))


def _is_side(headers: Mapping[str, str], request: Request) -> bool:
    if any(tool.kind != "server" for tool in request.tools):
        return False
    words = _last_words(request).strip()
    if _SUGGESTS.match(words):
        return True
    searches = bool(request.tools) and len(request.messages) == 1 and _SEARCHES.match(words)
    return bool(searches) or (_said(headers, "auxiliary") and not _works(request))


CLASSES: Final[tuple[tuple[str, Test], ...]] = (
    (WARMUP, _is_warmup),
    (COMPACTION, _is_compaction),
    (TITLE, _is_title),
    (SIDE, _is_side),
    (SUBAGENT, _is_subagent),
)
