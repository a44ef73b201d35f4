"""docs/api.md names every route, header and event that there is, each event in its own words."""

import inspect
import re
from pathlib import Path

import pytest

from proxy import events
from proxy.exchange import Exchange
from proxy.sending.headers import answer_headers
from tests.support.messages import says_hello
from tests.support.proxy import config_for, proxy
from tests.support.upstream import Upstream

PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text()
HEADERS = ("cache", "rewrite", "session", "tier", "token")
EVENTS = [
    one
    for one in vars(events).values()
    if inspect.isclass(one) and issubclass(one, events.Event) and one is not events.Event
]


async def test_every_route_stands_on_the_page(tmp_path: Path):
    async with (
        Upstream(says_hello) as upstream,
        proxy(tmp_path, config_for(upstream.url)) as (server, _),
    ):
        found = [(one.method, one.resource) for one in server._app().router.routes()]
    for method, resource in found:
        assert resource is not None
        if method != "HEAD":
            assert f"`{method} {resource.canonical}`" in PAGE, resource.canonical


def test_every_header_stands_on_the_page():
    asked = [f"x-lynkr-{name}" for name in HEADERS]
    for name in (*asked, *answer_headers(Exchange(b"", "anthropic", {}))):
        assert f"`{name}" in PAGE, name


@pytest.mark.parametrize("event", EVENTS, ids=lambda one: one.__name__)
def test_every_event_stands_on_the_page_as_it_says_itself(event: type[events.Event]):
    told = " ".join((event.__doc__ or "").split())
    assert f"| `{event.__name__}` | {told} |" in PAGE


def test_the_page_names_no_event_that_there_is_not():
    named = re.findall(r"^\| `([A-Z]\w+)` \|", PAGE, re.MULTILINE)
    assert set(named) == {event.__name__ for event in EVENTS}
