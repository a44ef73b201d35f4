"""Gives client tests the time that a first install may take, beside their own."""

import pytest

from tests.clients.install import INSTALL_SECONDS
from tests.clients.running import CLIENT_SECONDS


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("client"):
            item.add_marker(pytest.mark.timeout(INSTALL_SECONDS + 2 * CLIENT_SECONDS))
