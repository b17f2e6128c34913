"""Plain text → `Page`: its lines, and the title that stands first.

Text wrapped at a width (as mailing lists and terminals do) is taken paragraph by paragraph, so that no line
is judged by half a sentence; every line break stays where it was.
"""

import re
from statistics import median

from detente.intake import classify
from detente.intake.dates import date_of_lines
from detente.intake.page import Line, Page
from detente.intake.title import split_site

_TITLE_WORDS = 35
_HEADING = re.compile(r"^#{1,3}\s+(?=\S)|^(?:title|headline)\s*:\s+(?=\S)", re.I)
_DATELINE = re.compile(r"^[A-Z][A-Z .'-]{2,30}(?:,\s[^-–—]{0,40})?\s*(?:\([^)]{2,30}\)\s*)?[-–—]{1,2}\s")
_FURNITURE_FIRST = 15
# A text is wrapped where its inner lines are about as long as each other and that is the width of a terminal or less.
_WIDTHS = range(40, 101)


def read_text(text: str, *, title_first: bool) -> Page:
    """The page that a plain text holds. `title_first`: whether a title is looked for at its head."""
    lines = _lines(text)
    title = None
    if title_first:
        title, lines = _title(lines)
    published = date_of_lines(line.text for line in lines)
    return Page(lines=tuple(lines), title=title, titles=(title,) if title else (), published=published)


def _lines(text: str) -> list[Line]:
    lines: list[Line] = []
    blank = 0
    wrapped = _is_wrapped(text)
    for raw in text.split("\n"):
        stripped = raw.strip()
        if not stripped:
            blank += 1
        elif wrapped and blank == 0 and lines:
            lines[-1] = Line(f"{lines[-1].text}\n{stripped}", blank_before=lines[-1].blank_before)
        else:
            lines.append(Line(stripped, blank_before=blank))
            blank = 0
    return lines


def _is_wrapped(text: str) -> bool:
    inner: list[str] = []
    following: list[str] = []
    for paragraph in re.split(r"\n[ \t]*\n", text):
        lines = [line.strip() for line in paragraph.strip().split("\n")]
        if len(lines) >= 3:
            inner.extend(lines[:-1])
            following.extend(lines[1:])
    if len(inner) < 3:
        return False
    width = max(len(line) for line in inner)
    running = sum(line[:1].islower() for line in following) / len(following)
    return width in _WIDTHS and median(len(line) for line in inner) > 0.75 * width and running > 0.3


def _title(lines: list[Line]) -> tuple[str | None, list[Line]]:
    """The title and the lines without it.

    Furniture may stand before it, and a byline or date between it and its blank line.
    """
    for index, line in enumerate(lines[:_FURNITURE_FIRST]):
        found = classify.furniture(line.text)
        if found and index + 1 < len(lines):
            continue
        follows = index + 1
        while (
            follows < len(lines)
            and not lines[follows].blank_before
            and (classify.byline(lines[follows].text) or classify.furniture(lines[follows].text))
        ):
            follows += 1
        parted = follows < len(lines) and lines[follows].blank_before > 0
        # A line that ends in its publisher's name is a title even where the scrape has lost the blank lines.
        signed = len(lines) > 1 and split_site(line.text)[1] is not None and classify.is_headline(line.text)
        if not (parted or signed) or not _is_title(line.text):
            return None, lines
        return _HEADING.sub("", line.text), [*lines[:index], *lines[index + 1 :]]
    return None, lines


def _is_title(text: str) -> bool:
    """Whether a first line is a title and no sentence of the body: one short line, no full stop, no dateline."""
    if _HEADING.match(text):
        return True
    if "\n" in text or len(text.split()) > _TITLE_WORDS or _DATELINE.match(text):
        return False
    if classify.label_inside(text) or classify.byline(text):
        return False
    ended = text.rstrip("\"'”’ )")
    return not ended.endswith((".", ",", ";", ":")) or ended.endswith(("...", "U.S.", "U.N."))
