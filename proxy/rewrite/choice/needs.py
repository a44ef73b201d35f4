"""Which families of a coding agent's tools the words of a turn may need."""

import re
from functools import cache
from typing import Final

_PLEASANTRY: Final = (
    r"(?:hi+|hey+|hello+|hiya|howdy|yo|greetings|hola|bonjour|salut|ciao|hallo|ol[aá]"
    r"|good (?:morning|afternoon|evening|day|night)|what'?s up|how are you(?: doing)?(?: today)?"
    r"|how'?s it going|nice to meet you|thanks?(?: you)?(?: (?:so|very) much| a lot)?|thank you"
    r"|many thanks|thx|ty|cheers|bye+|goodbye|see you(?: later)?|good ?night|(?:have )?a nice day)"
)
_ADDRESSED: Final = r"(?: (?:there|claude|all|everyone|team|again|friend|mate|buddy))?"
_SMALL_TALK: Final = (
    rf"{_PLEASANTRY}{_ADDRESSED}(?:[\s,.!?]+{_PLEASANTRY}{_ADDRESSED}){{0,3}}[\s.!?)(:]*"
)
_LONGEST_TALK: Final = 80  # characters that small talk may take

CORE: Final = frozenset({"read", "search", "shell"})
ALWAYS: Final = frozenset({"protocol"})

_QUESTION: Final = re.compile(
    r"(?:(?:hi|hey|hello|so|ok|okay|please|and|now)[,!. ]+)*(?:what|who|whose|when|where|which|why"
    r"|how|is|are|was|were|do|does|did|has|have|explain|describe|summari[sz]e|tell me|show me"
    r"|(?:can|could|would) you (?:please )?(?:explain|describe|summari[sz]e|tell|show))\b",
    re.I,
)
_CHANGE: Final = re.compile(
    r"\b(?:fix|add|implement|creat|writ|rewrit|chang|updat|upgrad|refactor|renam|remov|delet|mak"
    r"|build|edit|modif|replac|mov|convert|migrat|improv|optimi[sz]|clean|correct|repair|patch"
    r"|debug|generat|set up|insert|append|port|extend|support|simplif|split|extract|commit|revert"
    r"|undo|format|draft|document|apply|do it|go ahead|go on|continue|proceed)",
    re.I,
)
_LOOK_UP: Final = re.compile(
    r"\b(?:readme|says?|said|mean|file|docs?|documentation|licen[cs]e|changelog|comment|defined"
    r"|definition|contents?)\b|\.\w{1,5}\b",
    re.I,
)
_RUN: Final = re.compile(
    r"\b(?:run|ran|running|exec|test|build|install|git|commit|branch|diff|status|log|version|start"
    r"|npm|pip|make|docker|shell|command|terminal|script|process|port|server|fail|error|crash"
    r"|check|disk|size|count|how many|time|benchmark|slow|performance|compile)(?:s|ed|ing)?\b",
    re.I,
)
# Words that speak of a family beyond the core, wherever they stand.
_SPEAKS: Final = (
    (
        "web",
        r"https?://|www\.|\b(?:web|websites?|web ?pages?|internet|online|google|browse|browser"
        r"|url|urls|latest|newest|news|nowadays|up[- ]to[- ]date|release notes|look up"
        r"|(?:official|api|online|their|vendor|upstream) (?:docs?|documentation)|download"
        r"|stack ?overflow|pypi|npmjs|crates\.io|fetch|github\.com)\b",
    ),
    (
        "todo",
        r"\b(?:to-?dos?|check ?lists?|task lists?|plan|steps?|step[- ]by[- ]step|phases?"
        r"|milestones?|migrat\w*|refactor\w*|redesign\w*|rewrit\w*|implement\w*|overhaul\w*"
        r"|end[- ]to[- ]end|across|entire|whole|everything|everywhere|throughout"
        r"|all (?:the|of)|every|from scratch|(?:first|and) .{3,80} then"
        r"|thorough\w*|progress|track)\b"
        r"|(?:^|\n)[ \t]*(?:[-*•]|\d{1,2}[.)])[ \t]+\S[^\n]*"
        r"\n+[ \t]*(?:[-*•]|\d{1,2}[.)])[ \t]",
    ),
    (
        "agents",
        r"\b(?:explor\w*|(?:sub-?)?agents?|parallel\w*|concurrently|delegat\w*|investigat\w*"
        r"|research\w*|audit\w*|across|entire|whole (?:repo\w*|project|code\w*)|code ?base"
        r"|architecture|throughout|everywhere|thorough\w*|in depth|deep dive|from scratch"
        r"|background|workflows?|team|overview)\b",
    ),
    ("notebook", r"\.ipynb\b|\b(?:notebooks?|jupyter|ipython|colab|cells?)\b"),
    ("resources", r"\b(?:mcp|resources?)\b"),
    (
        "background",
        r"\b(?:background|server|watch\w*|long[- ]running|daemon|dev|serve|kill|stop|hang\w*"
        r"|hung|monitor\w*|tail|wait|timeouts?|logs?|stuck|job|deploy\w*)\b",
    ),
    ("planning", r"\b(?:plan\w*|design\w*|architect\w*|strateg\w*|propos\w*|approach\w*)\b"),
    ("worktree", r"\b(?:worktrees?|branch\w*|isolat\w*|parallel)\b"),
    (
        "schedule",
        r"\b(?:schedul\w*|cron\w*|every (?:\d+|day|hour|minute|morning|week)\w*|daily|hourly"
        r"|weekly|later|remind\w*|notif\w*|recurring|loop|periodic\w*|trigger\w*|ping)\b",
    ),
)
_LONG: Final = 45  # words that make a task of several steps
_NOTHING: Final[frozenset[str]] = frozenset()


def is_small_talk(text: str) -> bool:
    """Whether `text` is nothing but pleasantries. "yes" and "ok" are none: they may answer an
    offer to do something."""
    said = text.strip()
    return 0 < len(said) <= _LONGEST_TALK and bool(_small_talk().fullmatch(said))


def needs_of(text: str, fixed: bool) -> frozenset[str]:
    """The families that a turn's words may need; `fixed` ones have no second chance.

    What a file says is asked of the tools that read and search, and the shell can wait; where
    nothing comes later, it stays instead of those that search: it can search, too.
    """
    if is_small_talk(text):
        return CORE | {"write"} if fixed else _NOTHING
    needs = CORE | {family for family, pattern in _speaks() if pattern.search(text)}
    if len(text.split()) >= _LONG:
        needs |= {"todo"}
    if not _only_asks(text):
        return needs | {"write"}
    looks_up = _LOOK_UP.search(text) and not _RUN.search(text) and len(needs) == len(CORE)
    return needs - {"search" if fixed else "shell"} if looks_up else needs


@cache
def _small_talk() -> re.Pattern[str]:
    return re.compile(_SMALL_TALK, re.I)


@cache
def _speaks() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((family, re.compile(rf"(?:{pattern})", re.I)) for family, pattern in _SPEAKS)


def compiled() -> None:
    """Has the long patterns ready, which take 30 ms: for a thread, before the first request."""
    _small_talk()
    _speaks()


def _only_asks(text: str) -> bool:
    """A question, and nothing in it that speaks of a change."""
    asks = bool(_QUESTION.match(text)) or text.rstrip().endswith("?")
    return asks and not _CHANGE.search(text)
