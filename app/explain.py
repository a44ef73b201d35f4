"""`lynkr-tui explain`: the decision for a request in a file; nothing is sent, nothing kept."""

from pathlib import Path


def explain_file(raw: bytes, dialect: str, config: Path) -> str:
    """Indented JSON, as POST /lynkr/explain answers. Raises Failure."""
