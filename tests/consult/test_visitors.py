"""Taking part without an account: written, confirmed from the mailbox, and only then counted."""

import re
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consult import people
from consult.actions import visiting
from consult.actions.arguments import argue as write_argument
from consult.actions.votes import vote
from consult.awaiting import door_of
from consult.choices import Awaited, Level, Opinion, PhaseKind, Side
from consult.clock import purge_visitor_acts
from consult.models import Argument, Consultation, Participant, Phase, Proposition, Reply, Useful, VisitorAct, Vote
from consult.people import email_key, participant_of
from consult.personal_data import erase_visitor
from consult.visitor_letters import CONFIRM, render_confirm
from letters.models import Letter
from moderation.choices import Timing
from tests.consult.test_arguments import BIKES, argue
from tests.consult.test_page import propositions, words
from tests.consult.test_votes import committed, together
from tests.consult.world import close, consultation
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
LEA = "lea@mairie.example"


def open_to(level: Level = Level.VISITOR, *kinds: PhaseKind, timing: Timing = Timing.AFTER, **section) -> Consultation:
    asked = consultation(*(kinds or (PhaseKind.VOTE,)), timing=timing, **section)
    Phase.objects.filter(page=asked.page).update(level=level)
    propositions(asked, 2)
    return asked


def at(asked: Consultation, rest: str = "propositions/1/") -> str:
    return f"/consultations/{asked.page.slug}/{rest}"


def give(client: Client, asked: Consultation, address: str = LEA, **more):
    return client.post(at(asked, "courriel/"), {"email": address, "name": "Léa M.", **more})


def links() -> list[str]:
    """The links of the letters promised, the oldest first."""
    return [
        re.search(r"/consultations/confirmer/\S+", render_confirm(letter).text)[0]
        for letter in Letter.objects.filter(kind=CONFIRM).order_by("pk")
    ]


def press(client: Client, link: str):
    """Read the page of the link, and press its button."""
    acts = re.findall(r'name="act" value="(\d+)"', client.get(link).content.decode())
    return client.post(link, {"act": acts}, follow=True)


def test_a_vote_counts_once_the_mailbox_confirms_it(client):
    asked = open_to()
    assert "no account is needed" not in words(client.get(at(asked)))
    assert "sans compte" in words(client.get(at(asked)))
    answer = client.post(at(asked, "propositions/1/vote/"), {"opinion": "agree"}, follow=True)
    assert answer.redirect_chain == [(at(asked, "courriel/"), 302)]
    assert "D’accord" in words(answer)
    assert "J’ai un compte" in words(answer)
    told = words(client.get(give(client, asked)["Location"]))
    assert LEA in told
    assert "Votre vote ne compte pas encore" in told
    assert not Vote.objects.exists()
    assert not Participant.objects.filter(email_key=email_key(LEA)).exists()
    answer = press(client, links()[0])
    assert "Votre vote est enregistré" in words(answer)
    assert "Vote enregistré : <strong>d’accord</strong>" in words(answer)
    assert Vote.objects.get().opinion == Opinion.AGREE
    assert Proposition.objects.get(number=1).agree_count == 1


def test_opening_the_link_writes_nothing(client):
    asked = open_to()
    client.post(at(asked, "propositions/1/vote/"), {"opinion": "agree"})
    give(client, asked)
    link = links()[0]
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
        page = Client().get(link)
        assert page.status_code == 200
        transaction.set_rollback(True)
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert "D’accord" in words(page)


def test_the_second_act_needs_no_letter_and_is_one_person(client):
    asked = open_to()
    client.post(at(asked, "propositions/1/vote/"), {"opinion": "agree"})
    give(client, asked)
    press(client, links()[0])
    for number, opinion in ((2, "mixed"), (1, "disagree")):
        answer = client.post(at(asked, f"propositions/{number}/vote/"), {"opinion": opinion})
        assert answer["Location"].endswith(f"/propositions/{number}/#vote")
    assert Letter.objects.filter(kind=CONFIRM).count() == 1
    assert set(Vote.objects.values_list("proposition__number", "opinion")) == {(1, "disagree"), (2, "mixed")}
    assert Vote.objects.values("participant").distinct().count() == 1
    client.post(at(asked, "propositions/1/vote/"), {"opinion": "none"})
    assert Vote.objects.get().proposition.number == 2


