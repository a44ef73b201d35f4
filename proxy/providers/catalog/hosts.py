"""Vendors and hosts that speak Chat Completions, each with what its documentation asks for."""

from proxy.dialects.quirks import Quirks
from proxy.providers.catalog.kind import Kind

# Fields of OpenAI's that Mistral's schema does not have; it answers 422 "extra_forbidden".
_NOT_MISTRAL = (
    "max_completion_tokens stream_options user store logit_bias logprobs top_logprobs seed "
    "service_tier verbosity modalities functions function_call"
)

ROWS: dict[str, Kind] = {
    "openrouter": Kind(
        "openai_chat",
        "https://openrouter.ai/api",
        key_env="OPENROUTER_API_KEY",
        key_marks=("sk-or-",),
        quirks=Quirks(top_k=True),
    ),
    # api-docs.deepseek.com: wants its reasoning back after a tool call; efforts are high and max.
    "deepseek": Kind(
        "openai_chat",
        "https://api.deepseek.com",
        key_env="DEEPSEEK_API_KEY",
        models_path="/models",
        quirks=Quirks(
            max_tokens_limit=8192, reasoning_field="reasoning_content", efforts=("high", "max")
        ),
    ),
    # docs.z.ai, chat completion: temperature 0 to 1, one stop word, tool_choice auto alone; usage
    # comes with the last chunk unasked.
    "zai": Kind(
        "openai_chat",
        "https://api.z.ai/api/paas/v4",
        key_env="ZAI_API_KEY",
        quirks=Quirks(
            temperature_limit=1.0,
            refuses=frozenset({"frequency_penalty", "presence_penalty", "stream_options"}),
            message_refuses=frozenset({"name"}),
            tool_choices=frozenset({"auto"}),
            effort_name="",
            stop_limit=1,
        ),
    ),
    # platform.kimi.ai: kimi models fix the temperature and refuse another; they want their
    # reasoning back. Older moonshot-v1 models take 0 to 1.
    "moonshot": Kind(
        "openai_chat",
        "https://api.moonshot.ai",
        key_env="MOONSHOT_API_KEY",
        quirks=Quirks(
            temperature_limit=1.0,
            reasoning_models=("kimi-",),
            reasoning_field="reasoning_content",
            effort_name="",
        ),
    ),
    "qianfan": Kind("openai_chat", "https://qianfan.baidubce.com/v2", key_env="QIANFAN_API_KEY"),
    "atlascloud": Kind(
        "openai_chat",
        "https://api.atlascloud.ai",
        key_env="ATLASCLOUD_API_KEY",
        quirks=Quirks(top_k=True),
    ),
    "edenai": Kind("openai_chat", "https://api.edenai.run/v3", key_env="EDENAI_API_KEY"),
    # console.groq.com/docs/openai: these fields bring a 400.
    "groq": Kind(
        "openai_chat",
        "https://api.groq.com/openai",
        key_env="GROQ_API_KEY",
        key_marks=("gsk_",),
        quirks=Quirks(
            refuses=frozenset({"logprobs", "logit_bias", "top_logprobs"}),
            message_refuses=frozenset({"name"}),
            effort_models=("gpt-oss",),
        ),
    ),
    # docs.mistral.ai; call ids "must be a-z, A-Z, 0-9, with a length of 9".
    "mistral": Kind(
        "openai_chat",
        "https://api.mistral.ai",
        key_env="MISTRAL_API_KEY",
        quirks=Quirks(
            refuses=frozenset(_NOT_MISTRAL.split()),
            tool_id_shape="mistral",
            effort_name="",
        ),
    ),
    # docs.x.ai, "Reasoning": these fields and an effort bring an error from models without it.
    "xai": Kind(
        "openai_chat",
        "https://api.x.ai",
        key_env="XAI_API_KEY",
        key_marks=("xai-",),
        quirks=Quirks(
            refuses=frozenset({"presence_penalty", "frequency_penalty", "stop"}),
            effort_models=("grok-4.3", "grok-4.5"),
        ),
    ),
    "together": Kind(
        "openai_chat",
        "https://api.together.xyz",
        key_env="TOGETHER_API_KEY",
        quirks=Quirks(top_k=True),
    ),
    "fireworks": Kind(
        "openai_chat",
        "https://api.fireworks.ai/inference",
        key_env="FIREWORKS_API_KEY",
        key_marks=("fw_",),
        quirks=Quirks(top_k=True),
    ),
    # docs.siliconflow.cn, chat completions: an effort for these models alone, high or max.
    "siliconflow": Kind(
        "openai_chat",
        "https://api.siliconflow.cn",
        key_env="SILICONFLOW_API_KEY",
        quirks=Quirks(
            efforts=("high", "max"), effort_models=("DeepSeek-V4", "GLM-5.2"), top_k=True
        ),
    ),
    # inference-docs.cerebras.ai, "OpenAI compatibility": these fields bring a 400.
    "cerebras": Kind(
        "openai_chat",
        "https://api.cerebras.ai",
        key_env="CEREBRAS_API_KEY",
        key_marks=("csk-",),
        quirks=Quirks(
            max_tokens_name="max_completion_tokens",
            refuses=frozenset(
                "frequency_penalty presence_penalty logit_bias parallel_tool_calls "
                "service_tier".split()
            ),
            tool_choices=frozenset({"auto", "none"}),
            effort_models=("gpt-oss",),
        ),
    ),
}
