"""How much of its article each test page gives, beside plain trafilatura: bodies, titles, dates, authors.

Run as a script it prints the figures of `pages/` and of both halves of `layouts/`; with `-v` each page of `dev` that
misses something, and what.
"""

import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import trafilatura

from detente.errors import NoArticle
from detente.intake import article_from_bytes
from detente.intake.markup import blocks, parse
from detente.model import Article
from tests.intake import layouts

PAGES = Path(__file__).parent / "pages"
_N = 4


def cases() -> list[tuple[Path, dict[str, object]]]:
    """Each page with what is expected of it."""
    return [(path, json.loads(path.with_suffix(".json").read_text("utf-8"))) for path in sorted(PAGES.glob("*.html"))]


def article(path: Path, expected: dict[str, object]) -> Article:
    url = expected["url"]
    return article_from_bytes(path.read_bytes(), source=path.name, url=url if isinstance(url, str) else None)


def by_trafilatura(path: Path) -> str:
    return trafilatura.extract(path.read_bytes(), include_comments=False) or ""


def tokens(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def grams(text: str) -> Counter[tuple[str, ...]]:
    """Shingles of four words, as Scrapinghub's article-extraction-benchmark counts them."""
    words = tokens(text)
    return Counter(tuple(words[i : i + _N]) for i in range(max(1, len(words) - _N + 1)))


def precision_recall(expected: str, got: str) -> tuple[float, float]:
    a, b = grams(expected), grams(got)
    common = sum((a & b).values())
    return common / sum(b.values()), common / sum(a.values())


def f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def body_f1(pairs: list[tuple[str, str]]) -> float:
    """The benchmark's figure: F1 of the pages' mean precision and mean recall."""
    parts = [precision_recall(expected, got) for expected, got in pairs]
    return f1(sum(p for p, _ in parts) / len(parts), sum(r for _, r in parts) / len(parts))


def figures() -> tuple[float, float]:
    """F1 of the bodies of `pages/`: detente's, trafilatura's."""
    bodies = [(path, expected, "\n".join(expected["body"])) for path, expected in cases()]  # type: ignore[arg-type]
    return (
        body_f1([(body, article(path, expected).text) for path, expected, body in bodies]),
        body_f1([(body, by_trafilatura(path)) for path, _, body in bodies]),
    )


@dataclass(frozen=True, slots=True)
class Got:
    """What an extractor made of a page."""

    text: str
    title: str | None
    published: str | None
    authors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one extractor and one half of the layouts.

    `body` is the benchmark's F1; `lost` the share of the bodies' lines that are not in the text, `foreign` the share of
    the pages' other lines of four words or more that are; the rest are shares of the pages where it is right.
    """

    pages: int
    body: float
    lost: float
    foreign: float
    title: float
    date: float
    author: float


def read_by_detente(case: layouts.Case) -> Got:
    try:
        found = article_from_bytes(case.html.encode(), source=case.name, url=case.url)
    except NoArticle:
        return Got("", None, None, ())
    names = re.split(r",\s*|\s+(?:and|&)\s+", found.byline) if found.byline else []
    day = found.published.isoformat() if found.published else None
    return Got(found.text, found.title, day, tuple(names))


def read_by_trafilatura(case: layouts.Case) -> Got:
    found = trafilatura.bare_extraction(case.html, url=case.url, include_comments=False, with_metadata=True)
    if found is None:
        return Got("", None, None, ())
    names = tuple(name.strip() for name in (found.author or "").split(";") if name.strip())
    return Got(found.text or "", found.title, found.date, names)


def lost_lines(case: layouts.Case, text: str) -> list[str]:
    words = f" {' '.join(tokens(text))} "
    return [line for line in case.body if f" {' '.join(tokens(line))} " not in words]


def foreign_lines(case: layouts.Case) -> list[str]:
    """The lines that the page shows besides its article, of four words or more."""
    own = f" {' '.join(tokens(chr(10).join((*case.body, *case.either))))} "
    shown = {block.text for block in blocks(parse(case.html, source=case.name))}
    return sorted(s for s in shown if len(tokens(s)) >= _N and f" {' '.join(tokens(s))} " not in own)


def foreign_kept(case: layouts.Case, text: str) -> list[str]:
    words = f" {' '.join(tokens(text))} "
    # A paragraph in two pieces (a drop cap) or with a foreign tail shows as a line that holds the article's own.
    own = [" ".join(tokens(line)) for line in case.body]
    found = [s for s in foreign_lines(case) if f" {' '.join(tokens(s))} " in words]
    return [s for s in found if not any(line in " ".join(tokens(s)) for line in own)]


def without_either(case: layouts.Case, text: str) -> str:
    """The text without its standfirst, which counts neither way: publishers do not agree whether it is the body's."""
    for line in case.either:
        text = text.replace(line, "", 1)
    return text


def right_authors(case: layouts.Case, got: Got) -> bool:
    return {n.casefold() for n in got.authors} == {n.casefold() for n in case.authors}


def of_half(half: layouts.Half, read: Callable[[layouts.Case], Got]) -> Figures:
    found = [(case, read(case)) for case in layouts.cases(half)]
    n = len(found)
    lost = sum(len(lost_lines(case, got.text)) for case, got in found)
    foreign = sum(len(foreign_kept(case, got.text)) for case, got in found)
    return Figures(
        pages=n,
        body=body_f1([("\n".join(case.body), without_either(case, got.text)) for case, got in found]),
        lost=lost / sum(len(case.body) for case, _ in found),
        foreign=foreign / sum(len(foreign_lines(case)) for case, _ in found),
        title=sum(got.title == case.title for case, got in found) / n,
        date=sum(got.published == case.published for case, got in found) / n,
        author=sum(right_authors(case, got) for case, got in found) / n,
    )


def _tell(case: layouts.Case) -> None:
    got = read_by_detente(case)
    for line in lost_lines(case, got.text):
        print(f"{case.name}: lost: {line}")
    for line in foreign_kept(case, got.text):
        print(f"{case.name}: foreign: {line}")
    for name, mine, gold in (("title", got.title, case.title), ("date", got.published, case.published)):
        if mine != gold:
            print(f"{case.name}: {name}: {mine!r}, not {gold!r}")
    if not right_authors(case, got):
        print(f"{case.name}: authors: {got.authors}, not {case.authors}")


if __name__ == "__main__":
    if "-v" in sys.argv:
        for case in layouts.cases("dev"):
            _tell(case)
    print("pages/: detente {:.4f}, trafilatura {:.4f}".format(*figures()))
    for half in ("dev", "held"):
        for name, read in (("detente", read_by_detente), ("trafilatura", read_by_trafilatura)):
            began = time.perf_counter()
            f = of_half(half, read)  # type: ignore[arg-type]
            seconds = time.perf_counter() - began
            print(
                f"{half:4} {f.pages} pages {name:11} body {f.body:.4f} lost {f.lost:.4f} foreign {f.foreign:.4f} "
                f"title {f.title:.3f} date {f.date:.3f} author {f.author:.3f} ({f.pages / seconds:.0f} pages/s)"
            )
