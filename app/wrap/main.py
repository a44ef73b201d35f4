"""A client's whole run: proxy, setup, child, and what was saved."""

import os
import shlex
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from app.commands.options import Options
from app.process.failure import Failure
from app.wrap import child
from app.wrap.clients import CLIENTS, WORD, Client
from app.wrap.proxy import Proxy, joined, started
from app.wrap.saved import Ears, told
from app.wrap.setup import command, environment, lines, setup_of, write_files
from proxy import OURS
from proxy.clients.leading import at_home, hands_on
from proxy.config.load import ConfigError, load, table_of


def printed(name: str, options: Options, status: bool) -> str:
    """The lines that set a client up by hand; nothing is started."""
    return by_hand(CLIENTS[name], _found(options), options.data_path, _status(options, status))


def by_hand(client: Client, proxy: Proxy, data: Path, status: str = "") -> str:
    """The lines that lead a client to `proxy`; its own files go under the folder `data`."""
    if client.by_hand:
        return client.by_hand.format(url=proxy.url, word=WORD)
    folder = data / "clients" / client.name
    return "\n".join(lines(client, setup_of(client, proxy, folder, status), folder))


def wrapped(
    name: str, arguments: Sequence[str], options: Options, status: bool, port_chosen: bool
) -> int:
    """The client's exit code. Failure where it, or its proxy, can't be started."""
    client = CLIENTS[name]
    if client.why_not:
        raise Failure(f"{client.why_not}; what to do by hand: `lynkr-tui wrap --print {name}`")
    path = shutil.which(client.program)
    if path is None:
        raise Failure(f"{client.program} is not installed; get it with `{client.install}`")
    with _proxy(options, port_chosen) as proxy, tempfile.TemporaryDirectory("", "lynkr-") as temp:
        setup = setup_of(client, proxy, Path(temp), _status(options, status, proxy))
        write_files(setup, Path(temp))
        _say(f"{name} goes through {proxy.url} ({'its own' if proxy.own else 'joined'})")
        theirs = {name: value for name, value in os.environ.items() if name not in OURS}
        return _run(client, command(path, setup, arguments), environment(setup, theirs), proxy)


def _run(client: Client, words: Sequence[str], env: dict[str, str], proxy: Proxy) -> int:
    ears = Ears(proxy, "" if proxy.own else client.known_as or client.name)
    try:
        code = child.run(words, env)
    except OSError as error:
        raise Failure(f"{words[0]} can't be started: {error.strerror}") from None
    _say(told(client.name, ears.sums()))
    return code


@contextmanager
def _proxy(options: Options, port_chosen: bool) -> Iterator[Proxy]:
    """The one that runs, or a new one: on a port of its own unless one was chosen, so that no one
    joins what ends with this client."""
    running = joined(options.host, options.port)
    if running is not None:
        yield running
        return
    run = options.to_run()
    port = run.port if port_chosen else 0
    with started(run.config.absolute(), run.data.absolute(), run.host, port) as own:
        yield own


def _found(options: Options) -> Proxy:
    """The proxy that runs, or what one would be like by the config, if there is one."""
    place = options.host, options.port
    if (running := joined(*place)) is not None:
        return running
    if options.config is None and not options.config_path.exists():
        return Proxy(*place)
    try:
        config = load(options.config_path)
    except ConfigError as error:
        raise Failure(str(error)) from None
    return Proxy(*place, tuple(hands_on(config)), at_home(config, table_of(config)))


def _status(options: Options, wanted: bool, proxy: Proxy | None = None) -> str:
    """The command for a status bar, asking for the same data and the same proxy; none unasked."""
    if not wanted:
        return ""
    port = proxy.port if proxy else options.port
    words = [_ourselves(), "statusline", "--data", str(options.data_path.absolute())]
    return shlex.join([*words, "--host", options.host, "--port", str(port)])


def _ourselves() -> str:
    """The command that runs us: by its path, for a client may have another PATH."""
    called = Path(sys.argv[0]).absolute()
    return str(called) if called.stem == "lynkr-tui" else "lynkr-tui"


def _say(text: str) -> None:
    print(f"lynkr-tui: {text}", file=sys.stderr, flush=True)
