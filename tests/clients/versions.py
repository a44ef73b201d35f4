"""The exact client versions that the tests run, in one table."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Client:
    """A package of npm, or of PyPI where `python` is true, and the program it brings."""

    package: str
    version: str
    program: str
    python: bool = False

    def __str__(self) -> str:
        return f"{self.package}-{self.version}"


CLAUDE_CODE = Client("@anthropic-ai/claude-code", "2.1.197", "claude")  # what node 20 gets
CLAUDE_CODE_NEW = Client("@anthropic-ai/claude-code", "2.1.330", "claude")
CLINE = Client("cline", "3.0.65", "cline")
CONTINUE = Client("@continuedev/cli", "1.5.47", "cn")
OPENCODE = Client("opencode-ai", "1.18.33", "opencode")
QWEN_CODE = Client("@qwen-code/qwen-code", "0.15.10", "qwen")
CODEX = Client("@openai/codex", "0.169.0", "codex")
AIDER = Client("aider-chat", "0.86.2", "aider", python=True)
