"""The page of a proposition below its text: what people see and do there, without JavaScript."""

from uuid import uuid4

import pytest
from django.test import Client

from accounts.actions import create_person
from consult.actions import arguments as acts
from consult.actions.votes import vote
from consult.choices import Opinion, PhaseKind, Side, VoteWidget
from consult.models import Argument, Consultation, ConsultationPage, Phase, Proposition, Vote
from consult.people import participant_of
from moderation.actions import decide
from moderation.choices import Outcome
from tests.consult.test_arguments import BIKES, argue
from tests.consult.test_page import propositions, words
from tests.consult.test_votes import people
from tests.consult.world import close, consultation
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
XSS = '<script>window.bad=1</script><img src=x onerror="window.bad=1">"\'><svg/onload=alert(1)>'


def page(asked: Consultation, rest: str = "") -> str:
    return f"/consultations/{asked.page.slug}/propositions/1/{rest}"


def open_one(*kinds: PhaseKind, **section) -> Consultation:
    asked = consultation(*(kinds or (PhaseKind.VOTE,)), **section)
    propositions(asked, 1)
    return asked


def test_arguments_stand_for_and_against_with_their_numbers(client):
    asked = open_one()
    argue(asked)
    shown = words(client.get(page(asked)))
    assert "1 argument" in shown
    assert "Aucun argument contre" in shown
    assert 'id="argument-1"' in shown
    assert BIKES.replace("’", "’") in shown
    assert words(client.get(page(asked, "arguments/1/"))).count(BIKES) == 1


def test_a_hidden_argument_is_read_by_nobody_its_author_included(client):
    asked, author = open_one(), UserFactory()
    written = argue(asked, by=participant_of(author))
    client.force_login(author)
    assert BIKES in words(client.get(page(asked, "arguments/1/")))
    decide(written.case, outcome=Outcome.HIDE, rule="off_topic", facts="Hors sujet.", after=None, by=UserFactory())
    for reader in (client, Client()):
        assert reader.get(page(asked, "arguments/1/")).status_code == 404


def test_sides_alternate_as_one_reads(client):
    asked = open_one()
    for side in (Side.FOR, Side.FOR, Side.FOR, Side.AGAINST, Side.AGAINST):
        argue(asked, side, f"Un argument {uuid4()}")
    shown = words(client.get(page(asked)))
    sides = [shown.split(f'id="argument-{n}"')[0].rsplit("c-arg is-", 1)[1].split('"')[0] for n in range(1, 6)]
    order = sorted(range(5), key=lambda n: shown.index(f'id="argument-{n + 1}"'))
    assert [sides[n] for n in order] == ["for", "against", "for", "against", "for"]


def test_voting_changing_and_withdrawing_without_a_script(client):
    asked, reader = open_one(), UserFactory()
    client.force_login(reader)
    client.post(page(asked, "vote/"), {"opinion": "agree"})
    shown = words(client.get(page(asked)))
    assert "Vote enregistré : <strong>d’accord</strong>" in shown
    assert "1 vote" in shown
    client.post(page(asked, "vote/"), {"opinion": "disagree"})
    assert Vote.objects.get().opinion == Opinion.DISAGREE
    client.post(page(asked, "vote/"), {"opinion": "none"})
    assert not Vote.objects.exists()
    assert client.post(page(asked, "vote/"), {"opinion": "rubbish"}).status_code == 404


def test_votes_are_told_with_the_moment_and_out_of_how_many(client):
    asked = open_one()
    Proposition.objects.update(agree_count=1204, mixed_count=212, disagree_count=486)
    ConsultationPage.objects.filter(pk=asked.page_id).update(population=48200, population_word="habitants")
    shown = words(client.get(page(asked)))
    assert "1 902 votes" in shown
    assert "sur 48 200 habitants" in shown
    assert "63 %" in shown
    assert "1 204 d’accord, 212 mitigés, 486 pas d’accord, sur 1 902 votes" in shown


