"""One address → its bytes, within bounds, from the public web only.

Every name is resolved first and refused where any of its addresses is not public (private, loopback,
link-local, shared, reserved, multicast, in whatever notation or IPv6 wrapping); the connection then goes to
the very address that was checked, so that a name cannot change its meaning in between. The same holds for
each redirect.
"""

import http.client
import ipaddress
import socket
import ssl
import time
import zlib
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from detente.errors import Empty, NotFound, NotText, SourceError, TooLarge
from detente.intake.limits import FETCH_SECONDS, MAX_BYTES, MAX_REDIRECTS

_CHUNK = 65_536
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_TYPES = (
    "text/",
    "application/xhtml",
    "application/xml",
    "application/json",
    "application/octet-stream",
    "application/x-ndjson",
)


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address gave: its bytes, the address after redirects, and the charset that the server declared."""

    data: bytes
    url: str
    charset: str | None


def fetch(url: str, *, also: tuple[str, ...] = ()) -> Fetched:
    """The bytes at an http or https address; `also` are media types that are welcome besides text and HTML.

    Raises SourceError, NotFound, NotText, TooLarge or Empty, each saying what to do.
    """
    deadline = time.monotonic() + FETCH_SECONDS
    address = url
    for _ in range(MAX_REDIRECTS + 1):
        connection, response = _open(address, url, deadline)
        try:
            if response.status in (301, 302, 303, 307, 308) and (target := response.getheader("Location")):
                address = urljoin(address, target)
                continue
            if response.status in (404, 410):
                raise NotFound(url, f"no such page (HTTP {response.status}): check the address")
            if response.status != 200:
                raise SourceError(
                    url,
                    f"the server answered HTTP {response.status}: try later, or save the page and give the file",
                )
            kind = (response.getheader("Content-Type") or "text/html").lower()
            if not kind.startswith(_TYPES + also):
                raise NotText(url, f"{kind.split(';')[0]}, no page of text or HTML: give the address of an article")
            data = _body(response, connection, url, deadline)
            if not data:
                raise Empty(
                    url, "the server sent nothing: try later, or save the page from a browser and give the file"
                )
            return Fetched(data, address, response.headers.get_content_charset())
        finally:
            connection.close()
    raise SourceError(url, f"more than {MAX_REDIRECTS} redirects: give the address where they end")


def public_address(host: str, port: int, source: str) -> str:
    """The first IP address of `host`, all of whose addresses are public. Raises SourceError, NotFound."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotFound(source, f"no such host, {host}: check the address and the network") from error
    addresses = [str(entry[4][0]) for entry in found]
    for address in addresses:
        if not is_public(address):
            raise SourceError(source, "not an address of the public web: save the page and give the file")
    return addresses[0]


def is_public(address: str) -> bool:
    """Whether an IP address is of the public internet, what it wraps (IPv4 in IPv6) included."""
    ip = ipaddress.ip_address(address.split("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        wrapped = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if wrapped is None and ip in _NAT64:
            wrapped = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if wrapped is not None:
            return is_public(str(wrapped))
        if ip.is_site_local:
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def _open(address: str, source: str, deadline: float) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise NotFound(source, "no address: write it as https://site/page") from error
    if parts.scheme not in ("http", "https") or not host:
        raise SourceError(source, f"leads to {parts.scheme or 'no'}: only http and https addresses are fetched")
    secure = parts.scheme == "https"
    port = port or (443 if secure else 80)
    ip = public_address(host, port, source)
    left = _left(deadline, source)
    connection: http.client.HTTPConnection
    if secure:
        connection = http.client.HTTPSConnection(host, port, timeout=left, context=ssl.create_default_context())
    else:
        connection = http.client.HTTPConnection(host, port, timeout=left)
    path = quote(urlunsplit(("", "", parts.path or "/", parts.query, "")), safe="/?&=%#:;,@!$'()*+~[]-._")
    try:
        # Connected to the address that was checked; the host's name serves for TLS and the Host header only.
        plain = socket.create_connection((ip, port), timeout=left)
        connection.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=host) if secure else plain
        connection.request(
            "GET",
            path,
            headers={
                "User-Agent": _agent(),
                "Accept": "text/html, text/plain;q=0.9, */*;q=0.1",
                "Accept-Encoding": "gzip, deflate",
            },
        )
        return connection, connection.getresponse()
    except ssl.SSLError as error:
        connection.close()
        raise SourceError(
            source, "its certificate does not hold: save the page from a browser and give the file"
        ) from error
    except TimeoutError as error:
        connection.close()
        raise _too_slow(source) from error
    except (OSError, http.client.HTTPException) as error:
        connection.close()
        raise SourceError(
            source, f"no answer ({error.__class__.__name__}): check the address and the network"
        ) from error


def _body(
    response: http.client.HTTPResponse, connection: http.client.HTTPConnection, source: str, deadline: float
) -> bytes:
    encoding = (response.getheader("Content-Encoding") or "identity").lower()
    unpack = zlib.decompressobj(47) if encoding in ("gzip", "x-gzip", "deflate") else None
    if unpack is None and encoding != "identity":
        raise NotText(
            source, f"packed as {encoding}, which was not asked for: save the page from a browser and give the file"
        )
    data = bytearray()
    try:
        while True:
            if connection.sock is not None:
                connection.sock.settimeout(_left(deadline, source))
            # read1 returns what is there: a server that drips bytes meets the deadline all the same.
            chunk = response.read1(_CHUNK)
            if not chunk:
                return bytes(data)
            _left(deadline, source)
            data += unpack.decompress(chunk, MAX_BYTES + 1) if unpack else chunk
            if len(data) > MAX_BYTES:
                raise TooLarge(source, f"more than {MAX_BYTES // 1_000_000} MB: give the article's own page")
    except TimeoutError as error:
        raise _too_slow(source) from error
    except (OSError, http.client.HTTPException, zlib.error) as error:
        raise SourceError(source, f"broke off ({error.__class__.__name__}): try again") from error


def _left(deadline: float, source: str) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise _too_slow(source)
    return left


def _too_slow(source: str) -> SourceError:
    return SourceError(
        source, f"no page within {FETCH_SECONDS:.0f} seconds: try later, or save it from a browser and give the file"
    )


def _agent() -> str:
    try:
        return f"detente/{version('detente')}"
    except PackageNotFoundError:
        return "detente/0"
