"""When a page was published, from what the page itself gives.

Nothing is inferred from weekdays in the prose here: that is the reading's work. A page that gives no
date has none.
"""

import re
from collections.abc import Iterable
from datetime import date, timedelta

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul",
            "august aug", "september sept sep", "october oct", "november nov", "december dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH = r"(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_FORMS = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        r"(?<!\d)(?P<year>\d{4})[-/.](?P<number>\d{1,2})[-/.](?P<day>\d{1,2})(?!\d)",
        rf"\b{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s*,?\s+(?P<year>\d{{4}})(?!\d)",
        rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?[\s-]+(?:of\s+)?{_MONTH}[\s,-]+(?P<year>\d{{4}})(?!\d)",
        r"(?<!\d)(?P<day>\d{1,2})\.(?P<number>\d{1,2})\.(?P<year>\d{4})(?!\d)",
        r"(?<!\d)(?P<first>\d{1,2})(?P<mark>[/-])(?P<second>\d{1,2})(?P=mark)(?P<year>\d{4})(?!\d)",
        r"(?<!\d)(?P<year>\d{4})(?P<number>\d{2})(?P<day>\d{2})(?:T\d{4,6}Z?)?(?!\d)",
    )
)
_URL = (
    re.compile(r"[/_-](?P<year>(?:19|20)\d{2})[/_-](?P<number>\d{1,2})[/_-](?P<day>\d{1,2})(?!\d)"),
    re.compile(r"/(?P<year>(?:19|20)\d{2})/(?P<month>[a-z]{3,9})/(?P<day>\d{1,2})(?!\d)", re.I),
    re.compile(r"(?<!\d)(?P<year>(?:19|20)\d{2})(?P<number>\d{2})(?P<day>\d{2})(?!\d)"),
)
_LABEL = re.compile(
    r"^\W*(?:first\s+)?(?P<label>published|posted|publication date|publish date|date|issued|released|updated|"
    r"last updated|last modified|modified)(?:\s+(?:on|at))?\b\s*:?\s*(?P<rest>.{0,80})$",
    re.I,
)
_LATER = ("updated", "last", "modified")
# What stands beside a date in a line that gives nothing else: clock times, zones, labels, a reading time.
_BESIDE = re.compile(
    r"at|on|am|pm|a\.m\.?|p\.m\.?|[a-z]{1,4}t|utc|gmt|z|[ap]\.?m|published|posted|updated|last|min|mins|minutes?|read|"
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?|"
    r"\d{1,2}|\d{1,2}[:.h]\d{2}(?:[:.]\d{2}(?:\.\d+)?)?(?:[ap]m|z|[+-]\d{2}:?\d{2})?|t\d{2}:\d{2}\S*|[+-]\d{2}:?\d{2}",
    re.I,
)
_BETWEEN = re.compile(r"[\s,|•·–—@()/]+|(?<=\s)-(?=\s)|:(?=\s|$)")
_DATELINE = re.compile(r"^(?P<place>[A-Z][^\n:;!?\"“]{1,60}?)\s*(?:\([A-Za-z/ ]{2,30}\)\s*)?(?:[-–—]{1,2}|:)\s")
_EITHER_WAY = _FORMS[4]
_FIRST_LABEL = re.compile(r"(?:published|posted|issued|released|submitted|created)\b\s*(?:on\b|at\b)?\s*:?", re.I)
_LATER_LABEL = re.compile(r"\(?(?:last )?(?:updated?|modified|edited|changed)\b\s*(?:on\b|at\b)?\s*:?.{0,40}", re.I)
_BESIDE_WORDS = 16
_EARLIEST = 1980
_LONGEST_LINE = 120
_HEAD_LINES = 12
_CHRONOLOGY = 3


def parse_date(text: str, *, day_first: bool | None = None) -> date | None:
    """The first full date in `text` (day, month and year), or None.

    `3/4/2022` can be read two ways: it is a date only where `day_first` says in which order the page writes them.
    """
    for form in _FORMS:
        for match in form.finditer(text):
            if found := _build(match, day_first):
                return found
    return None


