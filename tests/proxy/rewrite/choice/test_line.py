"""A stripped tool's line is short, is one line, and tells what the tool is for."""

from hypothesis import given
from hypothesis import strategies as st

from proxy.dialects.model import Tool
from proxy.rewrite.choice import line_of

_TEXT = {"type": "string"}
_SCHEMAS = st.dictionaries(st.text(max_size=60), st.just(_TEXT), max_size=30).map(
    lambda properties: {"type": "object", "properties": properties, "required": list(properties)}
)


def test_a_line_is_a_signature_and_a_sentence() -> None:
    schema = {"properties": {"limit": _TEXT, "url": _TEXT}, "required": ["url"]}
    tool = Tool("WebFetch", "Fetches a page.\n\nUse it for URLs.", schema)
    assert line_of(tool) == "WebFetch(url, limit?): Fetches a page"


def test_a_tool_without_parameters_or_words_is_its_name() -> None:
    assert line_of(Tool("TodoRead")) == "TodoRead"


def test_many_parameters_are_cut_the_required_first() -> None:
    names = [f"parameter_{n}" for n in range(30)]
    schema = {"properties": dict.fromkeys(names, _TEXT), "required": ["parameter_29"]}
    assert line_of(Tool("t", "", schema)).startswith("t(parameter_29, parameter_0?")
    assert line_of(Tool("t", "", schema)).endswith(", …)")


@given(st.text(max_size=300), st.text(max_size=2_000), _SCHEMAS)
def test_a_line_is_bounded_and_one(name: str, description: str, schema: dict[str, object]) -> None:
    line = line_of(Tool(name, description, schema))
    assert len(line) <= 160 and len(line.splitlines()) <= 1
