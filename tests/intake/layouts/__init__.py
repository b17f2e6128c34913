"""Pages in many publishers' markup: each template of `dev/` and `held/` filled with two of the reports of
`stories.toml`, and what is expected of each.

Rules are made from the misses of `dev` alone; `held` only measures.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any, Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined

HERE = Path(__file__).parent
Half = Literal["dev", "held"]
Block = tuple[str, Any]
_MARKS = {"# ": "h", "> ": "q", "- ": "li", "| ": "tr"}
_NAME = re.compile(r"(?<=[a-z,] )([A-Z][^\W\d_]+ [A-Z][^\W\d_]+)")


@dataclass(frozen=True, slots=True)
class Case:
    """One page with its gold: the body's lines in order, what may stand in it besides, and the metadata."""

    name: str
    html: str
    url: str | None
    title: str
    published: str | None
    authors: tuple[str, ...]
    body: tuple[str, ...]
    either: tuple[str, ...]


def blocks(text: str) -> list[Block]:
    """A report's lines as blocks: ("p" | "h" | "q", text), ("li", items), ("tr", rows of cells)."""
    lines = [(_MARKS.get(line[:2], "p"), line) for line in text.strip().split("\n")]
    found: list[Block] = []
    for kind, group in groupby(lines, key=lambda pair: pair[0]):
        texts = [line if kind == "p" else line[2:] for _, line in group]
        if kind == "li":
            found.append((kind, texts))
        elif kind == "tr":
            found.append((kind, [[c.strip() for c in t.strip(" |").split("|")] for t in texts]))
        else:
            found += [(kind, text) for text in texts]
    return found


def flow(
    body: list[Block],
    p: str = "<p>%s</p>",
    h: str = "<h2>%s</h2>",
    q: str = "<blockquote><p>%s</p></blockquote>",
    li: str = "<li>%s</li>",
    ul: str = "<ul>%s</ul>",
    between: dict[int, str] | None = None,
    lead: str = "",
    links: bool = False,
) -> str:
    """The blocks in a publisher's markup; `between` is what stands after the paragraph of that number."""
    out: list[str] = []
    number = 0
    for kind, value in body:
        if kind == "li":
            out.append(ul % "".join(li % escape(item, quote=False) for item in value))
        elif kind == "tr":
            rows = ("".join(f"<td>{escape(c, quote=False)}</td>" for c in row) for row in value)
            out.append("<table><tbody>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</tbody></table>")
        else:
            text = escape(value, quote=False)
            if kind == "p":
                number += 1
                text = lead + text if number == 1 else text
                if links and number % 2 == 0:
                    text = _NAME.sub(r'<a href="/topic/\1">\1</a>', text, count=1)
            out.append({"p": p, "h": h, "q": q}[kind] % text)
            if kind == "p" and between and number in between:
                out.append(between[number])
    return "\n".join(out)


def cases(half: Half) -> Iterator[Case]:
    """The pages of one half, two of each template."""
    stories = tomllib.loads((HERE / "stories.toml").read_text("utf-8"))["story"]
    for number, path in enumerate(sorted((HERE / half).glob("*.html"))):
        at = 2 * number + (half == "held")
        for story in (stories[at % len(stories)], stories[(at + 5) % len(stories)]):
            yield _case(path, story)


@cache
def _environment() -> Environment:
    environment = Environment(loader=FileSystemLoader(HERE), undefined=StrictUndefined, trim_blocks=True)
    environment.globals.update(flow=flow, blocks=blocks)
    return environment


def _case(path: Path, story: dict[str, Any]) -> Case:
    published: datetime = story["published"]
    slug = re.sub(r"[^a-z0-9]+", "-", story["title"].lower()).strip("-")
    module = (
        _environment()
        .get_template(f"{path.parent.name}/{path.name}")
        .make_module({**story, "body": blocks(story["body"]), "slug": slug, "names": " and ".join(story["authors"])})
    )
    # What a template changes of the gold it says itself, by a variable of that name.
    text = getattr(module, "text", story["body"])
    lines: list[str] = []
    for kind, value in blocks(text):
        lines += [" ".join(row) for row in value] if kind == "tr" else value if kind == "li" else [value]
    lines[0] = getattr(module, "lead", "") + lines[0]
    return Case(
        name=f"{path.stem}/{slug[:24]}",
        html=str(module),
        url=getattr(module, "url", None),
        title=getattr(module, "headline", story["title"]),
        published=getattr(module, "day", published.date().isoformat()),
        authors=tuple(getattr(module, "signed", story["authors"])),
        body=tuple(lines),
        either=(story["standfirst"], *getattr(module, "either", ())),
    )
