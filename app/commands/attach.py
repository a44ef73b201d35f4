"""`lynkr-tui attach`: the dashboard of a proxy that runs elsewhere."""

import os
from typing import Any

import click

from app.process.failure import Failure
from proxy.clients.guests import TOKEN_ENV


class Url(click.ParamType["str"]):
    """Where a proxy listens."""

    name = "url"

    def convert(self, value: Any, param: Any, context: Any) -> str:
        from app.attach.address import address

        try:
            return address(str(value))
        except ValueError as problem:
            self.fail(f"{value!r} {problem}")


@click.command("attach")
@click.argument("url", type=Url())
@click.option(
    "--token-env",
    metavar="NAME",
    default=TOKEN_ENV,
    show_default=True,
    help="The environment variable that holds the proxy's token.",
)
def command(url: str, token_env: str) -> None:
    """Show and steer a proxy that runs elsewhere.

    The same dashboard as on the proxy's own machine, over its event stream and its control API. A
    proxy that lets other machines in wants its token. q ends the dashboard; the proxy runs on.

    \b
    Example:
      lynkr-tui attach http://127.0.0.1:8081
      lynkr-tui attach https://proxy.example --token-env PROXY_TOKEN
    """
    from app.attach.run import attach

    token = os.environ.get(token_env, "").strip()
    if not (token.isascii() and token.isprintable()):
        raise Failure(f"{token_env} holds no token: it has signs that no header may have")
    if not token and token_env != TOKEN_ENV:
        raise Failure(f"{token_env} is not set; --token-env names the variable with the token")
    attach(url, token, token_env)
