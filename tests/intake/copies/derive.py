"""Makes the measuring set of copies: own reports of public events in, derived copies and revisions out.

`reports.jsonl` holds reports, three of each event by independent voices; `translated.jsonl` holds rewordings by hand of
some of them, sentence by sentence, as a translation there and back leaves them. All else follows from rules here, the
same at every run. A *family* is one report and all that descends from it: copies of each other. Reports of one event by
other voices are the hard negatives.
"""

import json
import random
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent

SYNONYMS = dict(line.split("\t") for line in (HERE / "synonyms.tsv").read_text(encoding="utf-8").splitlines()[1:])

BEFORE = {
    "harbour": "The Harbour Post\nOur newsroom is open every day of the week. Readers who support us receive the "
    "morning letter, the weekend magazine and the quiz of the month by post. This page is free for all "
    "until the end of the week.",
    "valley": "Valley Tribune, your voice since 1911\nThis article is part of our series on the world in brief, which "
    "appears on page four of the printed paper. Photographs may be bought from the picture desk during office hours.",
}
AFTER = {
    "harbour": "Have you seen a mistake on this page? Write to the desk at the address below and we will look into it. "
    "The opinions of readers are their own and need not be those of this house. All rights in the layout are reserved.",
    "valley": "Valley Tribune is a member of the regional press council and keeps to its code. Complaints go to the "
    "ombudsman, who answers within ten days. The weather, the tides and the chess column follow on the next pages.",
}
COMMUNIQUE = (
    '"The parties reaffirm their commitment to the principles of the Charter of the United Nations, in particular the '
    'peaceful settlement of disputes, respect for sovereignty and territorial integrity, and the free passage of '
    'humanitarian assistance to all who are in need of it," a statement issued by the hosts read.'
)  # fmt: skip
UPDATES = (
    "UPDATE 2- Adds reaction, background. Envoys were due to report to their capitals overnight, and a further "
    "round was not ruled out.",
    "Stock markets in the region rose slightly in the first hour of trading, and insurers said that they would look at "
    "their rates again in the coming week.",
    "A spokeswoman for the hosts told journalists late in the evening that experts would stay on to settle technical "
    "annexes, for which she gave no date.",
)
FULL = ("base", "reheadlined", "edited", "uncredited", "wrapped", "reordered", "translated")
"""The rules whose outcome covers the whole report, so that any two of them are copies of each other."""


@dataclass(frozen=True)
class Document:
    """One text of the set; `family` is the report it descends from, `rule` how it was made."""

    event: str
    half: str
    family: str
    rule: str
    title: str
    text: str
    agency: str | None = None

    @property
    def key(self) -> str:
        return f"{self.family}:{self.rule}"


def lines(name: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in (HERE / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def cut(text: str, share: float) -> str:
    """The first paragraphs, until they hold that share of the words."""
    kept: list[str] = []
    for paragraph in text.split("\n\n"):
        kept.append(paragraph)
        if len(" ".join(kept).split()) >= share * len(text.split()):
            break
    return "\n\n".join(kept)


def edited(text: str, rate: float = 0.8) -> str:
    """Words exchanged for others of like meaning, as an editor with a thesaurus does."""
    chance = random.Random(text)
    pattern = re.compile(r"\b(" + "|".join(sorted(SYNONYMS, key=len, reverse=True)) + r")\b")
    return pattern.sub(lambda m: SYNONYMS[m[0]] if chance.random() < rate else m[0], text)


def uncredited(text: str) -> str:
    """Without dateline and agency."""
    text = re.sub(r"^[A-Z][^\n]{2,60}? [-—–] (?=[A-Z])", "", text)
    return re.sub(r" ?\((?:AFP|AP|Reuters)\)", "", text)


def reordered(text: str) -> str:
    """The paragraphs after the lead in another order."""
    lead, *rest = text.split("\n\n")
    random.Random(text).shuffle(rest)
    return "\n\n".join([lead, *rest])


def wrapped(text: str, house: str) -> str:
    """Between the lines that a house puts around each of its articles."""
    return f"{BEFORE[house]}\n\n{text}\n\n{AFTER[house]}"


def revised(text: str) -> str:
    """A later version of the same address: news on top, a paragraph gone, two added."""
    paragraphs = text.split("\n\n")
    del paragraphs[len(paragraphs) // 2]
    return "\n\n".join([UPDATES[0], *paragraphs[:2], UPDATES[1], *paragraphs[2:], UPDATES[2]])


def rewritten(text: str, other: str) -> str:
    """A write-through: the first half of the paragraphs stands, the rest comes from another report."""
    mine, theirs = text.split("\n\n"), other.split("\n\n")
    return "\n\n".join([*mine[: (len(mine) + 1) // 2], *theirs[len(theirs) // 2 :]])


def quoting(text: str) -> str:
    """With a statement amid it that other reports quote too, word for word."""
    lead, *rest = text.split("\n\n")
    return "\n\n".join([lead, COMMUNIQUE, *rest])


@cache
def documents(half: str) -> tuple[Document, ...]:
    """All documents of one half, in a fixed order."""
    reports = [r for r in lines("reports") if r["half"] == half]
    worded = {(t["event"], t["voice"]): t for t in lines("translated")}
    found: list[Document] = []
    for report in reports:
        event, text, title = report["event"], report["text"], report["title"]
        family = f"{event}/{report['voice']}"
        other = next(r for r in reports if r["event"] == event and r["voice"] != report["voice"])
        made = {
            "base": (title, text),
            "exact": (other["title"], text.replace("\n\n", "\n").replace('"', "”").replace("'", "’") + "\n"),
            "reheadlined": (other["title"], "\n\n".join(text.split("\n\n")[:-1])),
            "edited": (edited(title), edited(text)),
            "uncredited": (title, uncredited(text)),
            "wrapped": (title, wrapped(text, "harbour")),
            "reordered": (title, reordered(text)),
            "cut": (title, cut(text, 1 / 3)),
            "cut+edited": (other["title"], edited(cut(text, 0.4))),
            "cut+wrapped": (title, wrapped(uncredited(cut(text, 0.5)), "valley")),
            "edited+reordered": (other["title"], edited(reordered(uncredited(text)), 0.5)),
            "edited+wrapped": (title, wrapped(edited(text), "valley")),
            "revised": (title, revised(text)),
            "rewritten": (title, rewritten(text, other["text"])),
            "quoting": (title, quoting(text)),
        }
        if rewording := worded.get((event, report["voice"])):
            again = rewording["text"]
            made["translated"] = (rewording["title"], again)
            made["translated+cut"] = (rewording["title"], cut(again, 0.5))
            made["translated+wrapped"] = (rewording["title"], wrapped(uncredited(again), "valley"))
        found += [
            Document(event, half, family, rule, headline, body, report["agency"] if "(" in body else None)
            for rule, (headline, body) in made.items()
        ]
    return tuple(found)