def test_every_act_may_be_done_and_is_signed(client):
    asked = open_to(Level.VISITOR, PhaseKind.CONTRIBUTE)
    other = argue(asked)
    section = asked.page.sections.get()
    written = {"section": section.pk, "title": "Fermer le quai le dimanche", "body": "Oui.\n\n- vélo", "sources": ""}
    assert "courriel" in client.post(at(asked, "propositions/nouvelle/"), written)["Location"]
    give(client, asked)
    client.post(at(asked, "propositions/1/arguments/nouveau/"), {"side": "against", "text": BIKES})
    give(client, asked)
    client.post(at(asked, f"propositions/1/arguments/{other.number}/repondre/"), {"text": "Et les livraisons ?"})
    give(client, asked)
    client.post(at(asked, f"propositions/1/arguments/{other.number}/utile/"), {"useful": "1"})
    give(client, asked)
    # One link confirms all that this browser wrote meanwhile.
    shown = words(client.get(links()[0]))
    assert "Confirmer ces 4 contributions" in shown
    assert "Et les livraisons ?" in shown
    answer = press(client, links()[0])
    assert answer.redirect_chain[-1][0] == "/consultations/mes-contributions/"
    filed = Proposition.objects.get(number=3)
    assert filed.author.name == "Léa M."
    assert "<li>vélo</li>" in filed.body
    assert Argument.objects.get(side="against").author == filed.author
    assert Reply.objects.get().author == filed.author
    assert Useful.objects.get().participant == filed.author
    assert "Fermer le quai" in words(client.get("/consultations/mes-contributions/"))
    for link in links()[1:]:
        assert "Déjà confirmé" in words(client.get(link))
    # Theirs: they change it and withdraw it without a letter.
    assert client.get(at(asked, "propositions/3/modifier/")).status_code == 200
    assert Client().get(at(asked, "propositions/3/modifier/")).status_code == 302
    assert client.get(at(asked, "propositions/1/modifier/")).status_code == 404


def test_where_texts_are_read_first_the_visitor_alone_sees_theirs(client):
    asked = open_to(Level.VISITOR, PhaseKind.CONTRIBUTE, timing=Timing.BEFORE)
    client.post(at(asked, "propositions/1/arguments/nouveau/"), {"side": "for", "text": BIKES})
    give(client, asked)
    answer = press(client, links()[0])
    assert BIKES in words(answer)
    assert "relu avant d’être publié" in words(answer)
    assert Client().get(answer.redirect_chain[-1][0]).status_code == 404


def test_capitals_and_what_follows_a_plus_are_one_mailbox(client):
    asked = open_to()
    for address in ("Lea@Mairie.example", "lea+quai@mairie.example", "LEA+2@MAIRIE.EXAMPLE."):
        browser = Client()
        browser.post(at(asked, "propositions/1/vote/"), {"opinion": "agree"})
        if give(browser, asked, address).status_code == 302:
            press(browser, links()[-1])
    assert Vote.objects.count() == 1
    assert email_key("lea+x@a.example") == email_key("Lea@A.example ") != email_key("leax@a.example")


def test_an_address_with_an_account_is_led_to_sign_in_and_strangers_learn_nothing(client):
    asked, lea = open_to(), UserFactory(email=LEA)
    answers = []
    for address in ("lea+1@mairie.example", "inconnue@mairie.example"):
        browser = Client()
        browser.post(at(asked, "propositions/1/vote/"), {"opinion": "agree"})
        give(browser, asked, address)
        page = browser.get(at(asked, "courriel/"))
        answers.append(re.sub(r'value="\w{64}"|"X-CSRFToken": "\w+"', "", words(page)).replace(address, "…"))
    assert answers[0] == answers[1]
    link = links()[0]
    assert "vous connecter" in render_confirm(Letter.objects.filter(kind=CONFIRM).order_by("pk")[0]).text
    shown = words(client.get(link))
    assert "Vous avez un compte" in shown
    assert 'name="act"' not in shown
    act = VisitorAct.objects.order_by("pk")[0]
    client.post(link, {"act": act.pk})
    assert not Vote.objects.exists()
    client.force_login(UserFactory())
    client.post(link, {"act": act.pk})
    assert not Vote.objects.exists()
    client.force_login(lea)
    press(client, link)
    assert Vote.objects.get().participant.user == lea


