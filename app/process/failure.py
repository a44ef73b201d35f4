"""The one way a command ends badly: a message that names the thing, the place and the fix."""


class Failure(Exception):
    """Ends the program with exit code 1 and this message on stderr."""
