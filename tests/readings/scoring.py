"""Holds a reading against a gold reading, item by item; `README.md` beside this file says what counts as right.

Each figure is a `Count`: how many of the owed gold items were found, how many items were read, and how many of those
beyond the hits are no error because they fit a gold item that is optional.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from detente import Reader
from detente.reading.sentences import sentence_starts

Item = dict[str, Any]
Fits = Callable[[Item, Item], bool]
_PLAIN = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u00a0": " "})


@dataclass(frozen=True)
class Count:
    """`hit` of `owed` gold items; `given` items read, of which `spare` fit optional gold."""

    hit: int = 0
    owed: int = 0
    given: int = 0
    spare: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(self.hit + other.hit, self.owed + other.owed, self.given + other.given, self.spare + other.spare)

    @property
    def precision(self) -> float:
        counted = self.given - self.spare
        return self.hit / counted if counted else float(not self.owed)

    @property
    def recall(self) -> float:
        return self.hit / self.owed if self.owed else 1.0

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def plain(text: str) -> str:
    return text.translate(_PLAIN)


def sentence_of(text: str, quote: str) -> tuple[int, int] | None:
    """The characters of the sentence or sentences of `text` that hold `quote`."""
    pattern = r"\s+".join(re.escape(word) for word in plain(quote).split())
    found = re.search(pattern, plain(text))
    if found is None:
        return None
    starts = [*sentence_starts(text), len(text)]
    return max(s for s in starts if s <= found.start()), min(s for s in starts if s >= found.end())


def overlap(one: tuple[int, int] | None, start: int, end: int) -> bool:
    return one is not None and one[0] < end and start < one[1]


def parties(entities: Sequence[Item] | None) -> set[str]:
    return {e["party"].upper() for e in entities or () if e.get("party")}


def codes(names: Sequence[str] | None) -> set[str]:
    return {name.upper() for name in names or ()}


def assign(golds: list[Item], read: list[Item], fits: Fits) -> dict[int, int]:
    """As many pairs (read item: gold item) as can be, the owed golds served first."""
    taken: dict[int, int] = {}

    def place(g: int, seen: set[int]) -> bool:
        for r, item in enumerate(read):
            if r in seen or not fits(golds[g], item):
                continue
            seen.add(r)
            if r not in taken or place(taken[r], seen):
                taken[r] = g
                return True
        return False

    for g in sorted(range(len(golds)), key=lambda i: bool(golds[i].get("optional"))):
        place(g, set())
    return taken


def count(golds: list[Item], read: list[Item], fits: Fits) -> Count:
    taken = assign(golds, read, fits)
    hits = sum(not golds[g].get("optional") for g in taken.values())
    return Count(hits, sum(not g.get("optional") for g in golds), len(read), len(taken) - hits)


def _same_sides(gold: Item, event: Item) -> bool:
    if gold.get("parties_free"):
        return True
    actor, recipient = parties(event["actor"]), parties(event["recipient"])
    if gold.get("symmetric"):
        return codes(gold["actor"]) | codes(gold["recipient"]) == actor | recipient
    owed = codes(gold["recipient"])
    if actor != codes(gold["actor"]):
        return False
    return recipient == owed or (
        bool(gold.get("recipient_optional")) and (not recipient or not owed or recipient <= owed)
    )


def _same_days(gold: Item, when: Item | None, until: str | None = None) -> bool:
    if not gold.get("start"):
        return True
    return (
        when is not None
        and gold["start"] <= when["start"]
        and when["end"] <= (until or gold.get("end") or gold["start"])
    )


def at(gold: Item, event: Item | None) -> bool:
    return event is not None and overlap(gold["span"], event["evidence"]["start"], event["evidence"]["end"])


def right_type(gold: Item, event: Item) -> bool:
    return at(gold, event) and event["type"] in gold["type"]


def right_parties(gold: Item, event: Item) -> bool:
    return right_type(gold, event) and _same_sides(gold, event)


def right_auxiliary(gold: Item, event: Item) -> bool:
    return right_parties(gold, event) and event["auxiliary"] in gold["auxiliary"]


def right(gold: Item, event: Item) -> bool:
    return right_auxiliary(gold, event) and _same_days(gold, event["when"])


def locate(gold: Item, text: str) -> None:
    """Give each gold item the span of its sentence."""
    for section in ("events", "forbidden", "statements", "commitments", "meetings"):
        for item in gold.get(section, ()):
            item["span"] = sentence_of(text, item["quote"])


def right_events(gold: Item, record: Item) -> set[str]:
    """The ids of the events whose type, parties and auxiliary a gold event bears out."""
    locate(gold, record["article"]["text"])
    taken = assign(gold.get("events", []), record["events"], right_auxiliary)
    return {record["events"][r]["id"] for r in taken}


def score(gold: Item, record: Item) -> tuple[dict[str, Count], list[str]]:
    """The counts by name, and the quotes of the forbidden events that were coded."""
    text = record["article"]["text"]
    locate(gold, text)
    by_id = {event["id"]: event for event in record["events"]}

    def said(g: Item, s: Item) -> bool:
        return (
            overlap(g["span"], s["start"], s["end"])
            and parties([s["speaker"]]) == codes([g["speaker"]] if g["speaker"] else ())
            and s["direct"] == g["direct"]
        )

    def committed(g: Item, c: Item) -> bool:
        return (
            c["kind"] == g["kind"]
            and at(g, by_id.get(c["event"]))
            and parties(c["by"]) == codes(g["by"])
            and (not g["to"] or not parties(c["to"]) or parties(c["to"]) == codes(g["to"]))
            and (not g.get("due") or (c.get("due") is not None and [c["due"]["start"], c["due"]["end"]] == g["due"]))
            and plain(g.get("condition") or "").lower() in plain(c.get("condition") or "").lower()
        )

    def met(g: Item, m: Item) -> bool:
        return (
            m["status"] in g["status"]
            and at(g, by_id.get(m["event"]))
            and parties(m["participants"]) == codes(g["participants"])
            and (not g.get("minutes") or m["minutes"] == g["minutes"])
            and (not g.get("level") or m["level"] == g["level"])
            and (not g.get("country") or (m["where"] or {}).get("country") == g["country"])
            and _same_days(g, m["when"], g.get("end") or (g["start"][:8] + "31" if g.get("start") else None))
        )

    def mended(g: Item, r: Item) -> bool:
        return (
            r["kind"] == g["kind"]
            and plain(g["was"]).lower() in plain(r["was"]).lower()
            and plain(g["now"]).lower() in plain(r["now"]).lower()
        )

    counts = {
        name: count(gold.get("events", []), record["events"], fits)
        for name, fits in (
            ("events.type", right_type),
            ("events.parties", right_parties),
            ("events.auxiliary", right_auxiliary),
            ("events.full", right),
        )
    }
    tests: tuple[tuple[str, list[Item], Fits], ...] = (
        ("statements", record["statements"], said),
        ("commitments", record["commitments"], committed),
        ("meetings", record["meetings"], met),
        ("repairs", record["article"]["repairs"], mended),
    )
    counts |= {name: count(gold[name], read, fits) for name, read, fits in tests if name in gold}
    if "related" in gold:
        counts["related"] = count(
            [{"t": _bare(t)} for t in gold["related"]],
            [{"t": _bare(r["title"])} for r in record["article"]["related"]],
            lambda g, r: bool(g["t"] == r["t"]),
        )
    if "dropped" in gold:
        gone = [line for line in gold["dropped"] if plain(line) not in plain(text)]
        counts["dropped"] = Count(len(gone), len(gold["dropped"]), len(gold["dropped"]))
    broken = [
        f["quote"]
        for f in gold.get("forbidden", ())
        if any(at(f, e) and e["type"] in f["type"] and e["auxiliary"] in f["auxiliary"] for e in record["events"])
    ]
    return counts, broken


def _bare(title: str) -> str:
    return re.sub(r"\W+", " ", plain(title)).strip().lower()


def score_folder(folder: Path) -> dict[str, float]:
    """F1 by name over all gold files of a folder, and the share of forbidden events that were coded."""
    reader = Reader()
    totals: dict[str, Count] = {}
    broken = traps = 0
    for path in sorted(folder.glob("*.gold.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        record = reader.read(path.parent / gold["file"], published=gold.get("given")).to_dict()
        counts, wrong = score(gold, record)
        broken += len(wrong)
        traps += len(gold.get("forbidden", ()))
        for name, one in counts.items():
            totals[name] = totals.get(name, Count()) + one
    return {name: round(total.f1, 3) for name, total in totals.items()} | {
        "forbidden": round(broken / traps, 3) if traps else 0.0
    }
