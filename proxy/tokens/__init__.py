"""Tokens: counted, by section, before and after a rewrite, and as providers bill them."""
