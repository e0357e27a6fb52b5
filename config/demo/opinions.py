"""The opinion map of the quay: statements of the town, some that people proposed, and three hundred who answered."""

from datetime import datetime
from random import Random
from typing import Any

from accounts.models import User
from config.demo.files import moment, read
from config.demo.propositions import opened
from consult import texts
from consult.actions import statements as acts
from consult.choices import Stance
from consult.maps import drawing
from consult.models import Consultation, ConsultationPage, Participant, Statement, StatementAnswer
from journal.actions import dated

SEED = 14
LEAST, PASSES = 6, 0.07  # answers of the shortest visit; how often people pass


def answer(people: dict[str, User]) -> None:
    """Publish the page with its map, then propose, answer, and count as the worker does."""
    told = read("opinions")
    asked = Consultation.objects.get(page__slug=told["slug"])
    first, last = moment(told["from"]), moment(told["to"])
    _publish(asked, told, by=people["admin@demo.example"])
    asked = Consultation.objects.select_related("page").get(pk=asked.pk)
    with opened(asked):
        _propose(asked, told, on=first)
        _answered(asked, told, first, last)
    drawing.draw(asked.pk)


def _publish(asked: Consultation, told: dict[str, Any], *, by: User) -> None:
    page = ConsultationPage.objects.get(pk=asked.page_id)
    page.has_map, page.map_question = True, told["question"]
    page.map_seeds = "\n".join(row["text"] for row in told["statements"] if not row.get("proposed"))
    page.map_hides_results, page.map_opens_answers = False, True
    page.save_revision(user=by).publish(user=by)


def _propose(asked: Consultation, told: dict[str, Any], *, on: datetime) -> None:
    authors = list(Participant.objects.filter(user__isnull=False).order_by("pk")[2:])
    for place, row in enumerate(row for row in told["statements"] if row.get("proposed")):
        with dated(on):
            filed = acts.propose(asked, row["text"], by=authors[place % len(authors)])
        Statement.objects.filter(pk=filed.pk).update(created_at=on)


def _answered(asked: Consultation, told: dict[str, Any], first: datetime, last: datetime) -> None:
    """Each person belongs to a camp, answers some of the statements, and does not always follow their camp."""
    drawn = Random(SEED)  # noqa: S311 (invented people, the same each time)
    shares = {texts.line(row["text"]): row["shares"] for row in told["statements"]}
    statements = list(Statement.objects.filter(consultation=asked).order_by("number"))
    people = list(Participant.objects.filter(user=None).order_by("pk")[: told["answerers"]])
    rows = []
    for person in people:
        camp = drawn.choices(range(len(told["groups"])), told["groups"])[0]
        at = first + (last - first) * drawn.random()
        for one in drawn.sample(statements, drawn.randint(LEAST, len(statements))):
            stance = _stance(shares[one.text][camp], drawn)
            rows.append(StatementAnswer(statement=one, participant=person, stance=stance, created_at=at, changed_at=at))
    StatementAnswer.objects.bulk_create(rows, batch_size=2000)


def _stance(share: float, drawn: Random) -> Stance:
    if drawn.random() < PASSES:
        return Stance.PASS
    return Stance.AGREE if drawn.random() < share else Stance.DISAGREE
