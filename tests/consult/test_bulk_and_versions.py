"""Acts for many propositions at once, the way in from Wagtail; a former text and an argument taken out alone."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts import actions as accounts
from accounts.choices import RoleKind
from consult import taken_out
from consult.actions import deciding, theming
from consult.actions import versions as acts
from consult.actions.arguments import argue
from consult.choices import Side, Verdict
from consult.errors import IsTheOneRead
from consult.models import Decision, DecisionNote, Proposition, Theme, Version
from letters.models import Letter
from moderation.actions import decide
from moderation.choices import Outcome, Rule
from tests.consult.test_deciding import WHY, asked_with, published
from tests.consult.test_deciding_pages import at
from tests.consult.test_merging import somebody
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def person(kind: RoleKind):
    user = UserFactory()
    accounts.grant(user, kind, by=None)
    return user


def test_those_ticked_are_noted_put_in_a_theme_or_discarded_together(client):
    editor = person(RoleKind.EDITOR)
    client.force_login(editor)
    asked, filed = asked_with(3)
    theme = Theme.objects.create(consultation=asked, name="Circuler")
    deciding.prepare(filed, verdict=Verdict.RETAINED, reason=WHY, by=editor)
    address, ticked = at("bulk", asked), {"number": ["1", "3"]}
    for wrong in (
        {"act": "note", **ticked},
        {"act": "theme", **ticked},
        {"act": "note", "bulk_note": "x"},
        {"act": "x"},
    ):
        assert client.post(address, wrong).status_code == 422
    client.post(address, {"act": "note", "bulk_note": "Voir avec la voirie.", **ticked})
    assert set(DecisionNote.objects.values_list("proposition__number", flat=True)) == {1, 3}
    client.post(address, {"act": "theme", "theme": theme.pk, **ticked})
    assert set(theme.members.values_list("proposition__number", flat=True)) == {1, 3}
    client.post(address, {"act": "discard", **ticked})
    assert set(Decision.objects.values_list("proposition__number", flat=True)) == {2}
    assert at("bulk", asked) in client.get(at("deciding", asked)).content.decode()
    assert theming.LIVING


def test_wagtail_leads_to_what_is_decided(client):
    administrator = UserFactory(is_superuser=True)
    accounts.grant(administrator, RoleKind.ADMINISTRATOR, by=None)
    client.force_login(administrator)
    asked, _filed = asked_with(1)
    page = client.get(reverse("wagtailadmin_pages:edit", args=[asked.page_id]))
    assert at("deciding", asked) in page.content.decode()


def test_a_card_says_how_many_decisions_are_published(client):
    asked, filed = asked_with(2)
    assert "décision publiée" not in client.get("/consultations/").content.decode()
    published(asked, filed[:1])
    assert "1 décision publiée" in client.get("/consultations/").content.decode()


def amended() -> tuple:
    asked, [filed] = asked_with(1)
    Version.objects.filter(proposition=filed).update(title="Chez Canarimarcel", body="<p>06 11 22 33 44</p>")
    Version.objects.create(proposition=filed, number=2, title=filed.title, body=filed.body)
    Proposition.objects.filter(pk=filed.pk).update(version=2)
    return asked, Proposition.objects.get(pk=filed.pk)


def test_a_moderator_takes_an_old_version_out_alone(client):
    asked, filed = amended()
    assert "Canarimarcel" in client.get(at("versions", asked, 1)).content.decode()
    address = at("take_version_out", asked, 1, 1)
    client.force_login(person(RoleKind.EDITOR))
    assert client.get(address).status_code == 404
    client.force_login(person(RoleKind.MODERATOR))
    assert "1/retirer/" in client.get(at("versions", asked, 1)).content.decode()
    assert "Canarimarcel" in client.get(address).content.decode()
    assert client.post(address, {"rule": Rule.PERSONAL_DATA}).url == at("versions", asked, 1)
    client.logout()
    page = client.get(at("versions", asked, 1)).content.decode()
    assert "Canarimarcel" not in page
    assert "Marcel" not in page
    assert str(Rule.PERSONAL_DATA.label) in page.replace("&#x27;", "'").replace("&rsquo;", "’")
    assert client.get(at("proposition", asked, 1)).status_code == 200
    letter = Letter.objects.get(kind=taken_out.KIND)
    assert letter.address == filed.author.user.email
    assert str(Rule.PERSONAL_DATA.label) in taken_out.render(letter).text


def test_the_text_that_is_read_is_not_taken_out_as_a_version():
    _asked, filed = amended()
    by = person(RoleKind.MODERATOR)
    with pytest.raises(IsTheOneRead):
        acts.take_out(filed.versions.get(number=2), rule=Rule.PERSONAL_DATA, by=by)
    old = filed.versions.get(number=1)
    for _ in range(2):
        acts.take_out(old, rule=Rule.PERSONAL_DATA, by=by)
    assert Letter.objects.filter(kind=taken_out.KIND).count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Version.objects.filter(pk=old.pk).update(body="<p>Revenu</p>")


def test_a_removed_argument_leaves_its_own_tombstone(client):
    asked, _filed = asked_with(1, closed=False)
    said = argue(asked, 1, Side.FOR, "Un argument canaricri.", by=somebody())
    hidden = argue(asked, 1, Side.FOR, "Un autre.", by=somebody())
    by = person(RoleKind.MODERATOR)
    facts = "Vous insultez quelqu’un."
    decide(said.case, outcome=Outcome.REMOVE, rule=Rule.PERSONAL_DATA, facts=facts, after=None, by=by)
    decide(hidden.case, outcome=Outcome.HIDE, rule=Rule.PERSONAL_DATA, facts=facts, after=None, by=by)
    gone = client.get(at("argument", asked, 1, said.number))
    assert gone.status_code == 410
    assert "canaricri" not in gone.content.decode()
    assert client.get(at("argument", asked, 1, hidden.number)).status_code == 404, "hidden is not removed"
    assert client.get(at("argument", asked, 1, 99)).status_code == 404
