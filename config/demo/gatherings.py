"""A questionnaire, a panel drawn by lot and two meetings of the open consultation: published by an editor, attended."""

import random
from datetime import date, datetime, time, timedelta
from itertools import cycle
from typing import Any
from uuid import UUID, uuid5

from django.utils import timezone

from accounts.models import User
from config.demo.files import day, moment, read
from consult.actions import meetings, panels, surveys
from consult.actions.propositions import Written
from consult.choices import Level, SeatState, Side, VolunteerState
from consult.drawing_lots.reading import answers_of, in_order
from consult.models import (
    Argument,
    Consultation,
    Criterion,
    MeetingPage,
    PanelPage,
    Participant,
    Phase,
    Proposition,
    Question,
    Response,
    Seat,
    Section,
    SurveyPage,
    Volunteer,
)
from moderation.actions import decide
from moderation.choices import Outcome

_KEYS = UUID("5f0c3f5e-3d1c-4f6a-9a0b-2f6f3f2f7d11")
ANSWERED = 12  # texts that a moderator has read, of those that wait


def gather(people: dict[str, User]) -> None:
    """Write what ``gatherings.json`` describes, by the acts of the pages."""
    written = read("gatherings")
    asked = Consultation.objects.select_related("page").get(page__slug=written["slug"])
    crowd = list(Participant.objects.filter(user=None, email_key__startswith="demo ").order_by("pk")[:200])
    survey = _ask(asked, written["survey"], by=people["admin@demo.example"])
    phases = Phase.objects.filter(page=asked.page)
    levels = dict(phases.values_list("pk", "level"))
    phases.update(level=Level.VISITOR)  # the crowd of the demo has no accounts
    _answer(survey, written["survey"], crowd, moderator=people["moderation@demo.example"])
    for key, level in levels.items():
        phases.filter(pk=key).update(level=level)
    _call_for_volunteers(asked, written["panel"], crowd, by=people["admin@demo.example"])
    row = written["drawn_panel"]
    over = Consultation.objects.select_related("page").get(page__slug=row["on"])
    drawn = _call_for_volunteers(over, row, crowd, by=people["admin@demo.example"])
    _draw_lots(drawn, row["drawn"], by=people["admin@demo.example"])
    for row in written["meetings"]:
        _meet(asked, row, crowd, by=people["admin@demo.example"], clerk=people["guichet@demo.example"])


def _ask(asked: Consultation, row: dict[str, Any], *, by: User) -> SurveyPage:
    page = SurveyPage(title=row["title"], slug=row["slug"], intro=row["intro"], live=False, owner=by)
    page.questions = [Question(sort_order=place, **one) for place, one in enumerate(row["questions"])]
    asked.page.add_child(instance=page)
    page.save_revision(user=by).publish(user=by)
    return SurveyPage.objects.get(pk=page.pk)


def _answer(survey: SurveyPage, row: dict[str, Any], crowd: list[Participant], *, moderator: User) -> None:
    first, last = moment(row["from"]), moment(row["to"])
    ideas = cycle(row["ideas"])
    for place, person in enumerate(crowd[: row["people"]]):
        idea = next(ideas) if place % 5 == 1 else ""
        sent = surveys.send(survey, _given(place, idea), by=person)
        at = first + (last - first) * (place + 1) / (row["people"] + 1)
        Response.objects.filter(pk=sent.pk).update(created_at=at, changed_at=at)
        text = sent.answers.filter(question__code="idee").select_related("free_text__case").first()
        if text and place < 5 * ANSWERED:
            decide(text.free_text.case, outcome=Outcome.KEEP, after=None, by=moderator)


def _given(place: int, idea: str) -> dict[str, Any]:
    """The answers of one person, as varied as those of a town, and always the same."""
    drawn = random.Random(place)  # noqa: S311 (the same town each time)
    passage = drawn.choices((1, 2, 3, 4, 5), (40, 25, 15, 12, 8))[0]
    moves = sorted(set(drawn.choices((1, 2, 3, 4, 5), (40, 22, 25, 8, 5), k=2)))
    age = drawn.choices((1, 2, 3, 4), (8, 28, 36, 28))[0]
    # The older, the less sure about Sundays without cars.
    sunday = drawn.choices((1, 2, 3, 4), (1 + age, 2 + age, 9, 12 - 2 * age))[0]
    given: dict[str, Any] = {
        "passage": {"chosen": [passage]},
        "moyen": {"chosen": moves},
        "genes": {"chosen": sorted(set(drawn.choices((1, 2, 3, 4), (4, 2, 3, 5), k=2)))},
        "minutes": {"number": str(drawn.choice((0, 0, 2, 5, 5, 5, 10, 10, 15, 20)))},
        "securite": {"chosen": drawn.choices((1, 2, 3, 4), (3, 7, 6, 2))},
        "dimanche": {"chosen": [sunday]},
        "envie": {"chosen": drawn.choices((1, 2, 3, 4, 5), (8, 6, 4, 2, 3))},
        "age": {"chosen": [age]},
    }
    return {**given, "idee": {"text": idea}} if idea else given


