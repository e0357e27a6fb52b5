"""« Est-ce réglé ? »: asked some weeks after an answer, and what a reply sets in motion."""

from datetime import timedelta

from django.db import transaction
from django.db.models import DateTimeField, DurationField, Exists, ExpressionWrapper, F, OuterRef, QuerySet
from django.db.models.functions import Cast, Greatest, Now
from django.utils.translation import gettext as _

from feedback import intake_text, letters, policies
from feedback.actions import triage
from feedback.choices import FICHE_MOVES, FicheState, FollowUpReply, Outcome, PainPointState
from feedback.errors import RuleBroken
from feedback.models import Answer, Fiche, FollowUp, PainPoint
from feedback.moves import lock_fiche, move_fiche
from journal.actions import record

TEXT_LIMIT = 2000


class CannotKeepText(RuleBroken):
    """Masking failed: words that nobody could mask are not kept here, their author keeps them."""

    def __init__(self) -> None:
        super().__init__(_("We cannot record your text for now. It is still here. Try again in a minute."))


def ask_due_follow_ups() -> int:
    """Ask the authors of every answer whose time has come; how many answers were asked about.

    Each answer is one transaction: stopped in between, the rest is asked next time, and nobody is asked twice.
    """
    return sum(_ask(key) for key in due().order_by("pk").values_list("pk", flat=True))


def due() -> QuerySet[Answer]:
    """Answers to ask about: the last of its pain point, still in force, given (or promised for) long enough ago."""
    since = Greatest("created_at", Cast("planned_for", DateTimeField()))
    weeks = ExpressionWrapper(F("follow_up_weeks") * timedelta(weeks=1), output_field=DurationField())
    later = Answer.objects.filter(pain_point=OuterRef("pain_point"), pk__gt=OuterRef("pk"))
    asked_about = Answer.objects.filter(
        outcome__in=(Outcome.DONE, Outcome.PLANNED), follow_up_weeks__isnull=False, followed_up_at__isnull=True
    )
    in_force = asked_about.filter(pain_point__state=F("outcome")).exclude(Exists(later))
    return in_force.annotate(asked_on=ExpressionWrapper(since + weeks, output_field=DateTimeField())).filter(
        asked_on__lte=Now()
    )


@transaction.atomic
def reply(follow_up: FollowUp, *, reply: FollowUpReply | str, text: str = "") -> FollowUp:
    """What the author says: « oui » closes the fiche, « non » opens the pain point again and alerts its owners.

    May be changed; the last word counts. ``text`` is kept masked. Raises ``CannotKeepText``.
    """
    reply = FollowUpReply(reply)
    words = _masked(text.strip()[:TEXT_LIMIT])
    # The pain point first, as every act on it does: two acts never wait for each other.
    pain_point = PainPoint.objects.select_for_update(of=("self",)).get(answers=follow_up.answer_id)
    follow_up = FollowUp.objects.select_for_update(of=("self",)).select_related("answer", "fiche").get(pk=follow_up.pk)
    if (follow_up.reply, follow_up.text) == (reply, words):
        return follow_up
    follow_up.reply, follow_up.text, follow_up.replied_at = reply, words, Now()
    follow_up.save(update_fields=["reply", "text", "replied_at"])
    record("follow_up.replied", pain_point, by=None, follow_up=follow_up.pk, reply=reply)
    _settle(follow_up.fiche, reply)
    if reply == FollowUpReply.NO:
        _reopen(pain_point, follow_up)
    follow_up.refresh_from_db(fields=["replied_at"])
    return follow_up


def _masked(text: str) -> str:
    masked = intake_text.masked(text).text if text else ""
    if masked is None:
        raise CannotKeepText
    return masked


@transaction.atomic
def _ask(key: int) -> bool:
    # Not the key: a fiche may be given this answer meanwhile, and whoever does that has locked it already.
    answer = due().filter(pk=key).select_for_update(of=("self",), skip_locked=True, no_key=True).first()
    if answer is None:
        return False
    asked = letters.ask(answer)
    Answer.objects.filter(pk=key).update(followed_up_at=Now())
    record("follow_up.asked", answer.pain_point, by=None, answer=key, fiches=asked)
    return True


def _settle(fiche: Fiche, reply: FollowUpReply) -> None:
    """Closed when its author says yes; answered again when they change their mind."""
    fiche = lock_fiche(fiche)
    if reply == FollowUpReply.YES:
        target = FicheState.CLOSED
    elif fiche.state == FicheState.CLOSED:
        target = FicheState.ANSWERED
    else:
        return
    if target in FICHE_MOVES[FicheState(fiche.state)]:
        move_fiche(fiche, target)


def _reopen(pain_point: PainPoint, follow_up: FollowUp) -> None:
    """What was said to be done is not; those in charge hear of it. Only the last answer can be contradicted."""
    if pain_point.answers.last() != follow_up.answer:
        return
    if pain_point.state == PainPointState.DONE:
        triage.reopen(pain_point, by=None)
    letters.alert(follow_up, policies.members_of(pain_point.service))
