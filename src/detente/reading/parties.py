"""Parties: every place of the article that names a state, an organisation, a group, a person or people of one.

Names come from the tables; persons that the tables do not know are introduced by the article itself ("the Iraqi
president, X", "Governor X of Y"); common nouns are parties by their head ("Syrian rebels", "the foreign ministry of
Peru"). The coding rules are PLOVER's (manual, chapter Country Names and Sector Codes): all that acts for a state is
its ISO code.
"""

import re
from collections import Counter
from dataclasses import replace
from datetime import date

from spacy.tokens import Doc, Token

from detente.ontology.holders import Holding, by_name, by_office
from detente.ontology.lexicon import words
from detente.ontology.names import Named, find, shared_names
from detente.ontology.nouns import person_nouns
from detente.ontology.places import plain_country
from detente.ontology.sectors import Title, main_role, main_title, roles, title_of, titles
from detente.ontology.states import states
from detente.reading.draft import Draft, Mention
from detente.reading.frames import after, modifiers, possessors

_NATIONAL = {"state", "adjective", "people", "capital", "seat", "partial", "dependency"}
_ACTING = {
    "GOV",
    "MIL",
    "LEG",
    "JUD",
    "COP",
    "SPY",
    "OPP",
    "REB",
    "PRM",
    "UAF",
    "PTY",
    "CVL",
    "JRN",
    "BUS",
    "LAB",
    "AGR",
    "EDU",
    "MED",
    "REL",
    "CRM",
    "ELI",
    "REF",
    "SOC",
    "NGO",
    "PRE",
}
# Prepositions that tie people and bodies to their state: "the president of Peru", "forces from Chad".
_TYING = ("of", "from", "in", "for", "at", "to")
# Not an actor of the state in front of them: "pro-Moscow", "anti-Iran", "US-backed".
_COLLECTIVES = words("measure") | {
    "member",
    "majority",
    "coalition",
    "team",
    "delegation",
    "crowd",
    "alliance",
    "bunch",
    "mob",
    "minority",
    "rest",
    "most",
    "many",
}
_GUESTS = {"JRN", "NGO", "REF", "IGO", "MIL"}
"""Sectors of those who may well be strangers where they stand: reporters, relief workers, refugees, troops."""
ENVOYS = {"ambassador", "envoy", "diplomat", "consul"}
"""Offices that are held on another state's ground."""
_TRAVELLERS = (ENVOYS | {"negotiator", "mediator"}) - {"diplomat"}
"""Who is elsewhere on business; "a senior diplomat in Vilnius" mostly speaks for the state whose capital it is."""
_STRANGERS = {"western", "foreign", "european", "arab", "african", "asian", "international", "overseas"}
"""Words that make people somebody else's than the place's where they are: "Western diplomats in Khartoum"."""
_SIDES = {"side", "camp"}
"""Nouns that are a party only by whose they are ("the Korean side")."""
_LONGEST_TITLE = 6
_LOOSENING = {"pro", "anti", "non", "ex"}
_LOOSENED_BY = {
    "backed",
    "allied",
    "supported",
    "based",
    "born",
    "held",
    "made",
    "friendly",
    "sponsored",
    "funded",
    "trained",
    "occupied",
    "controlled",
    "bound",
}


def _head(doc: Doc, start: int, end: int) -> Token | None:
    span = doc.char_span(start, end, alignment_mode="expand")
    if span is None or not len(span):
        return None
    root: Token = span.root
    return root


def _loosened(token: Token) -> bool:
    """Whether a hyphen takes a national adjective away from its noun: "pro-Moscow", "US-backed"."""
    doc = token.doc
    before = doc[token.i - 1] if token.i else None
    if token.lower_.startswith(("pro-", "anti-", "non-")):
        return True
    if before is not None and before.text in {"-", "–"} and token.i > 1 and doc[token.i - 2].lower_ in _LOOSENING:
        return True
    if token.i + 2 < len(doc) and doc[token.i + 1].text in {"-", "–"} and doc[token.i + 2].lower_ in _LOOSENED_BY:
        return True
    return "-" in token.text and token.text.rpartition("-")[2].lower() in _LOOSENED_BY


_ETHNIC = re.compile(r"(?<![\w-])ethnic[ -]$", re.I)
_STATES = {"state", "capital", "adjective", "people"}
"""Kinds of names by which a page names a state."""


