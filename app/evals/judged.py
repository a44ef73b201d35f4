"""A labelled row as the request that a client would send, judged as a live one would be."""

from typing import Any

from msgspec import Struct

from classifier.decide import Verdict
from proxy.dialects.table import DIALECTS
from proxy.errors import BadRequest
from proxy.routing.asking import view_of
from proxy.routing.route import judge
from proxy.routing.table import Table

CHAT = DIALECTS["openai_chat"]


class Judged(Struct, frozen=True):
    """A row and the verdict on it."""

    row: dict[str, Any]
    prompt: str
    verdict: Verdict


def judged(row: dict[str, Any], table: Table) -> Judged | None:
    """None where the row holds no request that can be read."""
    prompt = row.get("prompt")
    if not isinstance(prompt, str):
        return None
    try:
        request = CHAT.parse(_body(row, prompt))
    except BadRequest:
        return None
    return Judged(row, prompt, judge(view_of(request), table))


def _body(row: dict[str, Any], prompt: str) -> dict[str, Any]:
    said = list(row.get("messages") or ())
    if not any(isinstance(one, dict) and one.get("content") == prompt for one in said):
        said.append({"role": "user", "content": prompt})
    if system := row.get("system"):
        said.insert(0, {"role": "system", "content": system})
    tools = {"tools": row["tools"]} if row.get("tools") else {}
    return {"model": "m", "messages": said, **tools}