def day_first(lines: Iterable[str], region: str) -> bool | None:
    """Whether a page writes the day before the month; None where it does not show.

    It shows by its other dates, one number of which is above twelve, or by the `region` of its language (`en-GB`).
    """
    for line in lines:
        for match in _EITHER_WAY.finditer(line[:_LONGEST_LINE]):
            first, second = int(match["first"]), int(match["second"])
            if (first > 12) != (second > 12) and max(first, second) <= 31:
                return first > 12
    if re.fullmatch(r"en[-_]us", region, re.I):
        return False
    return True if re.fullmatch(r"en[-_](?:gb|ie|au|nz|in|za)", region, re.I) else None


def date_of_url(url: str | None) -> date | None:
    """The day that an address carries in its path (`/2022/01/21/`, `-20220121`, `/2022/jan/21/`)."""
    path = re.sub(r"^[a-z]+://[^/]*", "", url or "", flags=re.I)
    for form in _URL:
        for match in form.finditer(path):
            if found := _build(match):
                return found
    return None


def is_date_line(line: str) -> bool:
    """Whether a line gives a date or a time of publication and nothing else."""
    stripped = line.strip()
    if not stripped or len(stripped) > _LONGEST_LINE or not any(c.isdigit() for c in stripped):
        return False
    labelled = _LABEL.match(stripped)
    rest = labelled["rest"] if labelled else stripped
    dates = 0
    for form in _FORMS:
        rest, found = form.subn(" ", rest)
        dates += found
    return dates > 0 and all(not word or _BESIDE.fullmatch(word) for word in _BETWEEN.split(rest))


def date_beside(lines: Iterable[str], *, day_first: bool | None = None) -> date | None:
    """The day of publication that a line of a page's head gives among other things: "Jane Roe / 3 May 2020".

    A date behind "Published" counts before any other; one behind "Updated" not at all.
    """
    alone = None
    for line in lines:
        if len(line) > _LONGEST_LINE * 2:
            continue
        if (label := _FIRST_LABEL.search(line)) and (
            found := parse_date(line[label.end() :][:40], day_first=day_first)
        ):
            return found
        kept = _LATER_LABEL.sub(" ", line)
        if alone is None and len(kept.split()) <= _BESIDE_WORDS:
            alone = parse_date(kept, day_first=day_first)
    return alone


def date_of_lines(lines: Iterable[str], *, day_first: bool | None = None) -> date | None:
    """The date that a page's lines give: a "Published" line, a bare date, an "Updated" line or the dateline.

    Only lines that hold nothing else, and the dateline of the first paragraph, are read. A bare date counts at the
    page's head, where it is the only kind: three or more are a chronology's. `day_first` as in `parse_date`.
    """
    published = updated = dateline = None
    bare: list[tuple[int, date]] = []
    for number, line in enumerate(lines):
        if is_date_line(line):
            found = parse_date(line, day_first=day_first)
            labelled = _LABEL.match(line.strip())
            if labelled is None:
                bare += [(number, found)] if found else []
            elif labelled["label"].lower().startswith(_LATER):
                updated = updated or found
            else:
                published = published or found
        elif dateline is None and number < _HEAD_LINES and (match := _DATELINE.match(line)):
            dateline = parse_date(match.group())
    alone = bare[0][1] if bare and bare[0][0] < _HEAD_LINES and len(bare) < _CHRONOLOGY else None
    return published or alone or updated or dateline


def _build(match: re.Match[str], day_first: bool | None = None) -> date | None:
    parts = match.groupdict()
    if parts.get("month"):
        month = _MONTHS.get(parts["month"].lower(), 0)
    elif parts.get("number"):
        month = int(parts["number"])
    else:
        first, second = int(parts["first"]), int(parts["second"])
        if first <= 12 and second <= 12 and first != second:
            if day_first is None:
                return None
            first, second = (second, first) if day_first else (first, second)
        month, parts["day"] = (first, str(second)) if first <= 12 else (second, str(first))
    try:
        found = date(int(parts["year"]), month, int(parts["day"]))
    except ValueError:
        return None
    # A page can be dated a day ahead of this machine, by its time zone; not more, and not before news had a web.
    return found if found.year >= _EARLIEST and found <= date.today() + timedelta(days=2) else None
