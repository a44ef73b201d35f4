"""The tools whose results are never compressed: in force at once, and in the config file."""

from proxy.config.edit import ConfigFile
from proxy.house import House


class Whole:
    """What a person decides about tool results; `names` are the tools that are left alone."""

    def __init__(self, file: ConfigFile, house: House) -> None:
        self._file = file
        self._house = house

    @property
    def names(self) -> tuple[str, ...]:
        return self._house.config.compression.never

    def toggle(self, tool: str) -> bool:
        """Never compress this tool's results, or do so again; whether they are left alone now.

        Waits for the disk: call it from a thread. Raises ConfigError where it can't be saved; then
        nothing changes.
        """
        never = tool not in self.names
        saved = self._file.save_never(tool, never).compression
        self._house.config = self._house.config.model_copy(update={"compression": saved})
        return never
