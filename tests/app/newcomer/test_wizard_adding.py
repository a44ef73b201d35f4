"""The wizard's first step: providers added by hand, with their keys and settings."""

from pathlib import Path

import pytest
from textual.widgets import Input

from app.newcomer.wizard.app import STEPS
from app.newcomer.wizard.draft import ADDABLE
from app.newcomer.wizard.step import NAMES
from classifier.tiers import Tier
from proxy.config.load import load
from proxy.providers.catalog import KINDS
from tests.app.newcomer.test_init import KEY, lists, place
from tests.app.newcomer.test_models import ANTHROPIC
from tests.app.newcomer.walking import add, opened, seen, step_of, to_step, until
from tests.support.ring import FileRing
from tests.support.upstream import Upstream

SIZES = [(120, 40), (80, 24)]
COMPATIBLE = "anthropic_compatible"


async def test_a_provider_that_is_left_out_serves_no_tier(
    home: Path, local: Upstream, monkeypatch: pytest.MonkeyPatch
):
    async with lists(*ANTHROPIC) as vendor, opened(home) as (wizard, pilot):
        monkeypatch.setenv("MY_KEY", KEY)
        await add(wizard, pilot, kind=COMPATIBLE, variable="MY_KEY", url=vendor.url)
        await until(pilot, lambda: "2 ready" in seen(wizard))
        assert str(wizard.draft.tiers[Tier.REASONING].target) == f"{COMPATIBLE}/claude-opus-5-5"
        await pilot.press("up", "down", "space")
        await until(pilot, lambda: "left out" in seen(wizard))
        assert {one.target.provider for one in wizard.draft.tiers.values()} == {"ollama"}
        await pilot.press("space")
        await until(pilot, lambda: "2 ready" in seen(wizard))


async def test_an_added_provider_stands_in_the_config_by_its_variables_name(
    home: Path, local: Upstream, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("MY_KEY", KEY)
    async with lists(*ANTHROPIC, key=KEY) as vendor, opened(home) as (wizard, pilot):
        await add(wizard, pilot, kind=COMPATIBLE, variable="MY_KEY", url=vendor.url)
        await until(pilot, lambda: "lists 8 models" in seen(wizard))
        await to_step(wizard, pilot, "Config")
        await pilot.press("enter")
        await until(pilot, lambda: wizard.return_value is not None)
    written = load(place(home)).providers[COMPATIBLE]
    assert (written.variables, written.base_url) == (("MY_KEY",), vendor.url)
    assert KEY not in place(home).read_text()


async def test_a_typed_key_goes_to_the_keyring_when_the_config_is_written_and_not_before(
    home: Path, local: Upstream
):
    async with lists(*ANTHROPIC, key=KEY) as vendor, opened(home) as (wizard, pilot):
        await add(wizard, pilot, kind=COMPATIBLE, key=KEY, url=vendor.url)
        await until(pilot, lambda: "lists 8 models" in seen(wizard))
        await to_step(wizard, pilot, "Config")
        assert not (home / "ring").exists() and KEY not in seen(wizard) + repr(wizard.draft)
        await pilot.press("enter")
        await until(pilot, lambda: wizard.return_value is not None)
    assert load(place(home)).providers[COMPATIBLE].rings == (f"lynkr-tui/{COMPATIBLE}",)
    assert KEY in (home / "ring").read_text() and KEY not in place(home).read_text()


async def test_where_the_config_can_not_be_written_the_keyring_is_as_it_was(
    home: Path, local: Upstream
):
    FileRing().set_password("lynkr-tui", COMPATIBLE, "older")
    async with lists(*ANTHROPIC, key=KEY) as vendor, opened(home) as (wizard, pilot):
        await add(wizard, pilot, kind=COMPATIBLE, key=KEY, url=vendor.url)
        await until(pilot, lambda: "lists 8 models" in seen(wizard))
        await to_step(wizard, pilot, "Config")
        place(home).parent.mkdir(parents=True)
        place(home).write_text("# mine\n")
        await pilot.press("enter")
        await until(pilot, lambda: "stays as it is" in " ".join(seen(wizard).split()))
        assert step_of(wizard) == "Config" and wizard.return_value is None
    assert place(home).read_text() == "# mine\n"
    assert FileRing().get_password("lynkr-tui", COMPATIBLE) == "older"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"kind": "frob"}, "'frob' is no kind of provider"),
        ({"kind": "bedrock"}, "say its region"),
        ({"kind": "vertex", "region": "europe-west1"}, "say its project"),
        ({"kind": "vertex", "region": "a/b", "project": "p"}, "'a/b' is no region"),
        ({"kind": COMPATIBLE}, "say its base URL"),
        ({"kind": COMPATIBLE, "url": "host"}, "'host' is no base URL"),
        ({"kind": "groq", "variable": "sk-1234"}, "is no variable's name"),
    ],
)
async def test_a_form_that_makes_no_provider_says_which_field_is_wrong(
    home: Path, local: Upstream, given: dict[str, str], said: str
):
    async with opened(home, (80, 24)) as (wizard, pilot):
        await add(wizard, pilot, **given)
        await until(pilot, lambda: said in " ".join(seen(wizard).split()))
        await pilot.press("escape")
        assert step_of(wizard) == "Providers" and len(wizard.draft.found.accounts) == 1


