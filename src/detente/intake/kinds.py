"""A page's lines and what the markup tells → its kind: an article, or what stands in an article's place.

Prose decides: what holds enough sentences of its own is an article, whatever notices stand about it, unless it is
made of other pages' headlines, is a gallery's captions, or breaks off at a paywall. Only where little or no prose is
left does a page's own word for what it is count. An article refused is lost to the reader, a stub read costs little:
in doubt a page is an article.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Literal

from detente.intake import words
from detente.intake.classify import is_headline, is_sentence, plain
from detente.intake.clean import Cleaned
from detente.intake.page import Line, Page

Kind = Literal[
    "article", "live", "index", "paywall", "gallery", "video", "consent", "error", "login", "newsletter", "empty"
]
ARTICLES = frozenset({"article", "live"})
"""The kinds that are read."""

_BRIEF = 45
"""Words of own prose from which on a page is no error, login, sign-up or video page: two sentences of a short brief."""
_STUB = 110
"""Words of own prose up to which a page with a paywall's notice is a stub even where its last sentence is whole."""
_BROKEN = 300
"""The same where the last sentence breaks off: publishers show a few paragraphs at most."""
_HEADLINES = 5
_TEASERS = 4
_TEASER_WORDS = 45
_HEADLINE_WORDS = 4
_PICTURES = 4
_LONGEST_LINE = 1_000
"""Characters of a line that can be a notice: patterns take more than linear time on a stranger's longest lines."""
_ENTRIES = 3
_NOTE = 30
"""Words of own prose from which on a page is no player's note, sign-up or consent wall."""
_CREDIT_LENGTH = 150
_TITLED = 3
"""Headings from the page's first that count as titles: the site's own name can stand before."""
_CREDITED = re.compile(
    r"(?:[\[(][^\])]{2,60}(?:/|via\s)[^\])]{2,40}[\])]|(?:photo|image|picture|credit|photograph)s?\s?(?:by|:|©)\s?\S.{1,60}|"
    r"©\s?\S.{1,50})[.\s]*$",
    re.I,
)
_SHORT_NOTICE = 12
_ADDRESSED = re.compile(r"\b(?:you|your|yours|we|our|us|this (?:site|website|page|article|story|content))\b")
"""A notice of more than a few words talks to the reader or for the site; a report of cookies or paywalls does not."""
_CUT_OFF = re.compile(r"(?:…|\.\.\.|\[…\]|\[\.\.\.\]|[\w,;–—-])\s*$")
_CLOCK = re.compile(r"^(?:\W*(?:updated|posted)?\W*)\d{1,2}[:.h]\d{2}\b.{0,24}$", re.I)
_LIVE = re.compile(r"\blive (?:updates?|blog|coverage|report)|\bas it happened\b|^live\b|[-–—|:] live\b", re.I)


@dataclass(frozen=True, slots=True)
class _Notices:
    """How many lines speak for each kind, which kinds the titles name, and those lines."""

    counts: dict[str, int]
    titled: frozenset[str]
    lines: frozenset[str]


def kind_of(page: Page, cleaned: Cleaned) -> Kind:
    """What a page is; `cleaned` is what `clean` made of its lines."""
    notices = _notices(page)
    own = [line for line in cleaned.lines if line.text not in notices.lines]
    prose = [line for line in own if line.kind != "caption" and is_sentence(line.text)]
    length = sum(len(line.text.split()) for line in prose)
    # An error page and a sign-in page often show headlines below what they have to say.
    if length < _BRIEF and notices.titled & {"error", "login"} and (kind := _named(page, notices, length)):
        return kind
    if not page.signs.types & {"liveblogposting"} and _is_index(page, cleaned, prose, length):
        return "index"
    if _is_stub(page, notices, own, length):
        return "paywall"
    if _is_gallery(page, notices, prose):
        return "gallery"
    if length < _BRIEF and (kind := _named(page, notices, length)):
        return kind
    if not cleaned.lines:
        return "empty"
    return "live" if _is_live(page) else "article"


def message(kind: Kind) -> str:
    """What an error says of a page of that kind, and what to do."""
    return next(row["message"] for row in words.rows("kinds") if row["kind"] == kind)


def _notices(page: Page) -> _Notices:
    heads = [line.text for line in page.lines if line.kind == "heading"][:_TITLED]
    titled: set[str] = set()
    for text in _short([*page.titles, page.title or "", *heads]):
        known, count = plain(text), len(text.split())
        titled |= {kind for found, kind, longest in _patterns("title") if count <= longest and found.search(known)}
    counts: dict[str, int] = {}
    lines: set[str] = set()
    # A line that a page repeats (a button above and below) speaks once.
    for text in _short(line.text for line in page.lines):
        known, count = plain(text), len(text.split())
        if count > _SHORT_NOTICE and not _ADDRESSED.search(known):
            continue
        kinds = {kind for found, kind, longest in _patterns("line") if count <= longest and found.search(known)}
        for kind in kinds:
            counts[kind] = counts.get(kind, 0) + 1
        if kinds:
            lines.add(text)
    return _Notices(counts, frozenset(titled), frozenset(lines))


