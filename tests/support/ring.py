"""A keyring in a file, for programs that a test starts: PYTHON_KEYRING_BACKEND names it."""

import os
from pathlib import Path

import orjson
from keyring.backend import KeyringBackend


class FileRing(KeyringBackend):
    """Its file is RING in the environment."""

    priority = 1

    def get_password(self, service: str, username: str) -> str | None:
        found = self._all().get(f"{service}/{username}")
        return None if found is None else str(found)

    def set_password(self, service: str, username: str, password: str) -> None:
        told = self._all() | {f"{service}/{username}": password}
        self._path.write_bytes(orjson.dumps(told))

    def delete_password(self, service: str, username: str) -> None:
        told = {name: key for name, key in self._all().items() if name != f"{service}/{username}"}
        self._path.write_bytes(orjson.dumps(told))

    @property
    def _path(self) -> Path:
        return Path(os.environ["RING"])

    def _all(self) -> dict[str, str]:
        return orjson.loads(self._path.read_bytes()) if self._path.exists() else {}
