"""Checked addresses and a request → its response, over connections that go nowhere else and end in time.

httpx itself takes no network of one's own; the connections beneath it, httpcore's, do.
"""

import ssl
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import httpcore
import httpx

from detente.intake.addresses import Gate
from detente.intake.limits import FetchLimits


@dataclass(slots=True)
class _Clock:
    """When what a connection is doing has to end (monotonic seconds)."""

    deadline: float = 0.0

    def left(self, timeout: float | None, error: type[httpcore.TimeoutException]) -> float:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise error("the deadline is over")
        return left if timeout is None else min(left, timeout)


class _Stream(httpcore.NetworkStream):
    """A connection's bytes. httpcore's own time-outs begin anew with each read, which bytes that drip never meet."""

    def __init__(self, stream: httpcore.NetworkStream, clock: _Clock) -> None:
        self._stream = stream
        self._clock = clock

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._clock.left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._clock.left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = self._clock.left(timeout, httpcore.ConnectTimeout)
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, left), self._clock)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)


class _Pinned(httpcore.NetworkBackend):
    """A network in which a host's name is never looked up: it means the addresses that were checked."""

    def __init__(self, addresses: Sequence[str], clock: _Clock) -> None:
        self._addresses = addresses
        self._clock = clock

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        failed: Exception = httpcore.ConnectError("no address")
        for address in self._addresses:
            left = self._clock.left(timeout, httpcore.ConnectTimeout)
            try:
                stream = httpcore.SyncBackend().connect_tcp(address, port, left, local_address, socket_options)
                return _Stream(stream, self._clock)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
        raise failed


class _Connection:
    """One TCP connection to one site (scheme, host and port)."""

    def __init__(self, url: httpcore.URL, addresses: Sequence[str], tls: ssl.SSLContext, idle_seconds: float) -> None:
        self.clock = _Clock()
        self.http = httpcore.HTTPConnection(
            url.origin,
            ssl_context=tls,
            keepalive_expiry=idle_seconds,
            http2=True,
            network_backend=_Pinned(addresses, self.clock),
        )

    @property
    def usable(self) -> bool:
        return self.http.is_available() and not self.http.has_expired()


class Connections:
    """The web's sites, reached only at addresses that `gate` lets pass; for any number of threads.

    A connection whose response was read to its end is kept for the next request to the same site. TLS trusts the
    system's certificates; proxies that the environment names are not used.
    """

    def __init__(self, gate: Gate, limits: FetchLimits) -> None:
        self._gate = gate
        self._limits = limits
        self._tls = ssl.create_default_context()
        self._guard = threading.Lock()
        self._idle: OrderedDict[str, _Connection] = OrderedDict()
        self._open = True

    @contextmanager
    def get(
        self, url: httpx.URL, headers: dict[str, str], source: str, deadline: float
    ) -> Iterator[tuple[httpcore.Response, Iterator[bytes]]]:
        """The response to a GET request and the pieces of its body, as packed as they come.

        `deadline` (monotonic seconds) ends it, whatever the server does. Raises what Gate and httpcore raise.
        """
        host, port = url.raw_host.decode("ascii"), url.port or (443 if url.scheme == "https" else 80)
        target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=port, target=url.raw_path)
        connection = self._kept(str(target.origin))
        if connection is None:
            addresses = self._gate.addresses(host, port, source, deadline - time.monotonic())
            connection = _Connection(target, addresses, self._tls, self._limits.idle_seconds)
        connection.clock.deadline = deadline
        whole = False

        def pieces() -> Iterator[bytes]:
            nonlocal whole
            yield from response.iter_stream()
            whole = True

        request = httpcore.Request(
            "GET",
            target,
            headers=[
                (b"Host", url.netloc),
                *((k.encode("ascii"), v.encode("latin-1", "replace")) for k, v in headers.items()),
            ],
            extensions={"timeout": {"connect": self._limits.connect_seconds}},
        )
        try:
            response = connection.http.handle_request(request)
            try:
                yield response, pieces()
            finally:
                response.close()
        finally:
            # What was not read to its end would go on filling the connection.
            self._done(str(target.origin), connection, keep=whole and connection.usable)

    def close(self) -> None:
        """Close what is kept, and keep no more."""
        with self._guard:
            self._open = False
            kept = list(self._idle.values())
            self._idle.clear()
        for connection in kept:
            connection.http.close()

    def _kept(self, origin: str) -> _Connection | None:
        with self._guard:
            connection = self._idle.pop(origin, None)
        if connection is None or connection.usable:
            return connection
        connection.http.close()
        return None

    def _done(self, origin: str, connection: _Connection, keep: bool) -> None:
        surplus = [connection]
        with self._guard:
            if keep and self._open:
                surplus = [self._idle.pop(origin)] if origin in self._idle else []
                self._idle[origin] = connection
                if len(self._idle) > self._limits.idle_connections:
                    surplus.append(self._idle.popitem(last=False)[1])
        for other in surplus:
            other.http.close()
