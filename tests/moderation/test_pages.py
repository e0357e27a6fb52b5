"""The doors: the public form, the queue, the basket. What may not be seen is a 404, the same for all."""

import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from moderation import reading
from moderation.actions import decide
from moderation.choices import CaseState, Clue, Outcome, Rule, Timing
from moderation.models import Case, Decision, Notice
from moderation.views.doors import MOST
from tests.factories import UserFactory
from tests.moderation.world import FACTS, argument, asked, moderator, notice, proposition, remove

pytestmark = pytest.mark.django_db

PAYLOAD = "<script>alert(1)</script><img src=x onerror=alert(2)>"
SINCERE = {"rule": "falsehood", "text": "Il accuse sans preuve.", "is_good_faith": "on"}
MOST_QUESTIONS = 14


@pytest.fixture(autouse=True)
def _nothing_counted():
    cache.clear()


@pytest.fixture
def judge(client: Client) -> Client:
    client.force_login(moderator())
    return client


def queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


# --- reporting ---------------------------------------------------------------------------------------------------


def test_a_visitor_reports_a_text_and_goes_back_to_it(client) -> None:
    written = proposition()
    url = f"/moderation/signaler/{written.case_id}/"
    assert "Fermer le quai le dimanche" in client.get(url).content.decode()
    response = client.post(url, SINCERE | {"email": "lea@demo.example"})
    assert response.status_code == 302
    assert response.url == written.get_absolute_url()
    kept = Notice.objects.get()
    assert (kept.text, kept.email, kept.user) == ("Il accuse sans preuve.", "lea@demo.example", None)


def test_the_same_browser_says_it_once_whatever_address_it_gives(client) -> None:
    url = f"/moderation/signaler/{proposition().case_id}/"
    client.post(url, SINCERE)
    again = client.post(url, SINCERE | {"email": "autre@demo.example"}, follow=True)
    assert Notice.objects.count() == 1
    assert "Vous avez signalé ce texte le" in again.content.decode()


def test_an_account_says_it_once_from_any_browser() -> None:
    url, person = f"/moderation/signaler/{proposition().case_id}/", UserFactory()
    for _ in range(2):
        browser = Client()
        browser.force_login(person)
        browser.post(url, SINCERE)
    assert [one.user for one in Notice.objects.all()] == [person]


@pytest.mark.parametrize("missing", ["rule", "is_good_faith"])
def test_an_incomplete_notice_keeps_what_was_typed(client, missing) -> None:
    data = {name: value for name, value in SINCERE.items() if name != missing}
    response = client.post(f"/moderation/signaler/{proposition().case_id}/", data)
    assert response.status_code == 422
    assert "Il accuse sans preuve." in response.content.decode()
    assert not Notice.objects.exists()


@pytest.mark.parametrize(("typed", "status"), [("\x00", 400), ("x" * 2001, 422)])
def test_what_cannot_be_kept_is_refused(client, typed, status) -> None:
    response = client.post(f"/moderation/signaler/{proposition().case_id}/", SINCERE | {"text": typed})
    assert response.status_code == status


@pytest.mark.usefixtures("standing_clock")
def test_one_place_does_not_send_notices_by_hundreds(client) -> None:
    cases = [proposition().case_id for _ in range(MOST + 1)]
    answers = [Client().post(f"/moderation/signaler/{case}/", SINCERE).status_code for case in cases]
    assert answers == [302] * MOST + [429]
    assert Notice.objects.count() == MOST


def test_what_is_not_published_is_not_there_and_cannot_be_told_from_nothing(client) -> None:
    waiting = proposition(timing=Timing.BEFORE)
    gone = proposition()
    remove(gone.case, by=moderator())
    draft = proposition()
    draft.consultation.page.unpublish()
    answers = set()
    for case in (waiting.case_id, gone.case_id, draft.case_id, 987654):
        response = client.get(f"/moderation/signaler/{case}/")
        body = re.sub(r"\b\w{64}\b", "token", response.content.decode())
        answers.add((response.status_code, body.replace(f"/signaler/{case}/", "/signaler/n/")))
    assert [status for status, _body in answers] == [404]


# --- the queue ---------------------------------------------------------------------------------------------------


