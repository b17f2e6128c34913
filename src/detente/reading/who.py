"""Who a mention is: any words that name or describe an actor, resolved to party, sector, name and office at a day.

No parser: the tables' names, role nouns and titles that stand in the mention, and which of them heads it. The head
is the last noun before the first preposition ("Turkish forces in Syria" are Turkey's); words that only count or
gather ("members of", "hundreds of") hand their place to what follows. Sectors are those of the PLOVER manual,
chapter Country Names and Sector Codes.
"""

import re
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from rapidfuzz import fuzz, process, utils

from detente.model import Entity
from detente.ontology.names import Named, Sense, find
from detente.ontology.sectors import Role, Title, main_role, main_title, roles, titles, words
from detente.ontology.tables import Row, items, rows
from detente.ontology.text import fold

_PREPOSITIONS = {
    "of", "in", "from", "for", "at", "across", "near", "by", "to", "with", "on", "who", "that", "which", "against",
    "under", "around", "inside", "outside", "along", "among", "between", "behind", "throughout", "within", "without",
    "into", "over", "about", "after", "before", "during", "as", "loyal", "opposed", "where", "whose", "towards",
    "toward", "backed", "led", "based", "accused", "suspected", "working", "living", "fleeing", "wearing", "carrying",
    "protesting", "demanding", "calling", "fighting", "seeking", "trying", "waiting", "representing", "belonging",
    "aboard", "off", "killed", "injured", "wounded", "captured", "detained", "trapped", "stationed", "deployed",
}  # fmt: skip
# What stands after these is whom the head deals with, not whose it is: "ambassador to Russia".
_OTHER_SIDE = {"to", "with", "against", "on", "over", "about", "towards", "toward", "into", "by", "after", "before", "between", "among", "fleeing", "opposed", "fighting"}
_TRANSPARENT = {
    "group", "groups", "number", "numbers", "member", "members", "some", "several", "hundreds", "thousands", "dozens",
    "tens", "scores", "most", "many", "part", "parts", "one", "two", "three", "four", "five", "six", "seven", "eight",
    "nine", "ten", "handful", "lot", "lots", "kind", "series", "majority", "both", "all", "rest", "remnants", "half",
    "crowds", "crowd", "millions", "delegation", "delegations", "team", "coalition", "band", "bands", "column",
    "convoy", "gathering", "pair", "couple", "elements", "others", "unit", "units", "fraction", "contingent", "wave",
    "waves", "ranks", "remains", "forces", "force", "few", "each", "any", "none", "more", "alliance", "party",
    "alliances", "network", "ring", "army",
}  # fmt: skip
_FORMER = re.compile(r"\b(?:former|formerly|ex|ousted|deposed|retired|exiled|erstwhile|onetime|one-time|outgone|disgraced former|toppled|then-former)\b[ -]", re.IGNORECASE)
_EX_STATES = re.compile(r"\bformer (?=Yugoslav|Soviet|USSR|East German|Czechoslovak|Zaire)")
_OFFICIAL = {"GOV", "MIL", "LEG", "JUD", "COP", "SPY", "ELI", "PTY", None}
_ARTICLES = re.compile(r"^(?:(?:the|a|an|its|their|his|her|our)\s+)+", re.IGNORECASE)
_LOOSE = re.compile(r"^-(?:backed|allied|supported|sponsored|funded|trained|friendly|born|made|held|occupied|controlled|led|linked|affiliated|based)\b", re.IGNORECASE)
_LINKED = re.compile(r"^-(?:born|based|led|held|controlled|occupied)\b", re.IGNORECASE)
_ALOOF = re.compile(r"\b(?:pro|anti|non)-$", re.IGNORECASE)
_PERSON = re.compile(r"((?:[A-ZÀ-ÖØ-Þ][\w.'’-]+|bin|al|el|de|da|van|von|der|ben|ibn)(?: |$)){2,}$")
_OWN_SECTOR = {"state": None, "adjective": None, "people": "CVL", "dependency": None, "partial": "PRE", "capital": "GOV", "seat": "GOV", "place": "CVL"}
_NATIONAL = {"state", "adjective", "people", "capital", "seat", "partial", "dependency", "place"}
_CLOSE_ENOUGH = 92  # ratio of rapidfuzz at which a long personal name is taken for a misspelt one of the tables
_LONG_NAME = 10
_ORGANISED = {"IGO", "NGO"}


