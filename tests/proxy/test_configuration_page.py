"""The page on the configuration says what the config's models check."""

from proxy.config.model import Config
from tests.configuration_page import PAGE, page


def test_the_page_is_up_to_date():
    assert PAGE.read_text() == page(), "run python -m tests.configuration_page"


def test_every_table_and_key_stands_on_the_page():
    told = page()
    for name, field in Config.model_fields.items():
        assert f"[{name}" in told or f"`{name}`" in told
        inner = getattr(field.annotation, "model_fields", {})
        assert all(f"| `{key}` |" in told for key in inner)
