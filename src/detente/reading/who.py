"""Who a mention is: any words that name or describe an actor, resolved to party, sector, name and office at a day.

No parser: the tables' names, role nouns and titles that stand in the mention, and which of them heads it. The head
is the last noun before the first preposition ("Turkish forces in Syria" are Turkey's); words that only count or
gather ("members of", "hundreds of") hand their place to what follows. Sectors are those of the PLOVER manual,
chapter Country Names and Sector Codes, with NGO and IGO beside them.
"""

import re
from dataclasses import replace
from datetime import date

from detente.model import Entity
from detente.ontology.holders import Holding, by_name, by_office
from detente.ontology.names import Named, Sense, ambiguous, find
from detente.ontology.places import plain_country
from detente.ontology.sectors import Role, Title, main_role, main_title, roles, titles, words
from detente.ontology.text import fold
from detente.reading.persons import OFFICIAL, Clue, bearer_of, is_state, kind_of, person_on, sector_of_holding, similar

_PREPOSITIONS = {
    "of", "in", "from", "for", "at", "across", "near", "by", "to", "with", "on", "who", "that", "which", "against",
    "under", "around", "inside", "outside", "along", "among", "between", "behind", "throughout", "within", "without",
    "into", "over", "about", "after", "before", "during", "as", "loyal", "opposed", "where", "whose", "towards",
    "toward", "backed", "accused", "suspected", "working", "living", "fleeing", "wearing", "carrying", "protesting",
    "demanding", "calling", "fighting", "seeking", "trying", "waiting", "representing", "belonging", "aboard", "off",
    "killed", "injured", "wounded", "captured", "detained", "trapped", "stationed", "deployed",
}  # fmt: skip
# What stands after these is whom the head deals with, not whose it is: "ambassador to Russia".
_OTHER_SIDE = {
    "to", "with", "against", "on", "over", "about", "towards", "toward", "into", "by", "after", "before", "between",
    "among", "fleeing", "opposed", "fighting", "backed", "protesting", "without",
}  # fmt: skip
_TRANSPARENT = {
    "group", "groups", "number", "numbers", "member", "members", "some", "several", "hundreds", "thousands", "dozens",
    "tens", "scores", "most", "many", "part", "parts", "one", "two", "three", "four", "five", "six", "seven", "eight",
    "nine", "ten", "handful", "lot", "lots", "kind", "series", "majority", "both", "all", "rest", "remnants", "half",
    "crowds", "crowd", "millions", "delegation", "delegations", "team", "teams", "coalition", "band", "bands",
    "column", "convoy", "gathering", "pair", "couple", "elements", "others", "unit", "units", "fraction", "contingent",
    "wave", "waves", "ranks", "remains", "forces", "force", "few", "each", "any", "none", "more", "alliance",
    "alliances", "network", "networks", "ring", "list", "share", "sections", "section", "branch", "branches", "wing",
}  # fmt: skip
_FORMER = re.compile(
    r"\b(?:former|formerly|ex|ousted|deposed|retired|erstwhile|onetime|one-time|toppled)(?:[ -]|$)", re.IGNORECASE
)
_PAST_STATES = re.compile(r"\bformer (?=Yugoslav|Soviet|USSR|East German|West German|Czechoslovak|Zair)", re.IGNORECASE)
_ARTICLES = re.compile(r"^(?:(?:the|a|an|its|their|his|her|our|so-called)\s+)+", re.IGNORECASE)
_ALOOF = re.compile(r"\b(?:pro|anti|non)-$", re.IGNORECASE)
_LOOSE = re.compile(
    r"^-(?:backed|allied|supported|sponsored|funded|trained|friendly|made|linked|aligned|armed|appointed|imposed)\b",
    re.IGNORECASE,
)
_POSSESSIVE = re.compile(r"(?:'s|’s|'|’)(?=\s)")
_PERSON = re.compile(r"(?:(?:[A-Z][\w.'’-]+|bin|bint|al|el|de|da|dos|van|von|der|ben|ibn)(?: |$)){2,}$")
_DIRECTIONS = {
    "north", "south", "east", "west", "northern", "southern", "eastern", "western", "central", "greater", "upper",
    "lower", "old", "new", "downtown", "port", "lake", "cape", "fort", "mount", "inner", "outer", "metropolitan",
}  # fmt: skip
_OWN_SECTOR = {"people": "CVL", "partial": "PRE", "capital": "GOV", "seat": "GOV", "place": "CVL"}
_NATIONAL = {"state", "adjective", "people", "capital", "seat", "partial", "dependency", "place"}
_BODIES = {"body", "organisation", "group"}
_DIPLOMATS = {"ambassador", "envoy", "diplomat"}
# Offices that say nothing of the sector beside the body that they serve: "BBC director general".
_SERVING = {
    "spokesperson", "official", "chief of staff", "adviser", "deputy minister", "secretary-general", "head of state",
    "leader",
}  # fmt: skip
_FOLLOWERS = {
    "supporter", "volunteer", "activist", "fighter", "militant", "gunman", "gunmen", "commander", "leader", "fan",
}  # fmt: skip
_FAMILY = {
    "wife", "husband", "widow", "son", "daughter", "brother", "sister", "mother", "father", "relative", "relatives",
    "family", "family member", "grandmother",
}  # fmt: skip


