"""What a person asked help for, and where they were."""

from msgspec import Struct


class Topic(Struct):
    """Set by the dashboard when help is asked for, read by the page: both name places as the
    actions table does."""

    place: str = "live"  # what had the focus
    room: str = "live"  # the screen, to which the help leads back
