"""OpenAI and the large clouds: Azure, AWS Bedrock, Google, Databricks."""

from proxy.dialects.quirks import Quirks
from proxy.providers.catalog.kind import OPENAI_MARKS, Kind

_OPENAI = Quirks(
    max_tokens_name="max_completion_tokens",
    reasoning_models=("o1", "o3", "o4", "gpt-5", "gpt-6"),
    schema_cleaner="openai",
)

ROWS: dict[str, Kind] = {
    "openai": Kind(
        "openai_chat",
        "https://api.openai.com",
        key_env="OPENAI_API_KEY",
        key_marks=OPENAI_MARKS,
        quirks=_OPENAI,
        cache_key=True,
    ),
    # learn.microsoft.com, "Azure OpenAI v1 API": the deployment is the model, and no api-version.
    # With one, the older address that has the deployment in the URL.
    "azure_openai": Kind(
        "openai_chat",
        auth="api-key",
        key_env="AZURE_OPENAI_API_KEY",
        path="/openai/v1/chat/completions",
        dated_path="/openai/deployments/{model}/chat/completions?api-version={api_version}",
        models_path="/openai/v1/models",
        quirks=_OPENAI,
    ),
    # docs.aws.amazon.com, Converse and ConverseStream; the limits are those of its service model.
    "bedrock": Kind(
        "bedrock_converse",
        "https://bedrock-runtime.{region}.amazonaws.com",
        auth="aws",
        key_env="AWS_BEARER_TOKEN_BEDROCK",
        path="/model/{model}/converse",
        stream_path="/model/{model}/converse-stream",
        models_path="",
        quirks=Quirks(efforts=("low", "medium", "high", "xhigh", "max")),
        own=True,
    ),
    # ai.google.dev, "OpenAI compatibility". It refuses fields it does not know, at the top
    # (`store`) and inside schemas (`$schema`, `const`, `additionalProperties`).
    "gemini": Kind(
        "openai_chat",
        "https://generativelanguage.googleapis.com/v1beta/openai",
        key_env="GEMINI_API_KEY",
        key_marks=("AIza",),
        path="/chat/completions",
        models_path="/models",
        quirks=Quirks(
            refuses=frozenset({"store"}),
            schema_cleaner="gemini",
            efforts=("minimal", "low", "medium", "high"),
            thought_signature=True,
        ),
    ),
    # docs.databricks.com, "Foundation model REST API reference": https://WORKSPACE is the base.
    "databricks": Kind(
        "openai_chat",
        key_env="DATABRICKS_TOKEN",
        key_marks=("dapi",),
        path="/serving-endpoints/chat/completions",
        models_path="",
    ),
}
