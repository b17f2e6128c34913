"""A page's lines → the article's own lines, the headlines of other pages, and what was dropped and why.

The order of the decisions, each made with the line's neighbours:

1. a repetition of the title, and what the extraction of an HTML page had left out
2. a label with its headline; the heading of a list of headlines, and the list
3. furniture that says so itself; furniture that could be a sub-heading, only beside such or outside the prose
4. comment forms and a press office's address, and all that belongs to them below the article
5. runs of bare headlines, in plain text, where the article's prose does not announce a list

Everything else is the article's. No line is lost: each is in the text, in `related` or in `dropped`.
"""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field, replace
from typing import Literal

from detente.intake import classify
from detente.intake.page import Line
from detente.model import Dropped, Related

_HEAD_LINES = 12
_HEADLINE = 5
_TITLE_WORDS = 3
_LONGEST_BARE = 20
_BULLET = re.compile(r"^\s*(?:[-•·*●▪■◆►–—]|\(?\d{1,2}[.)]|\(?[a-z][.)])\s")
_TEASER = re.compile(r"(?:…|\.\.\.|\[…\]|\[\.\.\.\])\s*(?:\[?(?:read more|continue reading|more)\b.*)?$", re.I)
_TEASER_WORDS = 20
# Where a scrape has glued a foreign line to the end of a paragraph.
_GLUED = re.compile(r"(?<=[.!?”\"’)])\s+(?=[(\[*A-Z])")
_MIN_HEAD = 5
# Who commented, as themes print it above a comment: "Greta says:", "Tom wrote on January 21, 2022".
_COMMENTER = re.compile(r"^\S.{1,40}\b(?:says|said|wrote|commented)(?:\s*:|(?:\s+on\b.{0,60})?\d{4}.{0,30})$")
_CLOSE = 8
_BIOGRAPHIES = 4
_DOES = r",? (?:\(\S+\) )?(?:is|was|has|writes|reports|covers|covered|works|worked|joined|teaches|lives)\b"
_CONTACT_WORDS = 6
_TAGS = 3
_TAG_WORDS = 3
_TIMELINE = 3

Fate = Literal["text", "related", "dropped"]


@dataclass(slots=True)
class Fated:
    """One line with what becomes of it: `reason` where dropped, `title` where related."""

    line: Line
    fate: Fate = "text"
    reason: str = ""
    title: str = ""
    sure: bool = True

    def drop(self, reason: str) -> None:
        """Leave the line out for `reason`."""
        self.fate, self.reason = "dropped", reason

    def relate(self, title: str) -> None:
        """Take the line for the headline `title` of another page."""
        self.fate, self.title = "related", title


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What is left of a page's lines. `lines` are the article's own, in order."""

    lines: tuple[Line, ...]
    related: tuple[Related, ...]
    dropped: tuple[Dropped, ...]
    byline: str | None = None
    fates: tuple[Fated, ...] = field(default=(), repr=False)


def clean(
    lines: tuple[Line, ...],
    *,
    titles: tuple[str, ...] = (),
    site: str | None = None,
    byline: str | None = None,
    markup: bool = False,
) -> Cleaned:
    """Part a page's lines into the article's own and the foreign.

    `titles` are all forms of the page's title, `site` its publisher, `byline` who wrote it; `markup` says that the
    lines come from HTML, whose links then tell headlines of other pages better than their form does.
    """
    fates = [Fated(part) for line in lines for part in _unglued(line)]
    name = _bylines(fates)
    _biographies(fates, byline or name)
    _repetitions(fates, titles, site)
    _labels(fates, site)
    _furniture(fates)
    _comments(fates)
    _contacts(fates)
    if markup:
        _linked(fates)
    else:
        _bare_headlines(fates)
    _left_out(fates)
    return Cleaned(
        lines=tuple(f.line for f in fates if f.fate == "text"),
        related=_related(fates),
        dropped=tuple(Dropped(text=f.line.text, reason=f.reason) for f in fates if f.fate == "dropped"),
        byline=name,
        fates=tuple(fates),
    )


def _unglued(line: Line) -> tuple[Line, ...]:
    """The line, or where it ends in a sign-off, a labelled headline or a call, the paragraph and that."""
    if classify.furniture(line.text) or classify.label_inside(line.text):
        return (line,)
    for cut in list(_GLUED.finditer(line.text))[-4:]:
        head, tail = line.text[: cut.start()], line.text[cut.end() :]
        found = classify.furniture(tail)
        if len(head.split()) < _MIN_HEAD or classify.furniture(head):
            continue
        if (found and found[0] in ("credits", "subscribe")) or classify.label_inside(tail):
            return (replace(line, text=head), replace(line, text=tail, blank_before=0))
    return (line,)


def _prose(fates: list[Fated]) -> tuple[int, int]:
    """The first and the last index of the article's prose; (length, -1) where there is none."""
    at = [
        i
        for i, f in enumerate(fates)
        if f.fate == "text"
        and f.line.kept
        and classify.is_sentence(f.line.text)
        and not classify.furniture(f.line.text)
    ]
    return (at[0], at[-1]) if at else (len(fates), -1)


