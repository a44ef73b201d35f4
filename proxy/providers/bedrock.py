"""AWS Bedrock: calls signed with the credentials that AWS's own tools would use."""

import asyncio
import os
import threading
from collections.abc import Mapping
from typing import Any, Final

import aiohttp
from yarl import URL

from proxy.config.load import ProviderConfig
from proxy.errors import NotSent
from proxy.providers.base import Call
from proxy.providers.credentials import Held
from proxy.providers.http import HttpProvider, HttpReply
from proxy.secrets import remember

REGIONS: Final = ("AWS_REGION", "AWS_DEFAULT_REGION")
_SERVICE: Final = "bedrock"  # the name that signatures bear


def region_of(config: ProviderConfig) -> str:
    """The config's, else the environment's; empty where neither says one."""
    return config.region or next((os.environ[n] for n in REGIONS if os.environ.get(n)), "")


class BedrockProvider(HttpProvider):
    """Signs each call, unless the config or the environment has a Bedrock API key."""

    def __init__(
        self,
        name: str,
        config: ProviderConfig,
        session: aiohttp.ClientSession,
        alone: bool = True,
    ) -> None:
        region = region_of(config)
        super().__init__(name, config.model_copy(update={"region": region}), session, alone)
        self._region = region
        self._signer = Signer(name, region)

    async def send(self, call: Call) -> HttpReply:
        """As HttpProvider; NotSent where no region is said."""
        if not self._region:
            raise NotSent(no_region(self.name))
        return await super().send(call)

    async def _auth(self, url: URL, call: Call, held: Held) -> Mapping[str, str]:
        if held.headers:
            return held.headers
        return await asyncio.to_thread(self._signer.headers, str(url), call.body)


def no_region(provider: str) -> str:
    """What is said where none is known."""
    add = f'add region = "us-east-1" to [providers.{provider}], or set AWS_REGION'
    return f"provider {provider} has no region; {add}"


class Signer:
    """Signature Version 4. It loads botocore, reads files and may ask AWS for a role: only for a
    thread."""

    def __init__(self, provider: str, region: str) -> None:
        self._provider = provider
        self._region = region
        self._lock = threading.Lock()
        self._credentials: Any = None

    def headers(self, url: str, body: bytes) -> dict[str, str]:
        """The headers that sign a POST of `body` to `url`. Raises NotSent without credentials."""
        from botocore.auth import SigV4Auth
        from botocore.awsrequest import AWSRequest
        from botocore.exceptions import BotoCoreError, ClientError

        request = AWSRequest("POST", url, data=body)
        try:
            frozen = self._found().get_frozen_credentials()
            remember(filter(None, (frozen.access_key, frozen.secret_key, frozen.token)))
            SigV4Auth(frozen, _SERVICE, self._region).add_auth(request)
        except (BotoCoreError, ClientError) as error:
            raise NotSent(f"provider {self._provider}: AWS credentials: {error}") from None
        return dict(request.headers.items())

    def _found(self) -> Any:
        with self._lock:
            self._credentials = self._credentials or _credentials()
        if self._credentials is None:
            raise NotSent(
                f"provider {self._provider}: no AWS credentials; set AWS_ACCESS_KEY_ID and "
                "AWS_SECRET_ACCESS_KEY, AWS_PROFILE, or AWS_BEARER_TOKEN_BEDROCK"
            )
        return self._credentials


def _credentials() -> Any:
    """What the environment, the profile or a role gives; the metadata address of a machine is
    asked only where AWS_EC2_METADATA_DISABLED says false."""
    import botocore.eventstream  # noqa: F401  # a stream's reader wants it, and on the loop
    from botocore.session import Session

    session = Session()
    if os.environ.get("AWS_EC2_METADATA_DISABLED", "").lower() != "false":
        session.get_component("credential_provider").remove("iam-role")
    return session.get_credentials()
