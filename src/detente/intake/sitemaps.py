"""A sitemap's bytes (news or plain, gzipped or not) → its entries, or the sitemaps that an index names."""

import zlib
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from lxml import etree

from detente.errors import Empty, NoFeed, TooLarge
from detente.intake.entries import Entry, absolute, moment, words
from detente.intake.limits import MAX_SITEMAP_BYTES, MAX_SITEMAP_ENTRIES

_GZIP = b"\x1f\x8b"
_FIELDS = frozenset({"loc", "lastmod", "title", "publication_date"})


@dataclass(frozen=True, slots=True)
class Child:
    """A sitemap that an index names; `updated` is when it changed last, None where that is not told to the minute."""

    url: str
    updated: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sitemap:
    """A sitemap's entries and, for an index, the sitemaps that it names, each in its own order.

    `broken` says that it is no well-formed XML and was read as far as it goes.
    """

    entries: tuple[Entry, ...]
    children: tuple[Child, ...] = ()
    broken: bool = False


def read_sitemap(data: bytes, *, source: str, url: str | None = None) -> Sitemap:
    """The sitemap that `data` holds (https://www.sitemaps.org/protocol.html, with Google's news elements).

    Elements count by their local names, since sites write their namespaces in many ways; images' and videos' do not.
    At most MAX_SITEMAP_ENTRIES entries. Raises NoFeed, TooLarge or Empty.
    """
    data = _unpacked(data, source)
    if not data.strip():
        raise Empty(source, "nothing in it: check the sitemap's address")
    entries: list[Entry] = []
    children: list[Child] = []
    fields: dict[str, str] = {}
    root: str | None = None
    # No entity is put in and nothing loaded; libxml2 ends at 256 levels by itself.
    tree = etree.iterparse(
        BytesIO(data.lstrip()), events=("start", "end"), recover=True, resolve_entities=False, no_network=True,
        load_dtd=False, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        for event, element in tree:
            if not isinstance(element.tag, str):
                continue
            # A prefix that is declared nowhere stays before the name.
            space, _, local = element.tag.rpartition("}")
            name = local.rpartition(":")[2].lower()
            if event == "start":
                root = root or name
                if root not in ("urlset", "sitemapindex"):
                    raise NoFeed(source, f"no sitemap but <{root}>: check its address")
                continue
            if name in _FIELDS and not any(media in f"{space} {local}" for media in ("image", "video")):
                fields.setdefault(name, element.text or "")
            elif name in ("url", "sitemap"):
                if (link := absolute(fields.get("loc"), url)) is None:
                    pass
                elif name == "sitemap":
                    children.append(Child(link, _exact(fields.get("lastmod"))))
                else:
                    entries.append(_entry(link, fields))
                fields = {}
                # What was read is let go of: a sitemap of 50 MB makes a tree of ten times that.
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
                if len(entries) + len(children) >= MAX_SITEMAP_ENTRIES:
                    break
    except etree.XMLSyntaxError:
        # What was read until then counts; without a root there was nothing.
        pass
    if root is None:
        raise NoFeed(source, "no XML, no sitemap: check its address")
    return Sitemap(tuple(entries), tuple(children), broken=len(tree.error_log) > 0)


def _entry(link: str, fields: dict[str, str]) -> Entry:
    return Entry(
        link, words(fields.get("title")), moment(fields.get("publication_date")), moment(fields.get("lastmod"))
    )


def _exact(text: str | None) -> datetime | None:
    return moment(text) if ":" in (text or "") else None


def _unpacked(data: bytes, source: str) -> bytes:
    too_large = TooLarge(
        source, f"a sitemap of more than {MAX_SITEMAP_BYTES // 1_000_000} MB: follow one of the sitemaps of news"
    )
    if not data.startswith(_GZIP):
        if len(data) > MAX_SITEMAP_BYTES:
            raise too_large
        return data
    try:
        unpacked = zlib.decompressobj(31).decompress(data, MAX_SITEMAP_BYTES + 1)
    except zlib.error as error:
        raise NoFeed(source, "damaged gzip data: try again later, or check the sitemap's address") from error
    if len(unpacked) > MAX_SITEMAP_BYTES:
        raise too_large
    return unpacked