# -- the parts of a mention ------------------------------------------------------------------------------------------


class _Mention:
    """A mention's names, role nouns and titles: those of its head, and those that follow the first preposition."""

    def __init__(self, text: str, on: date | None, countries: list[str]) -> None:
        self.text = text
        found = [named for named in find(text, on) if not _set_aside(text, named)]
        if _PERSON.match(text) and all(named.kind == "place" for named in found):
            # "Feliciano Valencia" is a person, "North Kivu" a place.
            found = [n for n in found if not _unknown_before(text, n.start)]
        beside = [(n, _countries([o for o in found if o is not n])) for n in found]
        found = [_choose(named, others or countries) for named, others in beside]
        masked = _mask(text, found)
        all_roles, all_titles = roles(masked), titles(masked)
        taken = [(r.start, r.end) for r in all_roles] + [(t.start, t.end) for t in all_titles]
        taken += [(n.start, n.end) for n in found]
        self.cuts = [
            (start, end, word)
            for start, end, word in words(masked)
            if word in _PREPOSITIONS
            and start
            and masked[start - 1] != "-"
            and not any(a <= start < b for a, b in taken)
        ]
        self.end = self.cuts[0][0] if self.cuts else len(text)
        self.names = [n for n in found if n.start < self.end]
        self.after = [n for n in found if n.start >= self.end and self._ties(n)]
        self.roles = [r for r in all_roles if r.start < self.end]
        self.later_roles = [r for r in all_roles if r.start >= self.end]
        self.titles = [t for t in all_titles if t.start < self.end]

    def _ties(self, named: Named) -> bool:
        """Whether a name after the head says whose the head is: the preposition before it does not point across."""
        before = [cut for cut in self.cuts if cut[0] < named.start]
        return not before or before[-1][2] not in _OTHER_SIDE

    @property
    def by(self) -> str | None:
        """The preposition that ends the head."""
        return self.cuts[0][2] if self.cuts else None

    @property
    def role(self) -> Role | None:
        return main_role(self.roles)

    @property
    def title(self) -> Title | None:
        return main_title(self.titles)

    @property
    def former(self) -> bool:
        return bool(_FORMER.search(_PAST_STATES.sub("", self.text[: self.end])))

    @property
    def gathers(self) -> bool:
        """Whether the head only counts or gathers what follows it."""
        if self.by not in {"of", "among"}:
            return False
        spread = words(self.text[: self.end])
        if not spread:
            return True
        start, end, last = spread[-1]
        whole = any(r.start < start and r.end >= end for r in self.roles)
        return (last in _TRANSPARENT or last.isdigit()) and not whole and not any(n.end >= end for n in self.names)

    @property
    def told(self) -> tuple[str | None, bool]:
        """The sector that role nouns and titles of the head tell, and whether only a general word tells it."""
        role, title = self.role, self.title
        wider = title is not None and role is not None and title.start <= role.start and title.end > role.end
        if title is not None and (role is None or role.rank > 1 or wider):
            return title.sector, role is not None and role.rank == 3 and title.end <= role.end
        if role is not None:
            return role.sector, role.rank == 3
        return None, True


def _set_aside(text: str, named: Named) -> bool:
    """Whether a name only qualifies: "pro-Moscow", "US-backed rebels"."""
    return bool(_ALOOF.search(text[: named.start])) or bool(_LOOSE.match(text[named.end :]))


def _unknown_before(text: str, start: int) -> bool:
    before = text[:start].split()
    return bool(before) and before[-1].lower() not in _DIRECTIONS


