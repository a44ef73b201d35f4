"""A list of paths by folder: each folder said once, its files below it."""

from typing import Final

from proxy.rewrite.results.technique import Technique

HEADER: Final = "Paths, by folder:"
LARGEST: Final = 300_000  # characters
_FEWEST: Final = 4  # lines


def looks_like_paths(text: str) -> bool:
    """Whether its first lines are paths and nothing else."""
    lines = text[:2_000].split("\n")[:6]
    return (
        len(text) <= LARGEST and len(lines) >= _FEWEST and all(is_path(line) for line in lines[1:4])
    )


def is_path(line: str) -> bool:
    """Whether a line may be a path and nothing else."""
    return "/" in line and ": " not in line and len(line) < 300


def paths(text: str) -> str | None:
    """`dir/` once, then `name` for each of the paths that follow each other in it.

    None where a line is no path with a folder, or where the list does not come back the same.
    """
    lines = text.split("\n")
    end = "" if lines[-1] else lines.pop() or "\n"
    folders = [line[: line.rfind("/") + 1] for line in lines]
    if "" in folders or any(map(str.__eq__, folders, lines)):
        return None
    made = [HEADER]
    last = ""
    for at, (folder, line) in enumerate(zip(folders, lines, strict=True)):
        if folder == last:
            made.append(line[len(folder) :])
        elif folders[at + 1 : at + 2] == [folder]:
            made += (folder, line[len(folder) :])
            last = folder
        else:
            made.append(line)
            last = ""
    said = "\n".join(made) + end
    return said if restore(said) == text else None


def restore(text: str) -> str:
    """The list of paths. ValueError for any other text."""
    header, *lines = text.split("\n")
    if header != HEADER:
        raise ValueError("no list by folder")
    folder = ""
    back: list[str] = []
    for line in lines:
        if line.endswith("/"):
            folder = line
        elif "/" in line:
            back.append(line)
        else:
            back.append(folder + line if line else line)
    return "\n".join(back)


PATHS: Final = Technique("paths", looks_like_paths, paths, restore)
