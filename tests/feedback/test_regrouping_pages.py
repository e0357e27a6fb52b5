"""The pages of a regrouping: asked, prepared, read, accepted, and told; others meet a 404."""

import re

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from feedback import grouping
from feedback.actions import regrouping, reshaping
from feedback.choices import ChangeKind, ProposalState, Resolution
from feedback.models import GroupingPart, GroupingRun, Membership, PainPoint, Proposal, ProposedChange, Segment
from tests.factories import ServiceFactory, UserFactory
from tests.feedback.past import signed_in
from tests.feedback.scenes import file, gather

pytestmark = pytest.mark.django_db

LIFT = [
    "L’ascenseur de la station Gare est en panne depuis trois semaines.",
    "Ascenseur encore en panne à la station Gare, impossible avec une poussette.",
    "L’ascenseur en panne de la Gare oblige ma mère à prendre l’escalier.",
]


@pytest.fixture
def service():
    return ServiceFactory(name="Métro et bus", slug="metro")


@pytest.fixture
def owner(service):
    return UserFactory(owns=[service], name="Inès R.")


@pytest.fixture
def client(owner):
    return signed_in(owner)


@pytest.fixture
def ready(service, owner):
    for text in LIFT:
        file(service, text)
    proposal = regrouping.ask(service, resolution=Resolution.MEDIUM, by=owner)
    regrouping.run_part(proposal.run.parts.get().pk)
    proposal.refresh_from_db()
    return proposal


def page(client, proposal) -> str:
    """The page, without the marks around key phrases."""
    return re.sub("</?mark[^>]*>", "", client.get(proposal.get_absolute_url()).content.decode())


def test_an_owner_asks_waits_reads_accepts_and_finds_it_on_the_board(service, owner, client):
    for text in LIFT:
        file(service, text)
    asked = client.get(reverse("feedback:regroup", args=["metro"]))
    assert 'value="medium"' in asked.content.decode()
    response = client.post(reverse("feedback:regroup", args=["metro"]), {"resolution": "coarse"})
    proposal = Proposal.objects.get()
    assert response["Location"] == proposal.get_absolute_url()
    assert "It starts in a moment" in page(client, proposal)
    regrouping.run_part(proposal.run.parts.get().pk)
    preview = page(client, proposal)
    assert LIFT[0] in preview
    assert 'name="change" value="1" id="change-1" checked' in preview
    assert not PainPoint.objects.exists()
    client.post(
        reverse("feedback:regrouping_accept", args=[proposal.pk]), {"change": "1", "title-1": "Ascenseur de la Gare"}
    )
    assert "is being applied" in page(client, proposal)
    regrouping.apply(proposal.pk)
    assert "1 change made" in page(client, proposal)
    assert "Ascenseur de la Gare" in client.get("/pilotage/?view=all").content.decode()
    assert "A few large pain points" in client.get(reverse("feedback:regroupings")).content.decode()


def held(pain_point) -> set[int]:
    return set(Membership.objects.filter(pain_point=pain_point).values_list("segment", flat=True))


def regrouped(client, service) -> None:
    """Asked, prepared, and all that it proposes accepted."""
    client.post(reverse("feedback:regroup", args=[service.slug]), {"resolution": "medium"})
    proposal = Proposal.objects.latest("pk")
    regrouping.run_part(proposal.run.parts.get().pk)
    places = list(proposal.changes.values_list("position", flat=True))
    client.post(reverse("feedback:regrouping_accept", args=[proposal.pk]), {"change": places})
    regrouping.apply(proposal.pk)


