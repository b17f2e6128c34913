"""One address → its bytes, within bounds, from the public web only, as politely as its host asks.

Every name is resolved once for each connection and refused where any of its addresses is not public; the connection
then goes to the very address that was checked, so that a name cannot change its meaning in between. The same holds for
each redirect and for robots.txt.
"""

import re
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from importlib.metadata import PackageNotFoundError, version
from types import MappingProxyType
from typing import Self, TypeGuard
from urllib.parse import urljoin

import httpx
from tenacity import (
    Retrying,
    retry_if_exception_type,
    retry_if_result,
    stop_after_attempt,
    wait_exponential,
    wait_random,
)
from tenacity.nap import sleep_using_event

from detente.errors import Empty, Forbidden, NotFound, SourceError, TooSlow, Unreachable, UsageError
from detente.intake.addresses import Gate, Resolve, is_public, resolve
from detente.intake.connections import Connections
from detente.intake.exchange import Accept, Answer, Budget, Request, Transient, ask, refusal
from detente.intake.limits import FETCH_SECONDS, HOST_SECONDS, FetchLimits
from detente.intake.politeness import Hosts
from detente.intake.raw import RawPage
from detente.intake.robots import PRODUCT, Robots, Rules, parse

_PAGE_TYPES = (
    "text/",
    "application/xhtml",
    "application/xml",
    "application/json",
    "application/octet-stream",
    "application/x-ndjson",
)
PAGES = Accept("text/html, text/plain;q=0.9, */*;q=0.1", _PAGE_TYPES)
FEEDS = Accept(
    "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.1",
    ("application/rss", "application/atom", "application/rdf", "application/feed+json", *_PAGE_TYPES),
)
SITEMAPS = Accept(
    "application/xml, text/xml, text/plain;q=0.9, */*;q=0.1", ("application/gzip", "application/x-gzip", *_PAGE_TYPES)
)
_ANY = Accept("text/plain, */*;q=0.1", ("",))

