"""Feeds and sitemaps of all kinds, whole and damaged, and what pages say of their feeds."""

import gzip
import json
import random
from datetime import UTC, datetime

import pytest

from detente.errors import Empty, NoFeed, NotText, SourceError, TooLarge
from detente.intake import sitemaps
from detente.intake.discover import discover, listed
from detente.intake.entries import Entry, moment
from detente.intake.feeds import read_feed
from detente.intake.limits import MAX_ENTRIES, MAX_FEED_BYTES, MAX_FEED_TAGS
from detente.intake.sitemaps import Child, read_sitemap

HERE = "https://desk.example/news/feed.xml"
NOON = datetime(2022, 1, 21, 12, 0, tzinfo=UTC)
RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel><title>The Desk</title><language>en-GB</language><link>https://desk.example/</link>
<item><title>Talks in Geneva &amp; after</title><link>https://desk.example/a?utm_source=rss&amp;id=1</link>
<pubDate>Fri, 21 Jan 2022 14:00:00 +0200</pubDate>
<description><![CDATA[<p>Ministers met.<script>x()</script></p>]]></description>
<author>desk@desk.example (Desk)</author></item>
<item><title>Second</title><link>/b</link><guid isPermaLink="false">7</guid></item>
<item><title>No address</title><description>x</description></item>
<item><title>Bad address</title><link>javascript:alert(1)</link></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en" xml:base="https://desk.example/en/">
<title>The Desk</title>
<entry><title type="html">Talks &lt;b&gt;in&lt;/b&gt; Geneva</title><link href="a"/><id>urn:1</id>
<published>2022-01-21T12:00:00Z</published><updated>2022-01-21T13:30:00+01:30</updated><summary>Met.</summary></entry>
<entry><title>Second</title><link rel="alternate" href="b"/><id>urn:2</id>
<updated>2022-01-21T12:00:00Z</updated></entry>
</feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>The Desk</title></channel>
<item rdf:about="https://desk.example/a"><title>Talks</title><link>https://desk.example/a</link>
<dc:date>2022-01-21T12:00:00Z</dc:date></item></rdf:RDF>"""
JSON = json.dumps({
    "version": "https://jsonfeed.org/version/1.1", "title": "The Desk", "language": "en",
    "items": [
        {"id": "1", "url": "/a", "title": "Talks", "content_html": "<p>Met &amp; went.</p>",
         "date_published": "2022-01-21T14:00:00+02:00", "date_modified": "2022-01-21T12:00:00Z"},
        {"id": "https://desk.example/b", "content_text": "Second"},
        {"id": "3", "title": "No address"}, "no item", {"id": 4, "url": ["x"], "title": {}},
    ],
})  # fmt: skip
NEWS = """<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
xmlns:n="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><image:image><image:loc>https://desk.example/a.jpg</image:loc><image:title>Photo</image:title></image:image>
<loc>https://desk.example/a</loc><n:news><n:publication><n:name>The Desk</n:name></n:publication>
<n:publication_date>2022-01-21T14:00:00+02:00</n:publication_date><n:title>Talks &amp; after</n:title></n:news></url>
<url><loc> /b </loc><lastmod>2022-01-21</lastmod></url><url><lastmod>2022-01-21</lastmod></url></urlset>"""
INDEX = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>https://desk.example/1.xml.gz</loc><lastmod>2022-01-21T12:00:00Z</lastmod></sitemap>
<sitemap><loc>https://desk.example/2.xml</loc><lastmod>2022-01-21</lastmod></sitemap></sitemapindex>"""
PAGE = """<html><head><base href="https://desk.example/en/">
<link rel="alternate" type="application/rss+xml" title="Comments" href="comments/feed/">
<link rel="alternate" type="application/rss+xml; charset=utf-8" title="News" href="feed">
<link rel="alternate" hreflang="fr" href="/fr/"></head><body><a href="/rss/world.xml">World</a>
<a href="/press/one-day">Ministers meet in Geneva again</a><a href="/press/one-day#c">Ministers meet in Geneva again</a>
<a href="https://other.example/x">An article of another site here</a><a href="/about">About</a></body></html>"""


def feed(text: str | bytes, charset: str | None = None):  # type: ignore[no-untyped-def]
    return read_feed(text.encode() if isinstance(text, str) else text, source="feed", url=HERE, charset=charset)


def sitemap(text: str | bytes):  # type: ignore[no-untyped-def]
    data = text.encode() if isinstance(text, str) else text
    return read_sitemap(data, source="map", url="https://desk.example/map.xml")


