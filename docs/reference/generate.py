"""Writes the reference from the code itself: commands, record, tables, errors, Python names.

`python docs/reference/generate.py` writes the pages beside it; `--check` writes nothing and fails where a page is not
what would be written.
"""

import argparse
import inspect
import json
import re
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import click

import detente
from detente.cli import cli
from detente.ontology.tables import parse

HERE = Path(__file__).parent
NOTE = "<!-- Written by docs/reference/generate.py: change the code, then run it anew. -->\n"
WIDTH = 100
TABLES = ("ontology", "reading", "intake")
PARTS = {
    "Article": "the page",
    "Repair": "one of `article.repairs`",
    "Related": "one of `article.related`",
    "Dropped": "one of `article.dropped`",
    "Entity": "a party: `speaker`, `actor`, `recipient`, `claimed_by`, `by`, `to`, `participants`",
    "Statement": "one of `statements`",
    "Event": "one of `events`",
    "Span": "`evidence`",
    "When": "`when`, `due`",
    "Place": "`where`",
    "Commitment": "one of `commitments`",
    "Meeting": "one of `meetings`",
}


def commands() -> str:
    """Each command's own help."""
    names = ["-h", "--help"]
    parent = click.Context(cli, info_name="detente", terminal_width=WIDTH, help_option_names=names)
    pages = [_help("detente", cli, parent)]
    for name, command in sorted(cli.commands.items()):
        context = click.Context(command, info_name=name, parent=parent, terminal_width=WIDTH)
        pages.append(_help(f"detente {name}", command, context))
        if isinstance(command, click.Group):
            for part, below in sorted(command.commands.items()):
                inner = click.Context(below, info_name=part, parent=context, terminal_width=WIDTH)
                pages.append(_help(f"detente {name} {part}", below, inner))
    status = (
        "Exit status: 0 all done; 1 some sources failed, each named on standard error with its reason, "
        "the others done, or a figure of `evaluate` fell below its floor; 2 wrong usage; 130 interrupted.\n"
    )
    return "\n".join([NOTE, "# Commands\n", status, *pages])


def _help(name: str, command: click.Command, context: click.Context) -> str:
    return f"## {name}\n\n```text\n{command.get_help(context)}\n```\n"


def schema() -> dict[str, Any]:
    """The record's JSON schema: that of the models, nothing else defines it."""
    return detente.Reading.model_json_schema(by_alias=True, mode="serialization")


def record() -> str:
    """The record's fields as tables."""
    whole = schema()
    lines = [
        NOTE,
        "# The record\n",
        "`detente read --format jsonl` prints one such object a line; [record.schema.json](record.schema.json) is its "
        "schema.\n",
        "Offsets (`start`, `end`) count characters of `article.text`, `end` exclusive. Days are ISO 8601.\n",
    ]
    for name, where in (("Reading", "a line"), *PARTS.items()):
        part = whole if name == "Reading" else whole["$defs"][name]
        lines += [f"## {name}: {where}\n", f"{_flat(part['description'])}\n", "| field | holds |", "|---|---|"]
        lines += [f"| `{field}` | {_holds(value)} |" for field, value in part["properties"].items()]
        lines.append("")
    return "\n".join(lines)


def _flat(text: str) -> str:
    return " ".join(text.split())


def _holds(value: dict[str, Any]) -> str:
    if "anyOf" in value:
        return " or ".join(_holds(choice) for choice in value["anyOf"])
    if "$ref" in value:
        name = value["$ref"].rsplit("/", 1)[1]
        return f"[{name}](#{name.lower()}-{_anchor(PARTS[name])})"
    if "enum" in value:
        return ", ".join(f"`{v}`" for v in value["enum"])
    if "const" in value:
        return f"`{value['const']}`"
    if value.get("type") == "array":
        return f"list of {_holds(value['items'])}"
    kind = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false"}
    if value.get("format") == "date":
        return "day"
    bounds = f", {value['minimum']} to {value['maximum']}" if {"minimum", "maximum"} <= set(value) else ""
    return kind.get(value.get("type", ""), str(value.get("type"))) + bounds


def _anchor(heading: str) -> str:
    """As python-markdown's table of contents makes it of a heading."""
    kept = "".join(c for c in heading.lower() if c.isalnum() or c in " _-")
    return "-".join(kept.split())


