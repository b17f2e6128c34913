"""Repairs: what damaged places of the text are taken to mean, each with a reason that a reader can check.

The text itself stays as it is. A repair needs evidence: the text's own other words, the calendar, or the tables;
a doubtful place is left alone.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import ratio
from rapidfuzz.process import extract
from spacy.lang.en.stop_words import STOP_WORDS
from spacy.tokens import Token

from detente.model import Repair
from detente.ontology.holders import by_name, by_surname
from detente.ontology.names import find
from detente.ontology.tables import rows
from detente.reading.calendar.conflict import weekday_conflict
from detente.reading.calendar.expressions import find as find_times
from detente.reading.calendar.resolve import resolve
from detente.reading.draft import Draft
from detente.reading.frames import clause_verb
from detente.reading.overlay import Overlay
from detente.reading.sentences import sentence_starts
from detente.reading.syntax import parse

_BRACKETED = re.compile(r"\(([A-Z]{2,6})\)\s?")
_FULL_NAME = re.compile(r"\b(?=([A-Z][\w'’-]+) ([A-Z][\w'’-]+)\b)")
_CAPITALISED = re.compile(r"\b[A-Z][\w'’-]+\b")
_WILL = re.compile(
    r"\b(?P<modal>will|shall|is to|are to|is going to|are going to) "
    r"(?P<adverb>also |again |not |never )?(?P<verb>[a-z]{2,})\b"
)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ACRONYMS = {"WHO", "US", "IT", "AM", "PM", "CAN"}
_NEAR = 88
"""Likeness in percent from which two spellings of a surname are taken for one, where the first names agree."""
_ROUGH = 50
"""Likeness in percent below which no two spellings are looked at closely: two-letter names one letter apart have 50."""
_FAR = timedelta(days=1)


def _artifacts(text: str) -> Iterator[Repair]:
    """An ordinary English word in capitals and brackets behind a name, where that name's abbreviation would stand."""
    named = {n.end for n in find(text)}
    for found in _BRACKETED.finditer(text):
        word = found[1]
        before = text[: found.start()].rstrip()
        if word.lower() not in STOP_WORDS or word in _ACRONYMS:
            continue
        if len(before) not in named and re.search(rf"(?<!\()\b{word}\b", text):
            continue
        initials = "".join(w[0] for w in re.findall(r"[^\W\d_]+", before[-80:]))[-len(word) :]
        if initials.upper() == word:
            continue
        end = found.start() + len(word) + 2
        yield Repair(
            start=found.start(),
            end=end,
            was=text[found.start() : end],
            now="",
            kind="artifact",
            reason=f"{word!r} is an ordinary word in brackets where an abbreviation would stand, "
            "and abbreviates nothing here: left by machine translation",
        )


def _names(text: str, on: date | None) -> Iterator[Repair]:
    """A garbled name that the text itself, or the tables at its date, give whole."""
    words = tuple(dict.fromkeys(w.removesuffix("’s").removesuffix("'s") for w in _CAPITALISED.findall(text)))
    lowered = [word.lower() for word in words]
    done: set[str] = set()
    pairs = {(m[1], m[2].removesuffix("’s").removesuffix("'s")) for m in _FULL_NAME.finditer(text)}
    for found in _FULL_NAME.finditer(text):
        first, last = found[1], found[2].removesuffix("’s").removesuffix("'s")
        full = f"{first} {last}"
        start = found.start(1)
        if full in done or text[start : start + len(full)] != full or by_name(full, on):
            continue
        candidates: dict[str, str] = {}
        for plain in _near(last, words, lowered):
            if plain == last or not (_alike(last, plain) or _one_letter_off(pairs, first, last, plain, on)):
                continue
            for holding in by_surname(plain, on) if on is not None else ():
                if (
                    holding.person.split()[0].lower() == first.lower()
                    or ratio(holding.person.split()[0], first) >= _NEAR
                ):
                    candidates.setdefault(
                        holding.person,
                        f"the text calls {holding.person} {plain} elsewhere, "
                        f"and {holding.person} was {holding.office} of {holding.party} then",
                    )
            if first != plain and (first, plain) in pairs:
                candidates.setdefault(f"{first} {plain}", f"the text writes {first} {plain} elsewhere")
        if len(candidates) != 1:
            continue
        done.add(full)
        now, reason = next(iter(candidates.items()))
        yield Repair(start=start, end=start + len(full), was=full, now=now, kind="name", reason=reason)


