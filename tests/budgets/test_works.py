"""Building what was voted: steps, money, pictures, news and letters; and the story that everybody reads."""

import io
from datetime import date, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from PIL import Image

from consult.budgets import stories
from consult.budgets.actions import following, realising, withdrawing
from consult.budgets.actions.moving import move
from consult.budgets.choices import PROJECT_MOVES, BudgetPhaseKind, ProjectState
from consult.budgets.errors import MoveRefused, NotBeingBuilt, ReasonMissing
from consult.budgets.models import Milestone, Project, ProjectFollow, ProjectMove, ProjectOrigin, ProjectPhoto
from consult.budgets.tasks import tell_late
from consult.people import participant_of
from letters.models import Letter
from letters.renderers import render
from tests.budgets import studied, world
from tests.budgets.ideas import idea
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


def funded(asked=None, *, on: datetime | None = None, **columns) -> Project:
    project = world.project(asked or world.budget(BudgetPhaseKind.REALISATION), **columns)
    return move(project, ProjectState.FUNDED, by=None, on=on)


def page_of(project: Project) -> str:
    return f"/etudes/{project.budget.page.slug}/projets/{project.number}/travaux/"


@pytest.mark.parametrize("state", ProjectState)
def test_a_project_moves_along_the_table_and_nowhere_else(state):
    project = world.project(world.budget(), state=state, reason="Une raison.")
    for to in ProjectState:
        if to in PROJECT_MOVES[state]:
            continue
        with pytest.raises(MoveRefused):
            move(project, to, by=None, reason="Une autre.")


def test_each_state_is_dated_by_the_database_whoever_moves_it():
    project = funded()
    Project.objects.filter(pk=project.pk).update(state=ProjectState.UNDERWAY)
    assert list(ProjectMove.objects.filter(project=project).values_list("state", flat=True)) == [
        "retained", "funded", "underway",
    ]  # fmt: skip
    Project.objects.filter(pk=project.pk).update(title="Rien d’autre ne bouge")
    assert ProjectMove.objects.filter(project=project).count() == 3


def test_the_story_goes_from_the_ideas_to_the_opening_day():
    asked = world.budget(BudgetPhaseKind.IDEAS)
    origin = idea(asked, "Un arbre par enfant")
    project = funded(asked)
    ProjectOrigin.objects.create(project=project, suggestion=origin)
    by = studied.editor()
    realising.begin(project, by=by)
    realising.add_milestone(project, title="Plantation", done_on=timezone.localdate(), by=by)
    realising.spend(project, on=timezone.localdate(), label="Arbres", amount=40_000_00, by=by)
    late = realising.add_milestone(project, title="Bancs", planned_on=date(2026, 1, 2), by=by)
    story = stories.of(project)
    assert [one.kind for one in story.moments] == ["ideas", "studied", "result", "works", "milestone", "planned"]
    assert story.moments[-1].state == ""
    assert (story.money.paid, story.money.share, story.money.over) == (40_000_00, 80, 0)
    realising.finish_milestone(late, by=by)
    realising.open_to_people(project, by=by)
    project.refresh_from_db()
    story = stories.of(project)
    assert [one.state for one in story.moments] == ["done"] * 7
    assert story.moments[-2].kind == "opened" or story.moments[-1].kind in ("opened", "milestone")


@pytest.mark.parametrize(
    ("state", "last", "months"),
    [
        ("underway", date(2026, 4, 22), 7),
        ("underway", date(2026, 4, 23), 6),
        ("funded", date(2026, 5, 23), 0),
        ("realised", date(2025, 1, 1), 0),
        ("abandoned", date(2025, 1, 1), 0),
    ],
)
def test_six_months_of_silence_show(state, last, months):
    assert stories.silence(state, last, today=TODAY) == months


def test_the_silence_shows_on_the_page_and_a_news_ends_it(client):
    project = funded()
    ago = timezone.now() - timedelta(days=220)
    ProjectMove.objects.filter(project=project).update(at=ago)
    said = client.get(project.get_absolute_url()).content.decode()
    assert "Sans nouvelle depuis" in said
    realising.tell(project, title="Le marché est signé", text="Les travaux commencent en mars.", by=studied.editor())
    said = client.get(project.get_absolute_url()).content.decode()
    assert "Sans nouvelle" not in said
    assert "Le marché est signé" in said