def test_a_merge_and_a_split_survive_a_regroup_with_a_tenth_of_new_fiches(service, owner, client):
    """Three pain points that the machine made, of twenty fiches; one merged into another, one cut in two."""
    lifts = [file(service, f"{text} Fois {n}.") for n in range(4) for text in LIFT]
    desk = [file(service, f"Le guichet de la gare ferme trop tôt le soir, fois {n}.") for n in range(4)]
    bills = [file(service, f"Paiement refusé sur la borne, carte bancaire illisible, fois {n}.") for n in range(4)]
    gone, kept, mixed = (
        gather(service, *fiches, by=owner, title=title)
        for fiches, title in ((lifts[:6], "Ascenseur"), (lifts[6:], "Ascenseur de la gare"), (desk + bills, "Guichet"))
    )
    Membership.objects.update(source="machine", confirmed_by=None)
    together = held(gone) | held(kept)
    apart = set(Segment.objects.filter(fiche__in=bills).values_list("pk", flat=True))
    client.post(reverse("feedback:act", args=[gone.pk, "fusionner"]), {"target": kept.pk, "sent": "1"})
    client.post(reverse("feedback:act", args=[mixed.pk, "separer"]), {"title": "Borne", "passage": apart, "sent": "1"})
    split = PainPoint.objects.get(title="Borne")
    left = held(mixed)
    assert (held(kept), held(split)) == (together, apart)
    for words in (LIFT[1], "Le guichet de la gare ferme trop tôt le soir, encore."):
        file(service, words)
    regrouped(client, service)
    grouping.regroup()
    assert together <= held(kept)
    assert apart == held(split)
    assert left <= held(mixed)
    gone.refresh_from_db()
    assert (gone.state, gone.merged_into) == ("merged", kept)
    assert len(held(kept)) + len(held(mixed)) == len(together) + len(left) + 2


@pytest.mark.parametrize("resolution", ["medium", "fine"])
def test_two_subjects_that_a_person_merged_are_not_proposed_apart(service, owner, client, resolution):
    """Fails when only the half that moved is kept: the other half is then proposed as a new pain point."""
    lifts = [file(service, f"{text} Fois {n}.") for n in range(4) for text in LIFT]
    bills = [file(service, f"Paiement refusé sur la borne, carte bancaire illisible, fois {n}.") for n in range(9)]
    lift, bill = (
        gather(service, *fiches, by=owner, title=title) for fiches, title in ((lifts, "Lift"), (bills, "Bill"))
    )
    Membership.objects.update(source="machine", confirmed_by=None)
    client.post(reverse("feedback:act", args=[bill.pk, "fusionner"]), {"target": lift.pk, "sent": "1"})
    client.post(reverse("feedback:regroup", args=[service.slug]), {"resolution": resolution})
    proposal = Proposal.objects.latest("pk")
    regrouping.run_part(proposal.run.parts.get().pk)
    assert "Nothing to change" in page(client, proposal)


def test_newcomers_about_half_of_what_a_person_merged_are_not_proposed_apart(service, owner, client):
    lift = gather(service, *(file(service, f"{text} Fois {n}.") for n in range(3) for text in LIFT), by=owner)
    pay = "Paiement refusé sur la borne, carte bancaire illisible, fois {}."
    bill = gather(service, *(file(service, pay.format(n)) for n in range(9)), by=owner)
    client.post(reverse("feedback:act", args=[bill.pk, "fusionner"]), {"target": lift.pk, "sent": "1"})
    newcomers = gather(service, *(file(service, pay.format(n)) for n in range(20, 24)), by=owner)
    newcomers.memberships.update(pain_point=lift, source="machine", confirmed_by=None)
    client.post(reverse("feedback:regroup", args=[service.slug]), {"resolution": "fine"})
    proposal = Proposal.objects.latest("pk")
    regrouping.run_part(proposal.run.parts.get().pk)
    assert not proposal.changes.filter(kind=ChangeKind.SPLIT).exists()


def test_what_was_taken_out_is_proposed_as_something_else_never_to_where_it_was(service, owner, client):
    """Fails when a passage is kept apart from one passage only of what it was taken out of: others take it back."""
    fiches = [file(service, f"{text} Fois {n}.") for n in range(4) for text in LIFT]
    lift = gather(service, *fiches, by=owner, title="Lift")
    Membership.objects.update(source="machine", confirmed_by=None)
    out = [str(key) for key in sorted(held(lift))[6:11]]
    client.post(reverse("feedback:act", args=[lift.pk, "sortir"]), {"passage": out, "sent": "1"})
    client.post(reverse("feedback:regroup", args=[service.slug]), {"resolution": "medium"})
    proposal = Proposal.objects.latest("pk")
    regrouping.run_part(proposal.run.parts.get().pk)
    assert {str(key) for key in proposal.changes.get(kind=ChangeKind.NEW).segments} <= set(out)
    assert not proposal.changes.filter(kind=ChangeKind.GROWN).exists()


