"""Keeps these tests out of a plain run, and starts the model and a proxy before it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.llm.model import ONE_BY_ONE, Model, model
from tests.support.program import Running, serve
from tests.support.proxy import config_for


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if "llm" in config.option.markexpr:
        return
    for item in items:
        if item.get_closest_marker("llm"):
            item.add_marker(pytest.mark.skip("compiles a model server: ask with make test-llm"))


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def small_model(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Model]:
    """One server for all tests: it takes seconds to load."""
    async with model(tmp_path_factory.mktemp("model"), *ONE_BY_ONE) as running:
        yield running


@pytest_asyncio.fixture
async def running(small_model: Model, tmp_path: Path) -> AsyncIterator[Running]:
    """The real program, with the small model behind every tier."""
    async with serve(tmp_path, config_for(small_model.url, "llamacpp")) as program:
        yield program
