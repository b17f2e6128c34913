"""PLOVER's facts as its manual has them, and CAMEO codes that a user of CAMEO data would expect."""

import re
from typing import get_args

import pytest

from detente.model import Auxiliary, EventType, Quad
from detente.ontology import plover
from detente.ontology.tables import items, rows


def test_the_sixteen_types_are_those_of_the_model() -> None:
    assert set(plover.types()) == set(get_args(EventType))
    assert {plover.quad(t) for t in plover.types()} == set(get_args(Quad))


@pytest.mark.parametrize(
    ("type_", "quad"),
    [
        ("AGREE", "verbal cooperation"), ("CONSULT", "verbal cooperation"), ("SUPPORT", "verbal cooperation"),
        ("CONCEDE", "verbal cooperation"), ("COOPERATE", "material cooperation"), ("AID", "material cooperation"),
        ("RETREAT", "material cooperation"), ("REQUEST", "verbal conflict"), ("ACCUSE", "verbal conflict"),
        ("REJECT", "verbal conflict"), ("THREATEN", "verbal conflict"), ("PROTEST", "material conflict"),
        ("SANCTION", "material conflict"), ("MOBILIZE", "material conflict"), ("COERCE", "material conflict"),
        ("ASSAULT", "material conflict"),
    ],
)  # fmt: skip
def test_quads(type_: EventType, quad: Quad) -> None:
    assert plover.quad(type_) == quad


def test_a_mode_scores_before_its_type_and_the_gravest_mode_counts() -> None:
    assert plover.score("CONSULT") == 2.5
    assert plover.score("CONSULT", ["phone"]) == 1.5
    assert plover.score("CONSULT", ["third-party", "multilateral"]) == 4
    assert plover.score("ASSAULT", ["beat", "primitive"]) == -8
    assert plover.score("RETREAT", ["disarm"]) == 10
    assert plover.score("AGREE", ["no such mode"]) == 2.5


def test_accuse_is_conflict_in_spite_of_the_misprint() -> None:
    assert plover.score("ACCUSE") == -3


def test_no_conflict_scores_as_cooperation() -> None:
    for name, row in plover.types().items():
        sign = 1 if "cooperation" in row.quad else -1
        # A request for help is a conflict that scores up to half a point above zero in the manual.
        slack = 0.5 if name == "REQUEST" else 0
        for mode in ((), *((m,) for m in row.modes)):
            assert sign * plover.score(name, mode) >= -slack, (name, mode)


def test_modes_contexts_and_sectors() -> None:
    assert plover.modes("CONSULT") == ("visit", "third-party", "multilateral", "phone")
    assert plover.modes("AGREE") == ()
    assert len(plover.modes("ASSAULT")) == 15
    assert len(plover.contexts()) == 37
    assert {"diplomatic", "rights_freedoms", "cbrn"} <= set(plover.contexts())
    assert {"GOV", "MIL", "LEG", "IGO", "PRE", "REB", "MED"} <= set(plover.sectors())
    assert plover.types()["COERCE"].modes["cyber"].context == "cyber"
    assert [t for t in plover.types() if plover.needs_recipient(t)] == ["COOPERATE", "AID", "SANCTION"]


def test_an_unknown_type_is_an_error() -> None:
    with pytest.raises(KeyError):
        plover.quad("DEMAND")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("type_", "modes", "contexts", "code"),
    [
        ("CONSULT", (), ("diplomatic",), "040"),
        ("CONSULT", ("phone",), ("diplomatic",), "041"),
        ("CONSULT", ("visit",), (), "042"),
        ("CONSULT", ("multilateral",), ("economic",), "040"),
        ("AGREE", (), ("legal", "diplomatic"), "0313"),
        ("AGREE", (), ("military",), "030"),
        ("AID", (), ("military", "diplomatic"), "072"),
        ("RETREAT", ("ceasefire",), ("military",), "0871"),
        ("RETREAT", ("release",), (), "0841"),
        ("RETREAT", ("access",), ("peacekeeping",), "0861"),
        ("ACCUSE", ("investigate",), ("corruption",), "091"),
        ("ACCUSE", ("allege",), ("military", "legal"), "1124"),
        ("ACCUSE", ("allege",), ("military",), "1123"),
        ("ACCUSE", ("disapprove",), ("diplomatic",), "111"),
        ("ACCUSE", (), (), "110"),
        ("REQUEST", ("meet",), ("diplomatic",), "106"),
        ("REQUEST", ("change",), ("executive",), "104"),
        ("REJECT", ("meet",), (), "125"),
        ("THREATEN", ("violence",), ("military",), "138"),
        ("THREATEN", ("restrict",), ("pro_autocracy",), "132"),
        ("THREATEN", ("relations",), ("diplomatic",), "130"),
        ("SANCTION", ("discontinue",), ("economic", "diplomatic"), "163"),
        ("SANCTION", ("expel",), ("diplomatic",), "166"),
        ("COERCE", ("arrest",), (), "173"),
        ("ASSAULT", ("drone",), ("military",), "195"),
        ("ASSAULT", (), ("military",), "190"),
        ("ASSAULT", (), (), "180"),
        ("MOBILIZE", ("troops",), ("military",), "154"),
    ],
)
def test_cameo(type_: EventType, modes: tuple[str, ...], contexts: tuple[str, ...], code: str) -> None:
    assert plover.cameo(type_, modes, contexts) == code
    assert plover.cameo(type_, modes, contexts, "historical") == code


@pytest.mark.parametrize(
    ("type_", "modes", "auxiliary", "code"),
    [
        ("RETREAT", ("withdraw",), "future", "0356"),
        ("RETREAT", ("release", "withdraw"), "future", "035"),
        ("CONCEDE", (), "future", "035"),
        ("AGREE", (), "future", "030"),
        ("MOBILIZE", ("troops",), "future", None),
        ("ASSAULT", (), "negation", None),
        ("RETREAT", ("withdraw",), "hypothetical", None),
    ],
)
def test_cameo_of_what_has_not_happened(
    type_: EventType, modes: tuple[str, ...], auxiliary: Auxiliary, code: str | None
) -> None:
    assert plover.cameo(type_, modes, (), auxiliary) == code


def test_every_type_and_mode_has_a_code_of_three_or_four_digits() -> None:
    for name in plover.types():
        for mode in ((), *((m,) for m in plover.modes(name))):
            for context in ((), *((c,) for c in plover.contexts())):
                code = plover.cameo(name, mode, context)
                assert code is not None
                assert re.fullmatch(r"\d{3,4}", code), (name, mode, context)


def test_the_cameo_table_uses_the_manual_s_words() -> None:
    for row in rows("cameo"):
        assert row["type"] in plover.types()
        assert row["mode"] in ("", *plover.modes(row["type"]))  # type: ignore[arg-type]
        assert all(c in plover.contexts() for item in items(row["context"]) for c in item.split("+"))
        assert row["source"]
