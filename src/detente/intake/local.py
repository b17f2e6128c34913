"""A folder or a maildir on this machine, and what was seen of it → its new pages.

Files and messages are only ever read: nothing is moved, marked or deleted.
"""

import email
import email.policy
import email.utils
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage
from functools import partial
from pathlib import Path

from detente.errors import NotFound, SourceError, TooLarge
from detente.intake.entries import key, words
from detente.intake.limits import MAX_BYTES, MAX_LETTER_ENDS, MAX_LETTER_PARTS, MAX_POLL_BYTES, MAX_POLL_PAGES, MAX_SEEN
from detente.intake.raw import Form, RawPage

_FORMS: dict[str, Form] = {
    **dict.fromkeys((".html", ".htm", ".xhtml", ".shtml", ".php", ".asp", ".aspx"), "html"),
    **dict.fromkeys((".txt", ".text"), "text"),
}


@dataclass(frozen=True, slots=True)
class Batch:
    """A bounded portion of what is new; `seen` is what has now been seen, `more` whether there is more to come."""

    pages: tuple[RawPage, ...]
    seen: Mapping[str, str]
    listed: int
    faults: tuple[str, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class _Found:
    """A file or message: what it goes by, the fingerprint of its form, its bytes at most, and how to read it."""

    key: str
    form: str
    size: int
    read: Callable[[], RawPage]


def read_folder(address: str, seen: Mapping[str, str]) -> Batch:
    """The pages (HTML and text files, hidden ones left out) that are new or changed, by name, size and time of change.

    Raises NotFound, SourceError, or TooLarge for more files than can be remembered.
    """
    folder = _folder(address)

    def found() -> Iterable[_Found]:
        for place, folders, names in os.walk(folder):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(names):
                path = Path(place) / name
                # Pipes and devices in a folder would wait for ever.
                if not name.startswith(".") and path.suffix.lower() in _FORMS and path.is_file():
                    yield _file(path, path.relative_to(folder).as_posix())

    return _batch(address, found(), seen)


def read_maildir(address: str, seen: Mapping[str, str]) -> Batch:
    """The HTML part, else the text part, of each message that is new; attachments are left out.

    The subject is the page's title, the message's date its day. Raises NotFound, SourceError, or TooLarge for more
    messages than can be remembered.
    """
    folder = _folder(address)
    if not all((folder / part).is_dir() for part in ("new", "cur")):
        raise SourceError(address, "no maildir (no folders new and cur in it): check the path")

    def found() -> Iterable[_Found]:
        for path in sorted(path for part in ("new", "cur") for path in (folder / part).iterdir()):
            # A mail program that marks a message as read changes what follows the colon (cr.yp.to/proto/maildir.html).
            if not path.name.startswith(".") and path.is_file():
                yield _Found(key(path.name.split(":")[0]), "", _size(path), partial(_message, path))

    return _batch(address, found(), seen)


def _batch(address: str, found: Iterable[_Found], seen: Mapping[str, str]) -> Batch:
    pages: list[RawPage] = []
    faults: list[str] = []
    now: dict[str, str] = {}
    listed = size = 0
    more = False
    try:
        for item in found:
            listed += 1
            if listed > MAX_SEEN:
                raise TooLarge(address, f"more than {MAX_SEEN:,} files: move those that were read elsewhere")
            if seen.get(item.key) == item.form:
                now[item.key] = item.form
                continue
            if pages and (len(pages) >= MAX_POLL_PAGES or size + item.size > MAX_POLL_BYTES):
                more = True
                if item.key in seen:
                    now[item.key] = seen[item.key]
                continue
            # One that cannot be read is told once, not at each look.
            now[item.key] = item.form
            try:
                page = item.read()
            except SourceError as error:
                faults.append(str(error))
                continue
            pages.append(page)
            size += len(page.data)
    except OSError as error:
        raise SourceError(address, f"cannot be read ({error.strerror or error}): check the folder") from error
    return Batch(tuple(pages), now, listed, tuple(faults), more)


def _folder(address: str) -> Path:
    try:
        folder = Path(address).expanduser()
        is_there = folder.is_dir()
    except (RuntimeError, ValueError, OSError):
        is_there = False
    if not is_there:
        raise NotFound(address, "no such folder: check the path")
    return folder


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _file(path: Path, name: str) -> _Found:
    try:
        stat = path.stat()
        form = f"{stat.st_size}:{stat.st_mtime_ns}"
        size = stat.st_size
    except OSError:
        form, size = "", 0

    def read() -> RawPage:
        return RawPage(_bytes(path), source=str(path), form=_FORMS[path.suffix.lower()])

    return _Found(key(name), form, size, read)


def _message(path: Path) -> RawPage:
    data = _bytes(path)
    parts, ends = data.lower().count(b"content-type"), data.count(b"\n") + data.count(b"\r")
    if parts > MAX_LETTER_PARTS or ends > MAX_LETTER_ENDS:
        raise TooLarge(str(path), "a message of too many parts or lines: save its text as a file")
    try:
        message = email.message_from_bytes(data, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        part = message.get_body(preferencelist=("html", "plain"))
        payload = part.get_payload(decode=True) if part is not None else None
        charset = str(part.get_content_charset() or "") if part is not None else ""
        form: Form = "html" if part is not None and part.get_content_subtype() == "html" else "text"
        subject, day = words(str(message.get("subject") or "")), _day(message)
    except Exception as error:
        # The standard library's parser trips over hostile headers and nestings in many ways.
        raise SourceError(str(path), f"a damaged message ({error.__class__.__name__}): it is left out") from error
    if not isinstance(payload, bytes) or not payload.strip():
        raise SourceError(str(path), "a message without text: it is left out")
    return RawPage(payload, source=str(path), form=form, charset=charset or None, title=subject or None, published=day)


def _day(message: EmailMessage) -> date | None:
    try:
        return email.utils.parsedate_to_datetime(str(message.get("date"))).date()
    except (ValueError, TypeError, OverflowError):
        return None


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise SourceError(str(path), f"cannot be read ({error.strerror or error}): check the file") from error
    if len(data) > MAX_BYTES:
        raise TooLarge(str(path), f"more than {MAX_BYTES // 1_000_000} MB: give the article's own text")
    return data
