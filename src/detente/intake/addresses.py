"""A host's name → the addresses to connect to, all of them public or the host allowed by the user."""

import ipaddress
import queue
import socket
import threading
from collections.abc import Callable, Iterable, Sequence
from urllib.parse import urlsplit

import httpx

from detente.errors import NotFound, NotPublic, TooSlow, Unreachable, UsageError

Resolve = Callable[[str, int], Sequence[str]]
"""A host's name and port → its IP addresses; OSError where it has none."""

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
# What older Pythons' tables take for public, or what is public by its number alone.
_NOT_PUBLIC = tuple(
    map(
        ipaddress.ip_network,
        (
            "192.0.0.0/24",  # IETF protocol assignments (RFC 6890); a cloud's metadata stand in it too
            "168.63.129.16/32",  # what each machine in Azure asks for its own settings
            "64:ff9b:1::/48",  # NAT64 within one network (RFC 8215)
            "3fff::/20",  # documentation (RFC 9637)
            "5f00::/16",  # segment routing (RFC 9602)
        ),
    )
)


def resolve(host: str, port: int) -> list[str]:
    """The IP addresses that the system's resolver gives, in its order. Raises OSError, UnicodeError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


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
    return (
        ip.is_global
        and not ip.is_multicast
        and not ip.is_reserved
        and not any(ip in network for network in _NOT_PUBLIC)
    )


class Gate:
    """Which addresses may be connected to.

    `allow_hosts` are hosts, or hosts with a port (`intranet.example`, `127.0.0.1:8000`, `[::1]:8000`), that the user
    lets be fetched though their addresses are not public. Raises UsageError for one that is no host.
    """

    def __init__(
        self, allow_hosts: Iterable[str] = (), resolve: Resolve = resolve, public: Callable[[str], bool] = is_public
    ) -> None:
        self._allowed = {_host(entry) for entry in allow_hosts}
        self._resolve = resolve
        self._public = public

    def addresses(self, host: str, port: int, source: str, seconds: float) -> list[str]:
        """The IP addresses of `host`, resolved once; a number in any notation is taken for what it means.

        Raises NotFound where it has none, TooSlow where none is known within `seconds`, and NotPublic where one of
        them is not public and the host is not allowed: the others could lead to the same machine.
        """
        number = _number(host)
        found = [number] if number else self._look_up(host, port, source, seconds)
        if {(host, None), (host, port)} & self._allowed:
            return found
        if not all(map(self._public, found)):
            raise NotPublic(source, "not an address of the public web: save the page and give the file")
        return found

    def _look_up(self, host: str, port: int, source: str, seconds: float) -> list[str]:
        answer: queue.SimpleQueue[Sequence[str] | Exception] = queue.SimpleQueue()

        def ask() -> None:
            try:
                answer.put(self._resolve(host, port))
            except (OSError, UnicodeError) as error:
                answer.put(error)

        # The system's resolver cannot be told to stop: a thread of its own lets the page's deadline hold all the same.
        threading.Thread(target=ask, daemon=True).start()
        try:
            found = answer.get(timeout=max(seconds, 0.001))
        except queue.Empty:
            raise TooSlow(source, f"no address known for {host} within {seconds:.3g} seconds: try later") from None
        if isinstance(found, socket.gaierror) and found.errno == socket.EAI_AGAIN:
            raise Unreachable(source, f"the network's names do not answer for {host}: try later") from found
        if isinstance(found, Exception) or not found:
            raise NotFound(source, f"no such host, {host}: check the address and the network") from (
                found if isinstance(found, Exception) else None
            )
        return list(found)


def _host(entry: str) -> tuple[str, int | None]:
    try:
        parts = urlsplit(f"http://{entry}")
        host, port = httpx.URL(f"http://{entry}").raw_host.decode("ascii"), parts.port
        known = parts.netloc == entry and "@" not in entry
    except (httpx.InvalidURL, ValueError):
        known = False
    if not known or not host:
        raise UsageError(f"{entry!r} is no host to allow: write a host or host:port, as in intranet.example:8000")
    return host, port


def _number(host: str) -> str | None:
    """The IP address that a host's name is itself: decimal, octal, hexadecimal and short forms included."""
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except (OSError, UnicodeError):
        return None
