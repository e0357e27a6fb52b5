"""The demo data can be trusted: real shapes, known names, nobody real, nothing said twice."""

import csv
import json
import re
from collections import Counter
from datetime import date, datetime
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from rapidfuzz import fuzz

DEMO = Path(__file__).resolve().parents[2] / "demo"
CANONICAL_DOCUMENTS = {
    "rib",
    "releve_bancaire",
    "attestation_caf",
    "avis_imposition",
    "justificatif_domicile",
    "quittance_loyer",
    "attestation_hebergement",
    "acte_naissance",
    "livret_famille",
    "piece_identite",
    "titre_sejour",
    "photo_identite",
    "permis_conduire",
    "carte_grise",
    "attestation_secu",
    "carte_vitale",
    "attestation_mutuelle",
    "carnet_sante",
    "certificat_medical",
    "arret_travail",
    "bulletin_salaire",
    "contrat_travail",
    "attestation_employeur",
    "attestation_pole_emploi",
    "certificat_scolarite",
    "jugement_divorce",
    "notification_mdph",
    "extrait_kbis",
    "casier_judiciaire",
}
LOGINS = {"citoyenne", "asso", "agent", "guichet", "pilote", "evaluateur", "moderation", "redaction", "admin"}
FIRST, LAST = date(2026, 8, 1), date(2026, 11, 20)