def test_the_queue_shows_the_most_reported_after_what_waits_to_be_published(judge) -> None:
    once, often = proposition(title="Signalée une fois"), proposition(title="Signalée souvent")
    notice(once.case)
    for _ in range(4):
        notice(often.case, rule=Rule.INSULT, text="Des insultes.")
    proposition(timing=Timing.BEFORE, title="À lire avant")
    page = judge.get("/moderation/").content.decode()
    places = [page.index(title) for title in ("À lire avant", "Signalée souvent", "Signalée une fois")]
    assert places == sorted(places)
    assert "3 textes à juger, 5 signalements." in page


def test_the_text_its_notices_and_its_clues_are_in_view(judge) -> None:
    text = "Appelez Jean au 06 12 34 56 78, ou voyez https://pub.example/achetez"
    written = proposition(text=text)
    notice(written.case, rule=Rule.ADVERTISING, text="C’est une publicité.")
    page = judge.get("/moderation/").content.decode()
    assert "C’est une publicité." in page
    assert "<mark>06 12 34 56 78</mark>" in page
    assert "<mark>https://pub.example/achetez</mark>" in page
    assert "Données personnelles" in page


def test_clues_rank_and_never_decide(judge) -> None:
    shouted = proposition(text="TOUT LE MONDE DOIT VENIR CRIER ICI https://a.example")
    judge.get("/moderation/")
    shouted.refresh_from_db()
    assert shouted.is_shown
    assert shouted.case.state == CaseState.SHOWN
    assert not Case.objects.to_judge().exists(), "clues alone call nobody"


def test_near_identical_texts_stand_together(judge) -> None:
    flood = "Arrosons les platanes du quai chaque soir de la semaine"
    cases = [proposition(text=flood + end, title=f"Copie {n}").case for n, end in enumerate(("", " !", "."))]
    other = proposition(text="Un texte qui n’a rien à voir avec les autres.", title="Autre").case
    for case in (cases[0], other, cases[1], cases[2]):
        notice(case)
    page = judge.get("/moderation/?file=copies").content.decode()
    assert page.count("data-row-check") == 3
    assert "Autre" not in page


def test_a_decision_takes_those_that_were_ticked_along_and_goes_to_the_next(judge) -> None:
    first, second, left = proposition().case, proposition().case, proposition().case
    for case in (first, second, left):
        notice(case)
    said = {"outcome": "remove", "rule": "flood", "facts": FACTS, "file": "", "also": [f"{second.pk}-0"]}
    response = judge.post(f"/moderation/{first.pk}/decider/", said, follow=True)
    page = response.content.decode()
    assert "2 textes retirés" in page
    assert set(Case.objects.filter(state=CaseState.REMOVED)) == {first, second}
    assert f"/moderation/{left.pk}/decider/" in page


def test_taking_out_without_facts_says_what_is_missing_and_keeps_the_choice(judge) -> None:
    case = proposition().case
    notice(case)
    response = judge.post(f"/moderation/{case.pk}/decider/", {"outcome": "hide", "rule": "insult", "file": ""})
    page = response.content.decode()
    assert response.status_code == 422
    assert "Dites ce qui l’enfreint" in page
    assert not Decision.objects.exists()


def test_the_second_moderator_is_told_on_the_page_that_the_first_has_decided(judge) -> None:
    case, first = proposition().case, moderator()
    notice(case)
    remove(case, by=first)
    late = {"outcome": "hide", "rule": "insult", "facts": FACTS, "file": ""}
    response = judge.post(f"/moderation/{case.pk}/decider/", late, follow=True)
    assert f"{first.name} a décidé avant vous" in response.content.decode()
    assert Decision.objects.count() == 1


def test_a_removed_text_is_put_back_from_its_case(judge) -> None:
    written = proposition()
    last = remove(written.case, by=moderator())
    page = judge.get(f"/moderation/{written.case_id}/").content.decode()
    assert FACTS in page
    judge.post(f"/moderation/{written.case_id}/decider/", {"outcome": "keep", "after": last.pk})
    written.refresh_from_db()
    assert written.is_shown


@pytest.mark.parametrize("data", [{}, {"outcome": "x"}, {"outcome": "hide", "also": ["a-b", "1-"], "after": "9" * 30}])
def test_rubbish_decides_nothing(judge, data) -> None:
    case = proposition().case
    assert judge.post(f"/moderation/{case.pk}/decider/", data).status_code == 422
    assert not Decision.objects.exists()


def test_nobody_else_finds_the_queue(client) -> None:
    case = proposition().case_id
    client.force_login(UserFactory())
    for url in ("/moderation/", f"/moderation/{case}/"):
        assert client.get(url).status_code == 404
    assert client.post(f"/moderation/{case}/decider/", {"outcome": "keep"}).status_code == 404


