"""Small gold readings and the records that fit them, for the tests of this folder."""

from pathlib import Path
from typing import Any

from detente.evaluation.gold import Gold, GoldFile
from detente.evaluation.matching import find
from detente.evaluation.readings import Pair
from detente.model import Reading

TEXT = (
    "Russia accused Ukraine of shelling on Friday. Ukraine rejected the charge at once.\n"
    "Blinken met Lavrov in Geneva. France promised Ukraine more guns by May."
)


def act(quote: str, kind: str, actor: list[str], recipient: list[str], **more: Any) -> dict[str, Any]:
    return {"quote": quote, "type": [kind], "actor": actor, "recipient": recipient, "auxiliary": [None]} | more


ACCUSED = act("Russia accused Ukraine", "ACCUSE", ["RUS"], ["UKR"], start="2022-02-18")
REJECTED = act("Ukraine rejected the charge", "REJECT", ["UKR"], ["RUS"])
MET = act("Blinken met Lavrov", "CONSULT", ["USA", "RUS"], [], symmetric=True)
PROMISED = act("France promised Ukraine", "AGREE", ["FRA"], ["UKR"])


def gold(*events: dict[str, Any], **more: Any) -> Gold:
    return Gold.model_validate({"file": "page.txt", "events": list(events)} | more)


def entity(party: str) -> dict[str, Any]:
    return {"text": party, "party": party}


def event(item: dict[str, Any], number: int, text: str = TEXT, **more: Any) -> dict[str, Any]:
    """A record's event that says what a gold event owes."""
    found = find(item["quote"], text)
    assert found is not None
    start = item.get("start")
    return {
        "id": f"e{number}",
        "type": item["type"][0],
        "actor": [entity(p) for p in item["actor"]],
        "recipient": [entity(p) for p in item["recipient"]],
        "auxiliary": item["auxiliary"][0],
        "claimed_by": entity(item["claimed_by"]) if item.get("claimed_by") else None,
        "when": {"start": start, "end": item.get("end") or start} if start else None,
        "score": 0.0,
        "quad": "verbal conflict",
        "evidence": {"start": found[0], "end": found[1]},
        "confidence": 0.75,
    } | more


def reading(*events: dict[str, Any], text: str = TEXT, id: str = "x", **more: Any) -> Reading:
    article = {"id": id, "language": "en", "text": text}
    return Reading.model_validate({"schema": 1, "article": article, "events": list(events)} | more)


def pair(of: Gold, read: Reading, name: str = "page") -> Pair:
    return Pair(GoldFile(Path(f"{name}.gold.json"), of), read, read)
