"""Proposing at the door: the form, what is near, the draft, filing, changing, withdrawing."""

from uuid import uuid4

import pytest

from consult.actions.propositions import Written
from consult.actions.propositions import file as file_proposition
from consult.choices import PhaseKind
from consult.models import Consultation, Draft, Proposition, ReferenceLink, Section, Vote
from consult.people import participant_of
from moderation.choices import Timing
from tests.consult.test_page import words
from tests.consult.test_texts import HOSTILE
from tests.consult.world import close, consultation, section_of
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
LIVE = ("<script>alert", "<img src=x", "<svg/onload", "<iframe", "<style>*", '<a href="javascript', "<b onclick")
OPEN = (PhaseKind.CONTRIBUTE, PhaseKind.VOTE)


def address(asked: Consultation, end: str = "nouvelle/") -> str:
    return f"/consultations/{asked.page.slug}/propositions/{end}"


def typed(asked: Consultation, **answers: str) -> dict[str, str]:
    text = {"title": "Planter des tilleuls sur le quai", "body": "Il y fait trop chaud en été.", "key": str(uuid4())}
    return {"section": str(section_of(asked).pk), **text, **answers}


def filed(asked: Consultation, title: str, body: str) -> Proposition:
    author = participant_of(UserFactory())
    return file_proposition(asked, section_of(asked), Written(title=title, body=body), by=author)


def test_a_proposition_is_filed_from_its_form_and_read_at_its_address(client):
    asked = consultation(*OPEN)
    client.force_login(UserFactory(name="Nadia B."))
    assert "Votre proposition" in words(client.get(address(asked)))
    sources = (
        "Relevés de Météo-France, https://meteo.example/releves\nUn livre sans adresse\nPlan\nhttps://plan.example/1"
    )
    answers = typed(asked, sources=sources)
    page = words(client.post(address(asked), answers, follow=True))
    for said in ("numéro #1", "Planter des tilleuls", "Nadia B.", "Relevés de Météo-France", "Un livre sans adresse"):
        assert said in page
    assert list(ReferenceLink.objects.values_list("url", flat=True)) == [
        "https://meteo.example/releves",
        "",
        "https://plan.example/1",
    ]


def test_the_same_form_sent_twice_gives_the_same_proposition(client):
    asked = consultation(*OPEN)
    client.force_login(UserFactory())
    answers = typed(asked)
    assert client.post(address(asked), answers).url == client.post(address(asked), answers).url
    assert Proposition.objects.count() == 1


def test_what_is_missing_or_wrong_is_said_and_what_was_typed_stays(client):
    asked = consultation(*OPEN)
    client.force_login(UserFactory())
    for wrong in (
        {"title": " \u202e\ufeff "},
        {"title": "x" * 161},
        {"body": ""},
        {"body": "x" * 6001},
        {"section": "987654"},
        {"section": "abc"},
        {"sources": "Un site https://" + "a" * 600},
        {"sources": "\n".join(["Une source"] * 11)},
    ):
        response = client.post(address(asked), typed(asked, **wrong))
        assert response.status_code == 422, wrong
    assert not Proposition.objects.exists()


def test_a_section_that_takes_none_or_of_another_consultation_is_refused(client):
    asked, other = consultation(*OPEN), consultation(*OPEN)
    client.force_login(UserFactory())
    assert client.post(address(asked), typed(asked, section=str(section_of(other).pk))).status_code == 422
    Section.objects.update(takes_propositions=False)
    assert client.post(address(asked), typed(asked)).status_code == 422
    assert not Proposition.objects.exists()


def test_closed_it_says_so_with_the_hour_and_gives_the_text_back(client):
    asked = consultation(*OPEN)
    client.force_login(UserFactory())
    close(asked)
    response = client.post(address(asked), typed(asked))
    assert response.status_code == 409
    assert "Il y fait trop chaud" in words(response)
    assert "fermée" in words(client.get(address(asked))) or "close" in words(client.get(address(asked)))
    assert not Proposition.objects.exists()


def test_a_visitor_is_led_to_sign_in_and_comes_back(client):
    asked = consultation(*OPEN)
    response = client.get(address(asked))
    assert response.status_code == 302
    assert address(asked) in response.url
    assert client.post(address(asked), typed(asked)).status_code == 302
    assert not Proposition.objects.exists()


@pytest.mark.parametrize("payload", HOSTILE)
def test_hostile_texts_are_shown_as_texts(client, payload):
    asked = consultation(*OPEN)
    client.force_login(UserFactory(name=payload[:80]))
    client.post(address(asked), typed(asked, title=payload, body=payload, sources=payload.replace("https://", "")))
    one = Proposition.objects.get()
    for page in (client.get(one.get_absolute_url()), client.get(f"/consultations/{asked.page.slug}/")):
        html = page.content.decode()
        for live in LIVE:
            assert live not in html


