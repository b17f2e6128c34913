"""A site's robots.txt → what may be fetched of it, and how fast (RFC 9309)."""

import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from protego import Protego

from detente.errors import SourceError, TooBusy

PRODUCT = "detente"
"""The product token that robots.txt may name."""

_MOST_SITES = 1000
_AGENT = re.compile(r"\s*user[ -]?agent\s*:?\s*(.*)", re.I)


@dataclass(frozen=True, slots=True)
class Rules:
    """What one robots.txt says to this reader."""

    _parsed: Protego

    def allow(self, url: str) -> bool:
        """Whether the address may be fetched."""
        return self._parsed.can_fetch(url, PRODUCT)

    @property
    def delay(self) -> float:
        """Seconds between requests that the site asks for (Crawl-delay, which RFC 9309 does not know); 0 for none."""
        return self._parsed.crawl_delay(PRODUCT) or 0.0


def parse(data: bytes) -> Rules:
    """The rules in the bytes of a robots.txt; what is no rule is passed over."""
    # Protego keeps each rule once for each agent of its group, so that a file of many of both would take hours and all
    # memory: whoever is not asked about here goes by one name.
    lines = data.decode("utf-8", "replace").removeprefix("\ufeff").splitlines()
    return Rules(Protego.parse("\n".join(map(_narrowed, lines))))


def _narrowed(line: str) -> str:
    agent = _AGENT.match(line)
    if not agent:
        return line
    name = agent[1].split("#")[0].split("/")[0].strip().lower()
    named = "*" if name == "*" else PRODUCT if name.strip("*") == PRODUCT else "other"
    return f"User-agent: {named}"


@dataclass(slots=True)
class _Site:
    lock: threading.Lock = field(default_factory=threading.Lock)
    until: float = 0.0
    told: Rules | SourceError | None = None


class Robots:
    """The rules of each site, loaded when first asked for and kept; for any number of threads.

    `load` gives a site's rules, named by its origin (`https://site:port`) and the source that messages name; what it
    gives is kept for `seconds`, a SourceError that it raises for `again_seconds`.
    """

    def __init__(self, load: Callable[[str, str], Rules], seconds: float, again_seconds: float) -> None:
        self._load = load
        self._seconds = seconds
        self._again_seconds = again_seconds
        self._guard = threading.Lock()
        self._sites: OrderedDict[str, _Site] = OrderedDict()

    def rules(self, origin: str, source: str) -> Rules:
        """The rules of the site at `origin`. Raises what loading them raised."""
        site = self._site(origin)
        with site.lock:
            if site.told is None or time.monotonic() >= site.until:
                try:
                    site.told = self._load(origin, source)
                    site.until = time.monotonic() + self._seconds
                except TooBusy:
                    # Its host keeps the time itself.
                    raise
                except SourceError as error:
                    site.told = error
                    site.until = time.monotonic() + self._again_seconds
            if isinstance(site.told, SourceError):
                raise type(site.told)(source, site.told.message)
            return site.told

    def _site(self, origin: str) -> _Site:
        with self._guard:
            site = self._sites.setdefault(origin, _Site())
            self._sites.move_to_end(origin)
            if len(self._sites) > _MOST_SITES:
                self._sites.popitem(last=False)
            return site