def _near(last: str, words: Sequence[str], lowered: Sequence[str]) -> list[str]:
    """The words that may be `last` spelt otherwise: likeness is first asked of all at once, roughly."""
    return [words[i] for _, _, i in extract(last.lower(), lowered, scorer=ratio, limit=None, score_cutoff=_ROUGH)]


def _one_letter_off(pairs: set[tuple[str, str]], first: str, last: str, other: str, on: date | None) -> bool:
    """Short names ("Wang Ji") that the text also writes as a known person's, one letter apart."""
    if len(last) != len(other) or sum(a != b for a, b in zip(last, other, strict=True)) != 1:
        return False
    return (first, other) in pairs and bool(by_name(f"{first} {other}", on))


def _alike(garbled: str, whole: str) -> bool:
    if len(garbled) < 4 or len(whole) < 4:
        return False
    if whole.startswith(garbled) and len(whole) - len(garbled) <= 3:
        return True
    # One swap of neighbouring letters counts as one slip, as it does in typing.
    return ratio(garbled.lower(), whole.lower()) >= _NEAR or OSA.distance(garbled.lower(), whole.lower()) <= 1


def _dates(text: str, published: date | None) -> tuple[list[Repair], date | None]:
    """Weekdays that contradict their dates, and the publication day where only the text gives it."""
    agreeing: list[tuple[int, int, date, str]] = []
    clashing: list[tuple[int, int, date, int, date]] = []
    for time in find_times(text):
        pair = weekday_conflict(time.text, published)
        if pair is None or not any(c.isdigit() for c in pair.date_part.text[-4:]):
            continue
        start, end = time.start + pair.date_part.start, time.start + pair.date_part.end
        if pair.agree:
            agreeing.append((start, end, pair.day, f"{_WEEKDAYS[pair.weekday]} ({pair.day})"))
        else:
            clashing.append((start, end, pair.day, pair.weekday, pair.candidates[0]))
    repairs: list[Repair] = []
    for start, end, given, weekday, meant in clashing:
        if abs(meant - given) > _FAR:
            continue
        witness = next((label for _, _, day, label in agreeing if abs((day - meant).days) <= 7), None)
        bare = _bare_weekdays(text, start, end)
        if given.weekday() in bare and weekday not in bare:
            # The page speaks of that Sunday elsewhere: the weekday beside the date is the wrong one.
            at = text.rfind(_WEEKDAYS[weekday], 0, start)
            repairs.append(
                Repair(
                    start=at,
                    end=at + len(_WEEKDAYS[weekday]),
                    was=_WEEKDAYS[weekday],
                    now=given.isoformat(),
                    kind="date",
                    reason=f"{given} was a {_WEEKDAYS[given.weekday()]}, of which the page speaks elsewhere, "
                    f"not a {_WEEKDAYS[weekday]}",
                )
            )
            continue
        if witness is not None:
            because = f"the page's other date, {witness}, fixes {_WEEKDAYS[weekday]} as {meant}"
        elif published is not None and abs((published - meant).days) <= 2:
            because = f"the page appeared on {published}, so {_WEEKDAYS[weekday]} was {meant}"
        elif weekday in bare:
            because = f"the page speaks of {_WEEKDAYS[weekday]} elsewhere too, which was {meant}"
        else:
            continue
        repairs.append(
            Repair(
                start=start,
                end=end,
                was=text[start:end],
                now=meant.isoformat(),
                kind="date",
                reason=f"{given} was a {_WEEKDAYS[given.weekday()]}, not a {_WEEKDAYS[weekday]}; {because}",
            )
        )
    if published is not None:
        return repairs, published
    known = [day for _, _, day, _ in agreeing] + [date.fromisoformat(r.now) for r in repairs]
    if not known:
        return repairs, None
    inferred = max(known)
    said = (
        f"the page gives no date of its own: taken as published on {inferred}, "
        "the latest day that it names with its weekday"
    )
    for i, mended in enumerate(repairs):
        if mended.now == inferred.isoformat():
            repairs[i] = mended.model_copy(update={"reason": f"{mended.reason}; {said}"})
            return repairs, inferred
    start, end = next((s, e) for s, e, day, _ in agreeing if day == inferred)
    repairs.append(
        Repair(start=start, end=end, was=text[start:end], now=inferred.isoformat(), kind="date", reason=said)
    )
    return repairs, inferred


