"""What one line of a page is, by its own features: furniture, a call, a byline, a headline, prose.

Each function looks at one line alone; `clean` puts them together with the line's neighbours. A line is
foreign only where it says so itself: the word lists are tables in `data/`, the grammar is here. When in
doubt a line is the article's.
"""

import re
from collections.abc import Callable
from functools import cache, lru_cache

from detente.intake import words
from detente.intake.dates import is_date_line

Matcher = Callable[[str], re.Match[str] | None]

REASONS = (
    "advertisement",  # advertisements' place holders
    "byline",  # who wrote it; kept in `Article.byline` besides
    "caption",  # photo credits and captions
    "comments",  # comment forms and the readers' comments
    "contact",  # a press office's names, telephones and addresses below a release
    "cookies",  # cookie and consent notices
    "copyright",  # copyright, republication and syndication notes
    "credits",  # reporting by, editing by, with inputs from
    "date",  # when the page was published or updated
    "disclaimer",  # whose views these are
    "layout",  # left out by the extraction for where it stands in the page, without saying what it is
    "live",  # a live page's times and notes
    "media",  # a player's or gallery's controls, a browser's notes
    "navigation",  # menus, breadcrumbs, page numbers, the headings of lists of headlines
    "share",  # share buttons and counters
    "subscribe",  # calls to subscribe, join, follow, install, donate; sign-up forms and paywalls
    "tags",  # keywords and categories
    "teaser",  # the beginning of another article
    "title",  # the title or the site's name once more
    "translation",  # notes on machine translation
)
"""The whole vocabulary of `Dropped.reason`."""

_PLAIN = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "\u00a0": " ", "\u202f": " ", "\u200b": None, "–": "-", "—": "-"}
)
_ENDS = re.compile(r"[\s:.!|»›→>*_\-…]+$")
_STARTS = re.compile(r"^(?:[\s|»›→>*_#•·●▪■◆►▶✓✔☛➡\ufe0f\-]|[\U0001f300-\U0001faff])+")
_SENTENCE = re.compile(r"[.!?…][\"'”’»)\]]*$")
_INNER_END = re.compile(r"(?P<before>\S*)[.!?][\"'”’)]*\s+[\"“‘(]?[A-Z]")
_ABBREVIATED = re.compile(r"(?:^|\W)(?:(?:[A-Z]\.)*[A-Z]|Mr|Mrs|Ms|Dr|Gen|Lt|Col|Sgt|Gov|Sen|Rep|St|No|vs)$")
_QUOTE_FIRST = re.compile(r"^\s*[\"“‘'«]")
_OFFERED = re.compile(
    r"telegram|whatsapp|facebook|twitter|instagram|youtube|viber|discord|signal|linkedin|tiktok|google|play|store|app|news|"
    r"newsletter|channel|group|page|our|here|now|us|and|the|for|on|to",
    re.I,
)
_CREDIT_ROLE = re.compile(
    r"^\W*(?:(?:additional|with|further|original)\s+)?"
    r"(?:reporting|report|writing|editing|edited|written|reported|compiled|compilation|translated|translation|produced|"
    r"graphics?|interview|fact[- ]check(?:ed|ing)?|text|photos|photography|video|story|words|research|design)"
    r"(?:\s+(?:and|&)\s+(?:writing|editing|edited|compiled|reporting|photos|text|translation))?"
    r"(?:\s+for \S+)?\s*(?:by\b|:)\s*(?P<rest>\S.*)$",
    re.I,
)
_BYLINE = re.compile(
    r"^(?:(?:words|story|text|interview|analysis|report|written|posted|published|reported|submitted)\s+)?by(?::|\s)\s*(?P<name>\S.{1,120})$",
    re.I,
)
_BYLINE_LABEL = re.compile(r"^(?:author|writer|reporter|correspondent|journalist)s?\s*:\s*(?P<name>\S.{1,100})$", re.I)
_AFTER_NAME = re.compile(
    r"\s*[|•·]\s*|\s+[-–—]\s+|\s*\d|\s*,?\s+(?:(?:first\s+)?(?:published|updated|posted)|on)\b|"
    r"\s+(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?\s+\d",
    re.I,
)
_INITIAL_END = re.compile(r"\b[A-Z][a-z]{0,2}\.$")
_HEADLINE_BARRED = re.compile(r"[;,:\-–—]$")
_HEADLINE_DOTS = ("...", "..", "U.S.", "U.N.")
_LABELLED_DATE = re.compile(
    r"^\W*(?:first\s+)?(?:published|posted|publi\w+ date|date|issued|released|updated|last|modified)\b", re.I
)
_CLOCK = re.compile(r"\d{1,2}[:.h]\d{2}(?!\d|[.]\d)\s*(?:[ap]\.?m|gmt|utc|[a-z]{1,4}t\b|$)", re.I)
# A credit at a caption's end; the capital in mid-line tells it from "he held up a photo: his son".
_PHOTO_TAIL = re.compile(r"(?<=[.!?)\w]\s)(?:Photo|PHOTO|Image|Picture|Photograph)s?:\s?[A-Z@][^.!?]{1,50}\.?$")
_SOFT_LABEL = re.compile(r"^(?:more|latest|other|read more)\s+(?:from|in|on|about|by)\s+\S", re.I)
# Labels that need no mark before a headline: they mean nothing else in English prose.
_UNMARKED = ("also read", "read also", "read too")
_MOST_WORDS = {"call": 80, "credit": 50, "byline": 18, "name": 12, "related": 40, "caption": 60, "label": 6}
_SENTENCE_WORDS = 6
_SHORT_CALL = 8
# What people say too; the other reasons' marks are hardly ever said aloud.
_SPOKEN = ("live", "navigation", "share", "subscribe", "translation")
_STEM = 4


