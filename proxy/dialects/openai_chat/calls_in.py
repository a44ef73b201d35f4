"""Which tool call a streamed fragment belongs to, whatever the provider left out or repeated."""

from msgspec import Struct, field

from proxy.dialects.model import Body, Json
from proxy.dialects.openai.calls import argument_text, whole


class Piece(Struct):
    """One block of the answer as it grows: what has come and has not been told yet."""

    kind: str  # text, thinking or call
    pending: str = ""
    opened: bool = False
    closed: bool = False


class CallPiece(Piece):
    """A tool call as it grows; `parts` are all its arguments so far, told or not."""

    index: int | None = None
    id: str = ""
    name: str = ""
    signed: Body = field(default_factory=dict)  # Gemini's extra_content
    parts: list[str] = field(default_factory=list)
    size: int = 0  # characters in parts

    @property
    def arguments(self) -> str:
        return "".join(self.parts)

    @property
    def complete(self) -> bool:
        """The arguments are whole: nothing can follow them."""
        ends = bool(self.parts) and self.parts[-1].rstrip()[-1:] in ("}", "")
        return ends and whole(self.arguments)

    def add(self, fragment: "Fragment") -> None:
        self.id = self.id or fragment.id
        self.name = self.name or fragment.name
        self.signed = self.signed or fragment.signed
        if not fragment.arguments or self.closed or self._said_again(fragment.arguments):
            return
        self.parts.append(fragment.arguments)
        self.size += len(fragment.arguments)
        self.pending += fragment.arguments

    def _said_again(self, arguments: str) -> bool:
        """Whether a server repeats the whole call at its end."""
        return len(arguments) == self.size and arguments == self.arguments and self.complete


class Fragment(Struct):
    """One entry of a delta's tool_calls."""

    index: int | None
    id: str
    name: str
    arguments: str
    signed: Body

    @classmethod
    def read(cls, raw: Body) -> "Fragment":
        function = raw.get("function") or raw.get("custom")
        function = function if isinstance(function, dict) else {}
        index, signed = raw.get("index"), raw.get("extra_content")
        return cls(
            index if isinstance(index, int) else None,
            _text(raw.get("id")),
            _text(function.get("name")),
            argument_text(function.get("arguments")),
            signed if isinstance(signed, dict) else {},
        )


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""


def owner(calls: list[CallPiece], fragment: Fragment) -> CallPiece | None:
    """The call that `fragment` continues, or None where it begins one."""
    if fragment.index is not None:
        return _by_index(calls, fragment)
    return _by_id(calls, fragment)


def _by_index(calls: list[CallPiece], fragment: Fragment) -> CallPiece | None:
    """The latest call of that index, unless the fragment shows that the index is used twice."""
    same = [call for call in calls if call.index == fragment.index]
    return same[-1] if same and not _begins_another(same[-1], fragment) else None


def _by_id(calls: list[CallPiece], fragment: Fragment) -> CallPiece | None:
    known = [call for call in calls if fragment.id and call.id == fragment.id]
    last = known or calls[-1:]
    return last[0] if last and not _begins_another(last[0], fragment) else None


def _begins_another(call: CallPiece, fragment: Fragment) -> bool:
    """A second id, or a name on top of a call that is whole already, is a call of its own."""
    if fragment.id and call.id:
        return fragment.id != call.id
    return bool(fragment.name and call.name and fragment.arguments and call.complete)
