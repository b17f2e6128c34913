"""One request to one address → the server's answer, or an error that says what to do."""

import ssl
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpcore
import httpx
from h2.exceptions import H2Error

from detente.errors import Forbidden, NotFound, NotText, SourceError, TooBusy, TooLarge, TooSlow, Unreachable
from detente.intake.connections import Connections
from detente.intake.limits import FetchLimits
from detente.intake.unpack import ENCODINGS, unpack

# Bytes of a body that nobody wants.
_DRAINED = 65_536
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Accept:
    """What kinds of content are asked for (the header of that name) and how the types that are taken begin."""

    header: str
    types: tuple[str, ...]


@dataclass(slots=True)
class Budget:
    """Seconds of the network's time for one address: waiting for turns and between attempts costs none."""

    left: float

    @contextmanager
    def running(self) -> Iterator[float]:
        """Spend it; gives the moment (monotonic seconds) at which it is spent."""
        began = time.monotonic()
        try:
            yield began + self.left
        finally:
            self.left -= time.monotonic() - began


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked (`headers` beside those of `accept`) and for whom (`source`, for messages).

    What is longer than `cut` bytes is cut there; without it, what is longer than the limits say is refused.
    """

    source: str
    accept: Accept
    headers: dict[str, str]
    limits: FetchLimits
    budget: Budget
    cut: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said; `data` only where its status is 200."""

    status: int
    headers: httpx.Headers
    data: bytes = b""

    @property
    def is_busy(self) -> bool:
        """Whether the server may say something else a little later."""
        return self.status == 429 or self.status >= 500

    @property
    def retry_after(self) -> float | None:
        """Seconds from now (RFC 9110, 10.2.3: a number of them, or a date); None where the server does not say."""
        told = self.headers.get("retry-after", "").strip()
        if told.isascii() and told.isdigit():
            return float(told[:12])
        try:
            until = parsedate_to_datetime(told)
        except (ValueError, TypeError, OverflowError):
            return None
        return max(0.0, (until.replace(tzinfo=until.tzinfo or UTC) - datetime.now(UTC)).total_seconds())


class Transient(Exception):
    """What a further attempt may mend; `error` says it to people, if none does."""

    def __init__(self, error: SourceError) -> None:
        super().__init__(str(error))
        self.error = error


def ask(connections: Connections, url: httpx.URL, request: Request, deadline: float) -> Answer:
    """The answer to one request, its body within bounds, all by `deadline` (monotonic seconds).

    Raises NotFound, NotPublic, NotText, TooLarge, TooSlow, Unreachable, and Transient where another attempt may help.
    """
    source = request.source
    headers = request.headers | {"Accept": request.accept.header, "Accept-Encoding": ", ".join(ENCODINGS)}
    try:
        with connections.get(url, headers, source, deadline) as (response, pieces):
            return _taken(response, pieces, request)
    except httpcore.TimeoutException as error:
        if time.monotonic() >= deadline:
            raise TooSlow(
                source,
                f"no page within {request.limits.seconds:g} seconds: try later, or save it from a browser and give "
                "the file",
            ) from error
        raise Transient(
            Unreachable(source, f"no connection within {request.limits.connect_seconds:g} seconds: try later")
        ) from error
    except httpcore.ConnectError as error:
        if isinstance(error.__cause__, ssl.SSLCertVerificationError):
            raise Unreachable(
                source,
                f"its certificate does not hold ({error.__cause__.verify_message}): save the page from a browser "
                "and give the file",
            ) from error
        if isinstance(error.__cause__, ssl.SSLError):
            raise Unreachable(
                source, f"no encrypted connection ({error.__cause__.reason}): save the page and give the file"
            ) from error
        raise Transient(Unreachable(source, "no answer (ConnectError): check the address and the network")) from error
    except zlib.error as error:
        raise Unreachable(source, "broke off (its packing is damaged): try again") from error
    # A server can bring h2 and the parsing of headers to errors that httpcore does not translate.
    except (httpcore.NetworkError, httpcore.ProtocolError, H2Error, ValueError) as error:
        raise Transient(Unreachable(source, f"broke off ({type(error).__name__}): try again")) from error


def _taken(response: httpcore.Response, pieces: Iterator[bytes], request: Request) -> Answer:
    """The answer, its body within the request's bounds. Raises NotText, TooLarge, and what reading raises."""
    headers = httpx.Headers(response.headers)
    if not 100 <= response.status <= 599:
        # RFC 9110, 15: such a status is the server's fault.
        raise httpcore.RemoteProtocolError("no HTTP status")
    if response.status != 200:
        # Read to its end, unless that is far, so that the connection can serve again.
        read = 0
        for piece in pieces:
            read += len(piece)
            if read > _DRAINED:
                break
        return Answer(response.status, headers)
    kind = (headers.get("content-type") or "text/html").lower()
    if not kind.startswith(request.accept.types):
        raise NotText(
            request.source, f"{_shown(kind.split(';')[0])}, no page of text or HTML: give the address of an article"
        )
    encoding = headers.get("content-encoding", "")
    try:
        unpacked = unpack(pieces, encoding)
    except LookupError as error:
        raise NotText(
            request.source,
            f"packed as {_shown(encoding)}, not asked for: save the page from a browser and give the file",
        ) from error
    data = bytearray()
    for piece in unpacked:
        data += piece
        if request.cut is not None and len(data) >= request.cut:
            return Answer(200, headers, bytes(data[: request.cut]))
        if request.cut is None and len(data) > request.limits.max_bytes:
            most = request.limits.max_bytes / 1e6
            raise TooLarge(request.source, f"more than {most:g} MB: give the article's own page")
    return Answer(200, headers, bytes(data))


def refusal(source: str, answer: Answer) -> SourceError:
    """What a status other than 200 means to the user."""
    status, after = answer.status, answer.retry_after
    if status in (404, 410):
        return NotFound(source, f"no such page (HTTP {status}): check the address")
    if status == 429 or (status >= 500 and after is not None):
        when = "later" if after is None else f"in {after:.0f} seconds"
        return TooBusy(source, f"the site asks to come back {when} (HTTP {status}): try then", after)
    if status >= 500:
        return Unreachable(source, f"the server answered HTTP {status}: try later, or save the page and give the file")
    if status in (401, 403, 451):
        return Forbidden(source, f"the site refuses it (HTTP {status}): save the page from a browser and give the file")
    return SourceError(source, f"the server answered HTTP {status}: try later, or save the page and give the file")


def _shown(value: str) -> str:
    """A server's words as they may stand in a message."""
    return "".join(letter if letter.isprintable() else "?" for letter in value[:_SHOWN])
