"""The file that lists the sources to follow (TOML) → `Source`s, and changes to it that leave the rest as it is."""

import json
import os
import re
import tempfile
import tomllib
import unicodedata
from collections.abc import Container, Iterable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from detente.errors import BadSource, NotFound, SourceError, TooLarge, UsageError
from detente.intake.entries import absolute

Kind = Literal["feed", "sitemap", "page", "folder", "maildir"]
WEB: tuple[Kind, ...] = ("feed", "sitemap", "page")
HOUR = 3_600
_MOST_BYTES = 5_000_000
_HEADER = re.compile(r"\s*\[\[\s*source\s*\]\]\s*(?:#.*)?")
_TOP = """\
# The sources that detente follows. `detente sources add` and `remove` change single tables and leave the rest, your
# remarks among it, as it is. A table may hold: name, address, kind (feed, sitemap, page, folder or maildir), region,
# language, active (true or false), tags (a list), every (seconds between two looks), tested (whether the address
# has answered).
"""


def _plain(text: str) -> str:
    squeezed = " ".join(text.split())
    # What has no place in XML, so that every list has an OPML form.
    if any(unicodedata.category(c) in ("Cc", "Cs", "Cn") for c in squeezed):
        raise ValueError("holds control characters")
    return squeezed


def _tag(text: str) -> str:
    if "," in text or not text:
        raise ValueError("a tag is empty or holds a comma")
    return text


Words = Annotated[str, Field(max_length=200), AfterValidator(_plain)]
Tag = Annotated[Words, AfterValidator(_tag)]


