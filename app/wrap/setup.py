"""A client's row made out for one proxy: its environment, its words and its files."""

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from app.wrap.clients import WORD, Client, Words
from app.wrap.proxy import Proxy
from proxy.providers.catalog import KINDS

LOOPBACK = "127.0.0.1,localhost,::1"
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")


class Setup(Struct, frozen=True):
    """What one start of a client needs; `unset` are variables that it must not see."""

    env: Mapping[str, str]
    unset: Words
    words: Words
    files: Mapping[str, str]


def setup_of(client: Client, proxy: Proxy, folder: Path, status: str = "") -> Setup:
    """The row filled in. `status` is the command for the client's status bar, if one is wanted."""
    sign_in = hands_on(client, proxy)
    more = client.sign_in_words if sign_in else client.key_words
    said = {"url": proxy.url, "dir": str(folder), "word": WORD, "command": status}
    env = {**client.env, **({} if sign_in else client.key)}
    if proxy.at_home:
        env |= client.home
    return Setup(
        env={name: text.format(**said) for name, text in env.items()},
        unset=() if sign_in else client.astray,
        words=tuple(
            word.format(**said)
            for word in (*client.words, *more, *(client.status if status else ()))
        ),
        files={name: text.format(**said) for name, text in client.files.items()},
    )


def hands_on(client: Client, proxy: Proxy) -> bool:
    """Whether the proxy passes this client's own sign-in to a provider of its vendor."""
    marks = (mark for kind in proxy.hands_on if kind in KINDS for mark in KINDS[kind].key_marks)
    return bool(client.mark) and client.mark in marks


def environment(setup: Setup, own: Mapping[str, str]) -> dict[str, str]:
    """The child's: our own, without what leads astray, and with a way past any web proxy. What
    the user has set for a switch that is on by our choice alone stays."""
    env = {name: value for name, value in own.items() if name not in setup.unset}
    env |= setup.env
    if "ENABLE_TOOL_SEARCH" in own:
        env["ENABLE_TOOL_SEARCH"] = own["ENABLE_TOOL_SEARCH"]
    if any(own.get(name) or own.get(name.lower()) for name in PROXIES):
        for name in ("NO_PROXY", "no_proxy"):
            env[name] = ",".join(filter(None, (own.get(name, ""), LOOPBACK)))
    return env


def write_files(setup: Setup, folder: Path) -> None:
    """Put the client's own files into `folder`, for their owner alone."""
    for name, text in setup.files.items():
        path = folder / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(0o600)
        path.write_text(text)


def lines(client: Client, setup: Setup, folder: Path) -> list[str]:
    """What a person would type to do the same, for a shell."""
    said = [f"unset {' '.join(setup.unset)}"] if setup.unset else []
    said += [f"export {name}={shlex.quote(value)}" for name, value in setup.env.items()]
    for name, text in setup.files.items():
        path = folder / name
        said += [f"mkdir -p {shlex.quote(str(path.parent))}"]
        said += [f"cat > {shlex.quote(str(path))} <<'END'", text.rstrip("\n"), "END"]
    return [*said, shlex.join([client.program, *setup.words])]


def command(path: str, setup: Setup, arguments: Sequence[str]) -> list[str]:
    """The words that start the client: ours before the user's, so that the user's win."""
    return [path, *setup.words, *arguments]
