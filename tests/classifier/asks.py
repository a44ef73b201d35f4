"""Requests to classify, built from as little as a test needs to say."""

from classifier.ask import Ask, ToolOffer, Turn

CODING_TOOLS = tuple(
    ToolOffer(name, "What it does.", properties=4, required=2, depth=2)
    for name in ("Read", "Grep", "Glob", "Write", "Edit", "Bash", "WebFetch", "Task")
)


def said(text: str, *before: Turn, tools: tuple[ToolOffer, ...] = (), tokens: int = 0) -> Ask:
    """What a person says, after the turns `before`."""
    return Ask((*before, Turn("user", text)), tools=tools, tokens=tokens)
