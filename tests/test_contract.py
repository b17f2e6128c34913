"""The record's form: the models give the schema that others build on, and each record keeps it."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import detente

ROOT = Path(__file__).parents[1]
CONTRACT: dict[str, Any] = json.loads((ROOT / "tests" / "record.schema.json").read_text(encoding="utf-8"))
PUBLISHED: dict[str, Any] = json.loads((ROOT / "docs" / "reference" / "record.schema.json").read_text(encoding="utf-8"))
MODELS = {"repair": "Repair", "entity": "Entity", "when": "When", "place": "Place", "statement": "Statement",
          "event": "Event", "commitment": "Commitment", "meeting": "Meeting", "span": "Span"}  # fmt: skip
FORMS = jsonschema.Draft202012Validator.FORMAT_CHECKER


@pytest.fixture(scope="module")
def records() -> list[dict[str, Any]]:
    """The records of the example pages and of the edge: no event, no date, no English."""
    reader = detente.Reader()
    read = [r for r in reader.read_all([ROOT / "examples"]) if isinstance(r, detente.Reading)]
    edge = ["Nothing happened.", "Le président a rencontré le ministre des affaires étrangères à Paris mardi matin."]
    return [json.loads(r.to_json()) for r in [*read, *map(reader.read_text, edge)]]


@pytest.mark.parametrize("schema", [CONTRACT, PUBLISHED], ids=["contract", "published schema"])
def test_each_record_keeps_the(schema: dict[str, Any], records: list[dict[str, Any]]) -> None:
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema, format_checker=FORMS)
    assert len(records) >= 20
    for record in records:
        assert [
            f"{record['article']['title']}: {e.json_path}: {e.message}" for e in validator.iter_errors(record)
        ] == []


def test_the_examples_hold_every_kind_of_line(records: list[dict[str, Any]]) -> None:
    """Else the tests above would say little."""
    for kind in ("statements", "events", "commitments", "meetings"):
        assert any(record[kind] for record in records), kind
    for kind in ("repairs", "related", "dropped"):
        assert any(record["article"][kind] for record in records), kind


def test_the_published_schema_is_that_of_the_models() -> None:
    assert detente.Reading.model_json_schema(by_alias=True, mode="serialization") == PUBLISHED


@pytest.mark.parametrize("name", sorted(MODELS))
def test_the_models_have_all_fields_of_the_contract(name: str) -> None:
    assert set(CONTRACT["$defs"][name]["properties"]) <= set(PUBLISHED["$defs"][MODELS[name]]["properties"])


def test_the_models_allow_no_value_that_the_contract_forbids() -> None:
    for name, model in MODELS.items():
        for field, owed in CONTRACT["$defs"][name]["properties"].items():
            if "enum" not in owed:
                continue
            have = PUBLISHED["$defs"][MODELS[name]]["properties"][field]
            choices = have.get("anyOf", [have])
            values = {v for c in choices for v in c.get("enum", ([c["const"]] if "const" in c else []))}
            if any(c.get("type") == "null" for c in choices):
                values.add(None)
            assert values == set(owed["enum"]), f"{model}.{field}"


def test_a_record_of_another_form_is_refused() -> None:
    with pytest.raises(ValueError, match="schema"):
        detente.Reading.model_validate({"schema": 2, "article": {"id": "x", "language": "en", "text": "x"}})
