"""A watch that runs until it is told to stop: signals, the live table or a log's lines, and the port for monitors."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime

from rich.console import Console
from rich.live import Live

from detente.watching.health import HealthServer
from detente.watching.show import Log, table
from detente.watching.status import Health, report
from detente.watching.watch import Round, Watch

_REDRAW = 2.0
"""Seconds between two drawings of the table: ages are told in seconds."""
Say = Callable[[str], None]


def serve(
    watch: Watch, stop: threading.Event, say: Say, *, once: bool, port: int | None, live: Console | None
) -> Round:
    """Run a watch until `stop` is set, or for one round where `once`; returns the sum of its rounds.

    With `live` a table is drawn on that console; without it `say` gets a line of each source that changed, after each
    round. In both `say` gets what wants a person's eye: each such line when it first holds. `port` is for monitors.
    Raises UsageError where the port cannot be had, RecordError.
    """
    log, warned = Log(), dict[str, Health]()
    looked = added = 0

    def rounded(done: Round) -> None:
        nonlocal looked, added
        looked, added = looked + done.looked, added + done.added
        now = datetime.now(UTC)
        if live is None:
            for line in log.lines(watch.statuses, now):
                say(line)
        for status in watch.statuses:
            health = status.health(now)
            if warned.get(status.source.name) != health:
                warned[status.source.name] = health
                for line in report((status,), now):
                    say(line)

    with ExitStack() as opened:
        if port is not None:
            server = opened.enter_context(HealthServer(lambda: watch.statuses, port))
            say(f"health at {server.address}/health and {server.address}/metrics")
        if live is not None:
            opened.enter_context(_drawn(watch, live))
        if once:
            rounded(watch.round(stop))
        else:
            watch.run(stop, rounded)
    return Round(looked, added)


@contextmanager
def stopping(stop: threading.Event, also: Callable[[], None]) -> Iterator[None]:
    """Let SIGINT and SIGTERM set `stop` and call `also`: what is being read is finished, kept, and the process ends."""

    def end(_signal: int, _frame: object) -> None:
        stop.set()
        # A signal may come while the very thing that is to be told holds its lock.
        threading.Thread(target=also, daemon=True).start()

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _drawn(watch: Watch, console: Console) -> Iterator[None]:
    over = threading.Event()

    with Live(console=console, auto_refresh=False) as shown:

        def draw() -> None:
            while True:
                shown.update(table(watch.statuses, datetime.now(UTC)), refresh=True)
                if over.wait(_REDRAW):
                    shown.update(table(watch.statuses, datetime.now(UTC)), refresh=True)
                    return

        drawing = threading.Thread(target=draw, name="table", daemon=True)
        drawing.start()
        try:
            yield
        finally:
            over.set()
            drawing.join()