def _mask(text: str, names: list[Named]) -> str:
    """The text with its names blanked, so that no role noun is read inside one ("Islamic State")."""
    chars = list(text)
    for named in names:
        chars[named.start : named.end] = "\x00" * (named.end - named.start)
    return "".join(chars)


def _senses(named: Named) -> tuple[Sense, ...]:
    first = Sense(named.kind, named.party, named.sector, named.name, named.country, named.beyond)
    return (first, *named.others)


def _as_sense(named: Named, sense: Sense) -> Named:
    return replace(
        named, kind=sense.kind, party=sense.party, sector=sense.sector, name=sense.name, country=sense.country,
        beyond=sense.beyond, others=(),
    )  # fmt: skip


def _choose(named: Named, countries: list[str]) -> Named:
    """The sense of a name that fits the countries named beside it; else its first."""
    if named.kind == "state":
        # "Palestinian Authority", "Vatican": what acts tells more than the state's name.
        body = next((s for s in named.others if s.kind == "body" and s.country == named.party), None)
        return _as_sense(named, body) if body else named
    if named.kind in {"person", "surname"}:
        return named
    fitting = next((s for s in _senses(named) if s.country and s.country in countries), None)
    if fitting is not None and fitting.country != named.country:
        return _as_sense(named, fitting)
    return named


def _countries(names: list[Named]) -> list[str]:
    """The states that names stand for, each once, in order."""
    found: dict[str, None] = {}
    for named in names:
        party = named.country if named.kind in {"group", "body", "person", "surname"} else named.party
        if is_state(party) and party is not None:
            found.setdefault(party)
    return list(found)


def _around(context: str) -> list[str]:
    """The states that the words around name: those named by national names before others."""
    names = find(context)
    return _countries([n for n in names if n.kind in _NATIONAL]) or _countries(names)


# -- the resolving ---------------------------------------------------------------------------------------------------


def resolve(text: str, context: str = "", on: date | None = None) -> Entity:
    """The entity that an actor mention stands for; party, sector, name and role are null where unknown.

    `context` is the words around it, whose country is taken only where the mention names none; `on` the day at which
    persons' offices and groups' power are read (without it, the latest). A group's party is its home country where
    it has one; its own name is then in `name`.
    """
    given = re.sub(r"\s+", " ", text).strip(" ,;:\"“”'’()[]…").lstrip(".")
    if not re.search(r"\b[A-Z]\.$|\b(?:Jr|Sr|Inc|Corp|Ltd|Co)\.$", given):
        given = given.rstrip(". ")
    plain = re.sub(r"\s*\([^)]*\)", "", given)
    main, _, rest = plain.partition(",")
    aside = " ".join([rest, *re.findall(r"\(([^)]*)\)", given)])
    clue = _resolve(main, f"{aside} {context}".strip(), on)
    if rest and clue.sector is None:
        second = _resolve(rest.strip(), context, on)
        name = clue.name or (main if _PERSON.match(main) else None) or second.name
        clue = Clue(clue.party or second.party, second.sector, name, clue.role or second.role)
    return Entity(text=text, party=clue.party, sector=clue.sector, name=clue.name, role=clue.role)


def _resolve(text: str, context: str, on: date | None) -> Clue:
    around = _around(context) if context else []
    bare = _ARTICLES.sub("", text)
    if not bare:
        return Clue()
    mention = _Mention(bare, on, around)
    if not mention.names and not mention.after and (town := _town(mention)) is not None:
        around, alone = [town], not mention.roles and not mention.titles
        if alone:
            return Clue(town, "CVL")
    clue = _read(mention, around, on)
    if clue.party is None and clue.sector not in {"IGO", "NGO"} and (misspelt := similar(bare)):
        return person_on(misspelt, on)
    return clue


def _town(mention: _Mention) -> str | None:
    """The country of a smaller town that the mention names, where the town of that name is plain; else None."""
    if mention.titles or _PERSON.match(mention.text) or find(mention.text):
        return None
    for run in re.findall(r"[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)*", mention.text):
        if (country := plain_country(run)) is not None and not roles(run) and fold(run) not in ambiguous():
            return country
    return None


