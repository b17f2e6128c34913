"""Brings each gold file its reading: made now, or taken from records made elsewhere."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from pydantic import ValidationError

from detente.errors import BadGold, BadLine, NotFound, SourceError
from detente.evaluation.gold import GoldFile, one_line
from detente.evaluation.matching import find, plain
from detente.intake import articles
from detente.intake.decode import decode
from detente.intake.limits import MAX_BYTES
from detente.model import Article, Reading

_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Pair:
    """A gold file with its reading, and with one in which no event was left out for being unlikely."""

    file: GoldFile
    reading: Reading
    whole: Reading


def read_now(files: Iterable[GoldFile], least: float | None = None) -> Iterator[Pair | SourceError]:
    """Read each gold file's page, leaving out events less likely than `least` (None: the reader's own bound).

    One article is in memory at a time. A page that cannot be read, or whose gold quotes what is not in it, yields
    its error.
    """
    # Imported where it is used: records from elsewhere are scored without a parser.
    from detente.reading.confidence import EVEN
    from detente.reading.pipeline import read_each

    for file in files:
        try:
            article = _article(file)
            _check_quotes(file, article.text)
        except SourceError as error:
            yield error
            continue
        reading, whole = read_each(article, (EVEN if least is None else least, 0.0))
        yield Pair(file, reading, whole)


def from_records(files: Sequence[GoldFile], records: Path, least: float | None = None) -> Iterator[Pair | SourceError]:
    """Pair gold files with the records of a file of JSON lines, in the order of its lines.

    A record is a gold file's where its `article.id` is the page's file name, with or without its ending; where it is
    the id that `detente read` gives the page under this path; or where its text is the page's. Records of other pages
    are passed over; with `least` less likely events are left out, else none. Lines that are no records, a second
    record of one page and gold files without a record yield an error each. Raises NotFound, SourceError for a file
    that cannot be opened.
    """
    waiting = {file.path: file for file in files}
    by_page, by_name = _keys(files)
    for number, line in enumerate(_lines(records), 1):
        if not line.strip():
            continue
        place = f"{records}, line {number}"
        try:
            reading = Reading.model_validate_json(line)
        except ValidationError as error:
            problem = error.errors()[0]
            where = ".".join(map(str, problem["loc"]))
            yield BadLine(place, f"no record ({where}{': ' if where else ''}{one_line([problem['msg']])})")
            continue
        article = reading.article
        owners = by_page.get(article.id) or by_page.get(_text_key(article.text)) or by_name.get(article.id, [])
        if len({owner.page.resolve() for owner in owners}) > 1:
            yield BadLine(place, f"{article.id} is the name of several gold files' pages: evaluate them one by one")
        elif owners and owners[0].path not in waiting:
            yield BadLine(place, f"a second record of {owners[0].gold.file}: the first was scored")
        else:
            for owner in owners:
                del waiting[owner.path]
                yield _paired(owner, reading, least)
    for file in waiting.values():
        yield BadGold(str(file.path), f"no record of {file.gold.file} in {records}: give its article.id that name")


def _paired(file: GoldFile, reading: Reading, least: float | None) -> Pair | SourceError:
    try:
        _check_quotes(file, reading.article.text)
    except SourceError as error:
        return error
    return Pair(file, reading if least is None else likely(reading, least), reading)


def _keys(files: Sequence[GoldFile]) -> tuple[dict[str, list[GoldFile]], dict[str, list[GoldFile]]]:
    """Gold files by what a record of their page shows: its id or its text; and by the page's name."""
    by_page: dict[str, list[GoldFile]] = {}
    by_name: dict[str, list[GoldFile]] = {}
    for file in files:
        for name in {file.page.name, file.page.stem}:
            by_name.setdefault(name, []).append(file)
        try:
            article = _article(file)
        except SourceError:
            # Its record may have come from elsewhere, or from a form of the page that detente does not read.
            continue
        for key in (article.id, _text_key(article.text)):
            by_page.setdefault(key, []).append(file)
    return by_page, by_name


def likely(reading: Reading, least: float) -> Reading:
    """The reading without the events less likely than `least`, and without what rests on them."""
    kept = tuple(event for event in reading.events if event.confidence >= least)
    ids = {event.id for event in kept}
    return reading.model_copy(
        update={
            "events": kept,
            "commitments": tuple(c for c in reading.commitments if c.event in ids),
            "meetings": tuple(m for m in reading.meetings if m.event is None or m.event in ids),
        }
    )


def _article(file: GoldFile) -> Article:
    found = list(articles([str(file.page)], published=file.gold.given))
    if len(found) != 1:
        raise BadGold(str(file.path), f"its page {file.page} holds {len(found)} articles: give it one")
    if isinstance(found[0], SourceError):
        raise BadGold(str(file.path), f"its page {found[0]}")
    return found[0]


def _check_quotes(file: GoldFile, text: str) -> None:
    """Raise BadGold for quotes that stand neither in the article's text nor anywhere on the page.

    What only cleaning or another reader has lost is no fault of the gold: it counts as missed.
    """
    lost = [(place, quote) for place, quote in file.gold.quotes() if find(quote, text) is None]
    if lost:
        shown = _shown(file.page)
        lost = [(place, quote) for place, quote in lost if find(quote, shown) is None]
    if lost:
        problems = [f"{place}: “{quote}” does not stand in {file.gold.file}" for place, quote in lost]
        raise BadGold(str(file.path), one_line(problems))


def _shown(page: Path) -> str:
    """All words of a page, markup apart; none where it cannot be read."""
    try:
        with page.open("rb") as file:
            return unescape(_TAG.sub("", decode(file.read(MAX_BYTES), source=str(page))))
    except (OSError, SourceError):
        return ""


def _text_key(text: str) -> str:
    return "\n" + " ".join(plain(text).split())


def _lines(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            yield from file
    except FileNotFoundError as error:
        raise NotFound(str(path), "no such file: give a file of records, one a line") from error
    except OSError as error:
        raise SourceError(str(path), f"cannot be read ({error.strerror or error}): check the file") from error
