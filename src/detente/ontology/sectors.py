"""Common nouns and titles: the sector and the office that the words for people and bodies tell.

Sectors are those of the PLOVER manual (chapter Country Names and Sector Codes), with NGO and IGO beside them.
Words are compared without case, accents, full stops and hyphens; plurals are derived from the singulars.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache, wraps
from typing import Literal, TypeVar, cast

from detente.ontology.tables import rows
from detente.ontology.text import fold

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_LONGEST = 7
MOST_PHRASES, LONGEST_KEPT = 10_000, 200
"""Phrases whose roles and titles are kept, and their characters at most: news names the same people again and again,
and strangers' texts must not fill the memory."""
_RANKS = {"general", "admiral", "officer", "academic", "doctor"}
_ARTICLES = {"the", "a", "an"}
_T = TypeVar("_T", "Role", "Title")

Level = Literal["leader", "minister", "official"]


@dataclass(frozen=True, slots=True)
class Role:
    """A noun of sectors.tsv where it stands in a phrase; `rank` 1 says its sector by itself, 3 is a general word."""

    start: int
    end: int
    words: str
    sector: str
    rank: int


@dataclass(frozen=True, slots=True)
class Title:
    """A title of titles.tsv where it stands in a phrase, and the office, sector and level that it tells."""

    start: int
    end: int
    title: str
    office: str
    sector: str
    level: Level


def words(text: str) -> list[tuple[int, int, str]]:
    """The words of a text as (start, end, lower-case word without accents); a hyphen parts words."""
    return [(m.start(), m.end(), m.group()) for m in _WORD.finditer(fold(text).lower())]


def singular(word: str) -> str:
    """A noun's singular by the regular rules; irregular plurals stand in the tables."""
    if word.endswith("men") and len(word) > 3:
        return word[:-3] + "man"
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "sses", "xes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _key(text: str) -> tuple[str, ...]:
    return tuple(word for _, _, word in words(text))


@cache
def _roles() -> dict[tuple[str, ...], tuple[str, int]]:
    return {_key(row["words"]): (row["sector"], int(row["rank"])) for row in rows("sectors")}


@cache
def _titles() -> dict[tuple[str, ...], tuple[str, str, Level]]:
    return {_key(row["title"]): (row["office"], row["sector"], cast(Level, row["level"])) for row in rows("titles")}


def _spellings(gram: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    yield gram
    yield (*gram[:-1], singular(gram[-1]))
    if len(gram) > 1:
        yield (singular(gram[0]), *gram[1:])


def _scan(text: str, table: Iterable[tuple[str, ...]]) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """The longest entries of the table that stand in the text, in order and without overlap."""
    spread = words(text)
    at = 0
    while at < len(spread):
        for size in range(min(_LONGEST, len(spread) - at), 0, -1):
            gram = tuple(word for _, _, word in spread[at : at + size])
            key = next((spelling for spelling in _spellings(gram) if spelling in table), None)
            if key is not None:
                yield spread[at][0], spread[at + size - 1][1], key
                at += size
                break
        else:
            at += 1


def _kept(find: Callable[[str], tuple[_T, ...]]) -> Callable[[str], tuple[_T, ...]]:
    """`find`, which remembers what it has found in short phrases."""
    remembered = lru_cache(MOST_PHRASES)(find)

    @wraps(find)
    def asked(phrase: str) -> tuple[_T, ...]:
        return remembered(phrase) if len(phrase) <= LONGEST_KEPT else find(phrase)

    return asked


@_kept
def roles(phrase: str) -> tuple[Role, ...]:
    """The role nouns of a phrase in order, longest first, without overlap; offsets count its characters."""
    return tuple(Role(start, end, " ".join(key), *_roles()[key]) for start, end, key in _scan(phrase, _roles()))


@_kept
def titles(phrase: str) -> tuple[Title, ...]:
    """The titles of a phrase in order, longest first, without overlap; offsets count its characters."""
    return tuple(Title(start, end, " ".join(key), *_titles()[key]) for start, end, key in _scan(phrase, _titles()))


def main_role(found: Iterable[Role]) -> Role | None:
    """The one role that tells the sector: the lowest rank, among equals the last, which is the noun's head."""
    best: Role | None = None
    for role in found:
        if best is None or role.rank <= best.rank:
            best = role
    return best


def main_title(found: Iterable[Title]) -> Title | None:
    """The one title that tells the office: the last, but an office goes before a rank ("Minister, General X")."""
    best: Title | None = None
    for title in found:
        if best is None or title.office not in _RANKS or best.office in _RANKS:
            best = title
    return best


def sector_of(phrase: str) -> str | None:
    """The sector that a noun phrase's words tell ("Syrian rebels" REB); None where no word of it tells one."""
    role = main_role(roles(phrase))
    return role.sector if role else None


def title_of(phrase: str) -> Title | None:
    """The title in a phrase that ends with it or names its bearer; None where there is none."""
    return main_title(titles(phrase))
