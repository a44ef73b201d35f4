"""Fewer tool schemas: what stays, what goes, and by which tools of the proxy all stay in reach."""

from proxy.rewrite.tools.strip import Sent, strip

__all__ = ["Sent", "strip"]
