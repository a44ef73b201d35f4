"""Golden dialogues of the Chat dialect: how they lie on disk, and streams as lines one can read."""

from pathlib import Path

from proxy.dialects.model import (
    BlockStart,
    BlockStop,
    Broken,
    Delta,
    End,
    Finish,
    Ping,
    Start,
    StreamEvent,
    Thinking,
    ToolCall,
    Usage,
)

GOLDEN = Path(__file__).parents[2] / "golden" / "openai_chat"
REQUESTS = sorted((GOLDEN / "requests").glob("*.json"))
STREAMS = sorted((GOLDEN / "streams").glob("*.txt"))
EVENTS = "--- events"


def read_stream(path: Path) -> tuple[bytes, list[str]]:
    """The wire bytes of a golden stream and the event lines that they mean.

    The file's first line names the trap; a `\\r` written out stands for a carriage return.
    """
    wire, _, events = path.read_text().partition("\n")[2].partition(EVENTS + "\n")
    return wire.encode().replace(rb"\r", b"\r"), events.splitlines()


def lines(events: list[StreamEvent]) -> list[str]:
    """Events as lines: a delta shows its text as it is."""
    return [_line(event) for event in events]


def _line(event: StreamEvent) -> str:
    match event:
        case Start():
            return f"start {event.id} {event.model}"
        case BlockStart(index, ToolCall(call_id, name)):
            return f"open {index} call {call_id} {name}"
        case BlockStart(index, block):
            return f"open {index} {'thinking' if isinstance(block, Thinking) else 'text'}"
        case Delta():
            return f"delta {event.index} {event.kind} {event.text}"
        case BlockStop():
            return f"close {event.index}"
        case Finish():
            return f"finish {event.stop} {_usage(event.usage)}".rstrip()
        case Broken():
            return f"broken {event.type}: {event.message}"
        case End():
            return "end"
        case Ping():
            return "ping"


def _usage(usage: Usage) -> str:
    names = ("input", "output", "cache_read", "cache_write", "reasoning")
    known = ((name, getattr(usage, name)) for name in names)
    return " ".join(f"{name}={value}" for name, value in known if value is not None)
