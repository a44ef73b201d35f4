"""Which questions stand alone: a model that could look at a project would still not need to."""

from typing import Final

import re2

LONGEST: Final = 300  # characters: a longer one tells of a case of its own
_FEWEST: Final = 4  # words

_HELLO: Final = r"(?i)^(?:(?:hi|hello|hey|please|quick question)\W+)*"
# General as they stand, and general where a language, a product or a person is named in them.
_GENERAL: Final = re2.compile(
    _HELLO + r"(?:what(?:'s| is| are| was| were)|who|when (?:was|were|did)|define)\b"
)
_OF_A_NAME: Final = re2.compile(
    _HELLO + r"(?:how|why|what (?:do|does|did)|explain|describe|compare|translate)\b"
)
_NAME: Final = re2.compile(r"\s[A-Z][\w+#.-]*")
# What a person who sits in front of a project would mean by it.
_HERE: Final = re2.compile(
    r"(?i)\b(?:it|its|they|both|every|all|some|this|these|those|here|there|above|below|previous|previously|earlier|before|again"
    r"|instead|my|mine|our|ours|we|us|i'm|i've|you|your|next|left|todo|changed?|happen(?:s|ed|ing)?"
    r"|wrong|missing|broken|failing|fails?|failed|defined|implemented|installed|configured"
    r"|running|handled|supported|used here|that (?:file|code|function|class|test|error|one))\b"
    r"|\b(?:readme|changelog|ci|master|files|tests|errors|warnings|bugs?|endpoints|login|lines)\b"
)
_THE: Final = re2.compile(r"(?i)\bthe\b")
_THE_OF: Final = re2.compile(
    r"(?i)\bthe (?:[\w-]+ ){1,3}(?:of|between|behind|among)\b|\bin the (?:world|universe)\b"
)
# A name from somebody's code: snake_case, camelCase, a call, a path.
_CODE: Final = re2.compile(r"\w_\w|\b[a-z]+[A-Z]\w*|\w\(|\w/\w|\.\w+\.\w|@\w|#\d|[`{};\\]")


def stands_alone(text: str) -> bool:
    """Whether a question asks for what is generally known: short, of one line, and without a word
    that points to something at hand. When in doubt it does not."""
    asked = text.strip()
    if len(asked) > LONGEST or "\n" in asked or len(asked.split()) < _FEWEST:
        return False
    of_a_name = _OF_A_NAME.search(asked) and _NAME.search(asked)
    if not (of_a_name or _GENERAL.search(asked)) or _HERE.search(asked) or _CODE.search(asked):
        return False
    return len(_THE.findall(asked)) == len(_THE_OF.findall(asked))