def _call_for_volunteers(asked: Consultation, row: dict[str, Any], crowd: list[Participant], *, by: User) -> PanelPage:
    plain = ("title", "slug", "intro", "asked", "size", "seed_source")
    page, today = PanelPage(**{name: row[name] for name in plain}, live=False, owner=by), timezone.localdate()
    page.closes_at, page.seed_at = (_evening(today + timedelta(days=row[name])) for name in ("closes_in", "seed_in"))
    page.keeps_until = today + timedelta(days=row["kept"])
    page.criteria = [
        Criterion(sort_order=place, label=label, shares=shares)
        for place, (label, shares) in enumerate(row["criteria"].items())
    ]
    asked.page.add_child(instance=page)
    page.save_revision(user=by).publish(user=by)
    for place, person in enumerate(crowd[: row["volunteers"]]):
        drawn = random.Random(place)  # noqa: S311 (the same town each time)
        panels.volunteer(page, {one.label: drawn.choice(answers_of(one)) for one in in_order(page)}, by=person)
    return page


def _draw_lots(page: PanelPage, row: dict[str, Any], *, by: User) -> None:
    """As if its days had passed: the list closed and frozen, the number known since, and some gave their place back."""
    today = timezone.localdate()
    page.closes_at, page.seed_at = (_evening(today - timedelta(days=row[name])) for name in ("closed", "known"))
    page.save_revision(user=by).publish(user=by)
    frozen = panels.listed(page)
    frozen.frozen_at = page.closes_at + timedelta(minutes=5)
    frozen.save()
    panels.draw_lots(page, seed=row["seed"], by=by)
    members = Volunteer.objects.filter(panel=page, state=VolunteerState.DRAWN).order_by("called")
    for one in members[: row["gave_back"]]:
        panels.leave(one)


def _evening(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(20)))


def _meet(asked: Consultation, row: dict[str, Any], crowd: list[Participant], *, by: User, clerk: User) -> None:
    rich = {name: row.get(name, "") for name in ("agenda", "minutes")}
    plain = ("title", "slug", "kind", "intro", "place", "address", "access", "capacity")
    page = MeetingPage(**{name: row[name] for name in plain}, **rich, link=row.get("link", ""), live=False, owner=by)
    page.starts_at, page.ends_at = _hour(row["starts_at"]), _hour(row["ends_at"])
    asked.page.add_child(instance=page)
    page.save_revision(user=by).publish(user=by)
    came = [Seat(meeting=page, participant=one, state=SeatState.SEATED) for one in crowd[: row["registered"]]]
    Seat.objects.bulk_create(came)  # addresses of the demo receive no letter
    _say(asked, page, row, clerk=clerk)


def _say(asked: Consultation, page: MeetingPage, row: dict[str, Any], *, clerk: User) -> None:
    first = None
    for said in row.get("said", ()):
        section = Section.objects.get(page=asked.page, title=said["section"])
        key = uuid5(_KEYS, said["title"])
        written = Written(title=said["title"], body=said["body"])
        filed = meetings.key_in_proposition(page, section, written, speaker=said["speaker"], key=key, by=clerk)
        _read_by_a_moderator(filed, by=clerk, at=page.ends_at + timedelta(days=1))
        first = first or filed
    if first and (said := row.get("argument")):
        common = {"speaker": "", "key": uuid5(_KEYS, said["text"]), "by": clerk}
        argument = meetings.key_in_argument(page, first.number, Side(said["side"]), said["text"], **common)
        _read_by_a_moderator(argument, by=clerk, at=page.ends_at + timedelta(days=1))


def _read_by_a_moderator(said: Proposition | Argument, *, by: User, at: datetime) -> None:
    if not said.is_shown:
        decide(said.case, outcome=Outcome.KEEP, after=None, by=by)
    type(said).objects.filter(pk=said.pk).update(created_at=at)


def _hour(written: str) -> datetime:
    """A day of the file, brought near today, at its hour."""
    typed = datetime.fromisoformat(written)
    return timezone.make_aware(datetime.combine(day(typed.date().isoformat()), typed.time()))
