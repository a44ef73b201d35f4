"""The semantic cache: answers to questions that ask the same in other words."""
