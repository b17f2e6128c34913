"""Text → a small sketch of it; two sketches → whether one text is the copy of the other.

The sketch holds what an index needs to find candidates (MinHash over shingles: Broder 1997; one row a band: Leskovec,
Rajaraman and Ullman, *Mining of Massive Datasets*, chapter 3) and what a second look needs to judge them: the text's
items in their order. `docs/explanation/copies.md` tells why, and what was measured.
"""

import hashlib
import struct
import zlib
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from rapidfuzz.distance import LCSseq
from rensa import RMinHash

from detente.intake.items import is_common, items, sentences
from detente.intake.limits import MAX_CHARACTERS

Kind = Literal["exact", "copy", "revision-like"]

ROWS = 40
"""Values of the MinHash, each a band of its own: a copy cut to a third shares a third of them."""

BANDS_MET = 2
"""Bands that two sketches share before they are looked at (one, where a sketch has but one)."""

CANDIDATES = 40
"""Sketches looked at for one question, those first that share the most bands."""

MOST_HOLDERS = 200
"""Sketches asked for of one band, the first that were kept: what more of them hold is a phrase that tells little."""

REACH = 3
"""Two items are a shingle when they stand this near, in either order: rewording moves words, but not far."""

MOST_ITEMS = 512
"""Items kept of a text; of a longer one each second, fourth, … kind of item, alike in all texts (Broder 1997)."""

FEWEST_ITEMS = 20
"""Below this many items, some forty words, only an exact copy is told: a sentence alone is nobody's copy."""

FEWEST_RETOLD = 40
"""Below this many items no copy in other words is told: two agencies tell the same news alike in one sentence."""

WORD_FOR_WORD = 0.56
"""Share of the shorter text that a copy holds word for word. This and the next two were set on the development half."""

IN_PART = 0.43
"""The same share, of two versions that each have much of their own: a revision, or a report written on."""

RETOLD = 0.4
"""Share of the items, by the order of sentences, that a copy in other words keeps of what is not word for word."""

SHARED_ITEMS = 0.4
"""Share of the shorter text's different items that the longer one has too, below which they are independent."""

SEED = 1997
FORMAT = 1
_HEAD = struct.Struct("<BBqIHH")
_MOST_LEVELS = 6


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is kept of a text to find its copies: at most 1.8 kB as bytes, some 600 bytes of an ordinary report.

    `content` is a hash of all its words, signed, 64 bits; `words` their number. `bands` are signed 64-bit integers for
    an index: `content` first, then one for each value of the MinHash; a text too short to have copies has `content`
    alone, one without words has none. `items` are 16-bit hashes of the text's items in their order, little-endian, and
    `counts` how many of them each sentence has; `level` n says that only each 2ⁿth kind of item was kept.
    """

    content: int
    words: int
    bands: tuple[int, ...]
    items: bytes
    counts: bytes
    level: int

    def to_bytes(self) -> bytes:
        """The sketch packed; `from_bytes` gives it back."""
        rows = array("I", [band & 0xFFFFFFFF for band in self.bands[1:]])
        head = _HEAD.pack(FORMAT, self.level, self.content, self.words, len(self.items) // 2, len(self.counts))
        return head + bytes([len(rows)]) + _little(rows) + self.items + self.counts

    @classmethod
    def from_bytes(cls, data: bytes) -> "Sketch":
        """The sketch that was packed. Raises ValueError where the bytes are none, or of another format."""
        if len(data) <= _HEAD.size:
            raise ValueError("no sketch: too few bytes")
        form, level, content, words, n_items, n_counts = _HEAD.unpack_from(data)
        n_rows, at = data[_HEAD.size], _HEAD.size + 1
        if form != FORMAT or level > _MOST_LEVELS or len(data) != at + 4 * n_rows + 2 * n_items + n_counts:
            raise ValueError("no sketch, or one of another format: sketch the text anew")
        rows = struct.unpack_from(f"<{n_rows}I", data, at)
        at += 4 * n_rows
        end = at + 2 * n_items
        return cls(content, words, _bands(content, words, rows), data[at:end], data[end:], level)


@dataclass(frozen=True, slots=True)
class Kinship:
    """How two texts belong together; `score` (0 to 1) is the share of the shorter one found in the other."""

    kind: Kind
    score: float


def sketch(text: str, title: str = "") -> Sketch:
    """The sketch of an article's text. A first line that only repeats the `title` is no part of it.

    Alike for any case, white space and style of quotes. Of more than `MAX_CHARACTERS` only these are read.
    """
    text = text[:MAX_CHARACTERS].strip()
    first, _, rest = text.partition("\n")
    if rest.strip() and title and sentences(first) == sentences(title[:MAX_CHARACTERS]):
        text = rest
    all_words = sentences(text)
    told = " ".join(word for sentence in all_words for word in sentence).encode("utf-8", "surrogatepass")
    content = int.from_bytes(hashlib.blake2b(told, digest_size=8).digest(), "little", signed=True)
    by_sentence = [items(sentence) for sentence in all_words]
    n_items = sum(map(len, by_sentence))
    words = sum(map(len, all_words))
    rows = _rows([item for sentence in by_sentence for item in sentence]) if n_items >= FEWEST_ITEMS else []
    level, kept = _sampled([[_hash(item) for item in sentence] for sentence in by_sentence])
    return Sketch(
        content,
        words,
        _bands(content, words, rows),
        _little(array("H", [item for sentence in kept for item in sentence])),
        bytes(len(sentence) for sentence in kept),
        level,
    )


def kinship(a: Sketch, b: Sketch) -> Kinship | None:
    """How the texts of two sketches belong together, None where they are independent, or too short to tell."""
    if a.words and (a.content, a.words) == (b.content, b.words):
        return Kinship("exact", 1.0)
    level = max(a.level, b.level)
    if not _share_items(_kinds(a.items, level), _kinds(b.items, level)):
        return None
    shorter, longer = sorted((_sentences(a, level), _sentences(b, level)), key=lambda s: (sum(map(len, s)), s))
    if sum(map(len, shorter)) < FEWEST_ITEMS:
        return None
    mine, theirs = _runs(_flat(shorter)), _runs(_flat(longer))
    verbatim = len(mine & theirs) / len(mine)
    if verbatim >= WORD_FOR_WORD:
        return Kinship("copy", verbatim)
    retold = _retold(_reworded(shorter, theirs), _reworded(longer, mine))
    if retold >= RETOLD:
        return Kinship("copy", max(retold, verbatim))
    return Kinship("revision-like", verbatim) if verbatim >= IN_PART else None


def _bands(content: int, words: int, rows: Sequence[int]) -> tuple[int, ...]:
    return (content, *(number << 32 | row for number, row in enumerate(rows))) if words else ()


def _rows(told: list[str]) -> list[int]:
    """The MinHash of the text's shingles: pairs of items that stand near each other, not both of them common."""
    pairs = {
        " ".join(sorted((item, other)))
        for at, item in enumerate(told)
        for other in told[at + 1 : at + 1 + REACH]
        if item != other and not (is_common(item) and is_common(other))
    }
    return RMinHash.digests_from_token_sets([sorted(pairs)], ROWS, SEED)[0] if pairs else []