def test_rss() -> None:
    found = feed(RSS)
    assert (found.title, found.language, found.broken) == ("The Desk", "en-gb", False)
    first, second = found.entries
    assert first == Entry(
        "https://desk.example/a?utm_source=rss&id=1", "Talks in Geneva & after", NOON, None, "Ministers met."
    )
    assert second == Entry("https://desk.example/b", "Second")


def test_atom_knows_publication_from_update_and_its_own_base() -> None:
    first, second = feed(ATOM).entries
    assert (first.url, first.title, first.summary) == ("https://desk.example/en/a", "Talks in Geneva", "Met.")
    assert (first.published, first.updated) == (NOON, NOON)
    assert (second.published, second.updated) == (None, NOON)


def test_rdf_and_json_feeds() -> None:
    (entry,) = feed(RDF).entries
    assert (entry.url, entry.title, entry.published) == ("https://desk.example/a", "Talks", NOON)
    found = feed(JSON)
    assert (found.title, found.language) == ("The Desk", "en")
    assert found.entries == (
        Entry("https://desk.example/a", "Talks", NOON, NOON, "Met & went."),
        Entry("https://desk.example/b", "", None, None, "Second"),
    )


def test_a_broken_feed_is_read_as_far_as_it_goes() -> None:
    cut = feed(RSS[: RSS.index("<item><title>No address")])
    assert cut.broken
    assert [entry.title for entry in cut.entries] == ["Talks in Geneva & after", "Second"]
    bare = feed(RSS.replace("&amp; after", "& after &nbsp;"))
    assert bare.broken
    assert bare.entries[0].title == "Talks in Geneva & after"


def test_encodings() -> None:
    words = RSS.replace("The Desk", "Le Bureau à Genève")
    for encoding in ("utf-8", "cp1252", "utf-16"):
        declared = words.replace('encoding="UTF-8"', f'encoding="{encoding}"')
        assert feed(declared.encode(encoding)).title == "Le Bureau à Genève"
    assert feed(words.encode("cp1252"), "windows-1252").title == "Le Bureau à Genève"


@pytest.mark.parametrize(
    "before", ["", "\ufeff", "\n\n ", "<!-- <rss> -->\n", "<?xml-stylesheet href='a'?>", "<!DOCTYPE rss>"]
)
def test_what_stands_before_the_feed_does_no_harm(before: str) -> None:
    assert len(feed(before + RSS.split("\n", 1)[1]).entries) == 2


@pytest.mark.parametrize(
    ("data", "error", "words"),
    [
        ("<html><body>Sorry</body></html>", NoFeed, "HTML page"), (NEWS, NoFeed, "sitemap"),
        ("hello", NoFeed, "no feed"),
        ('{"items": 3}', NoFeed, "items"), ('{"items": [', NoFeed, "JSON"), ('{"a":' * 100_000, NoFeed, "JSON"),
        (b"%PDF-1.4", NotText, "PDF"), (b"  ", Empty, "nothing"), (b"x" * (MAX_FEED_BYTES + 1), TooLarge, "MB"),
        ("<rss>" + "<a>" * MAX_FEED_TAGS, TooLarge, "tags"),
    ],
)  # fmt: skip
def test_what_is_no_feed(data: str | bytes, error: type[SourceError], words: str) -> None:
    with pytest.raises(error, match=words):
        feed(data)


def test_entries_are_bounded() -> None:
    many = "".join(f"<item><link>https://desk.example/{n}</link></item>" for n in range(MAX_ENTRIES + 9))
    assert len(feed(f"<rss version='2.0'><channel>{many}</channel></rss>").entries) == MAX_ENTRIES


ENTITIES = (
    '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname"><!ENTITY a "lol">'
    + "".join(f'<!ENTITY a{n} "{"&a;" * 9 if not n else f"&a{n - 1};" * 9}">' for n in range(12))
    + "]>"
)


def test_entities_are_not_followed() -> None:
    for words in ("&a11;", "&f;"):
        in_feed = feed(ENTITIES + RSS.split("\n", 1)[1].replace("Second", words))
        assert len(in_feed.entries[-1].title) < 10
        in_map = sitemap(ENTITIES + NEWS[NEWS.index("<urlset") :].replace("Talks &amp; after", words))
        assert all(entry.title == "" for entry in in_map.entries)


