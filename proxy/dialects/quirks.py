"""What a provider's API asks for beyond its dialect, as data for the rows of the catalog."""

from typing import Literal

from msgspec import Struct


class Quirks(Struct, frozen=True):
    """How one provider differs; the defaults fit a server that follows its dialect.

    `reasoning_models` are prefixes of model names. Where there are any, only those models get an
    effort and only the others get sampling; where there are none, every model gets both.
    """

    max_tokens_name: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    max_tokens_limit: int | None = None
    temperature_limit: float | None = None
    refuses: frozenset[str] = frozenset()  # top-level fields to leave out
    message_refuses: frozenset[str] = frozenset()  # fields to leave out of each message
    sampling: bool = True
    top_k: bool = False
    system_role: Literal["system", "developer"] = "system"
    late_system: Literal["system", "user"] = "system"  # the role of one in mid-conversation
    schema_cleaner: str = "none"  # a row of proxy.dialects.schemas.CLEANERS
    reasoning_field: Literal["reasoning_content", "reasoning", ""] = ""  # wanted back, by this name
    reasoning_models: tuple[str, ...] = ()
    effort_models: tuple[str, ...] = ()  # prefixes: where there are any, no other gets an effort
    effort_name: str = "reasoning_effort"  # empty: the provider takes none
    efforts: tuple[str, ...] = ("low", "medium", "high")
    tool_name_limit: int = 64
    tool_id_shape: str = "openai"  # a row of proxy.dialects.names.ID_SHAPES
    stop_limit: int = 4
    images: bool = True
    parallel_tools: bool = True
    tool_choices: frozenset[str] = frozenset({"auto", "none", "required", "function"})
    stream_usage: bool = True
    signed_thinking: bool = False  # refuses earlier thinking that it did not sign
    thought_signature: bool = False  # Gemini: a call's signature goes back with the call


DEFAULT = Quirks()
