"""Coding sessions made up to measure with: tool results in the mix that real sessions have.

Made up, not recorded: files are the standard library's, read as coding agents read them; runs,
listings, pages and searches are of the shapes that their programs print. Half of the characters are
file reads, a tenth each web and shell, 5 % test runs, 3 % searches; the rest are edits and short
answers that nothing can shorten.
"""

import sysconfig
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Final

import orjson

from proxy.dialects.model import Message, Request, Text, Tool, ToolCall, ToolResult

SHARES: Final = {"read": 0.50, "web": 0.10, "shell": 0.10, "test": 0.05, "grep": 0.03, "rest": 0.22}
_MOST_LINES: Final = 2_000  # that a reader gives at once

Call = tuple[str, dict[str, object], str]  # tool, arguments, result


def session(seed: int, characters: int = 400_000) -> Request:
    """A conversation whose results have about so many characters, in the shares above."""
    pick = Random(seed)
    files = _files()
    left = {kind: share * characters for kind, share in SHARES.items()}
    messages = [Message("user", [Text("Fix the bug and see that all tests pass.")])]
    while kinds := [kind for kind, rest in left.items() if rest > 0]:
        kind = pick.choices(kinds, [left[one] for one in kinds])[0]
        tool, arguments, result = _CALLS[kind](pick, files)
        left[kind] -= len(result)
        id = f"call_{len(messages)}"
        call = ToolCall(id, tool, orjson.dumps(arguments).decode())
        messages.append(Message("assistant", [call]))
        messages.append(Message("user", [ToolResult(id, [Text(result)])]))
    return Request("anthropic", "m", messages, {}, tools=[Tool("Read", "Reads a file.")])


def _files() -> list[Path]:
    """Python files of 40 lines or more."""
    library = Path(sysconfig.get_paths()["stdlib"])
    found = sorted(library.glob("*.py")) + sorted(library.glob("*/*.py"))[:300]
    return [path for path in found if path.read_bytes().count(b"\n") >= 40]


def _lines(path: Path) -> list[str]:
    return path.read_text(errors="replace").split("\n")


def _read(pick: Random, files: list[Path]) -> Call:
    """A whole file, or in four of ten a part of it."""
    path = pick.choice(files)
    lines = _lines(path)[:_MOST_LINES]
    arguments: dict[str, object] = {"file_path": str(path)}
    first = 1
    if pick.random() < 0.4:
        size = pick.randint(30, 150)
        first = pick.randint(1, max(1, len(lines) - size))
        lines = lines[first - 1 : first - 1 + size]
        arguments |= {"offset": first, "limit": size}
    return "Read", arguments, "\n".join(f"{n:6}→{line}" for n, line in enumerate(lines, first))


def _grep(pick: Random, files: list[Path]) -> Call:
    word = pick.choice(["return", "import", "self._", "raise ", "def test", "lambda", "class "])
    some = pick.sample(files, 12)
    found = [
        f"{path}:{n}:{line}"
        for path in some
        for n, line in enumerate(_lines(path), 1)
        if word in line
    ]
    return "Grep", {"pattern": word, "output_mode": "content"}, "\n".join(found[:120])


def _web(pick: Random, files: list[Path]) -> Call:
    """A page of documentation: the doc strings of a file as sections of markdown."""
    path = pick.choice(files)
    said = [part.strip() for part in path.read_text(errors="replace").split('"""')[1::2]]
    sections = [f"## Section {n}\n\n{text}\n" for n, text in enumerate(said, 1) if len(text) > 30]
    return "WebFetch", {"url": f"https://docs.example.org/{path.stem}"}, "\n".join(sections[:25])