def plain(line: str) -> str:
    """The line as the tables know it: lower case, plain quotes and dashes, single spaces, without bullets before it."""
    return _STARTS.sub("", " ".join(line.translate(_PLAIN).lower().split()))


def is_sentence(line: str) -> bool:
    """Whether the line is prose: six words or more, closed as sentences are."""
    stripped = line.strip()
    return len(stripped.split()) >= _SENTENCE_WORDS and bool(_SENTENCE.search(stripped))


def is_headline(line: str) -> bool:
    """Whether the line could be a headline.

    It has 3 to 30 words, begins with a capital, a digit or a quote, and is one clause without a full stop.
    """
    stripped = line.strip()
    if not 3 <= len(stripped.split()) <= 30:
        return False
    if not (stripped[0].isupper() or stripped[0].isdigit() or stripped[0] in "\"“‘'«"):
        return False
    if _HEADLINE_BARRED.search(stripped) or (stripped.endswith(".") and not stripped.endswith(_HEADLINE_DOTS)):
        return False
    if stripped[-1] in "\"”'’»" and stripped[-2:-1] in (".", ","):
        return False
    inner = _INNER_END.finditer(stripped)
    return all(_ABBREVIATED.search(m["before"]) or stripped[m.end("before")] in "?!" for m in inner)


def has_verb(line: str) -> bool:
    """Whether a headline says that something happens, as other pages' headlines do and most sub-headings do not."""
    tokens = re.findall(r"[a-z]+", line.lower())
    return any(t in words.cues("verb") or (len(t) > _STEM and t.endswith(("ed", "ing"))) for t in tokens)