@lru_cache(maxsize=100_000)
def _hash(item: str) -> int:
    return zlib.crc32(item.encode("utf-8", "surrogatepass")) & 0xFFFF


def _is_kept(item: int, level: int) -> bool:
    return (item * 40503 & 0xFFFF) >> (16 - level) == 0


def _sampled(by_sentence: list[list[int]]) -> tuple[int, list[list[int]]]:
    """The level at which the text has few enough items, and those kept, by sentence; what is still too long is cut."""
    level = 0
    kept = [sentence for sentence in by_sentence if sentence]
    while sum(map(len, kept)) > MOST_ITEMS and level < _MOST_LEVELS:
        level += 1
        kept = _at_level(kept, level)
    room = MOST_ITEMS
    cut: list[list[int]] = []
    for sentence in kept:
        if room <= 0:
            break
        cut.append(sentence[:room])
        room -= len(sentence)
    return level, cut


def _at_level(by_sentence: list[list[int]], level: int) -> list[list[int]]:
    kept = ([item for item in sentence if _is_kept(item, level)] for sentence in by_sentence)
    return [sentence for sentence in kept if sentence]


def _sentences(sketched: Sketch, level: int) -> list[list[int]]:
    """The items by sentence, thinned to a level."""
    told = struct.unpack(f"<{len(sketched.items) // 2}H", sketched.items)
    found: list[list[int]] = []
    at = 0
    for count in sketched.counts:
        found.append(list(told[at : at + count]))
        at += count
    return found if level == sketched.level else _at_level(found, level)


@lru_cache(maxsize=64)
def _kinds(packed: bytes, level: int) -> frozenset[int]:
    """The different items, thinned to a level; a sketch held against many others is unpacked once."""
    kinds = struct.unpack(f"<{len(packed) // 2}H", packed)
    return frozenset(item for item in kinds if _is_kept(item, level)) if level else frozenset(kinds)


def _share_items(mine: frozenset[int], theirs: frozenset[int]) -> bool:
    """Whether the two texts are about the same things at all: by far the most candidates are not."""
    return len(mine & theirs) >= SHARED_ITEMS * min(len(mine), len(theirs))


def _flat(by_sentence: list[list[int]]) -> list[int]:
    return [item for sentence in by_sentence for item in sentence]


def _runs(told: list[int]) -> set[tuple[int, int, int]]:
    """Each three items that follow each other."""
    return set(zip(told, told[1:], told[2:], strict=False))


def _reworded(by_sentence: list[list[int]], theirs: set[tuple[int, int, int]]) -> list[int]:
    """The items of the sentences that the other text has not word for word, those of each in the order of their hashes.

    So a quotation or a house's own lines, which independent reports share, say nothing of how the rest was told; and
    the order of words within a sentence, which a translation turns about, does not count.
    """
    found: list[int] = []
    for sentence in by_sentence:
        mine = _runs(sentence)
        if len(mine & theirs) * 2 <= len(mine):
            found += sorted(set(sentence))
    return found


def _retold(mine: list[int], theirs: list[int]) -> float:
    """The share of the fewer items that stands in like order in a stretch of the more that is not much longer."""
    shorter, longer = sorted((mine, theirs), key=lambda told: (len(told), told))
    if len(shorter) < FEWEST_RETOLD:
        return 0.0
    stretch = len(shorter) + len(shorter) // 4
    step = max(1, len(shorter) // 4)
    best = max(
        LCSseq.similarity(shorter, longer[at : at + stretch])
        for at in range(0, max(1, len(longer) - stretch + step), step)
    )
    return best / len(shorter)


@cache
def _is_little() -> bool:
    return array("H", [1]).tobytes()[0] == 1


def _little(numbers: "array[int]") -> bytes:
    """The numbers as little-endian bytes on any machine."""
    if not _is_little():
        numbers.byteswap()
    return numbers.tobytes()
