"""A real small model behind the proxy. Its server compiles, so only `make test-llm` runs these."""
