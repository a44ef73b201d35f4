"""Hypothesis judges what holds, not how fast this machine is; and screens keep their pictures."""

import os

import pytest
from hypothesis import HealthCheck, settings

from tests.support.snapshots import Snapshots

settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")
os.environ["COLORTERM"] = "truecolor"  # the pictures are of a terminal that has all colours


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--renew-snapshots", action="store_true", help="keep each screen's picture as it is now"
    )


@pytest.fixture
def snapshots(request: pytest.FixtureRequest) -> Snapshots:
    """The kept pictures of the screens."""
    return Snapshots(renew=request.config.getoption("--renew-snapshots"))
