"""Addresses of many hosts → what is done with each, several hosts at once and each host's one after the other."""

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TypeVar
from urllib.parse import urlsplit

from detente.errors import SourceError

T = TypeVar("T")

JOBS = 16
"""Hosts asked at once: waiting costs no processor."""


def spread(
    do: Callable[[str], T], addresses: Iterable[str], *, jobs: int = JOBS
) -> Generator[tuple[str, T | SourceError], None, None]:
    """Each address with what `do` (as `Fetcher.get`) gives for it, or with its SourceError, as they come.

    The hosts take turns, so that none holds up the others while its own interval passes. Of results that nobody has
    taken yet, at most `jobs` are held.
    """
    waiting: dict[str, deque[str]] = {}
    for address in addresses:
        waiting.setdefault(_host(address), deque()).append(address)
    ready = deque(waiting)
    running: dict[Future[T | SourceError], tuple[str, str]] = {}
    with ThreadPoolExecutor(jobs) as pool:
        while ready or running:
            while ready and len(running) < jobs:
                host = ready.popleft()
                address = waiting[host].popleft()
                running[pool.submit(_done, do, address)] = host, address
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                host, address = running.pop(future)
                if waiting[host]:
                    ready.append(host)
                yield address, future.result()


def _done(do: Callable[[str], T], address: str) -> T | SourceError:
    try:
        return do(address)
    except SourceError as error:
        return error
    except Exception as error:
        # A fault of ours at one address must not end what runs for weeks.
        return SourceError(address, f"fetching it failed ({type(error).__name__}: {error})")


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or address
    except ValueError:
        # No address at all; what it is given to says so.
        return address