def _bylines(fates: list[Fated]) -> str | None:
    """Lines that say who wrote it, at the head or the foot of the page; the first name."""
    first, last = _prose(fates)
    names = []
    for index, fated in enumerate(fates):
        if (index <= max(first, 3) or index > last) and (name := classify.byline(fated.line.text)):
            fated.drop("byline")
            names.append(name)
    return names[0] if names else None


def _biographies(fates: list[Fated], byline: str | None) -> None:
    """The last lines where they say of who wrote it what else he does: "Jane Roe is a fellow of …"."""
    names = [name for name in (byline or "").split(", ") if len(name.split()) > 1]
    last = [f for f in fates if f.fate == "text" and f.line.kept][-_BIOGRAPHIES:]
    for fated in last[1:]:
        if any(re.match(rf"{re.escape(name)}{_DOES}", fated.line.text) for name in names):
            fated.drop("byline")


def _repetitions(fates: list[Fated], titles: tuple[str, ...], site: str | None) -> None:
    known = {_same(t) for t in titles if t} | ({_same(site)} if site else set())
    known.discard("")
    first, last = _prose(fates)
    for index, fated in enumerate(fates):
        if (
            fated.fate == "text"
            and _same(fated.line.text) in known
            and (index < max(first, _HEAD_LINES) or index > last or len(fated.line.text.split()) > 3)
        ):
            fated.drop("title")


def _labels(fates: list[Fated], site: str | None) -> None:
    """Labels with their headlines in the line, and headings of lists of headlines with the list."""
    _, last = _prose(fates)
    index = 0
    while index < len(fates):
        fated = fates[index]
        if fated.fate == "text" and (title := classify.label_inside(fated.line.text)):
            fated.relate(title)
        elif fated.fate == "text" and classify.is_label(fated.line.text, after_prose=-1 < last < index):
            index = _list_below(fates, index, after_prose=index > last)
            continue
        elif fated.fate == "text" and site and (headline := _site_suffixed(fated.line.text, site)):
            fated.relate(headline)
        index += 1


def _list_below(fates: list[Fated], heading: int, *, after_prose: bool) -> int:
    """Settle the list of headlines below a heading; the index at which to go on."""
    taken: list[Fated] = []
    index = heading + 1
    while index < len(fates):
        fated = fates[index]
        text = fated.line.text
        if fated.fate != "text" or classify.furniture(text):
            index += 1
            continue
        if classify.label_inside(text) or classify.is_label(text):
            break
        teaser = bool(_TEASER.search(text)) and len(text.split()) > _TEASER_WORDS
        if fated.line.linked and len(text.split()) < _TITLE_WORDS:
            fated.drop("tags")
        elif fated.line.linked or (classify.is_headline(_BULLET.sub("", text)) and not teaser):
            taken.append(fated)
        elif teaser and taken:
            fated.drop("teaser")
        elif after_prose and taken and not classify.is_sentence(text):
            fated.drop("navigation")
        else:
            break
        index += 1
    if taken and index < len(fates) and fates[index - 1] is taken[-1] and _is_subheading(taken[-1].line, len(taken)):
        taken.pop()
    for fated in taken:
        fated.relate(_BULLET.sub("", fated.line.text).strip())
    if (
        taken
        or after_prose
        or classify.plain(fates[heading].line.text).rstrip().endswith(":")
        or len(fates[heading].line.text.split()) > 1
    ):
        fates[heading].drop("navigation")
    return heading + 1


def _is_subheading(line: Line, count: int) -> bool:
    """Whether the last line before prose is the article's sub-heading rather than the list's last headline."""
    if line.linked:
        return False
    return line.kind == "heading" or (
        count > 1 and len(line.text.split()) <= 5 and not line.text.rstrip().endswith(("?", "…", "..."))
    )


def _site_suffixed(text: str, site: str) -> str | None:
    found = re.match(rf"^(?P<headline>\S.{{15,200}}?)\s+[|–—-]\s+{re.escape(site)}\s*$", text.strip(), re.I)
    return found["headline"] if found and classify.is_headline(found["headline"]) else None


def _furniture(fates: list[Fated]) -> None:
    first, last = _prose(fates)
    dates = sum(f.fate == "text" and classify.furniture(f.line.text) == ("date", False) for f in fates)
    unsure: dict[int, str] = {}
    for index, fated in enumerate(fates):
        if fated.fate != "text" or not (found := classify.furniture(fated.line.text)):
            continue
        reason, sure = found
        if sure:
            fated.drop(reason)
        elif reason == "date" and (dates >= _TIMELINE or fated.line.kind == "heading"):
            continue  # in a chronology the dates head its paragraphs
        elif index < first or index > last:
            fated.drop(reason)
            fated.sure = False
        elif reason != "date":
            unsure[index] = reason
    for index, reason in unsure.items():
        beside = [i for i in (index - 1, index + 1) if 0 <= i < len(fates)]
        # A country's name is a sub-heading too, and can stand below an advertisement: it wants another beside it.
        same = reason != "navigation" and any(fates[i].fate == "dropped" and fates[i].reason == reason for i in beside)
        if same or any(i in unsure for i in beside):
            fates[index].drop(reason)


