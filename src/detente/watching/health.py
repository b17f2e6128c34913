"""How a watch fares → `/health` (JSON) and `/metrics` (Prometheus text) on a local port, for monitors."""

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

from detente.errors import UsageError
from detente.watching.status import Health, Status

Statuses = Callable[[], tuple[Status, ...]]
_COUNTS = (
    ("new", "pages added"),
    ("copies", "copies of pages that the record holds"),
    ("unread", "pages kept without being read"),
    ("failures", "pages that could not be fetched or read"),
)
_SECONDS = 10.0
"""How long a monitor may take over its request."""


def health(statuses: tuple[Status, ...], now: datetime) -> dict[str, object]:
    """`status` is `well`, or `sick` where all sources fail; with it how many sources fare in each way, and which do not
    fare well."""
    fares = {status.source.name: status.health(now) for status in statuses}
    counts: dict[Health, int] = {}
    for fare in fares.values():
        counts[fare] = counts.get(fare, 0) + 1
    return {
        "status": "sick" if fares and counts.get("sick") == len(fares) else "well",
        "sources": counts,
        "unwell": {name: fare for name, fare in fares.items() if fare not in ("well", "new")},
    }


def metrics(statuses: tuple[Status, ...]) -> str:
    """The counts of each source in the text format of Prometheus, version 0.0.4."""
    lines = []
    for name, words in _COUNTS:
        lines += [f"# HELP detente_{name}_total {words}", f"# TYPE detente_{name}_total counter"]
        lines += [f"detente_{name}_total{_label(s)} {getattr(s, name)}" for s in statuses]
    gauges: tuple[tuple[str, str, Callable[[Status], float]], ...] = (
        ("failing", "looks that failed in a row", lambda s: s.failing),
        ("waiting", "pages that wait to be fetched", lambda s: s.waiting),
        ("last_polled_seconds", "when the source was last looked at, 0 never", lambda s: _stamp(s.last_polled)),
        ("last_new_seconds", "when the source last gave something new, 0 never", lambda s: _stamp(s.last_new)),
    )
    for name, words, value in gauges:
        lines += [f"# HELP detente_{name} {words}", f"# TYPE detente_{name} gauge"]
        lines += [f"detente_{name}{_label(s)} {value(s):.0f}" for s in statuses]
    return "\n".join(lines) + "\n"


def _label(status: Status) -> str:
    name = status.source.name.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
    return f'{{source="{name}"}}'


def _stamp(moment: datetime | None) -> float:
    return moment.timestamp() if moment is not None else 0.0


class HealthServer:
    """Answers monitors from a thread of its own. A context manager; `port` 0 takes a free one, told by `address`.

    Raises UsageError where the port cannot be had.
    """

    def __init__(self, statuses: Statuses, port: int, host: str = "127.0.0.1") -> None:
        class Visit(BaseHTTPRequestHandler):
            timeout = _SECONDS

            def do_GET(self) -> None:
                if self.path == "/health":
                    told = health(statuses(), datetime.now(UTC))
                    code = 200 if told["status"] == "well" else 503
                    self._send(code, "application/json", json.dumps(told) + "\n")
                elif self.path == "/metrics":
                    self._send(200, "text/plain; version=0.0.4; charset=utf-8", metrics(statuses()))
                else:
                    self._send(404, "text/plain; charset=utf-8", "here are /health and /metrics\n")

            def _send(self, code: int, kind: str, body: str) -> None:
                data = body.encode()
                self.send_response(code)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, format: str, *args: object) -> None:
                """Monitors ask every few seconds: nothing is said of it."""

        try:
            self._server = ThreadingHTTPServer((host, port), Visit)
        except OSError as error:
            raise UsageError(f"port {port} cannot be had ({error.strerror or error}); give another") from error
        self._server.daemon_threads = True
        self.address = f"http://{host}:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._server.serve_forever, name="health", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