def test_a_service_with_nothing_to_group_reads_so(service, client):
    client.post(reverse("feedback:regroup", args=[service.slug]), {"resolution": "medium"})
    proposal = Proposal.objects.latest("pk")
    regrouping.run_part(proposal.run.parts.get().pk)
    shown = page(client, proposal)
    assert "there is nothing to group" in shown
    assert "Each is in its place" not in shown


def test_the_same_words_are_shown_once_in_the_preview(service, client):
    for text in [*LIFT[:2], LIFT[0], LIFT[0]]:
        file(service, text)
    client.post(reverse("feedback:regroup", args=[service.slug]), {"resolution": "medium"})
    proposal = Proposal.objects.latest("pk")
    regrouping.run_part(proposal.run.parts.get().pk)
    assert page(client, proposal).count(LIFT[0]) == 1


def test_the_page_asks_again_while_a_worker_is_at_it_and_comes_back_whole(client, ready):
    Proposal.objects.update(state=ProposalState.COMPUTING)
    GroupingPart.objects.update(state="running", finished_at=None, step="reading", done=256, total=1200)
    url = ready.get_absolute_url()
    fragment = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "256 passages read out of 1,200" in fragment
    assert f'hx-get="{url}"' in fragment
    assert "<html" not in fragment
    Proposal.objects.update(state=ProposalState.READY)
    assert client.get(url, headers={"HX-Request": "true"})["HX-Refresh"] == "true"


def test_what_undoes_something_is_not_ticked_beforehand(service, owner, client, ready):
    first = gather(service, file(service), by=owner)
    second = gather(service, file(service), by=owner, title="La même chose")
    ProposedChange.objects.create(
        proposal=ready, kind=ChangeKind.MERGE, position=2, pain_point=second, other=first, fiches_before=1
    )
    preview = page(client, ready)
    assert f"No. {second.pk} and no. {first.pk} seem to say the same thing" in preview
    assert 'value="2" id="change-2">' in preview


def test_a_pain_point_of_another_service_is_named_by_its_number_alone(service, owner, client, ready):
    elsewhere = ServiceFactory(name="Caf")
    theirs = gather(elsewhere, file(elsewhere, "Un secret de la Caf."), title="Titre de la Caf")
    ours = gather(service, file(service), by=owner)
    ProposedChange.objects.create(
        proposal=ready,
        kind=ChangeKind.MERGE,
        position=2,
        pain_point=ours,
        other=theirs,
        central=list(Segment.objects.filter(membership__pain_point=theirs).values_list("pk", flat=True)),
    )
    preview = page(client, ready)
    assert f"resembles no. {theirs.pk}, of: Caf" in preview
    for secret in ("Titre de la Caf", "Un secret", 'id="change-2"'):
        assert secret not in preview


def test_nothing_ticked_is_said_and_nothing_is_done(client, ready):
    response = client.post(reverse("feedback:regrouping_accept", args=[ready.pk]), {}, follow=True)
    assert "Tick at least one change" in response.content.decode()
    assert Proposal.objects.get().state == ProposalState.READY


def test_what_had_changed_meanwhile_is_told(service, owner, client, ready):
    gather(service, *[segment.fiche for segment in Segment.objects.all()], by=owner, title="Plus vite")
    client.post(reverse("feedback:regrouping_accept", args=[ready.pk]), {"change": "1"})
    regrouping.apply(ready.pk)
    said = page(client, ready)
    assert "Left as it was" in said
    assert "Somebody changed these pain points" in said


def test_left_aside_the_board_is_as_it_was(client, ready):
    client.post(reverse("feedback:regrouping_discard", args=[ready.pk]))
    assert "proposal left aside" in page(client, ready)
    assert not Membership.objects.exists()