def test_a_visitor_who_opens_an_account_keeps_one_vote_and_signs_in(client):
    asked = open_to()
    client.post(at(asked, "propositions/1/vote/"), {"opinion": "agree"})
    give(client, asked)
    press(client, links()[0])
    account = participant_of(UserFactory(email=LEA))
    assert Vote.objects.get().participant == account
    assert account.email == ""
    vote(asked, 1, Opinion.DISAGREE, by=account)
    assert Vote.objects.get().opinion == Opinion.DISAGREE
    # This device is nobody any more: it no longer acts for the account.
    client.post(at(asked, "propositions/2/vote/"), {"opinion": "agree"})
    assert Vote.objects.count() == 1


def test_closed_between_writing_and_confirming_it_is_refused_with_the_hour(client):
    asked = open_to(Level.VISITOR, PhaseKind.CONTRIBUTE)
    client.post(at(asked, "propositions/1/arguments/nouveau/"), {"side": "for", "text": BIKES})
    give(client, asked)
    Phase.objects.filter(page=asked.page).update(
        opens_at="2026-11-01T08:00:00+01:00", closes_at="2026-11-20T20:00:00+01:00"
    )
    answer = press(client, links()[0])
    assert answer.status_code == 409
    assert "fermée, depuis le 20 novembre 2026 à 20 h" in words(answer)
    assert BIKES in words(answer)
    assert not Argument.objects.exists()
    assert not Participant.objects.filter(email_key=email_key(LEA)).exists()


def test_closed_before_the_address_is_given_it_is_refused_too(client):
    asked = open_to(Level.VISITOR, PhaseKind.CONTRIBUTE)
    client.post(at(asked, "propositions/1/arguments/nouveau/"), {"side": "for", "text": BIKES})
    close(asked)
    answer = give(client, asked)
    assert answer.status_code == 409
    assert BIKES in words(answer)
    assert client.post(at(asked, "propositions/1/vote/"), {"opinion": "agree"}).status_code == 409
    assert not VisitorAct.objects.exists()


def test_accounts_are_asked_for_where_the_phase_says_so(client):
    asked = open_to(Level.ACCOUNT)
    answer = client.post(at(asked, "propositions/1/vote/"), {"opinion": "agree"})
    assert "/compte/connexion/" in answer["Location"]
    stranger = people.visitor(LEA)
    session = client.session
    session["consult.visitor"] = stranger.pk
    session.save()
    answer = client.post(at(asked, "propositions/1/vote/"), {"opinion": "agree"})
    assert "/compte/connexion/" in answer["Location"]
    assert not Vote.objects.exists()


@pytest.mark.usefixtures("standing_clock")
def test_sent_twice_it_is_kept_once_and_written_to_once(client):
    asked = open_to()
    for _ in range(3):
        client.post(at(asked, "propositions/1/vote/"), {"opinion": "agree"})
        give(client, asked)
        give(client, asked)
    assert VisitorAct.objects.count() == 1
    assert Letter.objects.filter(kind=CONFIRM).count() == 1
    press(client, links()[0])
    client.post(at(asked, "propositions/1/vote/"), {"opinion": "none"})
    assert not Vote.objects.exists()


@pytest.mark.parametrize("kind", [kind for kind in Awaited if door_of(kind) is None])
def test_whatever_a_visitor_did_the_letter_can_be_written(kind):
    act = visiting.wait(None, kind, {}, email=LEA, browser="b", key=uuid4())
    letter = render_confirm(Letter.objects.get(kind=CONFIRM, key=act.pk))
    assert letter.subject
    assert "/consultations/confirmer/" in letter.text


def test_the_letter_repeats_nothing_that_was_typed(client):
    asked = open_to(Level.VISITOR, PhaseKind.CONTRIBUTE)
    client.post(at(asked, "propositions/1/arguments/nouveau/"), {"side": "for", "text": "Achetez mes pilules"})
    give(client, asked, name="Pilules")
    text = render_confirm(Letter.objects.get(kind=CONFIRM)).text
    assert "pilules" not in text.lower()
    assert asked.page.title in text