class Source(BaseModel):
    """One source to follow.

    `address` is an http(s) address (kinds feed, sitemap, and page: a page that lists news) or a path (folder,
    maildir). `every` is the least number of seconds between two looks at it. `tested` says that the address has
    answered as its kind should.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    name: Annotated[Words, Field(min_length=1)]
    address: Annotated[str, Field(min_length=1, max_length=2_000)]
    kind: Kind = "feed"
    region: Words = ""
    language: Annotated[str, Field(pattern=r"^([a-zA-Z]{2,8}(-[a-zA-Z0-9]{1,8})*)?$", max_length=35)] = ""
    active: bool = True
    tags: tuple[Tag, ...] = ()
    every: Annotated[int, Field(ge=60, le=90 * 24 * HOUR)] = HOUR
    tested: bool = False

    @field_validator("tags", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        return tuple(value) if isinstance(value, list) else value

    @model_validator(mode="after")
    def _reachable(self) -> "Source":
        if any(unicodedata.category(c) in ("Cc", "Cs", "Cn") for c in self.address):
            raise ValueError("address holds control characters")
        if self.kind in WEB and absolute(self.address, None) != self.address:
            raise ValueError(f"address is no http(s) address, which a {self.kind} needs")
        if self.kind not in WEB and self.address.startswith(("http://", "https://")):
            raise ValueError(f"address is no path, which a {self.kind} needs")
        return self


@dataclass(frozen=True, slots=True)
class SourceList:
    """What a file lists: its good tables in their order, and one error for each bad one."""

    sources: tuple[Source, ...]
    faults: tuple[SourceError, ...] = ()


def default_path() -> Path:
    """DETENTE_SOURCES, else `detente/sources.toml` in XDG_CONFIG_HOME or `~/.config`."""
    if named := os.environ.get("DETENTE_SOURCES"):
        return Path(named).expanduser()
    config = os.environ.get("XDG_CONFIG_HOME") or ""
    # The XDG base directory specification has relative paths ignored.
    return (Path(config) if os.path.isabs(config) else Path("~/.config").expanduser()) / "detente" / "sources.toml"


def load(path: Path) -> SourceList:
    """The sources that a file lists. Raises NotFound, TooLarge, or BadSource where the file as a whole is no TOML."""
    return parse(_read(path), str(path))


def starter() -> tuple[Source, ...]:
    """The list that comes with the package; none of its addresses was tried (`tested` is false)."""
    return parse((files("detente.intake") / "data" / "starter.toml").read_text(encoding="utf-8"), "starter").sources


def parse(text: str, path: str) -> SourceList:
    """The sources that a TOML text lists; `path` names it in messages. Raises BadSource for no TOML."""
    try:
        whole = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadSource(path, f"no TOML ({_flat(error)}): mend the file") from error
    good: list[Source] = []
    faults: list[SourceError] = [
        BadSource(path, f"{_flat(key)} is no table of sources: write each as [[source]]")
        for key in whole
        if key != "source"
    ]
    tables = whole.get("source", [])
    if not isinstance(tables, list):
        return SourceList((), (*faults, BadSource(path, "source is no list of tables: write each as [[source]]")))
    names: set[str] = set()
    for number, table in enumerate(tables, 1):
        try:
            source = Source.model_validate(table)
        except ValidationError as error:
            faults.append(BadSource(f"{path}, source {number}", f"{_why(table, error)}: mend or remove it"))
            continue
        if source.name in names:
            faults.append(BadSource(f"{path}, source {number}", f"the name {source.name!r} is taken: give it another"))
            continue
        names.add(source.name)
        good.append(source)
    return SourceList(tuple(good), tuple(faults))


def checked(fields: dict[str, object]) -> Source:
    """The source of these fields. Raises UsageError that says which of them is wrong."""
    try:
        return Source.model_validate(fields)
    except ValidationError as error:
        raise UsageError(_why(None, error)) from error


def add(path: Path, sources: Iterable[Source]) -> None:
    """Append tables to the file, which is made where there is none; the rest of it stays as it is.

    Raises UsageError where a name is taken, BadSource where the file cannot take them.
    """
    text = _read(path) if path.exists() else _TOP
    known = parse(text, str(path))
    names = {source.name for source in known.sources}
    new = list(sources)
    for source in new:
        if source.name in names:
            raise UsageError(
                f"a source named {source.name!r} is there already; give another --name, or remove it first"
            )
        names.add(source.name)
    longer = text.rstrip("\n") + "\n" + "".join(f"\n{dumps(source)}" for source in new)
    _write_checked(path, longer, (*known.sources, *new))


def remove(path: Path, name: str) -> Source:
    """Cut one table out of the file; remarks above and below it stay. Raises UsageError where none has that name."""
    text = _read(path)
    known = parse(text, str(path))
    gone = next((source for source in known.sources if source.name == name), None)
    if gone is None:
        raise UsageError(f"no source is named {name!r}; `detente sources list` shows the names")
    lines = text.splitlines(keepends=True)
    starts = [number for number, line in enumerate(lines) if _HEADER.fullmatch(line.rstrip("\n\r"))]
    for start, end in zip(starts, [*starts, len(lines)][1:], strict=True):
        while end > start and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
            end -= 1
        if _holds(lines[start:end], name):
            left = tuple(source for source in known.sources if source is not gone)
            # The blank line above goes with the table.
            start -= 1 if start and not lines[start - 1].strip() else 0
            _write_checked(path, "".join([*lines[:start], *lines[end:]]), left)
            return gone
    raise BadSource(str(path), f"the table of {name!r} stands in no form that can be cut out: remove it by hand")


def unlisted(known: Iterable[Source], new: Iterable[Source]) -> tuple[Source, ...]:
    """Those of `new` whose address is not listed yet, numbered where their name is taken."""
    addresses, names = set[str](), set[str]()
    for source in known:
        addresses.add(source.address)
        names.add(source.name)
    kept = []
    for source in new:
        if source.address not in addresses:
            addresses.add(source.address)
            kept.append(source.model_copy(update={"name": free_name(source.name, names)}))
            names.add(kept[-1].name)
    return tuple(kept)


def free_name(name: str, taken: Container[str]) -> str:
    """The name, numbered where it is taken."""
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name[:190].rstrip()} {number}"
    return free


def save(path: Path, sources: Iterable[Source]) -> None:
    """Write a whole list, in place of whatever the file held."""
    kept = tuple(sources)
    _write_checked(path, _TOP + "".join(f"\n{dumps(source)}" for source in kept), kept)


def dumps(source: Source) -> str:
    """One source as a TOML table; what is as by default is left out."""
    values = source.model_dump(exclude_defaults=True)
    return "[[source]]\n" + "".join(f"{key} = {_toml(value)}\n" for key, value in values.items())


def _toml(value: Any) -> str:
    if isinstance(value, tuple | list):
        return f"[{', '.join(map(_toml, value))}]"
    # A JSON text without control characters, numbers, true and false are TOML as they are.
    return json.dumps(value, ensure_ascii=False)


def _holds(lines: list[str], name: str) -> bool:
    try:
        (table,) = tomllib.loads("".join(lines))["source"]
        return bool(_plain(str(table.get("name"))) == name)
    except (tomllib.TOMLDecodeError, ValueError, KeyError):
        return False


def _write_checked(path: Path, text: str, owed: tuple[Source, ...]) -> None:
    try:
        found = parse(text, str(path)).sources
    except BadSource:
        found = ()
    if found != owed:
        raise BadSource(
            str(path), "its form allows no change from here: write each source as [[source]], or edit by hand"
        )
    # A link (of kept dot files) stays one: what it leads to is replaced.
    target = path.resolve()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(temporary, target.stat().st_mode & 0o777 if target.exists() else 0o644)
            os.replace(temporary, target)
        except BaseException:
            os.unlink(temporary)
            raise
    except OSError as error:
        raise SourceError(str(path), f"cannot be written ({error.strerror or error}): check the folder") from error


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except FileNotFoundError as error:
        raise NotFound(str(path), "no list of sources yet: `detente sources add ADDRESS` makes one") from error
    except OSError as error:
        raise SourceError(str(path), f"cannot be read ({error.strerror or error}): check the file") from error
    if len(data) > _MOST_BYTES:
        raise TooLarge(str(path), f"more than {_MOST_BYTES // 1_000_000} MB, no list of sources: check the path")
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise BadSource(str(path), "no UTF-8: save the file as UTF-8") from error


def _why(table: object, error: ValidationError) -> str:
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"])
    what = {"missing": "is missing", "extra_forbidden": "is no field of a source"}.get(first["type"])
    reason = what or first["msg"].removeprefix("Value error, ")
    name = table.get("name") if isinstance(table, dict) else None
    return _flat(f"{f'({name}) ' if isinstance(name, str) else ''}{f'{field}: ' if field else ''}{reason}")


def _flat(text: object) -> str:
    return " ".join(str(text).split())[:200]
