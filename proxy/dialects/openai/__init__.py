"""What the two OpenAI dialects share: Chat Completions and Responses."""