def _short(texts: Iterable[str]) -> list[str]:
    return [text for text in dict.fromkeys(texts) if len(text) <= _LONGEST_LINE]


def _credited(text: str) -> bool:
    """Whether a line ends in a picture's credit: "(Name/AFP)", "Photo: Name"."""
    return bool(_CREDITED.search(text[-_CREDIT_LENGTH:]))


@cache
def _patterns(where: str) -> tuple[tuple[re.Pattern[str], str, int], ...]:
    return tuple(
        (re.compile(row["pattern"]), row["kind"], int(row["longest"]))
        for row in words.rows("notices")
        if row["where"] == where
    )


def _is_index(page: Page, cleaned: Cleaned, prose: list[Line], length: int) -> bool:
    """A page of headlines: five or more, and no sentence at all or, undeclared, more of them than other lines.

    Or, undeclared, headlines with a teaser each, which hold most of its prose.
    """
    headlines = len(cleaned.related)
    if headlines >= _HEADLINES and (not prose or (not page.declared and headlines > len(cleaned.lines))):
        return True
    if page.declared:
        return False
    shown = [line for line in page.lines if line.text]
    entries = [
        (line, below)
        for line, below in pairwise(shown)
        if line.linked
        and "#" not in (line.href or "#")
        and len(line.text.split()) >= _HEADLINE_WORDS
        and is_headline(line.text)
    ]
    teasers = [b for _, b in entries if not b.linked and len(b.text.split()) <= _TEASER_WORDS and is_sentence(b.text)]
    teased = {line.text for line in teasers}
    rest = sum(len(line.text.split()) for line in prose if line.text not in teased)
    if len(teasers) >= _TEASERS and rest < max(_BRIEF, sum(len(text.split()) for text in teased) // 2):
        return True
    return len(entries) >= _HEADLINES and not prose


def _is_stub(page: Page, notices: _Notices, own: list[Line], length: int) -> bool:
    """Whether the text breaks off at a paywall: a notice of one, and little text or a last sentence not whole."""
    if not notices.counts.get("paywall") and not page.signs.charged:
        return False
    texts = [line.text for line in own if line.kind in ("text", "quote") and len(line.text.split()) > _HEADLINE_WORDS]
    broken = bool(texts) and bool(_CUT_OFF.search(texts[-1][-20:]))
    if notices.counts.get("paywall"):
        return length <= _STUB or (broken and length <= _BROKEN)
    # Declared as charged, but no notice: whoever saved the page may have paid for it.
    return broken and length <= _STUB


def _is_gallery(page: Page, notices: _Notices, prose: list[Line]) -> bool:
    told = "gallery" in notices.titled or bool(page.signs.types & {"imagegallery", "mediagallery"})
    captions = [line for line in page.lines if line.kind == "caption" or _credited(line.text)]
    enough = page.signs.pictures >= _PICTURES or len(captions) >= _PICTURES or notices.counts.get("gallery", 0) > 1
    rest = [line for line in prose if not _credited(line.text)]
    length = sum(len(line.text.split()) for line in rest)
    captioned = sum(len(line.text.split()) for line in captions)
    if told and enough:
        return length < 2 * _BRIEF or length < captioned or _one_a_picture(page, rest)
    return len(captions) >= _PICTURES and length < _BRIEF and captioned > length


def _one_a_picture(page: Page, prose: list[Line]) -> bool:
    """Whether a page that calls itself a gallery has no more paragraphs than pictures, each as short as a caption."""
    return len(prose) <= page.signs.pictures + 1 and all(len(line.text.split()) <= _TEASER_WORDS for line in prose)


def _named(page: Page, notices: _Notices, length: int) -> Kind | None:
    """What a page with next to no prose says that it is."""
    signs, counts, titled = page.signs, notices.counts, notices.titled
    if "error" in titled or counts.get("error", 0) > 1 or (counts.get("error") and not length):
        return "error"
    if (signs.password and ("login" in titled or counts.get("login"))) or (
        "login" in titled and (counts.get("login") or not length)
    ):
        return "login"
    typed = any("video" in t for t in signs.types) and not page.declared
    if typed:
        return "video"
    if length >= _NOTE:
        # Two sentences that tell news: its title may well speak of a newsletter or a video.
        return None
    if "newsletter" in titled and (signs.email or counts.get("newsletter")):
        return "newsletter"
    if not length and (signs.email or counts.get("newsletter", 0) > 1) and counts.get("newsletter"):
        return "newsletter"
    if "consent" in titled or counts.get("consent", 0) > 1 or (counts.get("consent") and not length):
        return "consent"
    if "video" in titled or ((signs.players or counts.get("video")) and not page.declared):
        return "video"
    return None


def _is_live(page: Page) -> bool:
    """Whether a page is a live blog: it says so, and its entries have a time each."""
    clocks = sum(bool(_CLOCK.match(line.text[:60])) for line in page.lines)
    said = any(_LIVE.search(title[:_LONGEST_LINE]) for title in page.titles)
    return "liveblogposting" in page.signs.types or (said and clocks >= _ENTRIES)