@lru_cache(maxsize=16_384)
def furniture(line: str) -> tuple[str, bool] | None:
    """The reason for which the whole line is furniture, and whether that is sure by itself; None for other lines."""
    known = plain(line)
    table = _furniture_table()
    if found := table.get(known) or table.get(_ENDS.sub("", known)):
        return found
    count = len(known.split())
    for matches, reason, longest in _patterns():
        if count <= longest and matches(known) and not (reason in _SPOKEN and _is_report(line)):
            return (reason, True)
    if is_credit(line):
        return ("credits", True)
    if _PHOTO_TAIL.search(line) and count <= _MOST_WORDS["caption"]:
        return ("caption", True)
    if is_call(line):
        return ("subscribe", True)
    if is_date_line(line):
        # With a label or a clock time it is a publication's; a bare day can head a chronology's paragraph.
        return ("date", bool(_LABELLED_DATE.match(line) or _CLOCK.search(line)))
    return None


def is_credit(line: str) -> bool:
    """Whether the line is a wire service's sign-off ("(Reporting by X; Editing by Y)"): roles and names, no clause."""
    found = _CREDIT_ROLE.match(line.strip())
    if not found or len(line.split()) > _MOST_WORDS["credit"]:
        return False
    rest = found["rest"]
    tokens = _words(rest)
    named = [t for t in tokens if t.lower() not in words.cues("link")]
    if not named or tokens[0].lower() in words.cues("no-name") or re.search(r"[.!?]\s+\S", rest.rstrip(" ).")):
        return False
    return all(t[0].isupper() for t in named)


def is_call(line: str) -> bool:
    """Whether the line calls on the reader to subscribe, join, follow, install, donate.

    It begins with such a verb (or has one after an address to the reader), names what publishers offer, and
    addresses someone; a line that reports what someone said is none.
    """
    known = plain(line)
    tokens = re.findall(r"[a-z@][\w@'-]*", known)
    if not 2 <= len(tokens) <= _MOST_WORDS["call"] or _is_report(line):
        return False
    opening = next((t for t in tokens if t not in words.cues("lead")), "")
    opens = opening in words.cues("call")
    things = sum(t in words.cues("thing") for t in tokens)
    addressed = sum(t in words.cues("addressed") or t.startswith("@") for t in tokens)
    if opens and things and addressed:
        return True
    acts = sum(t in words.cues("act") for t in tokens)
    plain_call = len(tokens) <= _SHORT_CALL and not _names_someone(line)
    urged = acts >= 2 or re.search(r"\b(?:here|below|free)\b", known) or plain_call
    if opening in words.cues("act") and things and urged:
        return True
    # No opening verb, but the line talks to the reader of several acts: "You can also … and join our channel".
    talks = re.search(r"\byour?\b", known) and re.search(r"\b(?:us|our)\b|\bclick|\binstall|\bsubscribe", known)
    return addressed >= 2 and things >= 1 and acts >= 1 and bool(talks)


def byline(line: str) -> str | None:
    """The name in a line that says who wrote the article, or None.

    The line holds nothing else but a role, a place, a date: "By Jane Roe, Diplomatic Correspondent | 21 Jan 2022".
    """
    stripped = _STARTS.sub("", line.strip()).strip("() ")
    found = _BYLINE.match(stripped) or _BYLINE_LABEL.match(stripped)
    if not found or len(stripped.split()) > _MOST_WORDS["byline"]:
        return None
    name = _person(_AFTER_NAME.split(found["name"], maxsplit=1)[0])
    tokens = _words(name)
    if not name or not tokens or len(tokens) > _MOST_WORDS["name"] or tokens[0].lower() in words.cues("no-name"):
        return None
    if name[-1] in ".!?" and not _INITIAL_END.search(name):
        return None
    small = words.cues("link") | words.cues("role")
    if any(t[0].islower() and t.lower() not in small for t in tokens):
        return None
    if re.search(r"(?:\b[a-z]{3,}\s+){3}[a-z]{3,}", found["name"][len(name) :]):
        return None
    alone = tokens[0]
    known = alone.isupper() or alone.lower() in words.cues("role") or alone in words.originals("agencies", "form")
    return name if len(tokens) > 1 or known else None