def _comments(fates: list[Fated]) -> None:
    """Below a comment form or heading that stands after the article, all is the readers'.

    One such line proves nothing (many pages link to their comments beside the article); a second close by does, or
    a line that gives a commenter's name. Where far more prose follows than precedes, only the name does.
    """
    forms = [i for i, f in enumerate(fates) if f.fate == "dropped" and f.reason == "comments"]
    prose = [i for i, f in enumerate(fates) if f.fate == "text" and classify.is_sentence(f.line.text)]
    named = [i for i, f in enumerate(fates) if f.fate == "text" and _COMMENTER.match(f.line.text)]
    for start in forms:
        before = bisect_left(prose, start)
        after = len(prose) - before
        by_name = bisect_right(named, start + _CLOSE) > bisect_right(named, start)
        close = bisect_right(forms, start + _CLOSE) - bisect_left(forms, start)
        by_form = close >= 2 and after <= 2 * before
        if before >= 2 and (by_name or by_form or not after):
            for fated in fates[start:]:
                if fated.fate == "text":
                    fated.drop("comments")
            return


def _contacts(fates: list[Fated]) -> None:
    """Below a release, the short lines about a press office's heading, telephone or address."""
    _, last = _prose(fates)
    start = next((i for i, f in enumerate(fates) if i > last and f.fate == "dropped" and f.reason == "contact"), None)
    if last < 0 or start is None:
        return
    for fated in fates[start:]:
        if fated.fate == "text" and len(fated.line.text.split()) <= _CONTACT_WORDS:
            fated.drop("contact")


def _linked(fates: list[Fated]) -> None:
    """Headlines that are one link each, in paragraphs of their own; items of a list that was kept are the article's."""
    for fated in fates:
        line = fated.line
        # An address with a "#" is a place in a page: a live page's heading links to itself.
        if fated.fate != "text" or not line.linked or "#" in (line.href or "#") or not _is_page(line.href or ""):
            continue
        listed = line.kind == "item" and line.kept
        if not listed and classify.is_headline(line.text) and len(line.text.split()) >= _HEADLINE:
            fated.relate(line.text.strip())


def _is_page(href: str) -> bool:
    return not href.startswith(("mailto:", "tel:", "javascript:"))


def _bare_headlines(fates: list[Fated]) -> None:
    """Runs of headlines, each a line, that no sentence of the article announces as its list."""
    first, last = _prose(fates)
    sentences = sum(f.fate == "text" and classify.is_sentence(f.line.text) for f in fates)
    bare = sum(f.fate == "text" and _is_bare_headline(f.line.text) for f in fates)
    # A scrape that has lost its full stops is all "headlines": then none of them can be told.
    index = first if bare <= sentences else len(fates)
    while index < len(fates):
        run = []
        while index < len(fates) and fates[index].fate == "text" and _is_bare_headline(fates[index].line.text):
            run.append(fates[index])
            index += 1
        if not run:
            index += 1
            continue
        start = index - len(run)
        announced = start > 0 and fates[start - 1].line.text.rstrip().endswith((":", ";", ",", "–", "—", "-"))
        needed = 2 if start > last else 3
        tell = sum(classify.has_verb(fated.line.text) for fated in run)
        if len(run) >= needed and 2 * tell >= len(run) and not announced:
            for fated in run:
                fated.relate(fated.line.text.strip())
    _short_tail(fates, last)


def _is_bare_headline(text: str) -> bool:
    return (
        _HEADLINE <= len(text.split()) <= _LONGEST_BARE
        and not _BULLET.match(text)
        and classify.is_headline(text)
        and not text.rstrip().endswith(("?", '"', "”"))
    )


def _short_tail(fates: list[Fated], last: int) -> None:
    """Three or more lines of one to three words on end, after the last sentence, are the page's tags."""
    if last < 0:
        return
    run: list[Fated] = []
    for fated in [*fates[last + 1 :], None]:
        if fated is not None and _is_tag(fated):
            run.append(fated)
            continue
        if len(run) >= _TAGS:
            for tag in run:
                tag.drop("tags")
        run = []


def _is_tag(fated: Fated) -> bool:
    text = fated.line.text
    open_fate = fated.fate == "text" or (fated.fate == "dropped" and not fated.sure)
    return (
        open_fate
        and len(text.split()) <= _TAG_WORDS
        and not re.search(r"[.!?\"”’:]\s*$", text)
        and not _BULLET.match(text)
    )


def _left_out(fates: list[Fated]) -> None:
    for fated in fates:
        if fated.fate == "text" and not fated.line.kept:
            fated.drop("layout")


def _related(fates: list[Fated]) -> tuple[Related, ...]:
    seen: set[str] = set()
    found = []
    for fated in fates:
        if fated.fate == "related" and fated.title not in seen:
            seen.add(fated.title)
            found.append(Related(title=fated.title, url=fated.line.href))
    return tuple(found)


def _same(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())