class _Cast:
    """Who is who in one article, filled noun by noun."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.doc = draft.parsed
        self.on: date | None = draft.published
        self.named: dict[int, Named] = {}
        self.introduced: dict[str, Mention] = {}
        self.found: dict[int, tuple[Mention, ...]] = {}
        for named in find(draft.overlay.mended, draft.published):
            span = self.doc.char_span(named.start, named.end, alignment_mode="expand")
            if span is not None:
                for token in span:
                    self.named.setdefault(token.i, named)
        self._share()
        self._settle_peoples()

    def _share(self) -> None:
        """Give a name that several states share ("Korean") to the one that the page otherwise names, or most names."""
        known = Counter(named.party for named in self.named.values())
        for token in self.doc:
            shared = shared_names().get(token.text)
            if shared is None or token.i in self.named or token.head.lower_ in {"peninsula", "war"}:
                continue
            kind, states = shared
            first, second, *_ = sorted(states, key=lambda code: -known[code])
            if known[first] > 2 * known[second]:
                start, end = token.idx, token.idx + len(token)
                self.named[token.i] = Named(
                    start=start, end=end, text=token.text, kind=kind, party=first, country=first
                )

    def _settle_peoples(self) -> None:
        """Give a people that lives in several states to the one that the page names, where it does not name the first.

        "The Mozambique government accepted demands from Shona rebels." An ethnic people is of the state that it lives
        in, not of the one that bears its name: where that is, is for coreference.
        """
        text = self.draft.overlay.mended
        ethnic = {i for i, named in self.named.items() if _ETHNIC.search(text[max(0, named.start - 9) : named.start])}
        on_page = {
            named.party
            for i, named in self.named.items()
            if i not in ethnic and named.kind in _STATES and all(o.party == named.party for o in named.others)
        }
        for i, named in self.named.items():
            if named.kind not in {"people", "adjective"} or named.party is None:
                continue
            home_state = states().get(named.party)
            if i in ethnic and home_state is not None and named.name == home_state.name:
                self.named[i] = replace(named, party=None, country=None)
            elif named.party not in on_page:
                homes = {o.party for o in named.others if (o.kind, o.name) == (named.kind, named.name)} & on_page
                if len(homes) == 1:
                    home = homes.pop()
                    self.named[i] = replace(named, party=home, country=home)

    # -- names ---------------------------------------------------------------------------------------------------

    def _extent(self, token: Token) -> tuple[int, int]:
        """The tokens of the noun phrase without what follows it in a clause of its own."""
        right = token.i + 1
        named = self.named.get(token.i)
        if named is not None:
            while right < len(self.doc) and self.doc[right].idx < named.end:
                right += 1
        return token.left_edge.i, right

    def _mention(
        self,
        token: Token,
        kind: str,
        party: str | None,
        sector: str | None,
        *,
        name: str | None = None,
        role: str | None = None,
        person: bool = False,
        plural: bool = False,
    ) -> Mention:
        left, right = self._extent(token)
        return Mention(token.i, left, right, kind, party, sector, name, role, person, plural)

    def _national(self, token: Token) -> Named | None:
        named = self.named.get(token.i)
        if (
            named is not None
            and named.kind in _NATIONAL | {"organisation", "group", "body", "place"}
            and not _loosened(token)
        ):
            return named
        return None

    def _owners(self, noun: Token, *, visiting: bool = False) -> list[Named]:
        """The states, organisations and groups that a common noun belongs to, from what stands around it.

        Who is `visiting` is not of the state whose ground he or she is on.
        """
        for tokens in (possessors(noun), modifiers(noun)):
            found = [
                named for token in tokens if (named := self._national(token)) is not None and named.kind != "place"
            ]
            if not found and tokens is not None:
                deep = [
                    m
                    for token in tokens
                    for m in self.at(token)
                    if token.pos_ in {"NOUN", "PROPN"} and token.i < noun.i and self._national(token) is None
                ]
                if any(m.party for m in deep):
                    return [self._as_named(m) for m in deep if m.party]
            if found:
                return found
        for preposition in _TYING:
            if preposition in {"in", "at", "to"} and visiting:
                # "envoys in Ankara", "the ambassador to Peru": whose they are stands elsewhere.
                continue
            found = []
            for token in after(noun, preposition):
                named = self._national(token)
                if named is not None:
                    found.append(named)
                elif preposition in {"of", "from", "for", "at"} and (deep := [m for m in self.at(token) if m.party]):
                    found += [self._as_named(m) for m in deep]
            if found:
                return found
        return []

    def _ground(self, noun: Token, *, visiting: bool) -> list[Named]:
        """The state of the place that people and bodies are of: "a Milan prosecutor", "police in Mombasa"."""
        beside = [t for t in (*possessors(noun), *modifiers(noun)) if t.pos_ == "PROPN"]
        spots = [spot for token in beside if (spot := self._place(token)) is not None]
        if not spots and not visiting:
            spots = [
                spot
                for preposition in ("of", "from", "in", "at")
                for token in after(noun, preposition)
                if (spot := self._place(token)) is not None
            ]
        return spots[:1]

    def _place(self, token: Token) -> Named | None:
        """The place of one state that a token names, also by a name that is a person's too."""
        named = self.named.get(token.i)
        if named is not None:
            return named if named.kind == "place" and named.party and not _loosened(token) else None
        if token.pos_ != "PROPN" or not token.text[:1].isupper() or token.text in self.introduced:
            return None
        first = token.left_edge.i if token.dep_ == "pobj" else token.i
        while first < token.i and self.doc[first].pos_ != "PROPN":
            first += 1
        name = self.doc[first : token.i + 1].text
        country = plain_country(name)
        if country is None:
            return None
        start, end = self.doc[first].idx, token.idx + len(token)
        return Named(start=start, end=end, text=name, kind="place", party=country, name=name, country=country)

    def _as_named(self, mention: Mention) -> Named:
        first, last = self.doc[mention.left], self.doc[mention.right - 1]
        return Named(
            start=first.idx,
            end=last.idx + len(last),
            text=self.doc[mention.left : mention.right].text,
            kind="state",
            party=mention.party,
            sector=mention.sector,
            name=mention.name,
        )

    # -- persons -------------------------------------------------------------------------------------------------

    def _title(self, token: Token) -> tuple[Title | None, list[Named]]:
        """The office that stands with a person's name, and whose office it is."""
        before = list(self.doc[token.left_edge.i : token.i])
        parts = [t for t in modifiers(token) if t.i < token.i]
        owners = [named for t in [*parts, *possessors(token)] if (named := self._national(t)) is not None]
        words = " ".join(t.text for t in before if t.text not in {"'s", "’s"})
        title = title_of(words)
        for child in token.children:
            if child.dep_ == "appos" and child.i > token.i:
                phrase = self.doc[child.left_edge.i : child.right_edge.i + 1].text
                title = title or title_of(self.doc[child.left_edge.i : child.i + 1].text) or title_of(phrase)
                owners = owners or self._owners(child)
        if token.dep_ == "appos":
            # "Iraq's president, Barham Salih": the office is what the name stands beside.
            host = token.head
            title = title or title_of(self.doc[host.left_edge.i : host.i + 1].text)
            owners = owners or self._owners(host)
        return title, owners

    def _person(self, token: Token) -> Mention | None:
        """A person's name, by the tables at the article's date or as the article introduces him or her."""
        named = self.named.get(token.i)
        surname = token.text
        if named is not None and named.kind == "place" and self._titled(token):
            # "President Bush" is no town of that name.
            named = next(
                (
                    replace(named, kind=o.kind, party=o.party, sector=o.sector, name=o.name)
                    for o in named.others
                    if o.kind in {"person", "surname"}
                ),
                named,
            )
        if named is not None and named.kind in {"person", "surname"}:
            known = self.introduced.get(surname)
            holdings = by_name(named.name or named.text, self.on)
            if known is not None and (
                named.kind == "surname" or known.name == (holdings[0].person if holdings else named.name)
            ):
                return self._again(token, known)
            if holdings:
                return self._holder(token, holdings[0])
            return self._mention(token, "person", named.party, named.sector, name=named.name, person=True)
        if token.pos_ != "PROPN" or not token.text[:1].isupper():
            return None
        known = self.introduced.get(surname)
        if known is not None:
            return self._again(token, known)
        return None

    def _holder(self, token: Token, holding: Holding) -> Mention:
        """The person whom the tables know by an office."""
        return self._mention(
            token, "person", holding.party, holding.sector, name=holding.person, role=holding.office, person=True
        )

    def _again(self, token: Token, known: Mention) -> Mention:
        """The person whom the article introduced as `known`."""
        return self._mention(token, "person", known.party, known.sector, name=known.name, role=known.role, person=True)

    def _titled(self, token: Token) -> bool:
        return token.i > 0 and token.nbor(-1).text[:1].isupper() and title_of(token.nbor(-1).text) is not None

    def introduce(self) -> None:
        """Note who is introduced with an office or a state, so that the bare name is known wherever it stands."""
        for token in self.doc:
            if token.pos_ != "PROPN" or not token.text[:1].isupper() or (not token.is_alpha and "-" not in token.text):
                continue
            if token.dep_ in {"compound", "amod", "nmod"} and token.head.pos_ == "PROPN":
                continue
            named = self.named.get(token.i)
            if named is not None and named.kind not in {"person", "surname"}:
                continue
            first = token.i
            while (
                first > 0
                and self.doc[first - 1].pos_ == "PROPN"
                and self.doc[first - 1].i >= token.left_edge.i
                and self.named.get(first - 1) in {named, None}
                and not title_of(self.doc[first - 1].text)
            ):
                first -= 1
            full = self.doc[first : token.i + 1].text
            title, owners = self._title(token)
            if named is not None and named.kind in {"person", "surname"}:
                holdings = by_name(named.name or named.text, self.on)
                if holdings and (named.kind == "person" or token.text not in self.introduced):
                    holding = holdings[0]
                    fits = not owners or any(owner.party == holding.party for owner in owners)
                    if fits:
                        if named.kind == "person" or title is not None:
                            self.introduced[token.text] = self._holder(token, holding)
                        continue
            if (title is None and not owners) or token.text in self.introduced or (title is None and first == token.i):
                continue
            party = owners[0].party if owners else None
            if (party is None and title is None) or (title is None and any(r.end == len(full) for r in roles(full))):
                # A proper name that ends in a noun of bodies is a body: "the Tajik Supreme Court".
                continue
            sector = title.sector if title else ("CVL" if party else None)
            if owners and owners[0].kind == "organisation":
                sector = "IGO"
            self.introduced[token.text] = self._mention(
                token, "person", party, sector, name=full, role=title.office if title else None, person=True
            )

    # -- nouns ---------------------------------------------------------------------------------------------------

    def at(self, token: Token) -> tuple[Mention, ...]:
        """The parties of the noun phrase that `token` heads; none where it names none."""
        if token.i not in self.found:
            self.found[token.i] = ()
            self.found[token.i] = self._resolve(token)
        return self.found[token.i]

    def _resolve(self, token: Token) -> tuple[Mention, ...]:
        if token.pos_ not in {"NOUN", "PROPN", "ADJ", "NUM", "X", "VERB", "ADP", "INTJ", "ADV"}:
            return ()
        person = self._person(token)
        if person is not None:
            return (person,)
        named = self.named.get(token.i)
        if named is not None and not _loosened(token):
            if named.kind in {"adjective"} and token.dep_ in {"amod", "compound", "nmod"}:
                return ()
            sector = named.sector or {
                "people": "CVL",
                "state": "GOV",
                "capital": "GOV",
                "seat": "GOV",
                "adjective": "CVL",
            }.get(named.kind)
            last = self.doc[token.i]
            if token.idx + len(last) >= named.end or token.head.idx >= named.end or token.head.idx < named.start:
                return (
                    self._mention(
                        token,
                        named.kind,
                        named.party,
                        sector,
                        name=named.name if named.kind not in {"state", "adjective", "people", "capital"} else None,
                        plural=token.tag_ in {"NNS", "NNPS"},
                    ),
                )
        if token.pos_ not in {"NOUN", "PROPN"}:
            return ()
        return self._common(token)

    def _common(self, token: Token) -> tuple[Mention, ...]:
        phrase = self.doc[max(token.left_edge.i, token.i - _LONGEST_TITLE) : token.i + 1].text
        # The words must be the head's own: "the minister's visit" is no minister.
        title = main_title(t for t in titles(phrase) if t.end == len(phrase))
        role_noun = main_role(r for r in roles(phrase) if r.end == len(phrase))
        sector = title.sector if title else role_noun.sector if role_noun else "GOV" if token.lemma_ in _SIDES else None
        if token.lemma_.lower() in _COLLECTIVES and (inner := [m for t in after(token, "of") for m in self.at(t)]):
            # "a group of Moroccan diplomats", "dozens of protesters": those whom it is made up of.
            return tuple(replace(m, head=token.i, left=token.left_edge.i, right=m.right) for m in inner)
        if sector is None or sector not in _ACTING:
            return ()
        if any(child.pos_ == "PRON" for child in token.children if child.dep_ == "poss"):
            # "his Chinese counterpart" is China's; "its ambassador" is for coreference.
            owners = [
                named for t in modifiers(token) if (named := self._national(t)) is not None and named.kind != "place"
            ]
        else:
            told = (title.title if title else role_noun.words if role_noun else "").split()
            strange = any(c.lower_ in _STRANGERS and c.lower_ not in told for c in token.children)
            visiting = strange or (title is not None and title.office in _TRAVELLERS)
            owners = self._owners(token, visiting=visiting)
            owners = owners or self._ground(token, visiting=visiting or sector in _GUESTS)
        role = title.office if title else None
        plural = token.tag_ in {"NNS", "NNPS"}
        person = not plural and (role is not None or token.lemma_.lower() in person_nouns())
        mentions: dict[str | None, Mention] = {}
        for named in owners:
            own = "IGO" if named.kind == "organisation" else named.sector if named.kind == "group" else sector
            name, known_role = None, role
            if (
                role
                and not plural
                and named.party
                and self.on
                and (holding := by_office(role, named.party, self.on)) is not None
            ):
                name, known_role = holding.person, holding.office
            mentions.setdefault(
                named.party,
                self._mention(
                    token,
                    "office" if role else "nominal",
                    named.party,
                    own,
                    name=name,
                    role=known_role,
                    person=person,
                    plural=plural,
                ),
            )
        if mentions:
            return tuple(mentions.values())
        if token.lemma_.lower() in words("flagged"):
            # "Iran seized a tanker": a ship of no flag is no one's.
            return ()
        return (
            self._mention(
                token, "office" if role else "nominal", None, sector, role=role, person=person, plural=plural
            ),
        )

    def fill(self) -> None:
        """Resolve every noun of the page, then give the unowned ones the state that the page is about, if it is one."""
        self.introduce()
        for token in self.doc:
            self.at(token)
        # What stands before a person's name is the title, not a party beside him or her.
        titles_only = {
            i
            for mentions in self.found.values()
            for m in mentions
            if m.person and m.name
            for i in range(m.left, m.head)
        }
        self.draft.mentions = {i: mentions for i, mentions in self.found.items() if mentions and i not in titles_only}
        for i, named in self.named.items():
            token = self.doc[i]
            if (
                i not in self.draft.mentions
                and self._national(token) is not None
                and named.kind != "place"
                and named.party
            ):
                self.draft.nationals[i] = Mention(i, i, i + 1, named.kind, named.party, named.sector or "GOV")


def principal_state(draft: Draft) -> str | None:
    """The one state that a page is about: half of all naming of states, twice as often as any other, and thrice."""
    counts = Counter(
        m.party
        for mentions in draft.mentions.values()
        for m in mentions[:1]
        if m.party and len(m.party) == 3 and m.sector != "IGO"
    )
    counts.update(m.party for m in draft.nationals.values() if m.party and len(m.party) == 3)
    if not counts:
        return None
    ranked = [*counts.most_common(2), ("", 0)]
    party, most = ranked[0]
    return party if most >= 3 and 2 * most >= sum(counts.values()) and most >= 2 * ranked[1][1] else None


def parties(draft: Draft) -> None:
    """Find the parties of the page: fills `draft.mentions`."""
    cast = _Cast(draft)
    cast.fill()
    for mentions in draft.mentions.values():
        for mention in mentions:
            token = draft.parsed[mention.head]
            draft.decide(
                "parties",
                token.idx,
                f"{draft.parsed[mention.left : mention.right].text!r} is "
                + " ".join(filter(None, (mention.party or "unknown", mention.sector, mention.name))),
            )
