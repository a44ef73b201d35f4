"""Says the same request in other words, to see whether it stays in its tier."""

import random
from collections.abc import Callable

_SYNONYMS = {
    "write": "create",
    "create": "produce",
    "explain": "describe",
    "describe": "explain",
    "fix": "repair",
    "analyze": "evaluate",
    "evaluate": "assess",
    "implement": "build",
    "build": "develop",
    "develop": "build",
    "design": "architect",
    "generate": "write",
    "function": "method",
    "program": "application",
    "script": "program",
    "compare": "contrast",
    "bug": "defect",
    "improve": "enhance",
    "optimize": "speed up",
    "review": "go over",
    "summarize": "sum up",
    "big": "large",
    "list": "enumerate",
    "entire": "whole",
    "show": "display",
    "give": "provide",
    "make": "create",
}


def synonyms(prompt: str, chance: random.Random) -> str:
    words = prompt.split(" ")
    return " ".join(_like(word, _SYNONYMS.get(word.lower(), word)) for word in words)


def _like(word: str, other: str) -> str:
    return other.capitalize() if word[:1].isupper() and other != word else other


def typo(prompt: str, chance: random.Random) -> str:
    """Two neighbouring letters swapped in one word out of eight."""
    words = prompt.split(" ")
    long = [at for at, word in enumerate(words) if len(word) > 4 and word.isalpha()]
    for at in chance.sample(long, min(len(long), max(1, len(words) // 8))):
        cut = chance.randrange(1, len(words[at]) - 2)
        word = words[at]
        words[at] = word[:cut] + word[cut + 1] + word[cut] + word[cut + 2 :]
    return " ".join(words)


def upper(prompt: str, chance: random.Random) -> str:
    return prompt.upper()


def lower(prompt: str, chance: random.Random) -> str:
    return prompt.lower()


def please(prompt: str, chance: random.Random) -> str:
    return chance.choice(("Please ", "Could you please ", "Hi! Can you ", "I need you to ")) + (
        prompt[:1].lower() + prompt[1:]
    )


def thanks(prompt: str, chance: random.Random) -> str:
    return prompt + chance.choice((" Thanks!", " Thank you in advance.", " Please.", " Cheers."))


REWORDINGS: dict[str, Callable[[str, random.Random], str]] = {
    rewording.__name__: rewording for rewording in (synonyms, typo, upper, lower, please, thanks)
}
