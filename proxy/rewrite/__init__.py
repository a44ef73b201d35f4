"""Fewer tokens on the wire: what the proxy changes in a request before it goes upstream."""

from proxy.rewrite.rewrite import is_heavy, rewrite
from proxy.rewrite.settings import RewriteSettings

__all__ = ["RewriteSettings", "is_heavy", "rewrite"]
