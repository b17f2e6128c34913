"""The probes against servers whose habits are known: coding by definitions, by names, by places, or not at all."""

import json
import re
from collections.abc import Callable

import pytest

from detente import Coder
from detente.ontology.plover import types
from detente.reading.coder.probes import Case, ProbeReport, own_cases, probe, variants
from tests.reading.chat import Behaviour, Handler, Request, event, serving, words

CASES = own_cases()
OF = {case.text: case.type for case in CASES}
LINE = re.compile(r"^- (\w+): (.+)$", re.M)
Choice = Callable[[str, dict[str, str]], str]
"""The name that a coder answers, from the sentence and the definitions by name in the order of the codebook."""


def book(request: Request) -> dict[str, str]:
    """The types' names and definitions as the rules list them."""
    rules: str = request["messages"][0]["content"]
    return dict(LINE.findall(rules.split("# Types\n")[1].split("# Types that lie")[0]))


def choosing(choose: Choice) -> Behaviour:
    def behave(handler: Handler, request: Request) -> None:
        sentence = words(request)["sentence"]
        answer = event(choose(sentence, book(request)), ["x"], [], sentence)
        del answer["mode"], answer["context"]
        handler.complete(json.dumps({"events": [answer]}))

    return behave


def by_definition(sentence: str, defined: dict[str, str]) -> str:
    meaning = types()[OF[sentence] or "AGREE"].meaning
    return next(name for name, words in defined.items() if words == meaning)


def by_name(sentence: str, defined: dict[str, str]) -> str:
    # Without its names it is lost, and says the first.
    return next((name for name in defined if name == OF[sentence]), next(iter(defined)))


def by_place(sentence: str, defined: dict[str, str]) -> str:
    return list(defined)[len(sentence) % len(defined)]


def probed(choose: Choice) -> ProbeReport:
    with serving(choosing(choose)) as chat:
        report = probe(Coder.named(chat.name, price=(1.0, 1.0)), CASES)
        assert report.requests == len(chat.requests) == 6 * len(CASES)
    return report


def test_the_packaged_sentences_are_two_a_type() -> None:
    assert len(OF) == len(CASES) == 32
    assert all(sum(case.type == kind for case in CASES) == 2 for kind in types())


def test_the_variants_keep_every_type() -> None:
    for name, codebook in variants().items():
        assert {kind for kind, _ in codebook.entries} == set(types()), name
        assert len({shown for _, shown in codebook.entries}) == 16
        assert not codebook.detailed
    assert all(kind != shown for kind, shown in variants()["swapped"].entries)
    hidden = variants()["generic"].prompt("x").system
    assert not [kind for kind in types() if re.search(rf"\b{kind}\b", hidden)]


def test_a_coder_by_definitions_passes() -> None:
    report = probed(by_definition)
    assert (report.sentences, report.coded, report.known, report.right) == (32, 32, 32, 32)
    assert all((v.compared, v.same, v.faults) == (32, 32, 0) for v in report.variants)
    swapped = next(v for v in report.variants if v.name == "swapped")
    assert swapped.by_name == 0
    assert report.cost == pytest.approx(report.requests * 110 / 1_000_000)


def test_a_coder_by_names_is_found_out() -> None:
    found = {v.name: v for v in probed(by_name).variants}
    # As good as the other until names and definitions part.
    assert [found[n].same for n in ("asked again", "reversed", "shuffled")] == [32, 32, 32]
    assert found["swapped"].same == 0
    assert found["swapped"].by_name == 32
    assert found["generic"].same <= 2


def test_a_coder_by_places_is_found_out() -> None:
    found = {v.name: v for v in probed(by_place).variants}
    assert found["asked again"].same == 32
    assert found["reversed"].same == 0
    assert (found["reversed"].by_place, found["shuffled"].by_place) == (32, 32)
    assert found["asked again"].by_place is None


def test_an_answer_that_is_none_is_a_fault() -> None:
    with serving(lambda handler, _: handler.complete("ACCUSE")) as chat:
        report = probe(Coder.named(chat.name), [Case(text="Russia accused Ukraine.")])
    assert (report.coded, report.faults, report.known, report.right, report.cost) == (0, 1, 0, 0, None)
    assert all((v.compared, v.same, v.faults) == (0, 0, 1) for v in report.variants)