_KEPT_HEADERS = ("etag", "last-modified", "content-type", "date", "retry-after")
_LONGEST_HEADER = 1000
_LONGEST_CONTACT = 200
# Characters of a name (RFC 1035, 2.3.4).
_LONGEST_HOST = 253
# Printable ASCII without what could end a comment in a header.
_PLAIN = r"[!-'*-;=?A-~]"
_CONTACT = re.compile(rf"{_PLAIN}+@{_PLAIN}+|https?://{_PLAIN}+")
_REDIRECTS = (301, 302, 303, 307, 308)


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address gave.

    Its bytes, unpacked; `url`, the address after redirects; the charset that the server declared; the HTTP status
    (200, or 304 with no bytes); of the headers those that matter later, by lower-case names (etag, last-modified,
    content-type, date, retry-after); and when it came, in UTC.
    """

    data: bytes
    url: str
    charset: str | None
    status: int
    headers: Mapping[str, str]
    fetched_at: datetime

    @property
    def not_modified(self) -> bool:
        """Whether the page is still what the given etag or last_modified tells."""
        return self.status == 304


def fetch(url: str, *, accept: Accept = PAGES) -> Fetched:
    """The bytes at an http or https address that the user named: robots.txt is not asked, a failure retried once.

    Raises what `Fetcher.get` raises, Forbidden only where the site itself refuses.
    """
    limits = FetchLimits(seconds=FETCH_SECONDS, attempts=2, longest_wait=FETCH_SECONDS)
    with Fetcher(per_host_seconds=0.0, limits=limits) as fetcher:
        return fetcher._page(url, accept, {}, _no_rules)


def raw_page(fetched: Fetched) -> RawPage:
    """The page as it came, for what reads and keeps pages."""
    return RawPage(
        fetched.data,
        source=fetched.url,
        url=fetched.url,
        charset=fetched.charset,
        fetched_at=fetched.fetched_at,
        headers=fetched.headers,
    )


def user_agent(contact: str | None = None) -> str:
    """How detente names itself to servers, as in `detente/1.0 (+desk@example.org)`.

    Raises UsageError where the contact is neither a mail address nor a web address.
    """
    try:
        name = f"{PRODUCT}/{version('detente')}"
    except PackageNotFoundError:
        name = f"{PRODUCT}/0"
    if contact is None:
        return name
    if len(contact) > _LONGEST_CONTACT or not _CONTACT.fullmatch(contact):
        raise UsageError(f"{contact!r} is no contact: give a mail address or an address that begins with https://")
    return f"{name} (+{contact})"


class Fetcher:
    """Fetches any number of addresses unattended.

    Several threads may share it: different hosts are asked at once, each host by one at a time. Each site's robots.txt
    is kept, and each host left alone for `per_host_seconds` after each request, or for as long as its crawl-delay says.
    `contact` (a mail address or a web address) stands in the user agent, so that a site's keeper can complain.
    `allow_hosts` (`host` or `host:port`) may be fetched though their addresses are not public. `resolve` looks up
    names; `limits` are the bounds. Raises UsageError for a contact or host that is none. Use it as a context manager:
    closing it ends all waiting.
    """

    def __init__(
        self,
        contact: str | None = None,
        allow_hosts: Iterable[str] = frozenset(),
        per_host_seconds: float = HOST_SECONDS,
        resolve: Resolve = resolve,
        *,
        limits: FetchLimits | None = None,
    ) -> None:
        self._agent = user_agent(contact)
        self._limits = limits or FetchLimits()
        self._stopped = threading.Event()
        self._connections = Connections(Gate(allow_hosts, resolve, is_public), self._limits)
        self._hosts = Hosts(per_host_seconds, self._limits.longest_wait, self._stopped)
        self._robots = Robots(self._load_rules, self._limits.robots_seconds, self._limits.robots_again)

    def get(
        self, url: str, *, etag: str | None = None, last_modified: str | None = None, accept: Accept = PAGES
    ) -> Fetched:
        """What is at an http or https address, or that it is still what `etag` or `last_modified`, given then, tell.

        Raises SourceError: NotFound, NotPublic, Forbidden, TooBusy, TooSlow, Unreachable, NotText (none of the types
        that `accept` takes), TooLarge, Empty; each says what to do.
        """
        validators = (("If-None-Match", etag), ("If-Modified-Since", last_modified))
        return self._page(url, accept, {name: value for name, value in validators if _is_sound(value)}, self._rules)

    def close(self) -> None:
        """Close the connections; whoever waits for a turn gets a SourceError."""
        self._stopped.set()
        self._connections.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _page(self, source: str, accept: Accept, conditions: dict[str, str], rules_of: "_RulesOf") -> Fetched:
        request = self._request(source, accept, conditions)
        address, answer = self._followed(source, request, rules_of)
        if answer.status != 200 and not (answer.status == 304 and conditions):
            raise refusal(source, answer)
        if answer.status == 200 and not answer.data:
            raise Empty(source, "the server sent nothing: try later, or save the page from a browser and give the file")
        declared = Message()
        declared["content-type"] = answer.headers.get("content-type", "")
        kept = {name: answer.headers[name] for name in _KEPT_HEADERS if _is_sound(answer.headers.get(name))}
        return Fetched(
            answer.data,
            address,
            declared.get_content_charset(),
            answer.status,
            MappingProxyType(kept),
            datetime.now(UTC),
        )

    def _request(self, source: str, accept: Accept, conditions: dict[str, str], cut: int | None = None) -> Request:
        headers = {"User-Agent": self._agent, **conditions}
        return Request(source, accept, headers, self._limits, Budget(self._limits.seconds), cut)

    def _rules(self, url: httpx.URL, source: str) -> Rules:
        return self._robots.rules(f"{url.scheme}://{url.netloc.decode('ascii')}", source)

    def _load_rules(self, origin: str, source: str) -> Rules:
        most = self._limits.robots_bytes
        request = self._request(source, _ANY, {}, cut=most)
        _, answer = self._followed(f"{origin}/robots.txt", request, _no_rules)
        if answer.status == 429:
            raise refusal(source, answer)
        if answer.status >= 500:
            # RFC 9309, 2.3.1.4: what cannot be asked has to be taken for a no.
            raise Unreachable(
                source, f"the robots.txt of its site failed (HTTP {answer.status}), which forbids all: try later"
            )
        if answer.status != 200:
            # RFC 9309, 2.3.1.3: a site without one forbids nothing.
            return parse(b"")
        whole = len(answer.data) < most
        return parse(answer.data if whole else answer.data[: answer.data.rfind(b"\n") + 1])

    def _followed(self, address: str, request: Request, rules_of: "_RulesOf") -> tuple[str, Answer]:
        """The answer at the end of the redirects, and where that is."""
        for _ in range(self._limits.redirects + 1):
            url = _parsed(address, request.source)
            rules = rules_of(url, request.source)
            delay = rules.delay if rules else 0.0
            if rules and not rules.allow(str(url)):
                raise Forbidden(request.source, f"the robots.txt of {url.host} forbids it: read it in a browser")
            if delay > self._limits.longest_wait:
                raise TooSlow(request.source, f"{url.host} wants {delay:g} seconds between pages: fetch it yourself")
            answer = self._attempted(url, request, delay)
            target = answer.headers.get("location")
            if answer.status not in _REDIRECTS or not target:
                # Without a password that may have stood in it.
                return (str(url) if "@" in address else address), answer
            try:
                address = urljoin(address, target)
            except ValueError as error:
                raise _no_address(request.source) from error
        raise SourceError(
            request.source, f"more than {self._limits.redirects} redirects: give the address where they end"
        )

    def _attempted(self, url: httpx.URL, request: Request, delay: float) -> Answer:
        """The last of as many answers as it takes, with a growing pause between them."""
        attempts = Retrying(
            retry=retry_if_exception_type(Transient) | retry_if_result(self._may_mend),
            stop=stop_after_attempt(self._limits.attempts),
            wait=wait_exponential(self._limits.backoff, self._limits.longest_wait)
            + wait_random(0, self._limits.backoff),
            sleep=sleep_using_event(self._stopped),
            retry_error_callback=lambda state: state.outcome.result() if state.outcome else None,
        )
        try:
            answer: Answer = attempts(self._turn, url, request, delay)
        except Transient as failed:
            raise failed.error from failed
        return answer

    def _may_mend(self, answer: Answer) -> bool:
        return answer.is_busy and (answer.retry_after or 0.0) <= self._limits.longest_wait

    def _turn(self, url: httpx.URL, request: Request, delay: float) -> Answer:
        with self._hosts.turn(url.host, request.source, delay), request.budget.running() as deadline:
            answer = ask(self._connections, url, request, deadline)
            if answer.is_busy and answer.retry_after:
                self._hosts.rest(url.host, answer.retry_after)
            return answer


_RulesOf = Callable[[httpx.URL, str], Rules | None]


def _no_rules(url: httpx.URL, source: str) -> None:
    """No robots.txt is asked: for a page that the user named, and for robots.txt itself."""


def _parsed(address: str, source: str) -> httpx.URL:
    try:
        # Neither a password nor a fragment is anything to a server that was not asked for one.
        url = httpx.URL(address).copy_with(userinfo=b"", fragment=None)
    except (httpx.InvalidURL, ValueError) as error:
        raise _no_address(source) from error
    if url.scheme not in ("http", "https") or not url.host:
        raise SourceError(source, f"leads to {url.scheme or 'no'}: only http and https addresses are fetched")
    if len(url.raw_host) > _LONGEST_HOST or (url.port is not None and not 0 < url.port < 65_536):
        raise _no_address(source)
    return url


def _no_address(source: str) -> NotFound:
    return NotFound(source, "no address, or no such host can be: write it as https://site/page")


def _is_sound(value: str | None) -> TypeGuard[str]:
    """Whether a header's value can be kept and sent back: HTTP/2 lets line breaks pass."""
    return value is not None and 0 < len(value) <= _LONGEST_HEADER and value.isprintable()
