"""The language behind `/`: terms that all must hold, such as tier:complex saved>1000 !cache:hit."""

from proxy.record import Record


class Filter:
    """Lets a row through, or not."""

    text = ""

    def __call__(self, row: Record) -> bool:
        return True
