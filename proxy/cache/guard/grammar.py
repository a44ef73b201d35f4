"""The small words of English, by what they do in a sentence."""

from typing import Final

# What stands after these plays another part than what stands after those; one line, one part.
_PARTS: Final = """
from: from
out: out off
to: to into onto towards toward
before: before until till
after: after since
over: over above
under: under below beneath underneath
with: with using via through utilizing employing
by: by
without: without except
of: of 's
for: for
in: in inside within at
on: on upon
about: about regarding concerning
against: against versus
between: between among amongst
than: than
as: as
up: up
down: down
near: near beside behind along across around
during: during
like: like
"""
PREPOSITIONS: Final = {
    word: line.split(":")[0] for line in _PARTS.strip().splitlines() for word in line.split()[1:]
}
# A place may be said in either way.
LOOSE: Final = frozenset(
    frozenset(pair.split())
    for pair in (
        "of for",
        "of in",
        "in for",
        "for to",
        "with by",
        "of from",
        "about of",
        "with in",
        "about for",
        "with of",
        "as for",
        "like of",
    )  # fmt: skip
)
BE: Final = frozenset("is are was were be been being am".split())
DO: Final = frozenset("do does did".split())
HAVE: Final = frozenset("has have had having".split())
MODAL: Final = frozenset("can could will would shall should must may might".split())
PAST: Final = frozenset("was were did had".split())
ARTICLES: Final = frozenset("a an the this that these those".split())
SELVES: Final = {
    "i": "i", "me": "i", "my": "i", "mine": "i", "myself": "i", "you": "you", "your": "you",
    "yours": "you", "we": "we", "us": "we", "our": "we",
}  # fmt: skip
GENERIC: Final = frozenset(
    "i you we one someone somebody anyone people me my your our us mine".split()
)
PERSONS: Final = {
    "he": "he", "him": "he", "his": "he", "himself": "he", "she": "she", "her": "she",
    "hers": "she", "herself": "she", "they": "they", "them": "they", "their": "they",
}  # fmt: skip
THINGS: Final = frozenset("it its itself there here".split())
AND: Final = frozenset(("and", "or", "&"))
NOT: Final = frozenset("not no never non nor neither nobody nothing none without unless".split())
ASKING: Final = {
    "what": "what", "which": "what", "who": "who", "whom": "who", "whose": "who", "where": "where",
    "when": "when", "why": "why", "how": "how",
}  # fmt: skip
JOINING: Final = frozenset(
    "that which who whom whose if whether while because so but also as".split()
)
EMPTY: Final = frozenset(
    "any both either whether so too very well some such then thus yes etc".split()
)
SUBJECTS: Final = frozenset("i you we one he she they it people someone anyone".split())

FUNCTION: Final = (
    frozenset(PREPOSITIONS)
    | BE | DO | HAVE | MODAL | ARTICLES | GENERIC | frozenset(PERSONS) | THINGS | AND | NOT
    | frozenset(ASKING) | JOINING | EMPTY
)  # fmt: skip
PARTICIPLES: Final = frozenset(
    """
bought brought taught caught sought fought found got given taken made done seen eaten driven
written ridden spoken broken chosen frozen stolen worn torn born known grown thrown drawn flown
shown blown begun drunk sung run held kept left felt met sent spent lent built lost sold told said
paid understood won led fed read heard shot hidden bitten forgotten beaten hit hurt put set cut
split cast shut spread burnt learnt proven bound
""".split()
)