def _test(pick: Random, files: list[Path]) -> Call:
    tests = pick.randint(40, 160)
    names = [f"tests/test_{pick.choice(files).stem}.py::test_case_{n}" for n in range(tests)]
    names.sort()
    lines = [
        f"{name} \x1b[32mPASSED\x1b[0m\x1b[32m{f'[{100 * n // tests:3}%]':>20}\x1b[0m"
        for n, name in enumerate(names)
    ]
    failed = pick.randrange(tests)
    lines[failed] = lines[failed].replace("32mPASSED", "31mFAILED")
    trace = "\n".join(_lines(pick.choice(files))[:40])
    end = f"E   AssertionError: assert {failed} == 7\n=== 1 failed, {tests - 1} passed in 3.2s ==="
    return "Bash", {"command": "pytest -v"}, "\n".join([*lines, "=== FAILURES ===", trace, end])


def _shell(pick: Random, files: list[Path]) -> Call:
    return pick.choice((_status, _install, _find, _list, _build))(pick, files)


def _status(pick: Random, files: list[Path]) -> Call:
    changed = [f"\tmodified:   {path.parent.name}/{path.name}" for path in pick.sample(files, 9)]
    head = "On branch main\nChanges not staged for commit:"
    return "Bash", {"command": "git status"}, "\n".join([head, *changed, "", "no changes added"])


def _install(pick: Random, files: list[Path]) -> Call:
    bars = "".join(
        f"\r\x1b[2K{'⠋⠙⠹⠸'[n % 4]} resolving {'#' * (n // 2):30} {n}/60" for n in range(60)
    )
    warned = "\n".join(
        f"npm warn deprecated {path.stem}@{pick.randint(1, 9)}.0.0: no longer supported"
        for path in pick.sample(files, 12)
    )
    done = f"\nadded {pick.randint(90, 900)} packages in {pick.randint(2, 40)}s\n"
    return "Bash", {"command": "npm install"}, f"{bars}\r\x1b[2K{warned}{done}"


def _find(pick: Random, files: list[Path]) -> Call:
    some = sorted(pick.sample(files, min(len(files), pick.randint(30, 150))))
    return "Bash", {"command": "find . -name '*.py'"}, "\n".join(map(str, some))


def _list(pick: Random, files: list[Path]) -> Call:
    rows = [
        f"-rw-r--r-- 1 user user {pick.randint(100, 99_999):6} May {pick.randint(1, 28):2} 12:30 "
        f"{path.name}"
        for path in pick.sample(files, 40)
    ]
    return "Bash", {"command": "ls -la"}, "\n".join(["total 812", *rows])


def _build(pick: Random, files: list[Path]) -> Call:
    rows = [
        f"[{n:3}/240] cc -O2 -Iinclude -c src/{path.stem}.c -o build/{path.stem}.o"
        for n, path in enumerate(pick.sample(files, 90))
    ]
    return "Bash", {"command": "make"}, "\n".join([*rows, "build finished in 41 s"])


def _rest(pick: Random, files: list[Path]) -> Call:
    """An edit with the lines around it, or what a helper reports in prose."""
    path = pick.choice(files)
    if pick.random() < 0.5:
        first = pick.randint(1, 30)
        lines = _lines(path)[first - 1 : first + 11]
        shown = "\n".join(f"{n:6}→{line}" for n, line in enumerate(lines, first))
        above = f"The file {path} has been updated. Here's the result of `cat -n` on a snippet:"
        return "Edit", {"file_path": str(path)}, f"{above}\n{shown}"
    said = [part.strip() for part in path.read_text(errors="replace").split('"""')[1::2]]
    return "Task", {"prompt": f"Look into {path.stem}"}, "\n\n".join(said)[:3_000]


_CALLS: Final[dict[str, Callable[[Random, list[Path]], Call]]] = {
    "read": _read,
    "web": _web,
    "shell": _shell,
    "test": _test,
    "grep": _grep,
    "rest": _rest,
}


def result_texts(request: Request) -> Iterator[str]:
    """The text of each result, in order."""
    for message in request.messages:
        for block in message.blocks:
            if isinstance(block, ToolResult):
                yield from (one.text for one in block.content if isinstance(one, Text))
