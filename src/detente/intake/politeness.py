"""A host → one's turn with it: one request at a time, and never sooner than the host allows."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from detente.errors import SourceError, TooBusy

# Seconds; a server's slip of the pen does not close it for longer.
_LONGEST_REST = 86_400.0


@dataclass(slots=True)
class _Host:
    lock: threading.Lock = field(default_factory=threading.Lock)
    free_at: float = 0.0


class Hosts:
    """Who may ask which host when; for any number of threads.

    `seconds` lie between the end of one request to a host and the start of the next. Who would have to wait longer
    than `longest_wait` seconds is sent away. Once `stopped` is set, nobody waits any more.
    """

    def __init__(self, seconds: float, longest_wait: float, stopped: threading.Event) -> None:
        self._seconds = seconds
        self._longest_wait = longest_wait
        self._stopped = stopped
        self._guard = threading.Lock()
        self._hosts: dict[str, _Host] = {}

    @contextmanager
    def turn(self, host: str, source: str, interval: float = 0.0) -> Iterator[None]:
        """Within it, nobody else asks `host`; after it, nobody does for `interval` seconds, if that is more.

        Raises TooBusy where the host asked to be left alone for longer than is waited, SourceError once stopped.
        """
        state = self._of(host)
        with state.lock:
            wait = max(0.0, state.free_at - time.monotonic())
            if wait > self._longest_wait:
                raise TooBusy(source, f"{host} asks to be left alone for {wait:.0f} seconds: try again then", wait)
            if self._stopped.wait(wait):
                raise SourceError(source, "fetching was stopped: start it again")
            try:
                yield
            finally:
                state.free_at = max(state.free_at, time.monotonic() + max(self._seconds, interval))

    def rest(self, host: str, seconds: float) -> None:
        """Leave `host` alone for `seconds` from now, at most a day. To be called within one's turn."""
        state = self._of(host)
        state.free_at = max(state.free_at, time.monotonic() + min(seconds, _LONGEST_REST))

    def _of(self, host: str) -> _Host:
        with self._guard:
            return self._hosts.setdefault(host, _Host())
