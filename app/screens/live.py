"""What is happening right now: totals, the feed, and the selected exchange."""

from app.screens.base import Room


class LiveScreen(Room):
    ROOM = "live"
