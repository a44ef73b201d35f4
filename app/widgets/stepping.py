"""Steps of a cursor through the rows of a list, as the keys of a table ask for them."""

from abc import abstractmethod


class Stepping:
    """A list has a `cursor`, the number of its rows, and the lines that are in sight."""

    cursor: int

    @property
    @abstractmethod
    def count(self) -> int:
        """How many rows there are."""

    @property
    @abstractmethod
    def in_sight(self) -> int:
        """How many rows stand on the screen at once."""

    @abstractmethod
    def go(self, to: int) -> None:
        """Move the cursor, and the view with it."""

    def action_down(self) -> None:
        self.go(self.cursor + 1)

    def action_up(self) -> None:
        self.go(self.cursor - 1)

    def action_top(self) -> None:
        self.go(0)

    def action_end(self) -> None:
        self.go(self.count)

    def action_page_down(self) -> None:
        self.go(self.cursor + max(self.in_sight - 1, 1))

    def action_page_up(self) -> None:
        self.go(self.cursor - max(self.in_sight - 1, 1))
