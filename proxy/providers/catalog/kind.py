"""What a row of the catalog says: how one kind of provider is reached and spoken to."""

import re
from collections.abc import Mapping
from typing import Final

from msgspec import Struct, field

from proxy.dialects.quirks import DEFAULT, Quirks

Auth = str  # "bearer", "none", "aws", or the name of the header that takes the key alone

# How OpenAI's keys begin, and the header that comes along with a ChatGPT sign-in.
OPENAI_MARKS: Final = ("sk-proj-", "sk-svcacct-", "chatgpt-account-id")

_FIELD: Final = re.compile(r"\{(\w+)\}")


class Kind(Struct, frozen=True):
    """One row. `base_url` is empty where the user must say it; `key_env` is the variable looked at
    when the config names no credential.

    Base URLs and paths may hold {model}, and the config's {region}, {project} and {api_version}.
    A path that is not said is the dialect's own.
    """

    dialect: str
    base_url: str = ""
    base_urls: Mapping[str, str] = field(default_factory=dict)  # by region, where they differ
    auth: Auth = "bearer"
    key_env: str = ""
    key_marks: tuple[str, ...] = ()  # how the vendor's keys, or headers beside them, begin
    path: str = ""
    stream_path: str = ""  # where it is another one
    dated_path: str = ""  # in place of `path` where the config says an api_version
    models_path: str = "/v1/models"  # empty: it has no list
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, object] = field(default_factory=dict)  # fields added to each request
    quirks: Quirks = DEFAULT
    own: bool = False  # the vendor's models of its dialect: signed thinking, beta fields
    cache_key: bool = False  # it finds a session's prompt cache by `prompt_cache_key`
    home: bool = False  # the vendor's own address: counts tokens, reads its billing block

    @property
    def reads(self) -> frozenset[str]:
        """Which of region, project and api_version this kind makes use of."""
        said = (self.base_url, self.path, self.stream_path, self.dated_path)
        return frozenset(_FIELD.findall(" ".join(said))) - {"model"}

    @property
    def needs(self) -> frozenset[str]:
        """Which of them the config must say: those without which no path can be made."""
        return frozenset(_FIELD.findall(self.path)) - {"model"}
