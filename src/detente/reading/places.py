"""Places: where things happen, with coordinates and country, each with the verb whose clause it stands in."""

from dataclasses import replace

from detente.model import Place
from detente.ontology.names import find
from detente.ontology.places import lookup
from detente.ontology.states import by_form
from detente.reading.coreference import is_domestic
from detente.reading.draft import Draft, PlaceMention
from detente.reading.frames import clause_verb
from detente.reading.parties import ENVOYS

_LOCATING = {
    "in",
    "at",
    "near",
    "outside",
    "from",
    "to",
    "into",
    "inside",
    "around",
    "across",
    "off",
    "over",
    "on",
    "between",
    "of",
}
_WITHIN = {"in", "at", "near", "outside", "inside", "across", "around"}
_KINDS = {"place", "capital", "state", "partial", "dependency"}


def places(draft: Draft) -> None:
    """Find the places that clauses name after a preposition of place: fills `draft.places`."""
    doc = draft.parsed
    for named in find(draft.overlay.mended):
        if named.kind not in _KINDS:
            continue
        span = doc.char_span(named.start, named.end, alignment_mode="expand")
        if span is None or span.root.dep_ not in {"pobj", "appos", "conj"}:
            continue
        root = span.root
        head = root
        while head.dep_ in {"appos", "conj"} and head.head.i != head.i:
            head = head.head
        if head.dep_ != "pobj" or head.head.lower_ not in _LOCATING:
            continue
        spots = lookup(named.text) if named.kind in {"place", "capital"} else []
        country = named.party or named.country
        if spots:
            spot = next((s for s in spots if country is None or s.country == country), spots[0])
            place = Place(
                text=named.text, country=spot.country or country, lat=spot.lat, lon=spot.lon, geonames=spot.geonames
            )
        else:
            state = by_form(named.text)
            place = Place(text=named.text, country=state.code if state else country)
        if place.country is None and place.lat is None:
            continue
        draft.decide(
            "places",
            named.start,
            f"{named.text!r} in {place.country or 'no state'}"
            + (f" at {place.lat}, {place.lon}" if place.lat is not None else ""),
        )
        draft.places.append(PlaceMention(span.start, span.end, place, clause_verb(head.head).i))
    _settle_local(draft)


def _settle_local(draft: Draft) -> None:
    """Actors that the page gives no state belong to the state of the one place that their clause names."""
    for index, mentions in list(draft.mentions.items()):
        token = draft.parsed[index]
        if not is_domestic(token, mentions) or mentions[0].role in ENVOYS:
            continue
        verb = clause_verb(token).i
        countries = {
            p.place.country
            for p in draft.places
            if p.verb == verb and draft.parsed[p.left].head.lower_ in _WITHIN and p.place.country is not None
        }
        if len(countries) == 1:
            party = countries.pop()
            draft.mentions[index] = tuple(replace(m, party=party) for m in mentions)
            draft.decide("places", token.idx, f"{token.text!r} is of {party}, where its clause takes place")


def where(draft: Draft, token_index: int, verb: int) -> Place | None:
    """The place of an act: in its own phrase or its verb's clause, the most precise first."""
    token = draft.parsed[token_index]
    own = {t.i for t in token.subtree} if token.pos_ in {"NOUN", "PROPN"} else set()
    found = [p for p in draft.places if p.left in own] or [p for p in draft.places if p.verb == verb]
    located = [
        p
        for p in found
        if draft.parsed[p.left].head.lower_ in {"in", "at", "near", "outside", "inside", "across", "around", "off"}
    ] or []
    if not located:
        return None
    return min(located, key=lambda p: (p.place.lat is None, abs(p.left - token_index))).place