def read(name: str) -> Any:
    return json.loads((DEMO / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def town() -> dict:
    return read("town.json")


@pytest.fixture(scope="module")
def services(town) -> dict[str, dict]:
    return {service["slug"]: service for service in town["services"]}


@pytest.fixture(scope="module")
def people() -> dict[str, dict]:
    return {person["email"]: person for person in read("people.json")["people"]}


@pytest.fixture(scope="module")
def fiches() -> list[dict]:
    return [json.loads(line) for line in (DEMO / "fiches.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def stories() -> list[dict]:
    return read("stories.json")["stories"]


def about(fiche: dict) -> set[str]:
    return {fiche["pain_point"], fiche.get("also")} - {None}


def received_in(fiches: list[dict], pain_point: str, since: date, until: date) -> int:
    days = [date.fromisoformat(fiche["received_on"]) for fiche in fiches if pain_point in about(fiche)]
    return sum(since <= day <= until for day in days)


# The town


def test_the_town_has_services_of_several_administrations(town, services):
    assert len({service["administration"] for service in town["services"]}) >= 5
    assert 16 <= len(services) == len(town["services"]) <= 20
    assert {s["administration"] for s in town["services"]} <= {a["slug"] for a in town["administrations"]}


def test_every_service_can_be_found_and_names_its_offices_once(services):
    for service in services.values():
        assert len(service["search_words"]) >= 8
        assert service["description"]
        names = [office["name"] for office in service["offices"]]
        assert 1 <= len(names) == len(set(names)) <= 4
        assert all(office["address"] and office["opening_hours"] for office in service["offices"])


def test_only_the_service_without_legal_contact_is_closed(services):
    reachable = {slug for slug, s in services.items() if s["postal_address"] and s["email"] and s["telephone"]}
    assert {slug for slug, s in services.items() if s["open_to_fiches"]} == reachable
    assert set(services) - reachable == {"permis-et-carte-grise"}


def test_the_documents_are_those_of_the_contract_and_have_peoples_words(town, services):
    documents = {document["id"]: document for document in town["documents"]}
    assert set(documents) == CANONICAL_DOCUMENTS
    assert all(document["synonyms"] and document["issuer_name"] for document in documents.values())
    assert {d["issuer"] for d in documents.values()} - {None} <= {a["slug"] for a in town["administrations"]}
    for service in services.values():
        assert set(service["documents_required"]) | set(service["documents_held"]) <= CANONICAL_DOCUMENTS


# The people


def test_the_logins_of_the_contract_exist(people):
    assert {f"{login}@demo.example" for login in LOGINS} <= set(people)


def test_owners_and_clerks_answer_for_services_that_exist(people, services):
    for person in people.values():
        assert set(person["services"]) <= set(services)
        assert bool(person["services"]) == ("owner" in person["roles"])
        assert bool(person["offices"]) == ("clerk" in person["roles"])
        for kept in person["offices"]:
            assert kept["name"] in {office["name"] for office in services[kept["service"]]["offices"]}


def test_there_is_more_than_one_of_each_team(people):
    roles = Counter(role for person in people.values() for role in person["roles"])
    assert roles["owner"] >= 3
    assert roles["clerk"] >= 3
    assert sum(person["roles"] == ["agent"] for person in people.values()) >= 3


# The fiches


def test_there_are_enough_fiches_over_a_dozen_pain_points(fiches):
    sizes = Counter(fiche["pain_point"] for fiche in fiches if fiche["pain_point"])
    assert len(fiches) >= 340
    assert len(sizes) >= 13
    assert all(12 <= size <= 45 for size in sizes.values())


def test_some_fiches_belong_nowhere_and_some_hold_two_grievances(fiches):
    assert 0.08 <= sum(fiche["pain_point"] is None for fiche in fiches) / len(fiches) <= 0.14
    assert 0.04 <= sum("also" in fiche for fiche in fiches) / len(fiches) <= 0.08
    assert all(fiche["also"] != fiche["pain_point"] for fiche in fiches if "also" in fiche)


def test_every_fiche_names_a_service_and_an_office_of_the_town(fiches, services):
    for fiche in fiches:
        if fiche["service"] is None:
            assert fiche["office"] is None
        else:
            offices = {office["name"] for office in services[fiche["service"]]["offices"]}
            assert fiche["office"] in offices | {None}
            assert services[fiche["service"]]["open_to_fiches"]


def test_every_fiche_has_the_values_the_form_accepts(fiches):
    for fiche in fiches:
        assert fiche["channel"] in {"web", "paper", "counter", "phone", "email"}
        assert fiche["satisfaction"] in {None, 1, 2, 3, 4, 5}
        assert 10 <= len(fiche["text"].strip()) <= 2000
        assert FIRST <= date.fromisoformat(fiche["received_on"]) <= LAST
        assert fiche["occurred_on"] is None or fiche["occurred_on"] <= fiche["received_on"]


def test_whoever_wants_an_answer_can_be_reached(fiches):
    for fiche in fiches:
        assert fiche["wants_answer"] == bool(fiche["contact"] or fiche["postal_name"])
        assert not (fiche["contact"] and fiche["postal_name"])
        assert fiche["postal_name"] is None or fiche["channel"] in {"paper", "counter"}


def test_no_two_fiches_say_the_same_thing_in_the_same_words(fiches):
    texts = [re.sub(r"\W+", " ", fiche["text"].lower()) for fiche in fiches]
    assert [(a, b) for a, b in combinations(texts, 2) if fuzz.ratio(a, b, score_cutoff=65)] == []


def test_no_sentence_is_used_twice(fiches):
    sentences = Counter(
        sentence.strip().lower()
        for fiche in fiches
        for sentence in re.split(r"(?<=[.!?…])\s", fiche["text"])
        if len(sentence) > 12
    )
    assert [sentence for sentence, times in sentences.items() if times > 1] == []


def test_the_justificatif_is_asked_by_four_services(fiches):
    asked_by = {fiche["service"] for fiche in fiches if fiche["pain_point"] == "justificatif_domicile"}
    assert {"cantine-scolaire", "inscriptions-scolaires", "mediatheque", "caf"} <= asked_by


def test_the_payment_of_the_canteen_surges_in_the_last_week(fiches):
    last_week = received_in(fiches, "paiement_cantine", date(2026, 11, 13), LAST)
    before = received_in(fiches, "paiement_cantine", FIRST, date(2026, 11, 12))
    assert last_week >= 20
    assert before <= 5


def test_the_hours_of_the_desk_are_complained_about_less_and_less(fiches):
    august = received_in(fiches, "guichet_horaires", FIRST, date(2026, 8, 31))
    september = received_in(fiches, "guichet_horaires", date(2026, 9, 1), date(2026, 9, 30))
    later = received_in(fiches, "guichet_horaires", date(2026, 10, 1), LAST)
    assert august > september > later


# What the owners did


def test_every_story_is_about_fiches_that_exist(stories, fiches):
    for story in stories:
        quoted = [*story["verbatims"], *(reply["fiche"] for reply in story["follow_ups"])]
        assert all(story["pain_point"] in about(fiches[index]) for index in quoted)
        assert all(fiches[reply["fiche"]]["wants_answer"] for reply in story["follow_ups"])


def test_stories_and_pain_points_left_alone_cover_everything(stories, fiches):
    told = [story["pain_point"] for story in stories]
    left_alone = read("stories.json")["stay_suggested"]
    assert Counter([*told, *left_alone]) == Counter({fiche["pain_point"] for fiche in fiches} - {None})


def test_each_story_is_told_by_somebody_who_may(stories, people):
    for story in stories:
        assert story["service"] in people[story["owner"]]["services"]
        assert all("owner" in people[note["by"]]["roles"] for note in story["notes"])
        if story["transfer"]:
            assert story["transfer"]["to_service"] != story["service"]


def test_every_ending_is_shown_once_at_least(stories):
    assert {"confirmed", "planned", "done", "refused", "dismissed"} == {story["state"] for story in stories}
    assert any(story["transfer"] for story in stories)
    assert {reply["reply"] for story in stories for reply in story["follow_ups"]} == {"yes", "partly", "no"}


def test_a_refusal_says_why_and_a_plan_says_when(stories):
    for story in stories:
        assert bool(story["reason"]) == (story["state"] in {"refused", "dismissed"})
        if story["state"] == "planned":
            assert date.fromisoformat(story["answer"]["planned_for"]) > LAST
        replies = {reply["reply"] for reply in story["follow_ups"]}
        assert story["reopened"] == ("no" in replies)


def test_nobody_answers_before_confirming(stories):
    for story in stories:
        if story["answer"]:
            assert story["confirmed_on"] < story["answer"]["on"]
            assert all(reply["on"] > story["answer"]["on"] for reply in story["follow_ups"])


# The old export


def test_the_old_export_has_forty_rows_of_which_three_are_wrong(services):
    with (DEMO / "past_feedback.csv").open(encoding="cp1252", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    offices = {office["name"] for office in services["mediatheque"]["offices"]}
    assert len(rows) == 40
    assert [row["Num"] for row in rows if not is_a_day(row["Date de dépôt"])] == ["MED-011"]
    assert [row["Num"] for row in rows if row["Lieu"] not in offices] == ["MED-019"]
    assert [row["Num"] for row in rows if not row["Remarque de l'usager"]] == ["MED-030"]


def test_the_old_export_is_not_utf_8():
    with pytest.raises(UnicodeDecodeError):
        (DEMO / "past_feedback.csv").read_text(encoding="utf-8")


def is_a_day(text: str) -> bool:
    try:
        datetime.strptime(text, "%d/%m/%Y")
    except ValueError:
        return False
    return True


# The pages


def test_the_pages_use_only_simple_html():
    pages = read("pages.json")
    assert set(pages) == {"home", "accessibilite", "mentions-legales", "donnees-personnelles", "charte", "aide"}
    for body in (text["body"] for slug in set(pages) - {"home"} for text in (pages[slug], pages[slug]["en"])):
        assert set(re.findall(r"</?(\w+)", body)) <= {"p", "h2", "ul", "li", "strong", "a"}
        assert all(body.count(f"<{tag}>") == body.count(f"</{tag}>") for tag in ("p", "h2", "ul", "li", "strong"))
    assert "non conforme" in pages["accessibilite"]["body"]


def test_the_home_promise_is_said_in_french_and_in_english():
    home = read("pages.json")["home"]
    assert home["fr"].keys() == home["en"].keys()
    assert len(home["fr"]["steps"]) == len(home["en"]["steps"]) == 3


def test_each_page_says_the_same_in_french_and_in_english():
    """The same headings, lists, links and telephone numbers, in the same order."""
    for slug, french in read("pages.json").items():
        if slug != "home":
            shape = re.compile(r"</?\w+|href=\"[^\"]*\"|\b01(?: \d\d){4}\b")
            assert shape.findall(french["body"]) == shape.findall(french["en"]["body"])
            assert french["en"].keys() == {"title", "intro", "body"}


# What holds for every file


@pytest.mark.parametrize("name", ["town.json", "people.json", "fiches.jsonl", "stories.json", "pages.json"])
def test_every_address_and_number_is_invented(name):
    content = (DEMO / name).read_text(encoding="utf-8")
    addresses = re.findall(r"[\w.+-]+@[\w.-]+\w", content)
    phones = re.findall(r"\b0[1-9](?:[ .]?\d\d){4}\b", content)
    assert [address for address in addresses if not address.endswith(".example")] == []
    assert [phone for phone in phones if not phone.startswith("01 99 00")] == []


@pytest.mark.parametrize("name", ["town.json", "stories.json", "pages.json"])
def test_what_the_administration_says_follows_french_typography(name):
    """Follow-up replies are people's words: they keep what people typed."""
    said = json.dumps(without_peoples_words(read(name)), ensure_ascii=False)
    assert re.findall(r"\w+ [:;!?»]|« |\d (?:h|€|%)", said) == []


def without_peoples_words(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_peoples_words(v) for key, v in value.items() if key not in {"follow_ups", "synonyms"}}
    return [without_peoples_words(v) for v in value] if isinstance(value, list) else value


def test_the_statements_of_the_map_are_short_and_said_once():
    told = read("opinions.json")
    texts = [row["text"] for row in told["statements"]]
    assert 24 <= len(texts) == len(set(texts))
    assert all(20 <= len(text) <= 140 for text in texts)
    assert sum("proposed" not in row for row in told["statements"]) >= 7
    assert all(len(row["shares"]) == len(told["groups"]) == 3 for row in told["statements"])