def _read(mention: _Mention, around: list[str], on: date | None) -> Clue:
    if mention.gathers:
        tail = _ARTICLES.sub("", mention.text[mention.cuts[0][1] :].strip())
        inner = _read(_Mention(tail, on, around), around, on) if tail else Clue()
        if inner.sector or inner.party:
            own = _nation(mention)
            return replace(inner, party=own.party) if own is not None and inner.name is None else inner
    person = next((n for n in mention.names if n.kind in {"person", "surname"}), None)
    if person is not None and not _owns(mention, person):
        clue = _of_person(mention, person, on)
        if clue is not None:
            return clue
        mention.names.remove(person)
    elif person is not None:
        # In "President X's forces" the title is the owner's.
        mention.roles = [r for r in mention.roles if r.start >= person.end]
        mention.titles = [t for t in mention.titles if t.start >= person.end]
    thing = _thing(mention)
    if thing is not None:
        return _of_thing(mention, thing, around)
    return _of_nouns(mention, around, on)


def _owns(mention: _Mention, person: Named) -> bool:
    """Whether a person's name only says whose: "Putin's spokesman", "Putin ally"."""
    after = mention.text[person.end : mention.end]
    return bool(_POSSESSIVE.match(after) or re.match(r" [a-z]", after)) or any(
        r.start >= person.end for r in mention.roles
    )


def _nation(mention: _Mention) -> Named | None:
    """The state that a head noun belongs to: the first possessor or of several joined, else the last before it."""
    known = [n for n in mention.names if n.kind in _NATIONAL and n.party]
    if len(known) > 1:
        between = fold(mention.text[known[0].end : known[1].start])
        if between.startswith("'s ") or between.strip() in {"and", "and the", ",", "/", "&"}:
            return known[0]
    return known[-1] if known else None


def _thing(mention: _Mention) -> Named | None:
    """The body, organisation or group that the mention is or serves; None where its nouns stand for themselves."""
    head = [n for n in mention.names if n.kind in _BODIES]
    office = mention.title.office if mention.title else None
    if head:
        diplomat = office in _DIPLOMATS and head[-1].kind == "organisation" and _nation(mention) is not None
        # "Russia's UN ambassador" is Russia's.
        return None if diplomat else head[0] if not mention.roles else head[-1]
    if mention.by in {"of", "for", "from", "at", "in", "within"}:
        reach = mention.cuts[1][0] if len(mention.cuts) > 1 else len(mention.text)
        return next((n for n in mention.after if n.kind in _BODIES and n.start < reach), None)
    return None


def _of_person(mention: _Mention, person: Named, on: date | None) -> Clue | None:
    """A person of the tables; None where the title says that a bare surname is another's ("Colonel Smith")."""
    title = mention.title
    named = [s.name for s in _senses(person) if s.kind in {"person", "surname"} and s.name]
    named += [h.person for h in by_name(person.text, on)]
    readings = [person_on(name, on) for name in dict.fromkeys(named)]
    beside = _countries([n for n in mention.names if n is not person])
    if title is not None and person.kind == "surname" and on is not None:
        readings = [r for r in readings if r.sector in {title.sector, "ELI", "IGO"} and r.party is not None]
        readings.sort(key=lambda r: r.role is None or kind_of(r.role) != title.office)
        other = not readings or (readings[0].sector == "ELI" and kind_of(readings[0].role or "") != title.office)
        if other and not mention.former:
            return None
    fitting = [r for r in readings if r.party in beside] or readings or [Clue(person.party, None, person.name)]
    clue = next((r for r in fitting if r.sector not in {"ELI", None}), fitting[0])
    if mention.former and (clue.sector in OFFICIAL or clue.sector is None):
        own = title.office if title else clue.role
        role = own if own is None or own.startswith("former") else f"former {own}"
        return replace(clue, sector="ELI", role=role)
    if clue.sector is None and title is not None:
        return replace(clue, sector=title.sector, role=title.office)
    return clue


def _of_thing(mention: _Mention, thing: Named, around: list[str]) -> Clue:
    told, general = mention.told
    role, office = mention.role, mention.title.office if mention.title else None
    general = general or office in _SERVING
    party, sector = thing.party, thing.sector
    if thing.kind == "organisation":
        if thing.party == "EU" and told is not None:
            sector = told
    elif thing.kind == "group":
        party = thing.country or thing.party
        own = general or role is None or role.words in _FOLLOWERS or told in {"UAF", "REB", "PRM"}
        if told is not None and not own:
            sector = told
    else:
        party = _body_party(mention, thing, around)
        following = role is not None and role.words in _FOLLOWERS
        # A "president" or "director" of a university or a spy agency is of its sector; a party's minister governs.
        if told is not None and not general and not following and (told != "GOV" or sector == "PTY"):
            sector = told
        sector = sector or told
    if mention.former and (role is not None or office is not None) and sector in OFFICIAL:
        return Clue(party, "ELI", None, f"former {office}" if office else None)
    return Clue(party, sector, thing.name, office)