def test_who_follows_hears_of_each_news_once_and_no_more_once_stopped(client):
    project, person, other, late = funded(), UserFactory(), UserFactory(), UserFactory()
    url = f"{project.get_absolute_url()}suivre/"
    for user, pressed in ((other, "0"), (person, "1")):
        visitor = Client()
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        sent = visitor.post(url, {"follow": pressed}).url
        visitor.post(sent, {"login": user.email, "password": PASSWORD})
    assert ProjectFollow.objects.get().participant.user == person
    client.post(url, {"follow": "1"})
    device = client.session
    device["accounts.pressed"] |= {"at": timezone.now().timestamp() - 7200}  # somebody left it there two hours ago
    device.save()
    EmailAddress.objects.create(user=late, email=late.email, verified=True, primary=True)
    client.post("/compte/connexion/", {"login": late.email, "password": PASSWORD})
    assert not ProjectFollow.objects.exclude(participant__user=person).exists()
    for user in (person, other):
        client.force_login(user)
        client.post(url, {"follow": "1"})
        client.post(url, {"follow": "1"})
    client.post(url, {"follow": "0"})
    assert ProjectFollow.objects.filter(stopped_at=None).count() == 1
    realising.tell(project, title="Ouverture samedi", text="Venez à onze heures.", by=studied.editor())
    tell_late()
    tell_late()
    letter = Letter.objects.get(kind="budgets.news")
    assert letter.address == person.email
    assert "Venez à onze heures." in render(letter).text
    following.follow(project, by=participant_of(other))
    assert ProjectFollow.objects.filter(stopped_at=None).count() == 2


def camera() -> SimpleUploadedFile:
    """A photograph that says where it was taken."""
    picture, made = Image.new("RGB", (640, 480), "green"), io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "CanariAppareil"
    picture.save(made, "JPEG", exif=exif)
    return SimpleUploadedFile("IMG_0412.jpg", made.getvalue(), content_type="image/jpeg")


def test_a_picture_is_drawn_again_and_described(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    project = funded()
    client.force_login(studied.editor())
    given = {"act": "photo", "description": "Des enfants sous un tilleul", "taken_on": "2026-05-02"}
    assert client.post(page_of(project), {**given, "description": "", "file": camera()}).status_code == 422
    assert client.post(page_of(project), {**given, "file": camera()}).status_code == 302
    photo = ProjectPhoto.objects.get()
    with photo.file.open() as kept:
        assert b"CanariAppareil" not in kept.read()
    assert (photo.width, photo.height) == (640, 480)
    client.logout()
    assert "Des enfants sous un tilleul" in client.get(project.get_absolute_url()).content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        ProjectPhoto.objects.update(description="")


def test_the_works_are_told_from_one_page(client, django_assert_max_num_queries):
    project = funded()
    client.force_login(studied.editor())
    url = page_of(project)
    client.post(url, {"act": "milestone", "title": "Plantation", "planned_on": "2026-12-01"})
    step = Milestone.objects.get()
    client.post(url, {"act": "done", "row": step.pk})
    client.post(url, {"act": "spending", "on": "2026-11-02", "label": "Arbres", "amount": "12 500,50"})
    client.post(url, {"act": "begin"})
    assert client.post(url, {"act": "begin"}).status_code == 422
    assert client.post(url, {"act": "abandon", "reason": ""}).status_code == 422
    with django_assert_max_num_queries(36):
        said = client.get(url).content.decode()
    assert "12\xa0500,50\xa0€" in said
    assert client.post(url, {"act": "undo_spending", "row": project.spendings.get().pk}).status_code == 302
    client.post(url, {"act": "abandon", "reason": "Le terrain est vendu."})
    project.refresh_from_db()
    assert (project.state, project.reason) == (ProjectState.ABANDONED, "Le terrain est vendu.")
    with pytest.raises(NotBeingBuilt):
        realising.spend(project, on=TODAY, label="x", amount=1, by=studied.editor())
    client.logout()
    assert "Le terrain est vendu." in client.get(project.get_absolute_url()).content.decode()


def test_an_evaluator_tells_of_the_projects_they_studied_alone(client):
    project = funded()
    client.force_login(studied.evaluator())
    assert client.get(page_of(project)).status_code == 404


def test_a_project_withdrawn_after_the_vote_keeps_its_place_and_its_reason():
    """Between the vote and the count."""
    asked = world.ballot(50_000, 70_000)
    project, by = asked.projects.first(), studied.editor()
    with pytest.raises(ReasonMissing):
        withdrawing.withdraw(project, reason=" ", by=by)
    withdrawing.withdraw(project, reason="Le sol est pollué.", by=by)
    project.option.refresh_from_db()
    assert project.option.withdrawn_at is not None
    with pytest.raises(MoveRefused):
        withdrawing.withdraw(project, reason="Encore.", by=by)
    with pytest.raises(MoveRefused):
        withdrawing.withdraw(funded(), reason="Trop tard : il est financé, il peut être abandonné.", by=by)


def test_a_payment_above_what_was_planned_is_asked_about_again(client):
    """Three zeros too many would be public at once; an overrun that is meant goes through."""
    project = funded(cost=72_000)
    client.force_login(studied.editor())
    typed = {"act": "spending", "label": "Terre", "on": timezone.localdate().isoformat(), "amount": "120 000"}
    asked = client.post(page_of(project), typed)
    assert asked.status_code == 422
    assert "120\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}€ seraient payés" in asked.content.decode()
    assert not project.spendings.exists()
    assert client.post(page_of(project), typed | {"meant": "on"}).status_code == 302
    assert project.spendings.get().amount == 120_000_00
    later = (timezone.localdate() + timedelta(days=1)).isoformat()
    assert "Ce jour est à venir" in client.post(page_of(project), typed | {"on": later}).content.decode()
