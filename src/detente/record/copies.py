"""A page's sketch → of which page of the record it is a copy; and its place among the sketches kept."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from detente.intake.copies import BANDS_MET, CANDIDATES, Sketch, kinship
from detente.intake.originals import Copy, Source, source_of
from detente.model import Article
from detente.record.identity import Identity
from detente.record.store import Record


@dataclass(frozen=True, slots=True)
class Copied:
    """`original` is the number of the page that came first, `kind` (exact, copy) and `score` as of `Kinship`."""

    original: int
    kind: str
    score: float


def copy_of(record: Record, known: Identity, sketched: Sketch) -> Copied | None:
    """Of which page that came before another is the copy; None for a text of its own.

    Other contents of the same address are its revisions, never copies, and what repeats most of another's words with
    news of its own around them is no copy either. A copy of a copy is one of its original.
    """
    owed = min(BANDS_MET, len(sketched.bands))
    best: Copied | None = None
    for near in record.neighbours(sketched.bands, shared=owed, besides=known.key, most=CANDIDATES):
        try:
            kin = kinship(sketched, Sketch.from_bytes(near.sketch))
        except ValueError:
            # Made by an older detente, in a form that is no longer compared.
            continue
        if kin is None or kin.kind == "revision-like":
            continue
        if best is None or (kin.kind == "exact", kin.score) > (best.kind == "exact", best.score):
            best = Copied(near.original or near.page, kin.kind, kin.score)
    return best


def keep_sketch(record: Record, known: Identity, page: int, sketched: Sketch) -> Copied | None:
    """Keep a page's sketch, and of what it is a copy, in the transaction that is under way."""
    found = copy_of(record, known, sketched)
    record.add_sketch(page, sketched.to_bytes(), sketched.bands)
    if found is not None:
        record.add_copy(page, found.original, found.kind, found.score)
    return found


@dataclass(frozen=True, slots=True)
class Group:
    """An article and its copies by their pages' numbers, that which came first in front, and where they come from."""

    pages: tuple[int, ...]
    articles: tuple[Article, ...]
    source: Source

    def to_dict(self) -> dict[str, Any]:
        """For JSON: each copy, the one taken for the original, the earliest time, and the agency credited."""
        return {
            "original": int(self.source.original) if self.source.original is not None else None,
            "earliest": self.source.at.isoformat() if self.source.at is not None else None,
            "agency": self.source.agency,
            "copies": [
                {
                    "page": number,
                    "url": article.url,
                    "title": article.title,
                    "published": article.published.isoformat() if article.published else None,
                    "agencies": list(article.agencies),
                }
                for number, article in zip(self.pages, self.articles, strict=True)
            ],
        }


def groups(record: Record) -> Iterator[Group]:
    """The articles that have copies, each with them, in the order in which the first of each was added."""
    pairs = sorted((original, number) for number, original, _, _ in record.copies())
    for original, of_it in groupby(pairs, key=lambda pair: pair[0]):
        numbers = (original, *(number for _, number in of_it))
        found = {number: article for number in numbers if (article := record.article_of(number)) is not None}
        copies = [
            Copy(str(number), article.published, tuple(article.agencies), len(article.text.split()))
            for number, article in found.items()
        ]
        yield Group(tuple(found), tuple(found.values()), source_of(copies))