def test_hidden_votes_stand_nowhere(client):
    asked = open_one(hides_counts=True, threshold=1)
    [someone] = people(1)
    vote(asked, 1, Opinion.AGREE, by=someone)
    Proposition.objects.update(agree_count=1204)
    for rest in ("", "arguments/", "arguments/imprimer/"):
        shown = words(client.get(page(asked, rest)))
        for told in ("1 204", "1204", "Seuil atteint"):
            assert told not in shown
    client.force_login(someone.user)
    assert "Vote enregistré" in words(client.get(page(asked)))
    assert "1 204" not in words(client.get(page(asked)))
    close(asked)
    shown = words(client.get(page(asked)))
    assert "1 204" in shown
    assert "Seuil atteint le" in shown


def test_closed_it_says_so_with_the_hour_of_the_place_and_no_door_is_left(client):
    asked = open_one(PhaseKind.VOTE)
    ConsultationPage.objects.filter(pk=asked.page_id).update(time_zone="Indian/Reunion")
    written = argue(asked)
    someone = participant_of(UserFactory())
    vote(asked, 1, Opinion.AGREE, by=someone)
    Phase.objects.filter(page=asked.page).update(
        opens_at="2026-11-01T08:00:00+04:00", closes_at="2026-11-20T20:00:00+04:00"
    )
    client.force_login(someone.user)
    shown = words(client.get(page(asked)))
    assert "vendredi 20 novembre 2026 à 20 h" in shown
    assert "résultat définitif" in shown
    assert "Ajouter un argument" not in shown
    for rest, sent in (
        ("vote/", {"opinion": "disagree"}),
        ("vote/", {"opinion": "none"}),
        ("arguments/nouveau/", {"side": "for", "text": "Encore un mot"}),
        (f"arguments/{written.number}/repondre/", {"text": "Encore un mot"}),
        (f"arguments/{written.number}/utile/", {"useful": "1"}),
    ):
        refused = client.post(page(asked, rest), sent)
        assert refused.status_code == 409, rest
        assert "20 novembre 2026 à 20 h" in words(refused), rest
        if "text" in sent:
            assert "Encore un mot" in words(refused)
        assert "20 novembre 2026 à 20 h" in words(Client().post(page(asked, rest), sent, follow=True)), (
            f"nobody: {rest}"
        )
    assert Vote.objects.get().opinion == Opinion.AGREE
    assert Argument.objects.count() == 1


def test_a_visitor_signs_in_and_finds_the_vote_again(client):
    asked, reader = open_one(), member()
    answer = client.post(page(asked, "vote/"), {"opinion": "mixed"})
    assert "/propositions/1/%23vote" in answer["Location"] or "/propositions/1/#vote" in answer["Location"]
    assert "Votre vote est gardé. Connectez-vous" in words(client.get(answer["Location"]))
    client.post(answer["Location"].split("?")[0], sign_in(reader))
    shown = words(client.get(page(asked)))
    assert "Enregistrer mon vote" in shown
    assert not Vote.objects.exists()
    client.post(page(asked, "vote/"), {"opinion": "mixed"})
    assert "Enregistrer mon vote" not in words(client.get(page(asked)))


def member():
    return create_person(email="nadia@demo.example", name="Nadia", password=PASSWORD, by=None)


def sign_in(reader) -> dict[str, str]:
    return {"login": reader.email, "password": PASSWORD}


def test_a_visitor_signs_in_and_finds_the_text_again(client):
    asked, reader = open_one(), member()
    answer = client.post(page(asked, "arguments/nouveau/"), {"side": "against", "text": BIKES})
    assert not Argument.objects.exists()
    client.post(answer["Location"].split("?")[0], sign_in(reader))
    shown = words(client.get(page(asked, "arguments/nouveau/")))
    assert BIKES in shown
    assert "checked" in shown.split('value="against"')[1].split(">")[0]
    client.post(page(asked, "arguments/nouveau/"), {"side": "against", "text": BIKES})
    assert Argument.objects.get().side == Side.AGAINST


def test_what_is_missing_is_said_and_what_was_typed_stays(client):
    asked = open_one()
    client.force_login(UserFactory())
    answer = client.post(page(asked, "arguments/nouveau/"), {"text": BIKES})
    assert answer.status_code == 422
    assert "Choisissez pour ou contre" in words(answer)
    assert BIKES in words(answer)
    assert client.post(page(asked, "arguments/nouveau/"), {"side": "for", "text": "\x00"}).status_code == 400