@pytest.mark.parametrize(
    "evil",
    [
        # Each would take minutes where feedparser is left to itself.
        "<rss><channel><item><author>" + "a" * 400_000 + "@</author></item></channel></rss>",
        "<rss><channel><item><dc:creator>" + "a" * 400_000,
        '<?xml version="1.0"?>' + "\n" * 400_000 + "<rss>",
        "<!DOCTYPE a [\n" + "<!ENTITY \n" * 50_000 + "<rss>",
        "<rss><channel>" + '<x xml:base="../a/b/">' * 12_000,
    ],
)
def test_hostile_feeds_end_soon(evil: str) -> None:
    assert feed(evil).title == ""


def test_news_sitemap_plain_and_gzipped() -> None:
    for data in (NEWS.encode(), gzip.compress(NEWS.encode())):
        found = sitemap(data)
        assert found.entries == (
            Entry("https://desk.example/a", "Talks & after", NOON, None),
            Entry("https://desk.example/b", "", None, datetime(2022, 1, 21, tzinfo=UTC)),
        )
        assert not found.broken


def test_sitemap_index_says_when_to_the_minute_only() -> None:
    found = sitemap(INDEX)
    assert found.entries == ()
    assert found.children == (Child("https://desk.example/1.xml.gz", NOON), Child("https://desk.example/2.xml", None))


def test_a_broken_sitemap_is_read_as_far_as_it_goes() -> None:
    found = sitemap(NEWS[: NEWS.index("<url><loc> /b")])
    assert found.broken
    assert len(found.entries) == 1


def test_sitemaps_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "MAX_SITEMAP_BYTES", 100_000)
    with pytest.raises(TooLarge):
        sitemap(gzip.compress(b"<urlset>" + b" " * 200_000))
    with pytest.raises(TooLarge):
        sitemap(b"<urlset>" + b" " * 200_000)
    monkeypatch.setattr(sitemaps, "MAX_SITEMAP_ENTRIES", 3)
    assert len(sitemap("<urlset>" + "<url><loc>/x</loc></url>" * 9).entries) == 3


@pytest.mark.parametrize("data", ["<html/>", "words", RSS, b"\x1f\x8b\x08broken"])
def test_what_is_no_sitemap(data: str | bytes) -> None:
    with pytest.raises(NoFeed):
        sitemap(data)


def test_mutated_feeds_and_sitemaps_never_crash() -> None:
    """A few hundred seeded mutations: bytes changed, cut, doubled and moved."""
    chance = random.Random(5)
    pieces = [
        b"<",
        b">",
        b"]]>",
        b"<![CDATA[",
        b"&#x0;",
        b"&#99999999;",
        b"\x00",
        b"\xff\xfe",
        b"</",
        b"<!--",
        b"<?xml",
        b'"',
    ]
    for _ in range(120):
        for whole in (RSS, ATOM, RDF, JSON, NEWS, INDEX):
            data = bytearray(whole.encode())
            for _ in range(chance.randint(1, 12)):
                at, end = sorted((chance.randrange(len(data)), chance.randrange(len(data))))
                act = chance.randrange(4)
                if act == 0:
                    data[at] = chance.randrange(256)
                elif act == 1:
                    data[at:at] = chance.choice(pieces)
                elif act == 2:
                    del data[at : min(end, at + 40)]
                else:
                    data[at:at] = data[end : end + 200]
            for read in (feed, sitemap):
                try:
                    for entry in read(bytes(data)).entries:
                        assert entry.url.startswith(("http://", "https://"))
                        assert all(m is None or m.tzinfo for m in (entry.published, entry.updated))
                except SourceError:
                    pass


@pytest.mark.parametrize("text", ["2022", "2022-01", "2022-01-01", "2022-01-01T00:00Z", "2022-01-01 00:00:00.000"])
def test_moments(text: str) -> None:
    assert moment(text) == datetime(2022, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", [None, "", "soon", "2022-13", "0001-01-01T00:00:00+05:00", "20220101", "2022-01-01T99:99"]
)
def test_no_moments(text: str | None) -> None:
    assert moment(text) is None


def test_discover_gives_declared_feeds_first_and_those_of_comments_last() -> None:
    found = discover(PAGE.encode(), source="page", url="https://desk.example/start")
    assert [(c.url, c.how) for c in found[:3]] == [
        ("https://desk.example/en/feed", "declared"),
        ("https://desk.example/rss/world.xml", "linked"),
        ("https://desk.example/feed/", "usual"),
    ]
    assert found[-1].title == "Comments"
    assert len({c.url for c in found}) == len(found)


def test_a_listing_page_names_the_pages_of_its_site() -> None:
    found = listed(PAGE.encode(), source="page", url="https://www.desk.example/start")
    assert found == (Entry("https://desk.example/press/one-day", "Ministers meet in Geneva again"),)
