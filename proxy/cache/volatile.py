"""Which questions depend on the moment, or on files and repositories that they only name."""

from collections.abc import Collection
from functools import cache
from typing import Any, Final

import re2

from classifier.search import search_set

MOMENT: Final = "depends on the moment"
FILES: Final = "depends on files or a repository"
SAMPLE: Final = 400  # characters of each end of a question, where the question itself stands


def _any(*rows: str, after: str = r"\W") -> str:
    """A pattern of whole words alone."""
    return rf"(?i)(?:^|\W)(?:{'|'.join(rows)})(?:{after}|$)"


_MOMENT: Final = _any(
    r"today|tonight|tomorrow|yesterday|nowadays|now|currently|current|presently|upcoming",
    r"(?:at|in|for) (?:the|this) moment|these days|latest|newest|recent|recently|up[- ]to[- ]date",
    r"(?:this|the coming|coming) (?:morning|afternoon|evening|week|weekend|month|year|season)",
    r"(?:last|next|past) (?:night|week|weekend|month|year|holiday|(?:free )?day)|day off|free day",
    r"what(?:'?s| is| are| was)? (?:the )?(?:time|date|day|year|month|hour)(?: is| are|\W*$)",
    r"what(?:'?s| is)? (?:the |today'?s )?(?:time|date|day)(?: (?:in|at|for|of the)|\W*$)",
    r"(?:what|which) (?:time|date|day|year|month|hour)|the time|(?:time|date),? please",
    r"o'? ?clock|(?:exact|right) time|tell me the (?:time|date)|what the (?:time|date) (?:is|will)",
    r"(?:is|are) (?:it|we) .{0,20}(?:yet|noon|midnight|late|early)|how old (?:is|are)|any longer",
    r"how (?:many (?:days|weeks|months|hours)|long|soon) .{0,12}(?:until|till?|to|before|since)",
    r"(?:days|weeks|months|years|hours|minutes) (?:until|till|since|left|ago)|as of|so far",
    r"weather|forecasts?|rain(?:ing|y)?|snow(?:ing|y)?|sunny|windy|humidity|sunrise|sunset",
    r"temperatures? (?:in|at|outside)|how (?:hot|cold|warm) (?:is|will)|air quality",
    r"traffic (?:like|near|heading|reports?|jams?|updates?|patterns?|situation|expect)",
    r"(?:road|traffic) conditions|traffic going",
    r"(?:is|how'?s|what|for|will) (?:the )?traffic|status of|delayed|on time|where is my",
    r"(?:where|find)(?: exactly)?(?: out where)? (?:am i|i am|are we)|my .{0,12}location",
    r"news|headlines|trending|live score|who (?:won|is winning)|still (?:open|alive|available)",
    r"prices?|priced|fares?|how much (?:is|are|does|do|would|will|for)|cheap(?:er|est)?|worth",
    r"costs? of|cost me|(?:stock|exchange|interest|mortgage|conversion) (?:market|quotes?|rates?)",
    r"in stock|bitcoin|(?:us )?dollars?|euros?|pounds?|yen|rupees?|pesos?|rubles?|usd|eur|gbp|jpy",
    r"random|randomly|another|surprise me|roll .{0,20}(?:dice|die)|(?:flip|toss) .{0,12}coin",
)

