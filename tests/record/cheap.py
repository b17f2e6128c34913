"""A reader that costs nothing and still pins what it finds to the article's words; pages for it."""

import json
import re

from detente.intake.raw import RawPage
from detente.model import Article, Entity, Event, Reading, Span, Statement

_SENTENCE = re.compile(r"[^\s.][^.\n]*\.?")


class Cheap:
    """Takes each sentence for a statement of its first word, and the first one for an act."""

    def __init__(self, version: str = "cheap 1") -> None:
        self.version = version

    def read_article(self, article: Article) -> Reading:
        if article.language != "en":
            return Reading(article=article, unread=f"the page's language is {article.language!r}")
        found = list(_SENTENCE.finditer(article.text))
        return Reading(
            article=article,
            statements=tuple(
                Statement(speaker=Entity(text=m[0].split()[0]), direct=False, text=m[0], start=m.start(), end=m.end())
                for m in found
            ),
            events=tuple(
                Event(
                    id="e1", type="CONSULT", actor=(Entity(text="they"),), score=1.0, quad="verbal cooperation",
                    evidence=Span(start=m.start(), end=m.end(), text=m[0]), confidence=0.9,
                )
                for m in found[:1]
            ),
        )  # fmt: skip


def line(name: str, text: str, **more: object) -> bytes:
    return json.dumps({"id": name, "text": text, "published": "2022-01-21"} | more, ensure_ascii=False).encode()


def pages(count: int, *, archive: str | None = None) -> list[RawPage]:
    """So many pages of one sentence, each of other words; `archive` is the file that they come from."""
    return [
        RawPage(
            line(f"a{n}", f"The ministers of the two countries met for talks in Geneva for the {n}th time on Friday."),
            f"{archive or 'lines.jsonl'}, line {n}",
            "json",
            position=n,
            archive=archive,
        )
        for n in range(1, count + 1)
    ]
