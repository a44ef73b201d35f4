"""Custom tools take free text: as a function they take that text under the one name `input`."""

from typing import Final

import orjson

from proxy.dialects.model import Body, Json, Request

FREE_TEXT: Final[Body] = {
    "type": "object",
    "properties": {"input": {"type": "string"}},
    "required": ["input"],
}


def wrap(text: str) -> str:
    """Free text as the arguments of a function."""
    return orjson.dumps({"input": text}).decode()


def unwrap(arguments: str) -> str:
    """The free text inside arguments; arguments of any other shape stay as the model wrote them."""
    try:
        found = orjson.loads(arguments or "null")
    except orjson.JSONDecodeError:
        return arguments
    text = found.get("input") if isinstance(found, dict) else None
    return text if isinstance(text, str) else arguments


def free_names(request: Request | None) -> frozenset[str]:
    """Names of the tools that the client offered as custom ones."""
    tools = request.tools if request else []
    return frozenset(tool.name for tool in tools if tool.kind == "custom")


def describe(description: str, form: Json) -> str:
    """A custom tool's description with the grammar that a function's schema has no place for."""
    grammar = _grammar(form)
    if not grammar:
        return description
    syntax = grammar.get("syntax") or "formal"
    rule = f"The input is free text in this {syntax} grammar:\n{grammar['definition']}"
    return f"{description}\n\n{rule}" if description else rule


def _grammar(form: Json) -> Body | None:
    """The grammar in a tool's format: nested by Chat Completions, flat by Responses."""
    if not isinstance(form, dict) or form.get("type") != "grammar":
        return None
    grammar = form.get("grammar", form)
    return grammar if isinstance(grammar, dict) and grammar.get("definition") else None


def flat_format(form: Json) -> Body | None:
    """A custom tool's format as Responses spells it; None where it says nothing."""
    grammar = _grammar(form)
    if grammar is None:
        return None
    return {"type": "grammar"} | {k: grammar[k] for k in ("syntax", "definition") if k in grammar}
