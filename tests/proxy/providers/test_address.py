"""Every way to write a base URL leads to the address that the vendor documents."""

import pytest

from proxy.config.load import ProviderConfig
from proxy.providers.address import Address
from proxy.providers.base import Call
from proxy.providers.catalog import KINDS

ADDRESSES = [
    # kind, the config's words, and where a call of model m:1 goes, plain and streamed
    ("openai", {}, "https://api.openai.com/v1/chat/completions", None),
    ("openai", {"base_url": "http://h/v1"}, "http://h/v1/chat/completions", None),
    ("openai_compatible", {"base_url": "http://h/x/v4"}, "http://h/x/v4/chat/completions", None),
    ("zai", {}, "https://api.z.ai/api/paas/v4/chat/completions", None),
    ("qianfan", {}, "https://qianfan.baidubce.com/v2/chat/completions", None),
    ("edenai", {}, "https://api.edenai.run/v3/chat/completions", None),
    ("groq", {}, "https://api.groq.com/openai/v1/chat/completions", None),
    (
        "gemini",
        {},
        "https://generativelanguage.googleapis.com/v1beta/openai/chat/completions",
        None,
    ),
    (
        "databricks",
        {"base_url": "https://w/serving-endpoints"},
        "https://w/serving-endpoints/chat/completions",
        None,
    ),
    ("databricks", {"base_url": "https://w"}, "https://w/serving-endpoints/chat/completions", None),
    ("azure_openai", {"base_url": "https://r"}, "https://r/openai/v1/chat/completions", None),
    (
        "azure_openai",
        {"base_url": "https://r/openai/v1"},
        "https://r/openai/v1/chat/completions",
        None,
    ),
    (
        "azure_openai",
        {"base_url": "https://r", "api_version": "2024-10-21"},
        "https://r/openai/deployments/m%3A1/chat/completions?api-version=2024-10-21",
        None,
    ),
    (
        "vertex",
        {"region": "us-east5", "project": "p"},
        "https://us-east5-aiplatform.googleapis.com/v1/projects/p/locations/us-east5"
        "/publishers/anthropic/models/m%3A1:rawPredict",
        "https://us-east5-aiplatform.googleapis.com/v1/projects/p/locations/us-east5"
        "/publishers/anthropic/models/m%3A1:streamRawPredict",
    ),
    (
        "vertex",
        {"region": "global", "project": "p"},
        "https://aiplatform.googleapis.com/v1/projects/p/locations/global"
        "/publishers/anthropic/models/m%3A1:rawPredict",
        "https://aiplatform.googleapis.com/v1/projects/p/locations/global"
        "/publishers/anthropic/models/m%3A1:streamRawPredict",
    ),
    (
        "bedrock",
        {"region": "eu-west-1"},
        "https://bedrock-runtime.eu-west-1.amazonaws.com/model/m%3A1/converse",
        "https://bedrock-runtime.eu-west-1.amazonaws.com/model/m%3A1/converse-stream",
    ),
]


@pytest.mark.parametrize(("kind", "words", "plain", "streamed"), ADDRESSES)
def test_a_call_goes_where_the_vendor_says(
    kind: str, words: dict[str, str], plain: str, streamed: str | None
) -> None:
    address = Address(KINDS[kind], ProviderConfig(kind=kind, **words))  # type: ignore[arg-type]
    for stream, url in ((False, plain), (True, streamed or plain)):
        call = Call("/v1/chat/completions", b"", {}, stream, model="m:1")
        assert str(address.of(call)) == url


def test_a_clients_query_goes_on_only_where_the_path_is_its_own() -> None:
    call = Call("/v1/messages", b"", {}, False, query="beta=true", model="m")
    own = Address(KINDS["anthropic"], ProviderConfig(kind="anthropic"))
    assert str(own.of(call)) == "https://api.anthropic.com/v1/messages?beta=true"
    vertex = ProviderConfig(kind="vertex", region="eu", project="p")
    assert Address(KINDS["vertex"], vertex).of(call).query_string == ""


def test_a_model_can_not_leave_its_place_in_the_url() -> None:
    config = ProviderConfig(kind="vertex", region="eu", project="p")
    call = Call("/v1/messages", b"", {}, False, model="../../x?y=1#z")
    url = Address(KINDS["vertex"], config).of(call)
    assert url.raw_path.endswith("/models/..%2F..%2Fx%3Fy%3D1%23z:rawPredict")
    assert not url.query_string


def test_addresses_are_remembered_and_never_mixed_up() -> None:
    address = Address(KINDS["bedrock"], ProviderConfig(kind="bedrock", region="r"))
    for number in range(250):
        call = Call("/v1/messages", b"", {}, False, model=f"m{number}")
        assert address.of(call) is address.of(call)
        assert address.of(call).raw_path == f"/model/m{number}/converse"


@pytest.mark.parametrize(
    ("kind", "url"),
    [
        ("openai", "https://api.openai.com/v1/models"),
        ("gemini", "https://generativelanguage.googleapis.com/v1beta/openai/models"),
        ("zai", "https://api.z.ai/api/paas/v4/models"),
        ("groq", "https://api.groq.com/openai/v1/models"),
        ("bedrock", "None"),
    ],
)
def test_models_are_listed_beside_where_they_are_called(kind: str, url: str) -> None:
    assert str(Address(KINDS[kind], ProviderConfig(kind=kind)).models) == url