def tables() -> str:
    """The package's own tables: rows, columns, and what their remarks say first."""
    lines = [
        NOTE,
        "# Tables\n",
        "What detente knows beforehand is data, not code: tab-separated files in the package, a header row, `|` "
        "between several items of a cell, `#` before a remark. `source` says whence a row is.\n",
    ]
    for floor in TABLES:
        lines += [f"## {floor}\n", "| table | rows | columns |", "|---|--:|---|"]
        for name, text in sorted(_texts(files(f"detente.{floor}") / "data", "")):
            header = next(line for line in text.splitlines() if line.strip() and not line.startswith("#"))
            columns = ", ".join(f"`{column}`" for column in header.split("\t"))
            lines.append(f"| {name} | {sum(1 for _ in parse(text)):,} | {columns} |")
        lines.append("")
    return "\n".join(lines)


def _texts(folder: Any, prefix: str) -> Iterator[tuple[str, str]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _texts(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith(".tsv"):
            yield prefix + entry.name, entry.read_text(encoding="utf-8")


def errors() -> str:
    """The tree of errors."""
    lines = [
        NOTE,
        "# Errors\n",
        "All errors that detente raises on purpose; each message is one line that says what is wrong and what to do. "
        "`read` raises them, `Reader.read_all` gives them in their source's place.\n",
    ]

    def add(kind: type[detente.DetenteError], depth: int) -> None:
        lines.append(f"{'    ' * depth}- `{kind.__name__}`: {_flat(inspect.getdoc(kind) or '')}")
        for sub in kind.__subclasses__():
            if sub.__module__ == "detente.errors":
                add(sub, depth + 1)

    add(detente.DetenteError, 0)
    return "\n".join([*lines, ""])


def names() -> str:
    """The public Python names."""
    lines = [NOTE, "# Python\n", "All public names are those of `import detente`; others may change any day.\n"]
    for name in ("read", "Reader", "Reading", "open_record", "OpenRecord", "Added"):
        thing = getattr(detente, name)
        if not inspect.isclass(thing):
            lines += [f"## detente.{name}\n", _entry(f"detente.{name}", thing)]
            continue
        lines += [f"## detente.{name}\n", f"{_flat(inspect.getdoc(thing) or '')}\n"]
        for method, function in vars(thing).items():
            if inspect.isfunction(function) and not method.startswith("_"):
                lines += [f"### {name}.{method}\n", _entry(f"{name}.{method}", function)]
    told = {"read", "Reader", "Reading", "open_record", "OpenRecord", "Added", "__version__"}
    rest = [n for n in detente.__all__ if n not in told]
    lines += ["## The nouns and the errors\n", "| name | is |", "|---|---|"]
    lines += [f"| `{n}` | {_flat(inspect.getdoc(getattr(detente, n)) or '')} |" for n in rest]
    lines += ["", "`detente.__version__` is the version as text.", ""]
    return "\n".join(lines)


def _entry(name: str, function: Any) -> str:
    shown = str(inspect.signature(function, eval_str=True)).replace("(self, ", "(").replace("(self)", "()")
    shown = re.sub(r"\b(?:detente(?:\.[a-z]+)+|typing|datetime|collections\.abc|os)\.", "", shown)
    words = "\n\n".join(_flat(part) for part in (inspect.getdoc(function) or "").split("\n\n"))
    return f"```text\n{name}{shown}\n```\n\n{words}\n"


def pages() -> dict[str, str]:
    """Each page of the reference, by its file's name."""
    return {
        "commands.md": commands(),
        "record.md": record(),
        "record.schema.json": json.dumps(schema(), indent=2, ensure_ascii=False) + "\n",
        "tables.md": tables(),
        "errors.md": errors(),
        "python.md": names(),
    }


def main() -> None:
    """Write the pages, or check them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; fail where a page is not up to date")
    check = parser.parse_args().check
    stale = []
    for name, text in pages().items():
        path = HERE / name
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if not check:
            path.write_text(text, encoding="utf-8")
    if check and stale:
        sys.exit(f"not up to date: {', '.join(stale)}; run python docs/reference/generate.py")
    print("up to date" if check else f"written: {', '.join(stale) or 'nothing new'}")


if __name__ == "__main__":
    main()
