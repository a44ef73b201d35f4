"""What a word may be a form of: its lemmas, by the rules of English and what breaks them."""

from functools import lru_cache
from typing import Final

_IRREGULAR: Final = """
buy bought;bring brought;think thought;teach taught;catch caught;seek sought;fight fought;find found
get got gotten;give gave given;take took taken;make made;do did done does doing;go went gone goes
see saw seen;eat ate eaten;drive drove driven;write wrote written writing;ride rode ridden
speak spoke spoken;break broke broken;choose chose chosen;freeze froze frozen;steal stole stolen
wake woke woken;wear wore worn;tear tore torn;bear bore borne;swear swore sworn;know knew known
grow grew grown;throw threw thrown;draw drew drawn;fly flew flown flies;show shown;blow blew blown
begin began begun;drink drank drunk;sing sang sung;swim swam swum;ring rang rung;run ran running
come came coming;become became;hold held;keep kept;leave left leaving;feel felt;meet met;send sent
spend spent;lend lent;build built;lose lost losing;sell sold;tell told;say said says;pay paid pays
stand stood;understand understood;win won;sit sat;lead led;feed fed;read reads;hear heard;shoot shot
hide hid hidden;bite bit bitten;fall fell fallen;rise rose risen;forget forgot forgotten;lay laid
beat beaten;shake shook shaken;mean meant;sleep slept;sweep swept;dig dug;hang hung;stick stuck
strike struck;swing swung;bind bound;wind wound;split splits splitting;set sets setting
forgive forgave forgiven;prove proven;sew sewn;dream dreamt;burn burnt;learn learnt;spell spelt
child children;man men;woman women;foot feet;tooth teeth;mouse mice;goose geese;ox oxen
analysis analyses;index indices indexes;matrix matrices;vertex vertices;criterion criteria
leaf leaves;life lives;knife knives;wife wives;wolf wolves;half halves;shelf shelves
category categories;query queries queried;entry entries;library libraries;directory directories
quiz quizzes;focus focuses;bus buses;gas gases;lens lenses;tie ties tied tying;die dies died dying
lie lies lied lying;movie movies;cookie cookies;zombie zombies;calorie calories
"""
# Each would else be read as a form of something that it is not.
_WHOLE: Final = frozenset(
    """
news series species always status class access process address business less unless this his its
was has does is as us bus gas plus minus thus virus various previous famous bonus campus census
string thing nothing anything everything something during evening morning king ring spring wing
ceiling sibling need feed seed speed weed deed exceed proceed indeed hundred red bed led shed sled
interesting interested boring bored exciting excited tiring tired confusing confused annoying
annoyed used being according amazing amazed surprising surprised frightening frightened united
advanced limited related married building meeting meaning training setting wedding physics politics
mathematics economics statistics glasses goods means thanks customs arms species clothes stairs
analytics sms css aws ios dns https tls js windows pandas keras jobs texas paris james charles
""".split()
)
_FORMS: Final = {
    form: words[0]
    for line in _IRREGULAR.replace("\n", ";").split(";")
    if (words := line.split())
    for form in words[1:]
}
# Words that are whole for meaning, yet forms of a verb too.
_ALSO: Final = {
    "used": "use", "building": "build", "meeting": "meet", "training": "train", "setting": "set",
    "limited": "limit", "accesses": "access", "processes": "process", "classes": "class",
    "addresses": "address", "statuses": "status", "businesses": "business",
}  # fmt: skip
_SPELLED: Final = (
    ("isation", "ization"), ("ise", "ize"), ("ised", "ized"), ("ises", "izes"),
    ("ising", "izing"), ("yse", "yze"), ("ysed", "yzed"), ("ysing", "yzing"), ("our", "or"),
    ("ours", "ors"), ("oured", "ored"), ("ouring", "oring"), ("centre", "center"),
    ("centred", "centered"), ("ogue", "og"), ("elled", "eled"), ("elling", "eling"),
    ("metre", "meter"), ("metres", "meters"), ("licence", "license"), ("defence", "defense"),
)  # fmt: skip
_NOT_RESPELLED: Final = frozenset(
    """
our ours your yours four hour hours tour tours pour pours flour sour wise rise rises raise raised
noise noises exercise exercises exercised precise promise promised otherwise likewise surprise
surprised praise praised advise advised revise revised wise disease release spelled selling telling
spelling selled dwelling poured touring pouring toured raising rising advising revising poise
""".split()
)
_VOWELS: Final = frozenset("aeiouy")


@lru_cache(maxsize=20_000)
def lemmas(word: str) -> frozenset[str]:
    """What lower-case `word` may be a form of, itself included; two words agree where they share
    one that is no guess of both: "rated" is "rate" or "rat", and "rate" is never "rat"."""
    word = _respelled(word)
    if word in _FORMS:
        return frozenset((word, _FORMS[word]))
    if word in _ALSO:
        return frozenset((word, _ALSO[word]))
    if word in _WHOLE or len(word) < 4 or not word.isalpha():
        return frozenset((word,))
    return frozenset((word, *_plain(word)))


def _respelled(word: str) -> str:
    if word in _NOT_RESPELLED or len(word) < 5:
        return word
    for british, american in _SPELLED:
        if word == british or (word.endswith(british) and len(word) > len(british) + 1):
            return word[: -len(british)] + american
    return word


def _plain(word: str) -> list[str]:
    for ending, make in (("ing", _verb), ("ed", _verb), ("s", _singular)):
        if word.endswith(ending):
            return [one for one in make(word, len(ending)) if len(one) > 1]
    return []


def _verb(word: str, ending: int) -> list[str]:
    stem = word[:-ending]
    if not _VOWELS & set(stem) or len(stem) < 2:
        return []
    if stem.endswith("i"):
        return [stem[:-1] + "y"]
    doubled = len(stem) > 2 and stem[-1] == stem[-2] and stem[-1] not in "lsz"
    if doubled and stem[-1] not in _VOWELS:
        return [stem[:-1]]
    both = [stem, stem + "e"]
    return [*both, stem[:-1]] if stem[-2:] == "ll" else both


def _singular(word: str, _: int) -> list[str]:
    if word.endswith("ies") and len(word) > 4:
        return [word[:-3] + "y"]
    if word.endswith(("sses", "xes", "zes", "ches", "shes", "oes")):
        return [word[:-2], word[:-1]]
    return [] if word.endswith(("ss", "us", "is")) else [word[:-1]]