@dataclass(frozen=True, slots=True)
class _Clue:
    """What one reading of the mention came to, and how."""

    party: str | None = None
    sector: str | None = None
    name: str | None = None
    role: str | None = None
    guessed: bool = False


# -- persons at a day ------------------------------------------------------------------------------------------------


@cache
def _held() -> dict[str, tuple[Row, ...]]:
    held: dict[str, list[Row]] = {}
    for row in rows("holders"):
        held.setdefault(row["person"], []).append(row)
    return {person: tuple(own) for person, own in held.items()}


@cache
def _full_names() -> dict[str, str]:
    return {
        utils.default_process(fold(form)): person
        for person, own in _held().items()
        for row in own
        for form in (person, *items(row["forms"]))
        if len(form) >= _LONG_NAME and " " in form
    }


def _day(written: str, *, last: bool) -> date | None:
    """The first or last day of a table's date, which may be a year or a month alone."""
    if not written:
        return None
    parts = [int(part) for part in written.split("-")]
    year, month, day = (parts + [0, 0])[:3]
    if not month:
        return date(year, 12, 31) if last else date(year, 1, 1)
    if not day:
        if not last:
            return date(year, month, 1)
        return date(year + month // 12, month % 12 + 1, 1).replace(day=1) if month < 12 else date(year, 12, 31)
    return date(year, month, day)


def _person(name: str, on: date | None) -> _Clue:
    """A person of the tables on a day: in office, or after all offices among the elite."""
    own = sorted(_held()[name], key=lambda row: row["start"])
    latest = own[-1]
    if on is None:
        current = next((row for row in reversed(own) if not row["end"]), None)
        row = current or latest
        return _Clue(row["party"] or None, row["sector"] or None, name, row["office"] or None)
    begun = [row for row in own if (_day(row["start"], last=False) or date.min) <= on]
    holding = [row for row in begun if (_day(row["end"], last=True) or date.max) >= on]
    if holding:
        row = min(reversed(holding), key=_weight)
        return _Clue(row["party"] or None, row["sector"] or None, name, row["office"] or None)
    if begun:
        row = max(begun, key=lambda row: row["end"])
        sector = "ELI" if row["sector"] in _OFFICIAL or row["sector"] == "IGO" else row["sector"]
        return _Clue(row["party"] or None, sector, name, f"former {row['office']}" if row["office"] else None)
    return _Clue(own[0]["party"] or None, None, name, None)


_HEADS = {"president": 0, "prime minister": 0, "monarch": 0, "head of state": 0, "chancellor": 0}


def _weight(row: Row) -> int:
    """Of several offices on one day the highest: leaders, then the executive, then the others."""
    if row["office"] in _HEADS:
        return 0
    return 1 if row["sector"] in {"GOV", "MIL", "IGO"} else 2


def _similar(text: str) -> str | None:
    """The person whose long name a mention misspells; None where none is close enough."""
    if len(text) < _LONG_NAME or " " not in text:
        return None
    found = process.extractOne(
        utils.default_process(fold(text)), _full_names().keys(), scorer=fuzz.ratio, score_cutoff=_CLOSE_ENOUGH
    )
    return _full_names()[found[0]] if found else None


# -- the parts of a mention ------------------------------------------------------------------------------------------


class _Mention:
    """A mention's names, role nouns and titles, and where its head ends."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.names = [n for n in find(text) if not _set_aside(text, n)]
        masked = _mask(text, self.names)
        self.roles = roles(masked)
        self.titles = titles(masked)
        self.cuts = self._cuts(masked)

    def _cuts(self, masked: str) -> list[tuple[int, int, str]]:
        """The prepositions that stand free, outside names and phrases of the tables."""
        taken = [(r.start, r.end) for r in self.roles] + [(t.start, t.end) for t in self.titles]
        taken += [(n.start, n.end) for n in self.names]
        return [
            (start, end, word)
            for start, end, word in words(masked)
            if word in _PREPOSITIONS and start and not any(a <= start < b for a, b in taken)
        ]

    @property
    def head_end(self) -> int:
        return self.cuts[0][0] if self.cuts else len(self.text)


def _set_aside(text: str, named: Named) -> bool:
    """Whether a name only qualifies: "pro-Moscow", "US-backed rebels"."""
    return bool(_ALOOF.search(text[: named.start])) or bool(
        _LOOSE.match(text[named.end :]) and not _LINKED.match(text[named.end :])
    )


def _mask(text: str, names: list[Named]) -> str:
    """The text with its names blanked, so that no role noun is read inside one ("Islamic State")."""
    chars = list(text)
    for named in names:
        chars[named.start : named.end] = "\x00" * (named.end - named.start)
    return "".join(chars)


def _senses(named: Named) -> tuple[Sense, ...]:
    first = Sense(named.kind, named.party, named.sector, named.name, named.country, named.beyond)
    return (first, *named.others)


def _choose(named: Named, countries: list[str]) -> Named:
    """The sense of a name that fits the countries named beside it; else its first."""
    for sense in _senses(named):
        if sense.country and sense.country in countries:
            return replace(named, kind=sense.kind, party=sense.party, sector=sense.sector, name=sense.name, country=sense.country, beyond=sense.beyond, others=())
    return named


def _countries(names: list[Named]) -> list[str]:
    """The states that names stand for, each once, in order."""
    found: dict[str, None] = {}
    for named in names:
        party = named.country if named.kind in {"group", "body", "person", "surname"} else named.party
        if party and len(party) == 3 and party.isupper() and named.kind != "organisation":
            found.setdefault(party)
    return list(found)


def _around(context: str) -> list[str]:
    """The states that the words around name: all of them, those named by national names first."""
    names = find(context)
    return _countries([n for n in names if n.kind in _NATIONAL]) or _countries(names)


# -- the resolving ---------------------------------------------------------------------------------------------------


def resolve(text: str, context: str = "", on: date | None = None) -> Entity:
    """The entity that an actor mention stands for; party, sector, name and role are null where unknown.

    `context` is the words around it, whose country is taken only where the mention names none; `on` the day at which
    persons' offices are read (without it, their latest).
    """
    given = text.strip(" \t\r\n.,;:\"“”'’()[]")
    main, _, rest = given.partition(",")
    clue = _resolve(main, " ".join((rest, context)).strip(), on)
    if rest and clue.party is None and clue.sector is None:
        second = _resolve(rest.strip(), context, on)
        clue = replace(second, name=second.name or (main if _PERSON.match(main) else None))
    elif rest and clue.role is None and clue.name and clue.sector is None:
        second = _resolve(rest.strip(), context, on)
        clue = replace(clue, sector=second.sector, role=second.role)
    return Entity(text=text, party=clue.party, sector=clue.sector, name=clue.name, role=clue.role)


def _resolve(text: str, context: str, on: date | None) -> _Clue:
    bare = _ARTICLES.sub("", text)
    if not bare:
        return _Clue()
    former = bool(_FORMER.search(_EX_STATES.sub("", bare) + " "))
    mention = _Mention(bare)
    clue = _read(mention, context, on, former=former)
    if clue.party is None and clue.sector not in _ORGANISED and not clue.guessed and clue.name is None:
        misspelt = _similar(bare)
        if misspelt:
            return _person(misspelt, on)
    return clue


def _read(mention: _Mention, context: str, on: date | None, *, former: bool) -> _Clue:
    end = mention.head_end
    head_names = [n for n in mention.names if n.start < end]
    head_roles = [r for r in mention.roles if r.start < end]
    head_titles = [t for t in mention.titles if t.start < end]
    if mention.cuts and _gathers(mention.text[:end], head_names):
        cut = mention.cuts[0]
        if cut[2] in {"of", "from", "in", "among"} or not head_roles:
            tail = _ARTICLES.sub("", mention.text[cut[1] :].strip())
            inner = _read(_Mention(tail), context, on, former=former)
            if inner.sector or inner.party:
                if inner.party is None and head_names:
                    inner = replace(inner, party=head_names[0].party)
                return inner
    return _headed(mention, end, head_names, head_roles, head_titles, context, on, former=former)


def _gathers(head: str, names: list[Named]) -> bool:
    """Whether the head only counts or gathers: its last word does, or it has no word but numbers."""
    spread = words(head)
    return not spread or (spread[-1][2] in _TRANSPARENT or spread[-1][2].isdigit()) and not any(
        n.end >= spread[-1][1] for n in names
    )


def _headed(
    mention: _Mention, end: int, names: list[Named], own_roles: list[Role], own_titles: list[Title],
    context: str, on: date | None, *, former: bool,
) -> _Clue:  # fmt: skip
    role, title = main_role(own_roles), main_title(own_titles)
    tail = [n for n in mention.names if n.start >= end and _ties(mention, n)]
    beside = _countries(names) + _countries(tail)
    around = _around(context)
    names = [_choose(n, [c for c in beside if c != n.country] or around) for n in names]
    tail = [_choose(n, beside or around) for n in tail]
    person = next((n for n in reversed(names) if n.kind in {"person", "surname"}), None)
    if person is not None and not _owner_only(mention, person, own_roles, end):
        return _of_person(person, names, title, on, former=former)
    office = title.office if title else None
    sector, party, name = None, None, None
    thing = next((n for n in reversed(names) if n.kind in {"body", "organisation", "group"}), None)
    if thing is None and (role is None or role.rank == 3):
        thing = next((n for n in tail if n.kind in {"body", "organisation", "group"}), None) if tail and mention.cuts[0][2] in {"of", "for", "from", "at", "in"} else None
    if thing is None and role is not None and tail:
        owner = tail[0]
        if owner.kind in {"body", "organisation", "group"}:
            thing = owner
    strong = role if role is not None and role.rank < 3 else None
    if title is not None and (strong is None or title.sector != strong.sector) and (strong is None or title.end > strong.end or title.start <= strong.start):
        told: str | None = title.sector
    else:
        told = strong.sector if strong else None
    if thing is not None:
        return _of_thing(thing, told, role, office, mention, beside, around, former=former)
    if told is None or (role is not None and role.rank == 3):
        # "head of the army", "leader of the rebels": a general word takes the sector of what it leads.
        later = [r for r in mention.roles if r.start >= end and r.rank < 3]
        follows = mention.cuts[0][2] in {"of", "for"} if mention.cuts else False
        if follows and later and (role is not None or title is not None):
            told = later[0].sector
    if told is None and role is not None:
        told = role.sector
    places = [n for n in names if n.kind in _NATIONAL]
    owner = _owner(places, role, mention) or next((n for n in tail if n.kind in _NATIONAL), None)
    named_person = person or next((n for n in tail if n.kind in {"person", "surname"}), None)
    if owner is None and named_person is not None:
        party = _person(named_person.name, on).party if named_person.name in _held() else named_person.party
    elif owner is not None:
        party = owner.party
    sector = told
    if sector is None and owner is not None and (places or not mention.cuts):
        sector = owner.sector or _OWN_SECTOR.get(owner.kind)
        if owner.kind in {"partial", "dependency"}:
            name = owner.name
    elif sector is None and owner is not None:
        sector = None
    if owner is not None and owner.kind == "partial" and sector in {"GOV", None}:
        sector, name = "PRE", owner.name
    guessed = False
    if party is None and owner is None and (told is not None) and len(around) == 1:
        party, guessed = around[0], True
    if sector is None and party is None:
        return _Clue(role=office)
    if former and sector in _OFFICIAL and own_roles + own_titles:
        sector = "ELI"
        office = f"former {office}" if office and not office.startswith("former") else office
    if title is not None and name is None:
        unknown = _PERSON.search(mention.text[title.end : end].strip())
        name = unknown.group().strip() if unknown else None
    return _Clue(party, sector, name, office, guessed)


def _ties(mention: _Mention, named: Named) -> bool:
    """Whether a name after the head says whose the head is: the preposition before it does not point across."""
    before = [cut for cut in mention.cuts if cut[0] < named.start]
    return not before or before[-1][2] not in _OTHER_SIDE


def _owner(places: list[Named], role: Role | None, mention: _Mention) -> Named | None:
    """Of several states before a head noun the last that stands before it; in a compound the first owns."""
    if not places:
        return None
    states = [p for p in places if p.kind != "place"] or places
    return states[0] if len(states) == 1 or mention.text[states[0].end : states[0].end + 2] in {"'s", "’s"} else states[-1]


def _owner_only(mention: _Mention, person: Named, own_roles: list[Role], end: int) -> bool:
    """Whether a person's name only says whose: "Putin's spokesman", "Putin ally"."""
    after = mention.text[person.end : end]
    return bool(re.match(r"(?:'s|’s|'|’)\s+\w", after)) or any(r.start >= person.end for r in own_roles)


def _of_person(person: Named, names: list[Named], title: Title | None, on: date | None, *, former: bool) -> _Clue:
    candidates = [s.name for s in _senses(person) if s.kind in {"person", "surname"} and s.name in _held()]
    if not candidates:
        return _Clue(person.party, person.sector, person.name, title.office if title else None)
    states = [c for c in _countries(names) if c != person.country]
    readings = [_person(name, on) for name in candidates if name]
    fitting = [r for r in readings if r.party in states] or readings
    clue = next((r for r in fitting if r.sector not in {"ELI", None}), fitting[0])
    if former and clue.sector in _OFFICIAL:
        own = title.office if title else clue.role
        clue = replace(clue, sector="ELI", role=f"former {own}" if own and not own.startswith("former") else own)
    elif clue.sector is None and title is not None:
        clue = replace(clue, sector=title.sector, role=title.office)
    return clue


def _of_thing(
    thing: Named, told: str | None, role: Role | None, office: str | None, mention: _Mention,
    beside: list[str], around: list[str], *, former: bool,
) -> _Clue:  # fmt: skip
    party, sector = thing.party, thing.sector
    if thing.kind == "organisation":
        if told is not None and thing.party == "EU":
            sector = told
    elif thing.kind == "group":
        party = thing.country or thing.party
        if told is not None and told not in {"GOV", "PTY"} and role is not None and role.rank == 1 and role.start >= thing.end:
            sector = told
        return _Clue(party, sector if told is None or sector else told, thing.name, office)
    else:
        general = role is None or role.rank == 3 or office in {"spokesperson", "official", "chief of staff", "adviser"}
        if told is not None and not general:
            sector = told
        elif told is not None and sector is None:
            sector = told
        if party is None:
            party = beside[0] if beside else around[0] if len(around) == 1 else None
    if former and (role is not None or office):
        return _Clue(party, "ELI" if thing.kind == "body" else sector, None, f"former {office}" if office else None)
    return _Clue(party, sector, thing.name, office)


def confidence(entity: Entity) -> float:
    """How sure a resolution is, 0 to 1: by what is known of it. Kept simple; not calibrated."""
    if entity.party is None and entity.sector is None:
        return 0.0
    sure = 0.5 if entity.party is None or entity.sector is None else 0.8
    return min(0.95, sure + (0.1 if entity.name else 0.0))
