"""Toward whom an act is where no slot of its rule names a party, and whose the people of a place are."""

import pytest

from tests.reading.sides import events as _events
from tests.reading.sides import sides as _sides


@pytest.mark.parametrize(
    ("text", "type_", "actor", "recipient"),
    [
        # the owner of what an act is about
        ("Chile voted down a Peruvian draft on fishing quotas.", "REJECT", ["CHL"], ["PER"]),
        ("Turkish jets bombed Syrian positions on Tuesday.", "ASSAULT", ["TUR"], ["SYR"]),
        # one's own forces are what one acts with; their ground is whose side it is
        ("Uganda pulled 3,000 soldiers out of Burundi on Friday.", "RETREAT", ["UGA"], ["BDI"]),
        ("Ethiopia moved three brigades to the frontier, facing Eritrea's trenches.", "MOBILIZE", ["ETH"], ["ERI"]),
        ("Reservists were called up by Finland on Monday.", "MOBILIZE", ["FIN"], []),
        ("Riot police were deployed around the stadium in Nairobi.", "MOBILIZE", ["KEN"], []),
        # within one state the other side is a noun of its own
        ("The Ghanaian opposition accused the electoral commission of fraud.", "ACCUSE", ["GHA"], ["GHA"]),
        ("Ghanaian nurses rejected a government pay offer on Monday.", "REJECT", ["GHA"], ["GHA"]),
        ("Turkana herders were killed by Pokot raiders on Sunday.", "ASSAULT", ["KEN"], ["KEN"]),
        ("The Ukrainian army shelled rebel positions near Donetsk.", "ASSAULT", ["UKR"], ["UKR"]),
        ("Burundian rebels refused to meet government envoys in Pretoria.", "REJECT", ["BDI"], ["BDI"]),
        ("Niger was suspended from the African Union on Friday.", "SANCTION", ["AU"], ["NER"]),
        # a way or a border only tells where
        ("Serbian farmers blocked the road to the Hungarian border on Monday.", "PROTEST", ["SRB"], []),
    ],
)
def test_toward_whom(text: str, type_: str, actor: list[str], recipient: list[str]) -> None:
    assert (type_, actor, recipient) in _sides(text)


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("A Naples judge charged two mayors with fraud on Monday.", "ITA"),
        ("Police in Mombasa arrested five dealers on Monday.", "KEN"),
        ("Authorities in Santiago lifted the curfew on Friday.", "CHL"),
        ("Police in Rio arrested a French banker on Monday.", "BRA"),
    ],
)
def test_people_of_a_place_are_of_its_state(text: str, state: str) -> None:
    assert [[a.party for a in e.actor] for e in _events(text)] == [[state]]


def test_strangers_in_a_place_are_not_of_its_state() -> None:
    events = _events("Foreign diplomats in Nairobi condemned the arrests.")
    assert "KEN" not in {a.party for e in events for a in e.actor}


def test_an_envoy_in_a_capital_is_not_of_its_state() -> None:
    parties = {a.party for e in _events("The envoys in Nairobi condemned the arrests.") for a in e.actor}
    assert "KEN" not in parties


def test_the_general_is_no_secretary_general() -> None:
    text = "Ban Ki-moon flew to Naypyidaw on Thursday. The UN secretary-general met the general on Friday."
    assert all(p.name != "Ban Ki-moon" for e in _events(text) for p in e.recipient)


@pytest.mark.parametrize(
    ("text", "type_", "actor", "recipient"),
    [
        ("A Chinese vessel rammed a Philippine fishing boat near the shoal.", "ASSAULT", ["CHN"], ["PHL"]),
        ("Iran seized a tanker in the Gulf on Monday.", "COERCE", ["IRN"], []),
        ("Police arrested two Spanish tourists in Havana.", "COERCE", ["CUB"], ["ESP"]),
        ("Ibo traders were killed by soldiers on Monday.", "ASSAULT", ["NGA"], ["NGA"]),
        ("Russian jets bombed the centre of Grozny on Saturday.", "ASSAULT", ["RUS"], ["RUS"]),
        ("Egyptian police detained opposition activist Hamid Fawzy.", "COERCE", ["EGY"], ["EGY"]),
        ("Egyptian police detained British journalist Ann Ormsby.", "COERCE", ["EGY"], ["GBR"]),
        # the parser hangs "between" on the verb
        ("Talks opened in Doha on Monday between Kenya and Chad.", "CONSULT", ["KEN", "TCD"], []),
        ("France became the first state to recognise Libya's rebel council.", "SUPPORT", ["FRA"], ["LBY"]),
        # an ethnic people is of the state that it lives in; one of several states is of the one that the page names
        ("Ethnic Albanian guerrillas attacked a Macedonian army post.", "ASSAULT", ["MKD"], ["MKD"]),
        ("Mozambique's government arrested Shona farmers near the dam.", "COERCE", ["MOZ"], ["MOZ"]),
        ("Mozambican soldiers arrested Shona farmers near the dam.", "COERCE", ["MOZ"], ["MOZ"]),
        ("Soldiers arrested Shona farmers near the dam.", "COERCE", ["ZWE"], ["ZWE"]),
        ("Turkish troops shelled ethnic Hazara fighters.", "ASSAULT", ["TUR"], ["AFG"]),
        ("Multi-ethnic Kenyan troops shelled a Somali port.", "ASSAULT", ["KEN"], ["SOM"]),
        ("Mali's government accepted demands from Tuareg rebels.", "CONCEDE", ["MLI"], ["MLI"]),
    ],
)
def test_flags_hosts_and_peoples(text: str, type_: str, actor: list[str], recipient: list[str]) -> None:
    assert (type_, actor, recipient) in _sides(text)


def test_talks_between_two_parts_of_one_state_are_an_act() -> None:
    text = "Talks between the Indonesian government and Acehnese separatists opened in Geneva on Monday."
    assert ("CONSULT", ["IDN"], []) in _sides(text)


def test_a_shared_name_is_of_the_state_that_the_page_names() -> None:
    south = "The Korean government thanked Japan on Monday. Seoul had asked for the ships."
    north = "The Korean government thanked Russia on Monday. Pyongyang had asked for the ships."
    assert ("SUPPORT", ["KOR"], ["JPN"]) in _sides(south)
    assert ("SUPPORT", ["PRK"], ["RUS"]) in _sides(north)


def test_who_met_are_both_that_stand_before() -> None:
    text = "Neither side spoke of Presidents Joe Biden and Vladimir Putin, who met in Geneva on Friday."
    assert ("CONSULT", ["USA", "RUS"], []) in _sides(text)


def test_both_is_neither_of_them_who_does_it() -> None:
    text = "Morocco and Mauritania sent troops. The Polisario, armed by Algeria, attacked both."
    for type_, actor, recipient in _sides(text):
        assert type_ != "ASSAULT" or not set(actor) & set(recipient)


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("A ban on the Islamic party was announced by the Tajik Supreme Court.", ("SANCTION", ["TJK"], ["TJK"])),
        ("Colombia's rebel army announced a ceasefire to begin at midnight.", ("CONCEDE", ["COL"], [])),
        ("The heavy shelling of Goma by Rwandan troops went on.", ("ASSAULT", ["RWA"], ["COD"])),
    ],
)
def test_what_an_act_is_aimed_at_however_the_parser_takes_its_noun(
    text: str, act: tuple[str, list[str], list[str]]
) -> None:
    assert act in _sides(text)
