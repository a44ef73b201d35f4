"""Writes a routing table, or a list, into a TOML text; every comment and other setting stays."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from classifier.force import ForcePattern
from classifier.tiers import DEFAULT_BOUNDARIES, Tier
from proxy.config.blocks import appended, blocks_of, ended, rearranged
from proxy.routing.table import Table, Target

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

Row = dict[str, str | bool]

_COMPRESSION = re.compile(r"^[ \t]*\[[ \t]*compression[ \t]*\][^\r\n]*", re.MULTILINE)


def with_table(text: str, table: Table) -> str:
    """`text`, a config that loads, with all of `table` but its overrides."""
    import tomlkit  # only a save needs it, and it takes a while to import

    document = tomlkit.parse(text)
    for tier, target in table.tiers.items():
        _put(document["tiers"], tier.name, str(target))
    _fallback(document["tiers"], table.fallback)
    _boundaries(document, table.boundaries)
    _weights(document, table.weights or {})
    return _forces(document, {pattern.name: _row(pattern) for pattern in table.patterns})


def with_never(text: str, names: Sequence[str]) -> str:
    """`text`, a config that loads, with `names` as the tools whose results are never compressed."""
    from tomlkit import dumps, parse

    document = parse(text)
    here: Any = document.get("compression")
    if here is not None and "never" in here:
        _fill_list(here["never"], names)
        return dumps(document)
    if here is not None and not _COMPRESSION.search(text):
        here["never"] = list(names)  # an inline table, or dotted keys
        return dumps(document)
    line, newline = f"never = {_listed(names)}", "\r\n" if "\r\n" in text else "\n"
    if here is None:
        return newline.join((ended(text), "[compression]", line, ""))
    return _COMPRESSION.sub(lambda head: f"{head[0]}{newline}{line}", text, count=1)


def _fill_list(here: Any, names: Sequence[str]) -> None:
    """Take out and put in what differs: the rest keeps its lines and its comments."""
    for at in reversed(range(len(here))):
        if here[at] not in names:
            del here[at]
    for name in names:
        if name not in here:
            here.append(name)


def _listed(names: Sequence[str]) -> str:
    from tomlkit import item

    return item(list(names)).as_string()


def _put(holder: Any, key: str, value: Any) -> None:
    """Write only what differs: an untouched value keeps the way its owner spelt it."""
    if key not in holder or holder[key] != value:
        holder[key] = _text(value) if isinstance(value, str) else value


def _text(value: str) -> Any:
    """A literal string where one can be: a pattern then needs no doubled backslashes."""
    from tomlkit import string

    return string(value, literal="\\" in value and "'" not in value and value.isprintable())


def _number(value: float) -> float:
    return int(value) if float(value).is_integer() else value


def _inside(holder: Any, name: str) -> Any:
    from tomlkit import table

    if name not in holder:
        holder[name] = table()
    return holder[name]


def _fallback(tiers: Any, chains: Mapping[Tier, tuple[Target, ...]]) -> None:
    from tomlkit import inline_table

    wanted = {tier.name: [*map(str, chain)] for tier, chain in chains.items()}
    here: Any = tiers.get("fallback", {})
    if {name: list(chain) for name, chain in here.items() if chain} == wanted:
        return
    if not wanted:
        del tiers["fallback"]
        return
    if "fallback" not in tiers:
        tiers["fallback"] = here = inline_table()
    for name in [name for name in here if name not in wanted]:
        del here[name]
    for name, chain in wanted.items():
        _put(here, name, chain)


def _boundaries(document: "TOMLDocument", boundaries: Iterable[float]) -> None:
    wanted = [_number(value) for value in boundaries]
    here: Any = document.get("classifier", {})
    if list(here.get("boundaries", DEFAULT_BOUNDARIES)) != wanted:
        _put(_inside(document, "classifier"), "boundaries", wanted)


def _weights(document: "TOMLDocument", weights: Mapping[str, float]) -> None:
    here: Any = document.get("classifier", {}).get("weights", {})
    for name in [name for name in here if name not in weights]:
        del here[name]
    if weights and "weights" not in document.get("classifier", {}):
        _new_weights(_inside(document, "classifier"), weights)
    for name, weight in weights.items():
        _put(_inside(_inside(document, "classifier"), "weights"), name, _number(weight))


def _new_weights(classifier: Any, weights: Mapping[str, float]) -> None:
    """The comments at the end of [classifier] belong to what comes next: they go below the new
    block, with the blank line above them."""
    from tomlkit import table

    block, body, tail = table(), getattr(classifier.value, "body", []), []
    while body and body[-1][0] is None:
        tail.append(body.pop())
    for name, weight in weights.items():
        block[name] = _number(weight)
    block.value.body.extend(reversed(tail))
    classifier["weights"] = block


def _row(pattern: ForcePattern) -> Row:
    row: Row = {"name": pattern.name, "pattern": pattern.pattern, "tier": pattern.tier.name}
    return row if pattern.enabled else {**row, "enabled": False}


def _forces(document: "TOMLDocument", rows: Mapping[str, Row]) -> str:
    """The document's text with `rows`, by name, for force-patterns."""
    from tomlkit import dumps
    from tomlkit.items import AoT

    here: Any = document.get("force", [])
    late = {name: "" for name in rows}
    for table in here:
        name = str(table["name"])
        late[name] = _fill(table, rows.get(name, {}))
    if [str(table["name"]) for table in here] == list(rows) and not any(late.values()):
        return dumps(document)
    if isinstance(here, AoT) and len(here):
        text = dumps(document)
        known = {
            str(table["name"]): block for table, block in zip(here, blocks_of(text), strict=True)
        }
        blocks = [known.get(name) or _block(row) for name, row in rows.items()]
        return rearranged(
            text, [ended(block) + late[name] for block, name in zip(blocks, rows, strict=True)]
        )
    document.pop("force", None)  # an inline list holds no [[force]] after it
    return appended(dumps(document), [_block(row) for row in rows.values()])


def _fill(table: Any, row: Row) -> str:
    """Bring `table` to `row`; gives back the line that the block still needs at its end.

    tomlkit would put a new key below the comment that belongs to the next block.
    """
    for key, value in row.items():
        if key in table:
            _put(table, key, value)
    if row and "enabled" not in row and "enabled" in table:
        _put(table, "enabled", True)
    return "enabled = false\n" if "enabled" in row and "enabled" not in table else ""


def _block(row: Row) -> str:
    from tomlkit import dumps

    shown = {key: _text(value) if isinstance(value, str) else value for key, value in row.items()}
    return "[[force]]\n" + dumps(shown)