def test_what_is_near_is_shown_with_its_counts_and_supported_in_one_act(client):
    asked = consultation(*OPEN)
    near = filed(asked, "Planter des tilleuls le long du quai", "L’été, il y fait trop chaud pour marcher.")
    filed(asked, "Un composteur par rue", "Les déchets de cuisine partent au feu.")
    user = UserFactory()
    client.force_login(user)
    page = words(client.post(address(asked, "proches/"), typed(asked)))
    assert "Planter des tilleuls le long du quai" in page
    assert "composteur" not in page
    assert "Soutenir celle-ci" in page
    response = client.post(address(asked), typed(asked, support=str(near.number)))
    assert response.url == near.get_absolute_url()
    assert Vote.objects.get().proposition == near
    assert Draft.objects.get().title == "Planter des tilleuls sur le quai"
    assert Proposition.objects.count() == 2


def test_what_waits_or_was_taken_out_is_near_nobody(client):
    asked = consultation(*OPEN, timing=Timing.BEFORE)
    filed(asked, "Planter des tilleuls le long du quai", "L’été, il y fait trop chaud pour marcher.")
    client.force_login(UserFactory())
    assert "tilleuls" not in words(
        client.post(address(asked, "proches/"), {"title": "Planter des tilleuls", "body": ""})
    )


def test_without_a_script_the_draft_is_kept_and_what_is_near_is_shown(client):
    asked = consultation(*OPEN)
    filed(asked, "Planter des tilleuls le long du quai", "L’été, il y fait trop chaud pour marcher.")
    client.force_login(UserFactory())
    page = words(client.post(address(asked), typed(asked, draft="1")))
    assert "Brouillon gardé" in page
    assert "Planter des tilleuls le long du quai" in page
    assert "Il y fait trop chaud en été." in words(client.get(address(asked)))


def test_a_draft_is_read_by_nobody_else(client):
    asked = consultation(*OPEN)
    client.force_login(UserFactory())
    client.post(address(asked, "brouillon/"), typed(asked, title="Secret"))
    assert Draft.objects.get().title == "Secret"
    client.force_login(UserFactory())
    assert "Secret" not in words(client.get(address(asked)))


def test_a_visitor_keeps_a_draft_that_their_account_finds_again(client):
    asked = consultation(*OPEN)
    client.post(address(asked, "brouillon/"), typed(asked, title="Ombre"))
    assert Draft.objects.get().user is None
    client.force_login(UserFactory())
    assert "Ombre" in words(client.get(address(asked)))


def test_its_author_changes_it_and_others_find_nothing(client):
    asked = consultation(*OPEN)
    one = filed(asked, "Planter des tilleuls", "Il y fait chaud.")
    for path in ("modifier/", "retirer/"):
        client.force_login(UserFactory())
        assert client.get(one.get_absolute_url() + path).status_code == 404
    client.force_login(one.author.user)
    assert "Modifier mon texte" in words(client.get(one.get_absolute_url()))
    answers = {"title": "Planter des chênes", "body": "Il y fait chaud.", "reason": ""}
    assert "version 2" in words(client.post(one.get_absolute_url() + "modifier/", answers, follow=True))
    Proposition.objects.update(last_argument=1)
    answers["title"] = "Planter des frênes"
    assert client.post(one.get_absolute_url() + "modifier/", answers).status_code == 422
    page = words(client.post(one.get_absolute_url() + "retirer/", {"reason": "Déjà fait."}, follow=True))
    assert "Déjà fait." in page
    assert one.title not in words(client.get(f"/consultations/{asked.page.slug}/"))


@pytest.mark.parametrize("order", ["", "hasard", "soutien", "debat", "recentes", "anciennes", "x" * 99])
def test_every_order_shows_every_proposition_once(client, order):
    asked = consultation(*OPEN)
    for number in range(25):
        filed(asked, f"Proposition du jour {number}", "Oui.")
    titles = []
    for page in (1, 2):
        html = client.get(f"/consultations/{asked.page.slug}/?ordre={order}&page={page}").content.decode()
        titles += [part.split("propositions/")[1].split("/")[0] for part in html.split('<article class="c-prop">')[1:]]
    assert sorted(titles, key=int) == [str(number) for number in range(1, 26)]


def test_while_votes_are_hidden_nobody_sorts_by_them(client):
    asked = consultation(*OPEN, hides_counts=True)
    low, high = filed(asked, "Peu soutenue", "Oui."), filed(asked, "Très soutenue", "Oui.")
    Proposition.objects.filter(pk=high.pk).update(agree_count=900)
    Proposition.objects.filter(pk=low.pk).update(disagree_count=900)
    url = f"/consultations/{asked.page.slug}/?ordre=soutien"
    page = words(client.get(url))
    assert "Les plus soutenues" not in page
    assert words(client.get(url.replace("soutien", "hasard"))).count("c-prop__no") == 2
    close(asked)
    page = words(client.get(url))
    assert page.index("Très soutenue") < page.index("Peu soutenue")