def test_useful_leads_back_to_this_site_alone(client):
    asked = open_one()
    argue(asked)
    client.force_login(UserFactory())
    for back in ("https://ailleurs.example/", "//ailleurs.example/", "/consultations/../admin/\\x", "javascript:1"):
        answer = client.post(page(asked, "arguments/1/utile/"), {"useful": "1", "back": back})
        assert "ailleurs" not in answer["Location"]
        assert "javascript" not in answer["Location"]
    assert "Utile · 1" in words(client.get(page(asked)))


def test_its_author_withdraws_it_and_nobody_else(client):
    asked, author = open_one(), UserFactory()
    argue(asked, by=participant_of(author))
    client.force_login(UserFactory())
    assert client.post(page(asked, "arguments/1/retirer/")).status_code == 404
    client.force_login(author)
    assert "Retirer mon argument" in words(client.get(page(asked, "arguments/1/retirer/")))
    client.post(page(asked, "arguments/1/retirer/"))
    gone = words(client.get(page(asked, "arguments/1/")))
    assert "retiré par son auteur" in gone
    assert BIKES not in gone
    assert BIKES not in words(client.get(page(asked)))


def test_what_people_type_is_never_markup(client):
    asked, author = open_one(), UserFactory(name=XSS[:70])
    by = participant_of(author)
    for side in Side:
        acts.argue(asked, 1, side, XSS, by=by)
    acts.reply(asked, Argument.objects.first(), XSS, by=by)
    client.force_login(author)
    for rest in ("", "arguments/1/", "arguments/", "arguments/imprimer/", "arguments/1/retirer/"):
        shown = client.get(page(asked, rest)).content.decode()
        assert "window.bad" in shown, rest
        assert "<script>window" not in shown
        assert "<img src=x" not in shown
        assert "<svg/onload" not in shown
    refused = client.post(page(asked, "arguments/nouveau/"), {"text": XSS}).content.decode()
    assert "<script>window" not in refused


@pytest.mark.parametrize("many", [3, 300])
def test_pages_ask_few_questions(client, many, django_assert_max_num_queries):
    asked = open_one()
    argue(asked)
    one = Proposition.objects.get()
    fill(one, many)
    for signed_in in (False, True):
        if signed_in:
            client.force_login(UserFactory())
        for rest in ("", "arguments/", "arguments/1/", "arguments/imprimer/"):
            client.get(page(asked, rest))
            with django_assert_max_num_queries(12, info=rest):
                assert client.get(page(asked, rest)).status_code == 200


def fill(one: Proposition, many: int) -> None:
    from moderation.models import Case

    cases = Case.objects.bulk_create([Case(kind="argument", state="shown", is_shown=True) for _ in range(many)])
    authors = people(3)
    Argument.objects.bulk_create(
        Argument(
            proposition=one, number=100 + n, side=Side.FOR if n % 3 else Side.AGAINST, text=f"Texte {n}",
            author=authors[n % 3], case=case, is_shown=True,
        )
        for n, case in enumerate(cases)
    )  # fmt: skip


def test_acting_asks_few_questions(client, django_assert_max_num_queries):
    asked, reader = open_one(), UserFactory()
    client.force_login(reader)
    client.post(page(asked, "vote/"), {"opinion": "agree"})
    # Ours; a test adds the two of its savepoint.
    with django_assert_max_num_queries(8 + 2):
        assert client.post(page(asked, "vote/"), {"opinion": "mixed"}).status_code == 302
    client.get(page(asked))
    with django_assert_max_num_queries(15 + 2):
        sent = {"side": "for", "text": BIKES, "idempotency_key": str(uuid4())}
        assert client.post(page(asked, "arguments/nouveau/"), sent).status_code == 302


def test_only_one_opinion_where_only_agreeing_is_asked(client):
    asked = open_one(vote=VoteWidget.AGREE)
    client.force_login(UserFactory())
    shown = words(client.get(page(asked)))
    assert 'value="agree"' in shown
    assert 'value="disagree"' not in shown
    assert client.post(page(asked, "vote/"), {"opinion": "disagree"}).status_code == 409


def test_a_vote_needs_the_token_of_the_page():
    asked = open_one()
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(UserFactory())
    assert strict.post(page(asked, "vote/"), {"opinion": "agree"}).status_code == 403
    assert not Vote.objects.exists()