def test_nothing_personal_is_readable_nor_left_once_confirmed(client):
    asked = open_to(Level.VISITOR, PhaseKind.CONTRIBUTE)
    client.post(at(asked, "propositions/1/arguments/nouveau/"), {"side": "for", "text": BIKES})
    give(client, asked)
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(a)::text FROM consult_visitoract a")
        row = cursor.fetchone()[0]
    assert not any(private in row for private in (LEA, "Léa", BIKES[:20]))
    press(client, links()[0])
    act = VisitorAct.objects.get()
    assert (act.typed, act.name, act.email, act.email_key, act.browser) == ("", "", "", "", "")


def test_what_nobody_confirms_is_erased_in_time(client):
    asked = open_to()
    client.post(at(asked, "propositions/1/vote/"), {"opinion": "agree"})
    give(client, asked)
    link = links()[0]
    VisitorAct.objects.update(purge_on=timezone.localdate())
    assert "Ce lien n’est plus valable" in words(client.get(link))
    purge_visitor_acts()
    assert not VisitorAct.objects.exists()
    assert client.get(link).status_code == 404
    assert client.get("/consultations/confirmer/12.faux.jeton/").status_code == 404


def test_a_link_is_of_one_browser(client):
    """Somebody else typed this address: their words are not confirmed with mine."""
    asked = open_to(Level.VISITOR, PhaseKind.CONTRIBUTE)
    for browser, text in ((Client(), "Les mots d’un autre"), (client, BIKES)):
        browser.post(at(asked, "propositions/1/arguments/nouveau/"), {"side": "for", "text": text})
        give(browser, asked)
    press(client, links()[1])
    assert Argument.objects.get().text == BIKES


def test_what_is_added_after_the_page_was_read_is_not_confirmed(client):
    asked = open_to(Level.VISITOR, PhaseKind.CONTRIBUTE)
    for text in (BIKES, "Ajouté après coup"):
        client.post(at(asked, "propositions/1/arguments/nouveau/"), {"side": "for", "text": text})
        give(client, asked)
    read = VisitorAct.objects.order_by("pk")[0]
    client.post(links()[0], {"act": read.pk})
    assert Argument.objects.get().text == BIKES


@pytest.mark.usefixtures("standing_clock")
def test_too_many_letters_are_refused_and_nothing_is_lost(client):
    asked = open_to()
    seen = []
    for n in range(8):
        browser = Client()
        browser.post(at(asked, "propositions/1/vote/"), {"opinion": "agree"})
        seen.append(give(browser, asked, f"lea+{n}@mairie.example"))
    assert [one.status_code for one in seen] == [302] * 6 + [429] * 2
    assert "Votre vote est gardé" in words(seen[-1])


def test_a_mistyped_address_is_corrected(client):
    asked = open_to()
    client.post(at(asked, "propositions/1/vote/"), {"opinion": "agree"})
    give(client, asked, "lea@mairi.example")
    assert "lea@mairi.example" in words(client.get(at(asked, "courriel/?corriger=1")))
    assert give(client, asked, "pas une adresse").status_code == 422
    give(client, asked)
    press(client, links()[-1])
    assert Vote.objects.get().participant.email == LEA


def test_another_device_is_recognised_by_one_letter_then_forgotten(client):
    asked = open_to()
    known = people.visitor(LEA, name="Léa M.")
    vote(asked, 1, Opinion.AGREE, by=known)
    answer = client.post("/consultations/mes-contributions/", {"email": LEA})
    assert "Ouvrez votre boîte" in words(answer)
    assert "1 vote." in words(press(client, links()[0]))
    assert "Vote enregistré" in words(client.get(at(asked)))
    client.post("/consultations/mes-contributions/", {"act": "forget"})
    assert "Vote enregistré" not in words(client.get(at(asked)))


