"""What somebody can take away, and what is left once they close their account."""

import json
from uuid import uuid4

import pytest
from django.core.serializers.json import DjangoJSONEncoder

from accounts import personal_data
from accounts.actions import close_account
from consult.actions import drafts
from consult.choices import Opinion, PhaseKind
from consult.models import Draft, Participant, Proposition, Vote
from tests.consult.test_page import words
from tests.consult.world import consultation, proposition
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_the_copy_holds_what_they_wrote_and_nothing_of_others():
    asked = consultation(PhaseKind.CONTRIBUTE)
    nadia, other = UserFactory(name="Nadia B."), UserFactory(name="Robert K.")
    mine, theirs = proposition(asked, by=nadia), proposition(asked, by=other, number=2)
    Vote.objects.create(proposition=theirs, participant=mine.author, opinion=Opinion.MIXED)
    drafts.keep(asked, key=uuid4(), title="Un brouillon", body="", section=None, by=nadia)
    copy = json.loads(json.dumps(personal_data.copy_of(nadia), cls=DjangoJSONEncoder))["consultations"]
    assert [one["title"] for one in copy["propositions"]] == [mine.title]
    assert copy["votes"][0]["opinion"] == "mixed"
    assert copy["drafts"][0]["title"] == "Un brouillon"
    assert "Robert K." not in json.dumps(copy)


def test_once_closed_the_text_stays_and_nobody_can_tell_whose_it_was(client):
    asked, nadia = consultation(PhaseKind.CONTRIBUTE), UserFactory(name="Nadia Belmont")
    one = proposition(asked, by=nadia)
    drafts.keep(asked, key=uuid4(), title="Un brouillon", body="", section=None, by=nadia)
    close_account(nadia, by=nadia)
    assert not Draft.objects.exists()
    person = Participant.objects.get(pk=Proposition.objects.get(pk=one.pk).author_id)
    assert (person.user, person.email_key, person.name) == (None, None, "")
    assert person.erased_at is not None
    page = words(client.get(one.get_absolute_url()))
    assert one.title in page
    assert "Compte effacé" in page
    assert "Nadia Belmont" not in page
