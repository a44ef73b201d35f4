"""The tool results of a conversation, each made shorter by nothing but what stands before it."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from proxy.dialects.model import Block, Message, Request, Text, ToolCall, ToolResult
from proxy.exchange import ResultRewrite
from proxy.rewrite.abridge import abridge
from proxy.rewrite.results import LARGEST, SMALLEST, shrink
from proxy.rewrite.results.repeats import SHORTEST, Earlier, difference, reference
from proxy.rewrite.results.source import Source, source_of
from proxy.rewrite.results.technique import Shrunk
from proxy.tokens.counter import estimate

Keep = Callable[[str, str], bool]  # an original by its id: whether it is safe

_FORGETFUL: Final = ("previous_response_id", "truncation", "conversation")


class Results:
    """Reads a conversation from its first message on, and says what each result becomes.

    `keep` stores an original before it is abridged; without it nothing is. Results of the tools in
    `whole` stay as they are. `told` lists what was changed.
    """

    def __init__(
        self, request: Request, keep: Keep | None = None, whole: frozenset[str] = frozenset()
    ) -> None:
        self.told: list[ResultRewrite] = []
        self._keep = keep
        self._whole = whole
        self._may_refer = remembers_all(request)
        self._calls: dict[str, ToolCall] = {}
        self._message = -1
        self._number = 0
        self._said: dict[str, Earlier] = {}
        self._of_call: dict[tuple[str, str], Earlier] = {}

    def blocks(self, given: list[Block]) -> list[Block]:
        """The next message's blocks, shorter; the same list if nothing changed."""
        self._message += 1
        made = given
        for at, block in enumerate(given):
            if isinstance(block, ToolCall):
                self._calls[block.id] = block
            elif isinstance(block, ToolResult):
                content = self._content(block)
                if content is not block.content:
                    made = list(given) if made is given else made
                    made[at] = ToolResult(
                        block.call_id, content, block.is_error, block.extra, block.place, True
                    )
        return made

    def _content(self, result: ToolResult) -> list[Block]:
        self._number += 1
        made = result.content
        call = self._calls.get(result.call_id)
        if call is None or call.name in self._whole:
            return made
        for at, block in enumerate(result.content):
            shorter = self._shorter(block.text, call) if isinstance(block, Text) else None
            if shorter is not None and isinstance(block, Text):
                made = list(made) if made is result.content else made
                made[at] = Text(shorter.text, block.extra)
                before, after = estimate(len(block.text)), estimate(len(shorter.text))
                self.told.append(
                    ResultRewrite(call.name, shorter.technique, before, after, self._message)
                )
        return made

    def _shorter(self, text: str, call: ToolCall) -> Shrunk | None:
        if not SMALLEST <= len(text) <= LARGEST:
            return None
        source = source_of(call)
        if source.exact or len(text) < SHORTEST:
            shrunk = shrink(text, source)
            return self._abridged(text, source, shrunk) or shrunk
        call_key = call.name, call.arguments
        known = self._said.get(text) if self._may_refer else None
        if known is not None:
            return Shrunk(reference(known), "reference")
        shrunk = shrink(text, source)
        sent = shrunk.text if shrunk else text
        last = self._of_call.get(call_key) if self._may_refer else None
        changed = difference(last, text, sent) if last else None
        if changed is not None:
            return Shrunk(changed, "difference")
        abridged = self._abridged(text, source, shrunk)
        if abridged is None:
            earlier = Earlier(self._number, call.name, source.command, text)
            self._said.setdefault(text, earlier)
            self._of_call[call_key] = earlier
        return abridged or shrunk

    def _abridged(self, text: str, source: Source, shrunk: Shrunk | None) -> Shrunk | None:
        """The gist of it, where the original is safe in the store."""
        if self._keep is None:
            return None
        made = abridge(text, source, shrunk)
        return made.shrunk if made and self._keep(made.id, text) else None


def remembers_all(request: Request) -> bool:
    """Whether the model sees all that stands in the request: no provider drops earlier results."""
    if any(request.body.get(name) not in (None, "disabled") for name in _FORGETFUL):
        return False
    managed = request.body.get("context_management")
    return not managed or all(map(_is_harmless, _edits(managed)))


def _edits(managed: Any) -> list[Any]:
    edits = managed.get("edits") if isinstance(managed, dict) else managed
    return edits if isinstance(edits, list) else [managed]


def _is_harmless(edit: Any) -> bool:
    return isinstance(edit, dict) and str(edit.get("type")).startswith("clear_thinking")


def newest_first(messages: list[Message]) -> Iterator[tuple[str, Source]]:
    """Every text that a call gave, and where from."""
    given: dict[str, ToolResult] = {}
    for message in reversed(messages):
        for block in reversed(message.blocks):
            if isinstance(block, ToolResult):
                given[block.call_id] = block
            elif isinstance(block, ToolCall) and (result := given.pop(block.id, None)):
                texts = (one.text for one in result.content if isinstance(one, Text))
                yield from ((text, source_of(block)) for text in texts)