def _person(text: str) -> str:
    """The names of a byline without the role or the place that follows them: "Klara Hofmann, Vienna"."""
    first, *more = re.split(r"\s*,\s*", text.strip(" ,;|"))
    named = [first]
    for part in more:
        tokens = _words(part)
        if len(tokens) < 2 or any(t.lower() in words.cues("role") for t in tokens):
            break
        named.append(part)
    return re.sub(r"(?:\s+(?:at|on|in|for|from))+$", "", ", ".join(named))


def label_inside(line: str) -> str | None:
    """The headline that a line announces after a label ("Also read: …"), or None."""
    found = _label_pattern().match(_STARTS.sub("", line.strip()))
    if not found:
        return None
    title, mark = found["title"].strip(" |"), (found["mark"] or "").strip()
    # Without a mark only a headline in title form is meant: "Read also Ukraine's …".
    if not mark and not (title[:1].isupper() or title[:1].isdigit() or title[:1] in "\"“‘'"):
        return None
    # A label of one word can begin a sentence: "More - much more - is needed".
    if len((found["label"] or "two words").split()) == 1 and (mark in ("-", "–", "—") or is_sentence(title)):
        return None
    return title if 2 <= len(title.split()) <= _MOST_WORDS["related"] else None


def is_label(line: str, *, after_prose: bool = False) -> bool:
    """Whether the whole line heads a list of other pages' headlines ("More on this story").

    `after_prose`: the line stands below the article, where "More from Moscow" is such a heading too.
    """
    if _ENDS.sub("", plain(line)) in _list_labels():
        return True
    short = len(line.split()) <= _MOST_WORDS["label"] and not is_sentence(line)
    return after_prose and short and bool(_SOFT_LABEL.match(line.strip()))


def _is_report(line: str) -> bool:
    """Whether a line gives someone's words, so that a call in it is theirs: "Join us on Telegram, the group said"."""
    said = any(word in words.cues("attribution") for word in re.findall(r"[a-z]+", line.lower()))
    return said or bool(_QUOTE_FIRST.match(line))


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_][\w'’.-]*", text)


def _names_someone(line: str) -> bool:
    """Whether a word after the first is capitalised that names no platform: someone is spoken of, as in headlines."""
    inner = re.findall(r"(?<=\s)[A-Z][\w'’-]+", line.strip())
    return not line.isupper() and any(not _OFFERED.fullmatch(word) for word in inner)


@cache
def _furniture_table() -> dict[str, tuple[str, bool]]:
    return {row["text"]: (row["reason"], row["sure"] == "yes") for row in words.rows("furniture")}


@cache
def _patterns() -> tuple[tuple[Matcher, str, int], ...]:
    """How each pattern of the table is looked for (at the line's start where it is anchored), its reason, its bound."""
    found = []
    for row in words.rows("patterns"):
        pattern = re.compile(row["pattern"])
        # `search` would try an anchored pattern at every character.
        anchored = row["pattern"].startswith("^")
        found.append((pattern.match if anchored else pattern.search, row["reason"], int(row["longest"])))
    return tuple(found)


@cache
def _label_pattern() -> re.Pattern[str]:
    labels = sorted({row["label"] for row in words.rows("labels")}, key=len, reverse=True)
    marked, unmarked = "|".join(map(_loose, labels)), "|".join(map(_loose, _UNMARKED))
    mark = r"(?P<mark>[:|»›►▶→>]|\s[-–—]\s)[\s|\-–—:»›►▶→>]*"
    return re.compile(
        rf"^[\[(*]*(?:(?P<label>{marked})\s*(?:[^\w\s:]\s*)?{mark}|(?:{unmarked})\s+)(?P<title>\S.*?)[\])*]*$", re.I
    )


def _loose(label: str) -> str:
    return re.escape(label).replace("'", "['’]").replace(r"\ ", r"\s+")


@cache
def _list_labels() -> frozenset[str]:
    return frozenset(row["label"] for row in words.rows("labels") if row["place"] == "both")
