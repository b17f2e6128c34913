"""Text made comparable, character by character."""

import unicodedata
from functools import cache

from anyascii import anyascii

# Letters that news prints with and without their marks: Latin-1 to Latin Extended-B, and Latin Extended Additional.
_BLOCKS = ((0x00C0, 0x0250), (0x1E00, 0x1F00))
_LIKE = (
    dict.fromkeys("’‘ʼ`´", "'")
    | dict.fromkeys("–‑‐−", "-")
    | dict.fromkeys("\n\t\r\N{NO-BREAK SPACE}\N{THIN SPACE}\N{NARROW NO-BREAK SPACE}", " ")
)


@cache
def _table() -> dict[int, str]:
    table = {ord(mark): plain for mark, plain in _LIKE.items()}
    for first, last in _BLOCKS:
        for code in range(first, last):
            letter = chr(code)
            plain = anyascii(letter)
            table[code] = plain if len(plain) == 1 else unicodedata.normalize("NFD", letter)[0]
    return table


def fold(text: str) -> str:
    """The text with accents, curly apostrophes, long hyphens and odd spaces made plain; its length is the same.

    A letter that plain ASCII writes with two ("æ", "ß") stays itself, so that offsets hold.
    """
    return text.translate(_table())
