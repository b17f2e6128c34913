"""Text made comparable, character by character."""

import unicodedata
from functools import cache

from anyascii import anyascii

# Letters that news prints with and without their marks lie in these blocks: Latin-1 to Latin Extended-B, and Additional.
_BLOCKS = ((0x00C0, 0x0250), (0x1E00, 0x1F00))
_LIKE = {"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "–": "-", "‑": "-", "‐": "-", "−": "-", " ": " ", " ": " "}
_SPACE = {"\n": " ", "\t": " ", "\r": " "}


@cache
def _table() -> dict[int, str]:
    table = {ord(mark): plain for mark, plain in (_LIKE | _SPACE).items()}
    for first, last in _BLOCKS:
        for code in range(first, last):
            letter = chr(code)
            plain = anyascii(letter)
            if len(plain) != 1:
                plain = unicodedata.normalize("NFD", letter)[0]
            table[code] = plain
    return table


def fold(text: str) -> str:
    """The text with accents, curly apostrophes, long hyphens and odd spaces made plain; its length is the same.

    A letter that plain ASCII writes with two ("æ", "ß") stays itself, so that offsets hold.
    """
    return text.translate(_table())
