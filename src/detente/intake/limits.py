"""The bounds on what comes from outside: bytes, time and depth.

They keep one hostile page from holding up the others. Each is the project's own choice, made so that
ordinary pages pass (the largest news pages seen are under 6 MB, and nest under 100 deep) and the
worst that passes is read within about five seconds on one core.
"""

from dataclasses import dataclass

MAX_BYTES = 10_000_000
"""Bytes of one source or one JSON line, after unpacking."""

MAX_ELEMENTS = 40_000
"""HTML elements of one page: extraction takes time in proportion to them."""

MAX_DEPTH = 1000
"""Nesting of HTML elements. libxml2 stops at 2,048 by itself and would silently lose what is deeper."""

MAX_CHARACTERS = 1_000_000
"""Characters of one article's text: spaCy's own limit for one text (`Language.max_length`)."""

FETCH_SECONDS = 20.0
"""Seconds for one address, redirects and further attempts included, waiting for one's turn not."""

MAX_REDIRECTS = 5
"""Redirects followed for one address."""

MAX_FEED_BYTES = 5_000_000
"""Bytes of one feed: what passes is parsed within seconds; ordinary feeds have under 1 MB."""

MAX_FEED_TAGS = 100_000
"""Tags of one feed, those in its entries' texts included: parsing takes time in proportion to them."""

MAX_ENTRIES = 1_000
"""Entries of one feed, or links of one listing page."""

MAX_SITEMAP_BYTES = 52_428_800
"""Bytes of one sitemap after unpacking: the protocol's own bound (https://www.sitemaps.org/protocol.html)."""

MAX_SITEMAP_ENTRIES = 50_000
"""Entries of one sitemap: the protocol's own bound."""

MAX_SITEMAPS = 20
"""Sitemaps of one index that are fetched in one look, those changed last first."""

MAX_SITEMAP_DEPTH = 3
"""How deep sitemaps may name each other; the protocol allows an index and its sitemaps."""

MAX_LISTED = 5_000
"""Entries of one look at a sitemap and those that it names, the newest of them."""

MAX_SEEN = 50_000
"""Things that are remembered of one source; more than one look can give, so that nothing is given twice."""

MAX_POLL_PAGES = 1_000
"""Pages that one look at a folder or a maildir gives; the next look gives the next."""

MAX_POLL_BYTES = 50_000_000
"""Bytes of those pages."""

MAX_LETTER_PARTS = 50
"""Parts of one message: each line of it is held against the boundaries of all parts around it."""

MAX_LETTER_ENDS = 300_000
"""Line ends of one message, CR and LF counted apart: 150,000 lines, which messages of 10 MB hardly have."""

HOST_SECONDS = 1.0
"""Seconds between the end of one request to a host and the start of the next, where its robots.txt asks for no more."""


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """The bounds on fetching one address, and on the patience with its host.

    `seconds` and `connect_seconds` bound the network's time for a page and for one connection; `longest_wait` (seconds)
    is the most that is waited for a host, whether Retry-After, a crawl-delay or back-off asks for it. `backoff`
    (seconds) is the first pause between attempts, doubled after each. robots.txt is read up to `robots_bytes` and kept
    for `robots_seconds` (both of RFC 9309, 2.5 and 2.4); one that could not be had is asked for again after
    `robots_again` seconds. `idle_connections` are kept open for reuse, `idle_seconds` each.
    """

    seconds: float = FETCH_SECONDS
    connect_seconds: float = 8.0
    max_bytes: int = MAX_BYTES
    redirects: int = MAX_REDIRECTS
    attempts: int = 3
    backoff: float = 1.0
    longest_wait: float = 60.0
    robots_bytes: int = 512_000
    robots_seconds: float = 86_400.0
    robots_again: float = 600.0
    idle_connections: int = 64
    idle_seconds: float = 30.0
