"""Chooses the tools that a conversation may need, and says the others in a line each."""

from proxy.rewrite.choice.choose import Choice, History, choose, choose_of, history_of
from proxy.rewrite.choice.compact import compact
from proxy.rewrite.choice.line import line_of
from proxy.rewrite.choice.offer import Offer, cost, offer_of

__all__ = [
    "Choice",
    "History",
    "Offer",
    "choose",
    "choose_of",
    "compact",
    "cost",
    "history_of",
    "line_of",
    "offer_of",
]
