"""Labelled requests for tuning the classifier: public rows, each with the tiers that would do."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from app.evals.labels import TRIVIA, bounds_of
from classifier.ask import Ask, Turn
from classifier.tiers import Tier

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
S, M, C, R = Tier.SIMPLE, Tier.MEDIUM, Tier.COMPLEX, Tier.REASONING


@dataclass(frozen=True, slots=True)
class Row:
    """A request and the lowest and highest tier that would do for it."""

    group: str
    id: str
    ask: Ask
    low: Tier
    high: Tier


def ask_of(prompt: str, messages: list[dict[str, Any]] | None = None) -> Ask:
    """An Ask of one prompt, after the turns of `messages` if there are any."""
    turns = [
        Turn(
            message["role"] if message["role"] in ("user", "assistant") else "tool",
            str(message.get("content") or "") if message["role"] != "tool" else "",
            calls=tuple(call["function"]["name"] for call in message.get("tool_calls") or ()),
            results=int(message["role"] == "tool"),
        )
        for message in messages or ()
    ]
    if not any(turn.text == prompt for turn in turns):
        turns.append(Turn("user", prompt))
    return Ask(tuple(turns), tokens=sum(len(turn.text) for turn in turns) // 4)


def read(name: str) -> list[dict[str, Any]]:
    """The rows of one file; FileNotFoundError where the data is absent."""
    return [orjson.loads(line) for line in (DATA / f"{name}.jsonl").read_bytes().splitlines()]


def tier_rows() -> Iterator[Row]:
    """tiers_dev: LiteLLM's rows, Lynkr's scenarios and anchors, the probes that can be mapped."""
    for row in read("tiers_dev"):
        bounds = bounds_of(row)
        if bounds:
            group = row["src"].split("/")[0]
            yield Row(group, row["id"], ask_of(row["prompt"], row.get("messages")), *bounds)


def intent_rows() -> Iterator[Row]:
    """CLINC150: trivia must be SIMPLE; what one asks a household assistant, MEDIUM at most."""
    for row in read("intents_clinc150"):
        trivia = row["intent"] in TRIVIA
        group = "clinc-trivia" if trivia else "clinc-rest"
        yield Row(group, row["id"], ask_of(row["prompt"]), S, S if trivia else M)


_SOURCES = {
    "arena-hard-v0.1": (M, R),
    "self-instruct-user": (S, C),
    "humaneval": (M, C),
    "cyberseceval-frr": (S, C),
}


def prompt_rows() -> Iterator[Row]:
    """prompts_dev: hard prompts at least MEDIUM; everyday and harmless ones COMPLEX at most."""
    for row in read("prompts_dev"):
        yield Row(row["src"], row["id"], ask_of(row["prompt"]), *_SOURCES[row["src"]])


def all_rows() -> list[Row]:
    return [*tier_rows(), *intent_rows(), *prompt_rows()]
