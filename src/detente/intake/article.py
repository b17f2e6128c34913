"""One page's bytes or text → `Article`."""

import hashlib
import json
import re
from datetime import date
from typing import Any, Literal
from urllib.parse import urljoin

from detente.errors import BadLine, Empty, NoArticle, SourceError, TooLarge, UsageError
from detente.intake.agencies import agencies
from detente.intake.clean import Cleaned, clean
from detente.intake.dates import date_of_url, parse_date
from detente.intake.decode import decode, tidy
from detente.intake.html import read_html
from detente.intake.kinds import ARTICLES, kind_of, message
from detente.intake.language import language_of
from detente.intake.limits import MAX_BYTES, MAX_CHARACTERS
from detente.intake.page import Line, Page
from detente.intake.plain import read_text
from detente.intake.raw import RawPage
from detente.intake.title import site_beside, split_site
from detente.model import Article, Related

InputFormat = Literal["auto", "html", "text", "jsonl", "warc", "csv"]

_HTML_START = re.compile(
    r"^\s*(?:<\?xml\b[^>]*>\s*)?(?:(?><!--.*?-->)\s*+)*+<(?:!doctype|html|head|body|meta|title|article|main|section|div|p|h1|script|link|span|table)\b",
    re.I | re.S,
)
_HTML_TAG = re.compile(r"</(?:p|div|article|html|body|a|span|h[1-6]|li)\s*>", re.I)
_TAGS_FOR_HTML = 3


def article_of(raw: RawPage) -> Article:
    """The article of one raw page. Raises the SourceErrors of `detente.errors`, each naming the page's `source`.

    A page of form `json` says itself what its id and title are.
    """
    if raw.form == "json":
        return article_from_json(raw.data, source=raw.source, published=raw.published)
    return article_from_bytes(
        raw.data,
        source=raw.source,
        url=raw.url,
        published=raw.published,
        input_format=raw.form,
        charset=raw.charset,
        id=raw.id,
        title=raw.title,
    )


def article_from_bytes(
    data: bytes,
    *,
    source: str,
    url: str | None = None,
    published: date | None = None,
    input_format: InputFormat = "auto",
    charset: str | None = None,
    id: str | None = None,
    title: str | None = None,
) -> Article:
    """The article that a page's bytes hold: HTML, or plain text whose first line may be its title.

    `source` names the page in errors and, without `url`, in the article's id; `id`, `title` and `published` overrule
    those and the page's own; `charset` is what the transport declared. Raises the SourceErrors of
    `detente.errors`, UsageError for `jsonl`, `warc` and `csv`, which hold many articles.
    """
    if input_format in ("jsonl", "warc", "csv"):
        raise UsageError(f"{input_format} holds many articles, not one: give it to articles()")
    if len(data) > MAX_BYTES:
        raise TooLarge(source, f"more than {MAX_BYTES // 1_000_000} MB: give the article's own page, or its text")
    text = decode(data, source=source, charset=charset)
    identity = id or stable_id(url or source, data)
    if input_format == "html" or (input_format == "auto" and looks_like_html(text)):
        return _from_html(text, source=source, id=identity, url=url, title=title, published=published)
    _bound(text, source)
    return _from_page(
        read_text(text, title_first=True), source=source, id=identity, url=url, title=title, published=published
    )


def article_from_text(
    text: str,
    *,
    id: str | None = None,
    url: str | None = None,
    title: str | None = None,
    published: date | None = None,
) -> Article:
    """The article whose body is `text`: no title is looked for in it, and one sentence is a body too.

    Without `id` it is made of `url` and the text. Raises Empty for no words, TooLarge beyond the bounds.
    """
    source = id or url or "text"
    body = tidy(text)
    if not body.strip():
        raise Empty(source, "no words in its text: give the article's words")
    identity = id or stable_id(url or "", text.encode("utf-8", "replace"))
    _bound(body, source)
    page = read_text(body, title_first=False)
    article = _from_page(page, source=source, id=identity, url=url, title=title, published=published, whole=True)
    return article


