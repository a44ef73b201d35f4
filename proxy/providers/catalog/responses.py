"""Providers spoken to in the Responses dialect: OpenAI, and any other that follows it."""

from proxy.dialects.quirks import Quirks
from proxy.providers.catalog.kind import OPENAI_MARKS, Kind

ROWS: dict[str, Kind] = {
    "openai_responses": Kind(
        "openai_responses",
        "https://api.openai.com",
        key_env="OPENAI_API_KEY",
        key_marks=OPENAI_MARKS,
        quirks=Quirks(
            reasoning_models=("o1", "o3", "o4", "gpt-5", "gpt-6"), schema_cleaner="openai"
        ),
        cache_key=True,
    ),
    "openai_responses_compatible": Kind("openai_responses", key_marks=OPENAI_MARKS),
}
