"""The dialects this build speaks, by name."""

from proxy.dialects.anthropic import ANTHROPIC
from proxy.dialects.base import Dialect
from proxy.dialects.openai_chat import OPENAI_CHAT
from proxy.dialects.openai_responses import OPENAI_RESPONSES

DIALECTS: dict[str, Dialect] = {
    one.name: one for one in (ANTHROPIC, OPENAI_CHAT, OPENAI_RESPONSES)
}
