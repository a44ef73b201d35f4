"""The dialects this build speaks, by name: to clients, and to providers."""

from proxy.dialects.anthropic import ANTHROPIC
from proxy.dialects.base import Dialect, ProviderDialect
from proxy.dialects.bedrock_converse import BEDROCK_CONVERSE
from proxy.dialects.openai_chat import OPENAI_CHAT
from proxy.dialects.openai_responses import OPENAI_RESPONSES

DIALECTS: dict[str, Dialect] = {one.name: one for one in (ANTHROPIC, OPENAI_CHAT, OPENAI_RESPONSES)}
UPSTREAM_DIALECTS: dict[str, ProviderDialect] = {
    **DIALECTS,
    BEDROCK_CONVERSE.name: BEDROCK_CONVERSE,
}
