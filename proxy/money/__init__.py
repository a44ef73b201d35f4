"""Dollars: what a request costs, would have cost, and may cost."""