def _body_party(mention: _Mention, thing: Named, around: list[str]) -> str | None:
    """Whose a body is: its country's, unless its name is any country's and another country stands by it."""
    owners = [n for n in mention.names if n.kind in _NATIONAL and n.party and n.start < thing.start]
    if owners:
        return owners[-1].party
    if thing.sector in {"REL", "PTY"}:
        # "the Catholic Church in Poland", "the Communist Party of Nepal"
        behind = next((n for n in mention.after if n.kind in _NATIONAL and n.party), None)
        if behind is not None:
            return behind.party
    name = thing.text
    spans = roles(name)
    any_country = bool(spans) and spans[0].start == 0 and spans[-1].end == len(name)
    if thing.country is None or (any_country and around and thing.country not in around):
        beside = _countries(mention.after)
        return beside[0] if beside else around[0] if len(around) == 1 else thing.country
    return thing.country


def _of_nouns(mention: _Mention, around: list[str], on: date | None) -> Clue:
    told, general = mention.told
    role, title = mention.role, mention.title
    office = title.office if title else None
    if mention.by in {"of", "for"} and (general or office in _SERVING):
        # "head of the army", "leader of the rebels": a general word takes the sector of what it leads.
        told = next((r.sector for r in mention.later_roles if r.rank < 3), told)
    own = _nation(mention)
    owner = own or next((n for n in mention.after if n.kind in _NATIONAL and n.party), None)
    person = next((n for n in (*mention.names, *mention.after) if n.kind in {"person", "surname"}), None)
    if role is not None and role.words in _FAMILY and person is not None:
        told = "ELI"
    party = owner.party if owner else None
    name = None
    if owner is None and person is not None and person.name is not None:
        party = person_on(person.name, on).party or person.party
    if owner is None and party is None and told is not None and len(around) == 1:
        party = around[0]
    sector = told
    bare = owner if owner is not None and not mention.cuts else own
    if sector is None and bare is not None:
        sector = bare.sector or _OWN_SECTOR.get(bare.kind)
        if bare.kind == "adjective" and bare.start > 0 and bare.end == mention.end:
            # "an 18-year-old Palestinian"; "the British" alone may be the state.
            sector = next((s.sector or "CVL" for s in bare.others if s.kind == "people"), sector)
        if sector is None and bare.kind == "state" and bare.end - bare.start == len(mention.text):
            sector = "GOV"
    if owner is not None and owner.sector == "PRE":
        sector, name = ("PRE" if sector in {"GOV", None} else sector), owner.name
    if mention.former and sector in OFFICIAL and (role is not None or title is not None):
        sector = "ELI"
        office = office if office is None or office.startswith("former") else f"former {office}"
    elif title is not None and party is not None and on is not None and title.start + len(title.title) <= mention.end:
        known = _holder(mention, title, party, on)
        name = known.person if known else None
    called = mention.text[title.end if title else 0 : mention.end].strip()
    if on is not None and not mention.former and (bearer := bearer_of(called, title, party, on)) is not None:
        return Clue(bearer.party, sector_of_holding(bearer), bearer.person, bearer.office)
    if title is not None and name is None:
        unknown = _PERSON.search(fold(called))
        name = called[unknown.start() :] if unknown else None
    return Clue(party, sector, name, office)


def _holder(mention: _Mention, title: Title, party: str, on: date) -> Holding | None:
    """Who held on the day the office that the mention is: "the prime minister of Nepal"; None for any other words."""
    beyond = mention.text[title.end : mention.end].strip()
    single = not mention.text[title.start : title.end].lower().endswith("s")
    region = any(n.kind in {"place", "dependency", "partial"} for n in (*mention.names, *mention.after))
    if beyond or not single or region or title.level == "official":
        return None
    return by_office(title.title, party, on) or by_office(title.office, party, on)


def confidence(entity: Entity) -> float:
    """How sure a resolution is, 0 to 1, by what is known of it: kept simple, not calibrated."""
    if entity.party is None and entity.sector is None:
        return 0.0
    sure = 0.5 if entity.party is None or entity.sector is None else 0.8
    return sure + 0.1 if entity.name else sure