def _bare_weekdays(text: str, start: int, end: int) -> set[int]:
    """The weekdays that the page names elsewhere than beside the date at `start` to `end`."""
    rest = text[: max(0, start - 12)] + text[end:]
    return {i for i, name in enumerate(_WEEKDAYS) if re.search(rf"\b{name}\b", rest)}


def past_of(verb: str) -> str:
    """The past tense of a verb's base form: irregular by the table, else by the rules of spelling."""
    for row in rows("irregular_verbs"):
        if row["base"] == verb:
            return row["past"]
    if verb.endswith("e"):
        return verb + "d"
    if re.fullmatch(r".*[^aeiou]y", verb):
        return verb[:-1] + "ied"
    if re.fullmatch(r"[^aeiou]*[aeiou][bdgklmnprt]", verb):
        return f"{verb}{verb[-1]}ed"
    return verb + "ed"


def _tenses(text: str, published: date | None) -> Iterator[Repair]:
    """A future tense whose own date lies before the article."""
    if published is None or not _WILL.search(text):
        return
    starts = [*sentence_starts(text), len(text)]
    for begin, end in itertools.pairwise(starts):
        sentence = text[begin:end]
        if not _WILL.search(sentence):
            continue
        dated = []
        for time in find_times(sentence):
            when = resolve(time.text, None)
            if (
                when is not None
                and when.precision in {"day", "week", "month", "season", "year"}
                and when.end < published - _FAR
            ):
                dated.append((time, when))
        if not dated:
            continue
        doc = parse(sentence)
        for found in _WILL.finditer(sentence):
            verb = doc.char_span(found.start("verb"), found.end("verb"), alignment_mode="expand")
            if verb is None or (found["adverb"] or "").strip() in {"not", "never"}:
                continue
            own = []
            for time, when in dated:
                span = doc.char_span(time.start, time.end, alignment_mode="expand")
                # A year that modifies a noun ("the 2015 deal") dates the noun, not the clause.
                if (
                    span is not None
                    and clause_verb(span.root).i == verb[0].i
                    and span.root.dep_ in {"pobj", "npadvmod", "tmod", "nummod", "advmod"}
                    and _in_clause(span.root, verb[0])
                ):
                    own.append((time, when))
            if not own:
                continue
            start, stop = begin + found.start("modal"), begin + found.end("verb")
            past = "was" if found["verb"] == "be" else past_of(found["verb"])
            yield Repair(
                start=start,
                end=stop,
                was=text[start:stop],
                now=f"{found['adverb'] or ''}{past}",
                kind="tense",
                reason=f"{own[0][0].text!r} ended on {own[0][1].end}, before the article of {published}: "
                "what is told as to come had happened",
            )


def _in_clause(root: Token, verb: Token) -> bool:
    node = root
    while node.head.i != node.i and node.i != verb.i:
        if (
            node.dep_ in {"amod", "compound", "nummod", "poss"}
            and node.head.pos_ in {"NOUN", "PROPN"}
            and node.head.ent_type_ == ""
            and not node.head.is_title
        ):
            return False
        node = node.head
    return True


def repair(draft: Draft) -> None:
    """Find the damaged places: sets `draft.repairs`, `draft.published` and the overlay that is parsed."""
    text = draft.article.text
    dates, draft.published = _dates(text, draft.article.published)
    found = [*_artifacts(text), *_names(text, draft.published), *dates, *_tenses(text, draft.published)]
    draft.repairs = sorted(found, key=lambda r: (r.start, r.end))
    draft.overlay = Overlay(text, draft.repairs)
    for mended in draft.repairs:
        draft.decide("repair", mended.start, f"{mended.was!r} read as {mended.now!r}: {mended.reason}")