def test_the_queue_asks_as_many_questions_for_three_texts_as_for_thirty(judge) -> None:
    where = asked()

    def more(number: int) -> None:
        for n in range(number):
            on = proposition(where, title=f"Proposition {n}", text=f"Un texte {n} " * 9)
            notice(on.case)
            notice(argument(on, text=f"Un argument {n} " * 9).case)

    more(2)
    judge.get("/moderation/")
    few = queries(judge, "/moderation/")
    more(12)
    assert queries(judge, "/moderation/") == few
    assert few <= MOST_QUESTIONS
    assert queries(judge, f"/moderation/{Case.objects.first().pk}/") <= MOST_QUESTIONS


# --- what everybody reads ----------------------------------------------------------------------------------------


def test_the_basket_tells_what_was_removed_when_and_why(client) -> None:
    where = asked()
    written = proposition(where, text="Ce sont des voleurs.")
    remove(written.case, by=moderator())
    page = client.get(f"/consultations/{where.page.slug}/corbeille/").content.decode()
    for said in (f"Proposition #{written.number}", "accuse quelqu’un sans preuve", FACTS, "Ce sont des voleurs."):
        assert said in page, said


@pytest.mark.parametrize("rule", [Rule.PERSONAL_DATA, Rule.HATE, Rule.ILLEGAL])
def test_a_text_that_harms_is_shown_nowhere_again(client, rule) -> None:
    where = asked()
    written = proposition(where, text="Mot-nuisible.", title="Titre-nuisible")
    remove(written.case, by=moderator(), rule=rule)
    for url in (f"/consultations/{where.page.slug}/corbeille/", written.get_absolute_url()):
        page = client.get(url).content.decode()
        assert "nuisible" not in page, url
        assert FACTS not in page, url


def test_a_hidden_text_is_nowhere_and_a_removed_one_leaves_a_tombstone(client) -> None:
    where = asked()
    hidden, removed = proposition(where), proposition(where)
    decide(hidden.case, outcome=Outcome.HIDE, rule=Rule.INSULT, facts=FACTS, after=None, by=moderator())
    remove(removed.case, by=moderator())
    assert client.get(hidden.get_absolute_url()).status_code == 404
    gone = client.get(removed.get_absolute_url())
    assert gone.status_code == 410
    assert "Ce texte a été retiré le" in gone.content.decode()
    assert "Fermer le quai" not in gone.content.decode()
    page = client.get(f"/consultations/{where.page.slug}/corbeille/").content.decode()
    assert f"#{hidden.number}" not in page


def test_the_basket_asks_as_many_questions_for_two_texts_as_for_fifteen(client) -> None:
    where, person = asked(), moderator()
    url = f"/consultations/{where.page.slug}/corbeille/"

    def more(number: int) -> None:
        for _ in range(number):
            on = proposition(where)
            remove(argument(on).case, by=person)
            remove(on.case, by=person)

    more(1)
    queries(client, url)
    few = queries(client, url)
    more(7)
    assert queries(client, url) == few
    assert few <= 12


def test_nothing_that_people_write_becomes_markup(judge) -> None:
    where = asked()
    written = proposition(where, title=PAYLOAD, text="x", by=UserFactory(name=PAYLOAD[:80]))
    said = argument(written, text=PAYLOAD)
    for case in (written.case, said.case):
        notice(case, text=PAYLOAD)
    urls = ["/moderation/", f"/moderation/?dossier={said.case_id}", f"/moderation/signaler/{said.case_id}/"]
    pages = [judge.get(url).content.decode() for url in urls]
    decide(said.case, outcome=Outcome.REMOVE, rule=Rule.OTHER, facts=PAYLOAD, after=None, by=moderator())
    urls = [f"/moderation/{said.case_id}/", f"/consultations/{where.page.slug}/corbeille/"]
    pages += [judge.get(url).content.decode() for url in urls]
    for page in pages:
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "&lt;script&gt;" in page


def test_control_what_makes_two_texts_near() -> None:
    texts = ["Un banc à l’ombre des platanes", "UN BANC A L’OMBRE DES PLATANES !", "Rien à voir avec les autres"]
    assert reading.copies(texts) == [0, 0, 2]
    assert reading.read("Voir https://a.example").counts == {Clue.LINKS: 1}
    assert reading.is_shouted("CE N’EST PAS NORMAL DU TOUT")
    assert not reading.is_shouted("Le RER B et la SNCF sont en retard")