def article_from_json(line: str | bytes, *, source: str, published: date | None = None) -> Article:
    """The article of one JSON line, `{"id", "url", "title", "published", "text" or "html"}`.

    `id` and `text` or `html` are owed; `published` overrules the line's own. Raises BadLine for a line that is
    none or lacks what it owes, and what reading its text or HTML raises.
    """
    try:
        fields = json.loads(line)
    except UnicodeDecodeError as error:
        raise BadLine(source, "no UTF-8: write JSON lines in UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise BadLine(source, 'no JSON: give one object a line, {"id": …, "text": …}') from error
    if not isinstance(fields, dict):
        raise BadLine(source, 'no JSON object: give {"id": …, "text": …}')
    identity = fields.get("id")
    if isinstance(identity, int) and not isinstance(identity, bool):
        identity = str(identity)
    if isinstance(identity, str):
        identity = identity.encode("utf-8", "replace").decode()
    if not isinstance(identity, str) or not identity:
        raise BadLine(source, 'without "id": give each line a name of its own')
    given = {name: _string(fields, name, source) for name in ("url", "title", "published", "text", "html")}
    if not (given["text"] or "").strip() and not (given["html"] or "").strip():
        raise BadLine(source, f'"{identity}" has neither "text" nor "html": give the article\'s words')
    day = published
    if day is None and given["published"]:
        day = parse_date(given["published"])
        if day is None:
            raise BadLine(
                source,
                f'"{identity}" has a "published" that is no date, {given["published"][:40]!r}: write it as 2022-01-21',
            )
    try:
        if (given["text"] or "").strip():
            return article_from_text(
                given["text"] or "", id=identity, url=given["url"], title=given["title"], published=day
            )
        html = tidy(given["html"] or "")
        return _from_html(html, source=source, id=identity, url=given["url"], title=given["title"], published=day)
    except SourceError as error:
        # Named as the caller knows it: the place of the line, not the article's id.
        raise error.renamed(source) from error


def looks_like_html(text: str) -> bool:
    """Whether a text is HTML: it begins as such, or closes several of its elements."""
    start = text[:4096]
    return bool(_HTML_START.match(start)) or len(_HTML_TAG.findall(text[:20_000])) >= _TAGS_FOR_HTML


def stable_id(address: str, data: bytes) -> str:
    """The id of an article: the same bytes from the same address give the same 16 hexadecimal digits."""
    return hashlib.blake2b(address.encode("utf-8", "replace") + b"\x00" + data, digest_size=8).hexdigest()


def _string(fields: dict[str, Any], name: str, source: str) -> str | None:
    value = fields.get(name)
    if value is None or isinstance(value, str):
        # Half of a surrogate pair is no character: JSON can carry one, UTF-8 cannot.
        return value.encode("utf-8", "replace").decode() or None if value else None
    raise BadLine(source, f'"{name}" is no string: give it in quotes')


def _from_html(
    text: str, *, source: str, id: str, url: str | None, title: str | None, published: date | None
) -> Article:
    page = read_html(text, source=source, url=url)
    return _from_page(page, source=source, id=id, url=url, title=title, published=published, markup=True)


def _from_page(
    page: Page,
    *,
    source: str,
    id: str,
    url: str | None,
    title: str | None,
    published: date | None,
    markup: bool = False,
    whole: bool = False,
) -> Article:
    """`whole`: the caller says that the lines are an article's, so that some of them must be."""
    headline, site = split_site(title or page.title or "", page.site)
    forms = [split_site(form, page.site) for form in page.titles]
    # The page's <title> gives the site beside the headline where its heading, the better title, does not.
    site = page.site or site or next((s for form in page.titles if (s := site_beside(form, headline))), None)
    titles = (title, headline, *page.titles, *(form for form, _ in forms))
    forms_known = tuple(dict.fromkeys(t for t in titles if t))
    cleaned = clean(page.lines, titles=forms_known, site=site, byline=page.byline, markup=markup)
    if not whole and (kind := kind_of(page, cleaned)) not in ARTICLES:
        raise NoArticle(source, message(kind), kind)
    if not cleaned.lines:
        cleaned = Cleaned(lines=page.lines, related=(), dropped=())
    text = _join(cleaned.lines, markup=markup)
    _bound(text, source)
    byline = page.byline or cleaned.byline
    return Article(
        id=id,
        url=url or page.url,
        site=site,
        title=headline or None,
        byline=None if byline and site and byline.casefold() == site.casefold() else byline,
        agencies=agencies(text, (d.text for d in cleaned.dropped if d.reason in ("credits", "byline"))),
        published=published or page.published or date_of_url(url),
        language=language_of(text, page.language),
        text=text,
        related=tuple(_absolute(r, url or page.url) for r in cleaned.related),
        dropped=cleaned.dropped,
    )


def _bound(text: str, source: str) -> None:
    if len(text) > MAX_CHARACTERS:
        raise TooLarge(source, f"a text of more than {MAX_CHARACTERS:,} characters: give one article at a time")


def _join(lines: tuple[Line, ...], *, markup: bool) -> str:
    """HTML's paragraphs by one line end each; plain text with a blank line where the page has one."""
    pieces: list[str] = []
    for number, line in enumerate(lines):
        if number:
            pieces.append("\n" if markup or not line.blank_before else "\n\n")
        pieces.append(line.text)
    return "".join(pieces)


def _absolute(related: Related, base: str | None) -> Related:
    try:
        return related.model_copy(update={"url": urljoin(base, related.url)}) if base and related.url else related
    except ValueError:
        return related
