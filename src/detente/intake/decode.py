"""Bytes → text: which encoding the bytes are in, and whether they are text at all.

The encoding is chosen so that the text shows no mojibake; mojibake that stands in the page itself is
left as it is, for the text is never rewritten. Line ends become `\\n` here, and nowhere else; NULs and
other control characters, which no page shows, are left out.
"""

import codecs
import re

from charset_normalizer import from_bytes
from ftfy.badness import badness

from detente.errors import Empty, NotText

# First bytes of common file formats (their published specifications), and what a person can do about them.
_BINARY: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "a PDF: turn it into text first, e.g. with pdftotext"),
    (b"PK\x03\x04", "a zip archive or an office document: unpack it, or save it as text or HTML"),
    (b"\xd0\xcf\x11\xe0", "an old office document: save it as text or HTML"),
    (b"\x1f\x8b", "gzip data: unpack it first, e.g. with gunzip"),
    (b"BZh", "bzip2 data: unpack it first, e.g. with bunzip2"),
    (b"\xfd7zXZ\x00", "xz data: unpack it first, e.g. with unxz"),
    (b"\x28\xb5\x2f\xfd", "zstandard data: unpack it first, e.g. with unzstd"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive: unpack it first"),
    (b"Rar!\x1a\x07", "a rar archive: unpack it first"),
    (b"\x89PNG\r\n", "a PNG image: give the page's text or HTML"),
    (b"\xff\xd8\xff", "a JPEG image: give the page's text or HTML"),
    (b"GIF8", "a GIF image: give the page's text or HTML"),
    (b"RIFF", "an image, a sound or a video: give the page's text or HTML"),
    (b"ID3", "a sound: give its transcript as text"),
    (b"OggS", "a sound: give its transcript as text"),
    (b"\x7fELF", "a program: give a page of text or HTML"),
    (b"MZ\x90\x00", "a program: give a page of text or HTML"),
    (b"SQLite format 3\x00", "a database: give pages of text or HTML"),
)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What a label means in practice: the WHATWG Encoding Standard, section 4.2 (labels that name a superset).
_MEANT = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
_META = re.compile(
    rb"""<(?:meta|\?xml)\b[^>]{0,300}?(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_:.\-]{2,40})""", re.I
)
_NEWLINES = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ufeff\ud800-\udfff]")
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_MIXED = re.compile(r"[A-Za-z][\u0370-\u04ff]|[\u0370-\u04ff][A-Za-z]")
# Three accented Latin letters on end: hardly in any language that Latin-1 writes, but all over Cyrillic read as such.
_SOUP = re.compile(r"[\u00c0-\u00ff]{3,}")
_SNIFFED = 65_536
# More than one control character in 50 is no page: even badly damaged scrapes stay far below.
_CONTROL_SHARE = 0.02


def decode(data: bytes, *, source: str, charset: str | None = None) -> str:
    """The text that `data` holds, its line ends `\\n`, its control characters left out.

    `charset` is what the transport declared, if anything. Order: byte order mark; UTF-8 where the bytes
    are valid as such, whatever was declared; the declared and the detected encoding, the one with less
    mojibake; UTF-8 with U+FFFD for the broken bytes where most sequences are whole.
    Raises Empty for no bytes, NotText for bytes that are no text.
    """
    if not data.strip():
        raise Empty(source, "nothing in it: give a page with an article's text")
    for signature, advice in _BINARY:
        if data.startswith(signature):
            raise NotText(source, f"no text but {advice}")
    text = _by_mark(data) or _by_zeros(data)
    if text is None:
        text = _by_content(data, charset)
    if _control_share(text) > _CONTROL_SHARE:
        raise NotText(source, "binary data, no text: give a page of text or HTML")
    tidied = tidy(text)
    if not tidied.strip():
        raise Empty(source, "no words in it: give a page with an article's text")
    return tidied


def tidy(text: str) -> str:
    """`text` with `\\n` for every kind of line end and without control characters; nothing else changed."""
    return _CONTROLS.sub("", _NEWLINES.sub("\n", text))


def _by_mark(data: bytes) -> str | None:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, errors="replace")
    return None


def _by_zeros(data: bytes) -> str | None:
    """UTF-16 without a mark shows in Latin text as a zero in every other byte."""
    sample = data[:4096]
    if b"\x00" not in sample:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) / 2
    for encoding, zeros, letters in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if zeros > 0.7 * half and letters < 0.1 * half:
            return data.decode(encoding, errors="replace")
    return None


def _by_content(data: bytes, charset: str | None) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    whole = len(_MULTIBYTE.findall(data))
    mended = data.decode("utf-8", errors="replace")
    broken = mended.count("\ufffd")
    if whole > 4 * broken:
        return mended
    declared = [name for name in (charset, *_declared(data)) if name]
    texts = [text for name in [*declared, "cp1252", *_detected(data)] if (text := _try(data, name)) is not None]
    return min(texts, key=_damage, default=mended)


def _declared(data: bytes) -> list[str]:
    return [found.decode("ascii") for found in _META.findall(data[:4096])[:2]]


def _detected(data: bytes) -> list[str]:
    best = from_bytes(data[:_SNIFFED]).best()
    return [best.encoding] if best else []


def _try(data: bytes, name: str) -> str | None:
    try:
        canonical = codecs.lookup(name).name
        return data.decode(_MEANT.get(canonical, canonical))
    except (LookupError, UnicodeDecodeError, ValueError):
        return None


def _damage(text: str) -> int:
    """How much of `text` looks wrongly decoded: mojibake, control characters, words in two alphabets."""
    sample = text[:_SNIFFED]
    return badness(sample) + sum(len(form.findall(sample)) for form in (_CONTROLS, _MIXED, _SOUP))


def _control_share(text: str) -> float:
    sample = text[:_SNIFFED]
    return len(_CONTROLS.findall(sample)) / max(len(sample), 1)