async def test_a_provider_that_no_tier_uses_is_kept_where_it_was_added_by_hand(
    home: Path, local: Upstream
):
    async with lists(*ANTHROPIC) as vendor, lists("m") as other, opened(home) as (wizard, pilot):
        await add(wizard, pilot, kind=COMPATIBLE, url=vendor.url)
        await until(pilot, lambda: "2 ready" in seen(wizard))
        await add(wizard, pilot, kind="openai_compatible", url=other.url)
        await until(pilot, lambda: "3 ready" in seen(wizard))
        await to_step(wizard, pilot, "Config")
        await pilot.press("enter")
        await until(pilot, lambda: wizard.return_value is not None)
    config = load(place(home))
    assert config.providers["openai_compatible"].base_url == other.url
    assert {config.tiers.MEDIUM.provider, config.tiers.REASONING.provider} == {COMPATIBLE}


def test_every_kind_of_the_catalog_can_be_added_but_the_demo():
    assert len(STEPS) == len(NAMES)
    assert {*ADDABLE} == {*KINDS} - {"demo"}


@pytest.mark.parametrize("size", SIZES)
async def test_a_cloud_account_is_asked_for_its_region_and_its_project(
    home: Path, local: Upstream, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
):
    monkeypatch.setenv("GOOGLE_OAUTH_ACCESS_TOKEN", "ya29.secret")
    cloud = {"region": "europe-west1", "project": "my-project"}
    async with lists() as vendor, opened(home, size) as (wizard, pilot):
        await pilot.press("a")
        wizard.screen.query_one("#kind", Input).value = "groq"
        await until(pilot, lambda: "GROQ_API_KEY" in seen(wizard))
        assert not any(wizard.screen.query_one(f"#line-{name}").display for name in cloud)
        await pilot.press("escape")
        await add(wizard, pilot, kind="vertex", url=vendor.url, **cloud)
        await until(pilot, lambda: "2 ready" in seen(wizard))
        await to_step(wizard, pilot, "Tiers")
        assert "which model? type its name" not in seen(wizard), "a local one serves all four"
        wizard.draft.pick(Tier.COMPLEX, "vertex/claude-opus-5-5")
        await to_step(wizard, pilot, "Config")
        await pilot.press("enter")
        await until(pilot, lambda: wizard.return_value is not None)
    written = load(place(home)).providers["vertex"]
    assert {"region": written.region, "project": written.project} == cloud
    assert "ya29" not in place(home).read_text()


async def test_what_the_vendors_own_tools_read_fills_the_fields_that_stay_empty(
    home: Path, local: Upstream, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIA0")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    async with lists() as vendor, opened(home, (80, 24)) as (wizard, pilot):
        await pilot.press("a")
        wizard.screen.query_one("#kind", Input).value = "bedrock"
        await until(pilot, lambda: "eu-central-1" in seen(wizard))
        await pilot.press("escape")
        await add(wizard, pilot, kind="bedrock", url=vendor.url)
        await until(pilot, lambda: "2 ready" in seen(wizard))
        [account] = [one for one in wizard.draft.usable if one.kind == "bedrock"]
        assert account.settings == {"region": "eu-central-1", "base_url": vendor.url}