def test_words_that_their_author_took_back_are_not_in_the_preview(client, ready):
    Segment.objects.filter(text=LIFT[0]).update(text="x")
    fiche = Segment.objects.get(text="x").fiche
    fiche.segments.all().delete()
    preview = page(client, ready)
    assert LIFT[0] not in preview
    assert LIFT[1] in preview


def test_somebody_else_meets_a_404_everywhere(ready):
    stranger = signed_in(UserFactory(owns=[ServiceFactory()]))
    assert stranger.get(reverse("feedback:regroup", args=["metro"])).status_code == 404
    assert stranger.get(ready.get_absolute_url()).status_code == 404
    assert stranger.get(reverse("feedback:regrouping_run", args=[ready.run_id])).status_code == 404
    for name in ("regrouping_accept", "regrouping_discard"):
        assert stranger.post(reverse(f"feedback:{name}", args=[ready.pk]), {"change": "1"}).status_code == 404
    assert "Métro" not in stranger.get(reverse("feedback:regroupings")).content.decode()
    assert Proposal.objects.get().state == ProposalState.READY


def test_staff_see_each_part_and_what_went_wrong_in_a_sentence(service, client):
    file(service, LIFT[0])
    run = grouping.plan("add", service=service)
    part = run.parts.get()
    url = reverse("feedback:regrouping_run", args=[run.pk])
    assert "It waits for a worker." in client.get(url).content.decode()
    regrouping.run_part(part.pk)
    assert "1 passage read: 1 passage to sort" in client.get(url).content.decode()
    GroupingPart.objects.update(state="failed", problem="stopped")
    assert "The worker stopped three times." in client.get(url).content.decode()


def test_a_pain_point_says_what_it_comes_from_and_what_it_took_over(service, owner, client):
    fiches = [file(service, text) for text in LIFT]
    whole = gather(service, *fiches, by=owner)
    part = reshaping.split(whole, segments=list(fiches[0].segments.all()), title="À part", by=owner)
    twin = gather(service, file(service), by=owner, title="Jumeau")
    reshaping.merge(twin, into=part, by=owner)
    said = client.get(part.get_absolute_url()).content.decode()
    assert f'Comes from <a href="{whole.get_absolute_url()}">' in said
    assert f'Took over <a href="{twin.get_absolute_url()}">' in said
    assert (
        f'Part of it became <a href="{part.get_absolute_url()}">'
        in client.get(whole.get_absolute_url()).content.decode()
    )


def test_the_command_proposes_and_writes_only_when_asked(service, capsys):
    for text in LIFT:
        file(service, text)
    call_command("regroup", full=True)
    assert Proposal.objects.get().state == ProposalState.READY
    assert not PainPoint.objects.exists()
    assert "À lire : /pilotage/regroupements/" in capsys.readouterr().out
    call_command("regroup", full=True)
    assert "attend déjà" in capsys.readouterr().out
    call_command("regroup", full=True, apply=True)
    assert PainPoint.objects.get().fiche_count == 3
    with pytest.raises(CommandError, match="--full"):
        call_command("regroup", apply=True)
    with pytest.raises(CommandError, match="Aucun service"):
        call_command("regroup", service="nulle-part")


def test_the_night_only_adds(service, owner):
    fiches = [file(service, text) for text in LIFT]
    pain_point = gather(service, *fiches, by=owner)
    Membership.objects.update(source="machine", confirmed_by=None)
    PainPoint.objects.update(state="suggested", is_title_human=False)
    stranger = file(service, "Le car passe trop tôt le matin devant le collège.")
    reshaping.attach(list(stranger.segments.all()), to=pain_point, by=owner)
    before = dict(Membership.objects.values_list("segment", "pain_point"))
    for text in LIFT:
        file(service, text)
    grouping.regroup()
    after = dict(Membership.objects.values_list("segment", "pain_point"))
    assert before.items() <= after.items()
    assert len(after) == len(before) + 3
    assert GroupingRun.objects.get().figures["grown"] == 1