_REPOSITORY: Final = _any(
    r"(?:this|the|my|our|your|which|current) (?:\w+ )?(?:repo|repository|monorepo|code ?base"
    r"|working (?:tree|directory|copy)|workspace|checkout)",
    r"(?:this|my|our|your) (?:\w+ )?(?:project|app|application|package|module|directory|folder"
    r"|branch|commit|diff|pull request|pr|build|pipeline|ci|server|database|config|configuration"
    r"|environment|machine|computer|laptop|system|terminal)",
    r"(?:my|our|all|these|those|failing|which) (?:\w+ )?(?:tests|files|changes|folders)|the tests",
    r"(?:un)?(?:committed|staged) (?:changes|files)|(?:list|show|find) (?:the |all )?files",
    r"(?:last|previous|open|pending) (?:commits?|pull requests?|prs?|issues?|builds?|runs?)",
    r"(?:tests?|build|ci|linter) (?:still |now |all )?(?:pass|passes|passing|failing|green)",
)
_EXTENSIONS: Final = (
    r"pyi?|ipynb|js|tsx?|jsx|mjs|cjs|go|rs|rb|java|kts?|cs|c|h|cpp|cc|hpp|swift|php|scala|lua|sh"
    r"|sql|html?|s?css|vue|svelte|json[l5]?|ya?ml|toml|ini|cfg|conf|md|rst|txt|csv|tsv|xml|pdf"
    r"|docx?|xlsx?|db|sqlite3?|proto|tf|gradle"
)
_NAMED: Final = _any(
    r"(?:~|\.{1,2})?(?:/[\w.@+-]+){2,}|\.{1,2}/[\w.@+-]+",
    rf"[\w@+./-]*[\w@+-]\.(?:{_EXTENSIONS})",
    r"(?:\w+[-_])?(?:access|build|debug|error|install|output|server|system)\.log|[\w-]+-?lock\.\w+",
    r"(?:the|my|our|this) (?:makefile|dockerfile|readme|changelog|lock ?file)",
    after=r"[^\w(]",
)
# "a package.json", "a file called x.txt" and "Node.js" are no files of anybody's.
_GENERIC: Final = (
    rf"(?i)\b(?:an?|any|every|called|named) [\w@+./-]*\.(?:{_EXTENSIONS})\b"
    r"|\b(?:node|vue|next|nuxt|express|react|three|d3|chart|angular|ember|backbone|discord|moment"
    r"|alpine|p5|electron|socket|plotly|tensorflow|require|polymer)\.js\b"
)
_SHOWN: Final = _any(
    r"(?:this|my|our|your|attached) (?:\w+ )?(?:files?|code|function|class|method|script|error|bug"
    r"|tests?|query|component|variable|import|output|logs?|trace|stack ?trace|document|notebook)",
)
_BODY: Final = r"[\n`]|:\s*\S.{7}"  # what the question is about, in the question

_SIGNS: Final = (_MOMENT, _REPOSITORY, _BODY, _NAMED, _SHOWN, _GENERIC)
_A_MOMENT, _A_REPOSITORY, _A_BODY, _A_NAME, _A_SHOW, _A_GENERIC = range(len(_SIGNS))


def volatile(text: str) -> str:
    """Why the answer to a question may be another one tomorrow, in a few words; "" where it won't.

    Of a long text the ends are read. A refusal too many costs tokens, one too few a wrong answer.
    """
    ends = text if len(text) <= 2 * SAMPLE else f"{text[:SAMPLE]}\n{text[-SAMPLE:]}"
    signs = _signs().Match(ends) or ()
    if _A_MOMENT in signs or ("://" in ends and "\n" not in ends):  # a page may change
        return MOMENT
    if _A_REPOSITORY in signs:
        return FILES
    if _A_BODY in signs:
        return ""
    return FILES if _A_SHOW in signs or _names_a_file(ends, signs) else ""


def _names_a_file(text: str, signs: Collection[int]) -> bool:
    """Whether a file is named that is somebody's."""
    if _A_GENERIC not in signs:
        return _A_NAME in signs
    named, generic = _of_names()
    return bool(named.search(generic.sub("", text)))


@cache
def _signs() -> Any:
    return search_set(_SIGNS)


@cache
def _of_names() -> tuple[Any, Any]:
    return re2.compile(_NAMED), re2.compile(_GENERIC)


def compiled() -> None:
    """Has the patterns ready, which take 50 ms: for a thread, before the first request."""
    _signs()
    _of_names()