def test_a_visitor_takes_a_copy_and_is_erased(client):
    asked = open_to()
    client.post(at(asked, "propositions/1/vote/"), {"opinion": "agree"})
    give(client, asked)
    press(client, links()[0])
    client.post(at(asked, "propositions/1/arguments/nouveau/"), {"side": "for", "text": BIKES})
    copy = client.post("/consultations/mes-contributions/", {"act": "copy"}).json()
    assert copy["participant"]["email"] == LEA
    assert copy["votes"][0]["opinion"] == "agree"
    assert copy["arguments"][0]["text"] == BIKES
    assert "définitivement" in words(client.post("/consultations/mes-contributions/", {"erase?": "1"}))
    assert Participant.objects.filter(email_key=email_key(LEA)).exists()
    client.post("/consultations/mes-contributions/", {"act": "erase"})
    person = Participant.objects.exclude(erased_at=None).get()
    assert (person.email, person.email_key, person.name) == ("", None, "")
    assert Argument.objects.get().author == person
    assert not Letter.objects.exclude(address="").filter(kind=CONFIRM).exists()
    # The vote could still change: it goes, so that nobody votes, leaves and votes again.
    assert not Vote.objects.exists()
    assert Proposition.objects.get(number=1).agree_count == 0


def test_a_final_vote_stays_without_a_name(client):
    asked = open_to()
    person = people.visitor(LEA)
    vote(asked, 1, Opinion.AGREE, by=person)
    close(asked)
    erase_visitor(person)
    assert Vote.objects.get().participant.email_key is None


def waiting_votes(asked: Consultation, many: int, *, browser: str = "b") -> list[VisitorAct]:
    typed, said = {"number": 1, "opinion": "agree"}, {"email": LEA, "browser": browser}
    return [visiting.wait(asked, Awaited.VOTE, typed, key=uuid4(), **said) for _ in range(many)]


@committed
def test_one_address_confirmed_from_many_tabs_at_once_is_one_person_one_vote():
    asked = open_to()
    acts = waiting_votes(asked, 8)
    found = together(lambda act: visiting.confirm(act, by=None), acts)
    assert not [one for one in found if isinstance(one, Exception)]
    assert Participant.objects.filter(email_key=email_key(LEA)).count() == 1
    assert Vote.objects.count() == 1
    assert Proposition.objects.get(number=1).agree_count == 1


@committed
def test_control_without_the_constraint_the_same_tabs_are_several_people():
    asked = open_to()
    acts = waiting_votes(asked, 8)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE consult_participant DROP CONSTRAINT consult_participant_email_key_key")
    try:
        together(lambda act: visiting.confirm(act, by=None), acts)
        assert Participant.objects.filter(email_key=email_key(LEA)).count() > 1
    finally:
        Vote.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM consult_voter")
            cursor.execute("DELETE FROM consult_participant WHERE email_key = %s", [email_key(LEA)])
            cursor.execute(
                "ALTER TABLE consult_participant ADD CONSTRAINT consult_participant_email_key_key UNIQUE (email_key)"
            )


@committed
def test_one_link_pressed_in_many_tabs_at_once_files_one_text():
    asked = open_to(Level.VISITOR, PhaseKind.CONTRIBUTE)
    typed = {"number": 1, "side": "for", "text": BIKES, "key": str(uuid4())}
    act = visiting.wait(asked, Awaited.ARGUMENT, typed, email=LEA, name="Léa", browser="b", key=uuid4())
    found = together(lambda one: visiting.confirm(one, by=None), [act] * 8)
    assert not [one for one in found if isinstance(one, Exception)]
    assert Argument.objects.count() == 1
    assert len([person for _act, person in found if person]) == 1


def test_as_many_questions_with_three_contributions_as_with_thirty(client):
    asked = open_to(Level.VISITOR, PhaseKind.CONTRIBUTE)
    person = people.visitor(LEA)
    session = client.session
    session["consult.visitor"] = person.pk
    session.save()

    def questions() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/consultations/mes-contributions/").status_code == 200
        return len(seen)

    for n in range(3):
        write_argument(asked, 1, Side.FOR, f"Un argument {n}", by=person)
    questions()  # what the site keeps from its first page on
    few = questions()
    for n in range(27):
        write_argument(asked, 1, Side.FOR, f"Un argument encore {n}", by=person)
    Proposition.objects.update(author=person)
    assert questions() == few


def test_a_visitors_page_asks_two_more_questions_than_anybodys(client, django_assert_max_num_queries):
    asked = open_to()
    client.post(at(asked, "propositions/1/vote/"), {"opinion": "agree"})
    give(client, asked)
    press(client, links()[0])
    with django_assert_max_num_queries(14):
        client.get(at(asked))
