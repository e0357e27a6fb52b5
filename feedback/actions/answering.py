"""Answering a pain point: one answer, given once to everybody who wrote about it."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from feedback import letters
from feedback.actions import triage
from feedback.choices import FicheState, Outcome, PainPointState
from feedback.errors import NotAllowedNow, RuleBroken
from feedback.models import Answer, Fiche, Membership, PainPoint
from feedback.moves import lock, lock_fiches, lock_pain_points, move
from journal.actions import record


class NothingSaid(RuleBroken):
    """An answer without words."""

    def __init__(self) -> None:
        super().__init__(_("Write what changes, or why it will not change."))


class WhenNotSaid(RuleBroken):
    """A promise without a date."""

    def __init__(self) -> None:
        super().__init__(_("Say for when."))


@transaction.atomic
def answer_pain_point(
    pain_point: PainPoint,
    *,
    outcome: Outcome | str,
    changes: str,
    does_not_change: str = "",
    planned_for: date | None = None,
    publish: bool = False,
    follow_up_weeks: int | None = 4,
    by: User,
    answers_seen: int | None = None,
    given_with: Answer | None = None,
) -> Answer:
    """Say what was decided to everyone who wrote about it; each author who wished an answer is promised one letter.

    Two owners answering at once: the second meets ``NotAllowedNow``. ``answers_seen`` is how many answers stood on
    the page the owner read, when the caller knows it: one more since then is ``NotAllowedNow`` too. The same person
    sending the same words twice gives the same answer. A refusal keeps ``changes`` as its reason.
    """
    said = _said(outcome, changes, does_not_change, planned_for)
    pain_point = lock(pain_point)
    if twin := _twin(pain_point, said, by):
        return twin
    if answers_seen is not None and pain_point.answers.count() != answers_seen:
        raise NotAllowedNow(pain_point.get_state_display())
    _move(pain_point, said)
    answer = Answer.objects.create(
        pain_point=pain_point,
        author=by,
        given_with=given_with,
        follow_up_weeks=None if outcome == Outcome.REFUSED else follow_up_weeks,
        **said,
    )
    record("pain_point.answered", pain_point, by=by, answer=answer.pk, outcome=said["outcome"])
    if publish:
        triage.publish(pain_point, by=by)
    letters.tell(answer, fiches_of([pain_point]))
    return answer


@transaction.atomic
def answer_together(
    pain_points: Iterable[PainPoint], *, by: User, answers_seen: Mapping[int, int] | None = None, **said: Any
) -> list[Answer]:
    """The same words to several pain points, one answer each; all of them, or none. Suggested ones are confirmed first.

    A person who wrote in several of them receives one letter.

    ``said`` is what ``answer_pain_point`` takes; ``answers_seen`` is by number.
    """
    seen = answers_seen or {}
    answers: list[Answer] = []
    pain_points = lock_pain_points(one.pk for one in pain_points)
    lock_fiches(fiches_of(pain_points).values_list("pk", flat=True))
    for pain_point in pain_points:
        if pain_point.state == PainPointState.SUGGESTED:
            triage.confirm(pain_point, by=by)
        first = answers[0] if answers else None
        seen_here = seen.get(pain_point.pk)
        answers.append(answer_pain_point(pain_point, by=by, answers_seen=seen_here, given_with=first, **said))
    return answers


def tell_the_untold(*, limit: int = 50) -> int:
    """Give its last answer to each fiche that joined an answered pain point while no doorbell rang; how many."""
    waiting = list(letters.waiting_to_be_told().order_by("pk")[:limit])
    for fiche in waiting:
        letters.tell_latecomer(fiche)
    return len(waiting)


def fiches_of(pain_points: Iterable[PainPoint]) -> QuerySet[Fiche]:
    """The fiches that an answer to these pain points is given to."""
    held = Membership.objects.filter(pain_point__in=[one.pk for one in pain_points]).values("segment__fiche")
    return Fiche.objects.filter(pk__in=held).exclude(state=FicheState.DISMISSED)


def _said(outcome: Outcome | str, changes: str, does_not_change: str, planned_for: date | None) -> dict[str, Any]:
    outcome = Outcome(outcome)
    said = {
        "outcome": outcome,
        "changes": changes.strip(),
        "does_not_change": does_not_change.strip(),
        "planned_for": planned_for if outcome == Outcome.PLANNED else None,
    }
    if not said["changes"]:
        raise NothingSaid
    if outcome == Outcome.PLANNED and planned_for is None:
        raise WhenNotSaid
    return said


def _twin(pain_point: PainPoint, said: dict[str, Any], by: User) -> Answer | None:
    """The answer that this person has just given in the same words: a double click, a retry after a timeout."""
    if pain_point.state != said["outcome"]:
        return None
    last = pain_point.answers.last()
    same = last and last.author_id == by.pk and all(getattr(last, name) == value for name, value in said.items())
    return last if same else None


def _move(pain_point: PainPoint, said: dict[str, Any]) -> None:
    """To the state of the same name as the outcome, as the table allows it."""
    refused = said["outcome"] == Outcome.REFUSED
    reason = said["changes"] if refused else ""
    move(pain_point, PainPointState(said["outcome"]), reason=reason, planned_for=said["planned_for"])
