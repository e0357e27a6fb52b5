"""Every act of an owner on a pain point, through its address: the right owner, the wrong one, a citizen, nobody."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from feedback.actions import triage
from feedback.choices import PAIN_POINT_MOVES, FicheState, PainPointState
from feedback.errors import NotAllowedNow
from feedback.models import Fiche, PainPoint, SurgeAlert
from feedback.views.owner_act_tables import ACTS
from journal.models import Entry
from letters.models import Letter
from tests.factories import ServiceFactory, UserFactory
from tests.feedback.scenes import file, gather

pytestmark = pytest.mark.django_db

LONG = "On me redemande le justificatif de domicile à chaque inscription, alors que je l’ai déjà donné en juin."
OTHER = "Personne ne décroche au téléphone entre midi et deux, j’ai appelé six fois cette semaine."


@pytest.fixture
def service():
    return ServiceFactory(name="Cantine")


@pytest.fixture
def owner(service):
    return UserFactory(owns=[service], name="Inès R.")


@pytest.fixture
def pain_point(service, owner):
    return gather(service, file(service, LONG), file(service, OTHER), by=owner)


@pytest.fixture
def other(service, owner):
    return gather(service, file(service, "Le portail de paiement affiche une page blanche."), by=owner, title="Portail")


def in_state(pain_point, state, **fields):
    """The same pain point as if it had reached this state."""
    needed = {"planned": {"planned_for": timezone.localdate()}, "refused": {"reason": "Trop cher."}}
    PainPoint.objects.filter(pk=pain_point.pk).update(state=state, **{**needed.get(state, {}), **fields})
    pain_point.refresh_from_db()
    return pain_point


def address(pain_point, act):
    return reverse("feedback:act", args=[pain_point.number, act])


def first_passage(pain_point):
    return pain_point.memberships.order_by("pk").first().segment


def journal_of(pain_point):
    lines = Entry.objects.filter(subject_type="feedback.painpoint", subject_key=str(pain_point.pk))
    return list(lines.order_by("pk").values_list("verb", flat=True))


@pytest.fixture
def typed(pain_point, other, owner):
    """What a person types for each act, and the state from which it makes sense."""
    passage = {"passage": first_passage(pain_point).pk}
    SurgeAlert.objects.create(pain_point=pain_point, day=timezone.localdate(), days=7, observed=9, expected=2, q=0.001)
    return {
        "confirmer": ("suggested", {}),
        "renommer": ("confirmed", {"title": "Pièce redemandée"}),
        "ecarter": ("confirmed", {"reason": "Des remerciements."}),
        "reprendre": ("dismissed", {}),
        "rouvrir": ("done", {"reason": "Toujours vrai."}),
        "attribuer": ("confirmed", {"to": owner.pk}),
        "prioriser": ("confirmed", {"impact": 3, "effort": 1}),
        "publier": ("confirmed", {}),
        "repondre-du-groupe": ("confirmed", {}),
        "depublier": ("confirmed", {}),
        "noter": ("confirmed", {"text": "Voir avec la CAF."}),
        "ranger": ("confirmed", {"name": "Cantine"}),
        "vu": ("confirmed", {}),
        "transferer": (
            "confirmed",
            {
                "to_service": UserFactory(owns=[ServiceFactory()]).roles.get().service_id,
                "reason": "La CAF délivre cette attestation.",
                "due_on": (timezone.localdate() + timedelta(days=20)).isoformat(),
            },
        ),
        "fusionner": ("confirmed", {"target": other.pk}),
        "separer": ("confirmed", {"title": "Nouveau", **passage}),
        "deplacer": ("confirmed", {"target": other.pk, **passage}),
        "sortir": ("confirmed", passage),
        "citer": ("confirmed", passage),
        "ne-plus-citer": ("confirmed", passage),
    }


@pytest.mark.parametrize("act", sorted(ACTS))
def test_the_owner_of_the_service_acts_and_the_journal_says_it_once(client, pain_point, owner, typed, act):
    state, data = typed[act]
    in_state(pain_point, state, is_public=act == "depublier", vouched_at=None)
    if act == "ne-plus-citer":
        triage.quote(pain_point, segments=[first_passage(pain_point)], by=owner)
    before = journal_of(pain_point)
    client.force_login(owner)
    response = client.post(address(pain_point, act), {**data, "sent": "1"})
    assert response.status_code == 302
    assert len(journal_of(pain_point)) == len(before) + 1
    assert client.get(response.url).status_code == 200


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("act", sorted(ACTS))
def test_the_owner_of_another_service_a_touched_one_and_a_citizen_find_nothing(client, pain_point, typed, act, method):
    touched = ServiceFactory()
    pain_point.services.add(touched)
    state, data = typed[act]
    in_state(pain_point, state)
    before = (PainPoint.objects.values().get(pk=pain_point.pk), journal_of(pain_point))
    for person in (UserFactory(owns=[ServiceFactory()]), UserFactory(owns=[touched]), UserFactory()):
        client.force_login(person)
        assert getattr(client, method)(address(pain_point, act), {**data, "sent": "1"}).status_code == 404
    assert (PainPoint.objects.values().get(pk=pain_point.pk), journal_of(pain_point)) == before


@pytest.mark.parametrize("act", sorted(ACTS))
def test_nobody_is_sent_to_sign_in(client, pain_point, typed, act):
    response = client.post(address(pain_point, act), typed[act][1])
    assert response.status_code == 302
    assert "next=" in response.url


@pytest.mark.parametrize("act", sorted(ACTS))
def test_each_act_has_a_page_that_asks_without_a_script(client, pain_point, owner, typed, act):
    state, data = typed[act]
    in_state(pain_point, state)
    client.force_login(owner)
    response = client.get(address(pain_point, act))
    if ACTS[act].on_passages:
        assert response.url == pain_point.get_absolute_url()  # choose passages first
        response = client.post(address(pain_point, act), data) if ACTS[act].asks else None
    if response:
        html = response.content.decode()
        assert 'name="sent"' in html
        assert "<script>" not in html
        assert "style=" not in html


def test_an_act_that_asks_is_not_done_before_its_page_is_sent(client, pain_point, owner, typed):
    client.force_login(owner)
    response = client.post(address(pain_point, "separer"), {"passage": first_passage(pain_point).pk})
    assert response.status_code == 200
    assert PainPoint.objects.count() == 2


STATE_CHANGES = {
    triage.confirm: PainPointState.CONFIRMED,
    triage.dismiss: PainPointState.DISMISSED,
    triage.restore: PainPointState.SUGGESTED,
}


@pytest.mark.parametrize("state", [state for state in PainPointState if state != PainPointState.MERGED])
@pytest.mark.parametrize("change", STATE_CHANGES)
def test_the_states_are_those_of_the_table_and_no_other(pain_point, owner, change, state):
    in_state(pain_point, state)
    is_allowed = STATE_CHANGES[change] in PAIN_POINT_MOVES[state]
    if change is triage.confirm:
        is_allowed = state == PainPointState.SUGGESTED  # the others are opened again
    if is_allowed:
        assert change(pain_point, by=owner).state == STATE_CHANGES[change]
    else:
        with pytest.raises(NotAllowedNow):
            change(pain_point, by=owner)
        assert PainPoint.objects.get(pk=pain_point.pk).state == state


@pytest.mark.parametrize("state", list(PainPointState))
def test_only_what_was_answered_is_opened_again(pain_point, other, owner, state):
    in_state(pain_point, state, merged_into=other if state == PainPointState.MERGED else None)
    if state in (PainPointState.PLANNED, PainPointState.DONE, PainPointState.REFUSED):
        assert triage.reopen(pain_point, by=owner).state == PainPointState.CONFIRMED
    else:
        with pytest.raises(NotAllowedNow):
            triage.reopen(pain_point, by=owner)


def test_a_merged_pain_point_takes_no_decision_any_more(client, pain_point, other, owner, typed):
    in_state(pain_point, "merged", merged_into=other)
    client.force_login(owner)
    for act in ("renommer", "attribuer", "prioriser", "transferer", "fusionner", "citer"):
        response = client.post(address(pain_point, act), {**typed[act][1], "sent": "1"})
        assert response.status_code == 409, act


def test_an_old_page_sent_again_says_what_happened_and_keeps_what_was_typed(client, pain_point, owner):
    in_state(pain_point, "dismissed")
    client.force_login(owner)
    response = client.post(address(pain_point, "renommer"), {"title": "Mon titre tapé", "sent": "1"})
    assert response.status_code == 409
    assert "Mon titre tapé" in response.content.decode()


def test_acts_sent_twice_are_done_once(client, pain_point, owner, typed):
    client.force_login(owner)
    for act in ("renommer", "attribuer", "prioriser", "publier", "noter", "citer"):
        for _twice in range(2):
            assert client.post(address(pain_point, act), {**typed[act][1], "sent": "1"}).status_code == 302
    pain_point.refresh_from_db()
    assert pain_point.notes.count() == pain_point.verbatims.count() == 1
    verbs = {"renamed", "assigned", "prioritised", "published", "noted", "quoted"}
    assert sorted(journal_of(pain_point)[1:]) == sorted(f"pain_point.{verb}" for verb in verbs)


def test_a_title_given_by_a_person_says_so(client, pain_point, owner):
    client.force_login(owner)
    client.post(address(pain_point, "renommer"), {"title": "  Pièce redemandée  ", "sent": "1"})
    pain_point.refresh_from_db()
    assert (pain_point.title, pain_point.is_title_human) == ("Pièce redemandée", True)


def test_only_a_member_of_the_service_in_charge_may_follow_it(client, pain_point, owner):
    stranger = UserFactory(owns=[ServiceFactory()])
    client.force_login(owner)
    response = client.post(address(pain_point, "attribuer"), {"to": stranger.pk, "sent": "1"})
    assert response.status_code == 200
    pain_point.refresh_from_db()
    assert pain_point.assigned_to is None
    with pytest.raises(triage.NotYourService):
        triage.assign(pain_point, to=stranger, by=owner)


def test_what_is_not_a_pain_point_leaves_the_public_pages_and_its_fiches_are_read_again(client, pain_point, owner):
    in_state(pain_point, "confirmed", is_public=True)
    client.force_login(owner)
    client.post(address(pain_point, "ecarter"), {"sent": "1"})
    pain_point.refresh_from_db()
    assert (pain_point.state, pain_point.is_public) == ("dismissed", False)
    assert set(Fiche.objects.values_list("state", flat=True)) == {FicheState.IN_REVIEW}
    client.post(address(pain_point, "reprendre"))
    assert set(Fiche.objects.values_list("state", flat=True)) == {FicheState.GROUPED}


def test_a_fiche_that_another_pain_point_holds_stays_grouped(pain_point, other, owner, service):
    fiche = Fiche.objects.get(segments__membership__pain_point=other)
    extra = fiche.segments.create(position=9, start=0, end=5, text="Aussi ceci.")
    pain_point.memberships.create(segment=extra, source="person", confirmed_by=owner)
    triage.dismiss(pain_point, by=owner)
    fiche.refresh_from_db()
    assert fiche.state == FicheState.GROUPED


def test_a_suggestion_cannot_be_published_before_a_person_confirms_it(client, pain_point, owner):
    in_state(pain_point, "suggested")
    client.force_login(owner)
    assert client.post(address(pain_point, "publier")).status_code == 409


def test_a_transfer_changes_hands_shows_its_clock_and_tells_the_new_owners_once(client, pain_point, owner, service):
    caf = ServiceFactory(name="CAF")
    members = [UserFactory(owns=[caf]), UserFactory(owns=[caf, service])]
    triage.assign(pain_point, to=owner, by=owner)
    due = timezone.localdate() + timedelta(days=20)
    client.force_login(owner)
    data = {"to_service": caf.pk, "reason": "Elle délivre la pièce.", "due_on": due.isoformat(), "sent": "1"}
    assert client.post(address(pain_point, "transferer"), data).status_code == 302
    pain_point.refresh_from_db()
    assert (pain_point.service, pain_point.assigned_to) == (caf, None)
    assert set(pain_point.services.all()) == {caf, service}
    assert client.post(address(pain_point, "transferer"), data).status_code == 404  # no longer in charge
    client.force_login(members[1])
    again = client.post(address(pain_point, "transferer"), data)
    assert again.status_code == 200  # the service in charge is not offered
    assert sorted(Letter.objects.values_list("address", flat=True).filter(kind="feedback.transferred")) == sorted(
        member.email for member in members
    )
    assert "Elle délivre la pièce." in client.get(pain_point.get_absolute_url()).content.decode()


def test_a_transfer_needs_a_service_where_somebody_answers_a_reason_and_a_day_to_come(client, pain_point, owner):
    client.force_login(owner)
    good = UserFactory(owns=[ServiceFactory()]).roles.get().service_id
    day = (timezone.localdate() + timedelta(days=9)).isoformat()
    wrong = [
        {"to_service": ServiceFactory().pk, "reason": "Oui", "due_on": day},
        {"to_service": good, "reason": "  ", "due_on": day},
        {"to_service": good, "reason": "Oui", "due_on": "2020-01-01"},
        {"to_service": pain_point.service_id, "reason": "Oui", "due_on": day},
        {"to_service": "x", "reason": "Oui", "due_on": "hier"},
    ]
    for data in wrong:
        assert client.post(address(pain_point, "transferer"), {**data, "sent": "1"}).status_code == 200
    assert not pain_point.transfers.exists()


def test_passages_of_another_pain_point_cannot_be_quoted_split_or_moved(client, pain_point, other, owner):
    stolen = first_passage(other).pk
    mine = first_passage(pain_point).pk
    client.force_login(owner)
    for act in ("citer", "sortir", "separer", "deplacer"):
        data = {"passage": [mine, stolen], "title": "Nouveau", "target": other.pk, "sent": "1"}
        assert client.post(address(pain_point, act), data).status_code == 409, act
    assert not pain_point.verbatims.exists()
    assert pain_point.memberships.count() == 2


@pytest.mark.parametrize("rubbish", ["", "abc", "9" * 30, "-1", "²", "1 OR 1=1"])
def test_rubbish_instead_of_a_passage_is_no_error_of_ours(client, pain_point, owner, rubbish):
    client.force_login(owner)
    assert client.post(address(pain_point, "citer"), {"passage": rubbish}).status_code == 302
    assert client.post(address(pain_point, "fusionner"), {"target": rubbish, "sent": "1"}).status_code == 200


def test_the_target_of_a_merge_is_found_by_its_words(client, pain_point, other, owner):
    client.force_login(owner)
    found = client.post(address(pain_point, "fusionner"), {"words": "page blanche", "search": "1"})
    assert f'value="{other.pk}"' in found.content.decode()
    none = client.post(address(pain_point, "fusionner"), {"words": "zèbre", "search": "1"})
    assert f'value="{other.pk}"' not in none.content.decode()
    assert none.status_code == 200
    chosen = client.post(address(pain_point, "fusionner"), {"words": "page", "target": other.pk, "sent": "1"})
    assert chosen.url == other.get_absolute_url()


def test_a_merge_never_reaches_the_pain_point_of_another_service(client, pain_point, owner):
    elsewhere = ServiceFactory()
    theirs = gather(elsewhere, file(elsewhere, OTHER))
    client.force_login(owner)
    assert client.post(address(pain_point, "fusionner"), {"target": theirs.pk, "sent": "1"}).status_code == 200
    pain_point.refresh_from_db()
    assert pain_point.state == "confirmed"
