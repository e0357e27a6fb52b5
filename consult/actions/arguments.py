"""Arguing for and against, answering, and saying what was useful.

The database counts (migration 0005). Rows are held in this order: argument, proposition, consultation. Journal lines
name no participant (see ``propositions``).
"""

from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from consult import people, phases, tasks
from consult.actions.following import follow_by_default
from consult.actions.held import held_proposition
from consult.choices import Act, Channel, PropositionState, Side
from consult.errors import NotAllowedNow, NotTaken, NotYourOwn
from consult.models import Argument, Consultation, Participant, Proposition, Reply, Useful
from directory.models import Service
from journal.actions import record
from moderation.actions import open_case
from moderation.choices import Timing
from prepared import Given, Prepared

_SENT = Prepared(
    lambda: Argument.objects.filter(
        idempotency_key=Given("key"), author=Given("author"), proposition=Given("proposition")
    )
)


@transaction.atomic
def argue(
    consultation: Consultation,
    number: int,
    side: Side,
    text: str,
    *,
    by: Participant,
    key: UUID | None = None,
    channel: Channel = Channel.WEB,
    keyed_by: User | None = None,
) -> Argument:
    """Write an argument under the proposition of this number. ``key`` is the form's: sent twice, written once.

    Raises ``PhaseClosed``, ``NotForYou``, ``NotTaken``, ``NotAllowedNow``, ``Proposition.DoesNotExist``.
    """
    phase = phases.admit(consultation, Act.ARGUE)
    if keyed_by is None:
        people.let_in(by, phase)
    proposition = held_proposition(consultation, number)
    if not proposition.section_takes_arguments:
        raise NotTaken
    if key and (sent := _SENT.first(key=key, author=by.pk, proposition=proposition.pk)):
        return sent
    Proposition.objects.filter(pk=proposition.pk).update(last_argument=F("last_argument") + 1)
    case = open_case("argument", page=consultation.page, timing=_timing(consultation))
    written = Argument.objects.create(
        proposition=proposition,
        number=proposition.last_argument + 1,
        side=side,
        text=text,
        author=by,
        channel=channel,
        keyed_by=keyed_by,
        idempotency_key=key,
        case=case,
        is_shown=case.is_shown,
    )
    follow_by_default(proposition, by=by)
    record("argument.filed", proposition, by=keyed_by, argument=written.number, side=str(side), participant=by.pk)
    transaction.on_commit(lambda: tasks.ring(tasks.tidy_thread, proposition.pk))
    return written


@transaction.atomic
def withdraw_argument(consultation: Consultation, argument: Argument, *, by: Participant) -> Argument:
    """Its author takes it back: its number stays, its text is no longer read. Twice changes nothing."""
    people.let_in(by, phases.admit(consultation, Act.ARGUE))
    mine = Argument.objects.select_for_update(no_key=True).get(pk=argument.pk, author=by)
    if mine.withdrawn_at is None:
        Argument.objects.filter(pk=mine.pk).update(withdrawn_at=Now())
        record("argument.withdrawn", mine, by=None, number=mine.number, participant=by.pk)
        transaction.on_commit(lambda: tasks.ring(tasks.tidy_thread, mine.proposition_id))
    return mine


@transaction.atomic
def reply(
    consultation: Consultation,
    argument: Argument,
    text: str,
    *,
    by: Participant,
    service: Service | None = None,
    key: UUID | None = None,
) -> Reply:
    """Answer an argument, one level deep; in the name of ``service``, which the caller checked."""
    people.let_in(by, phases.admit(consultation, Act.ARGUE))
    answered = _standing(argument)
    if key and (sent := Reply.objects.filter(idempotency_key=key, author=by, argument=answered).first()):
        return sent
    case = open_case("reply", page=consultation.page, timing=_timing(consultation))
    written = Reply.objects.create(
        argument=answered,
        text=text,
        author=by,
        service=service,
        idempotency_key=key,
        case=case,
        is_shown=case.is_shown,
    )
    spoken = {"service": service.slug} if service else {"participant": by.pk}
    record("argument.answered", answered, by=by.user if service else None, **spoken)
    return written


@transaction.atomic
def find_useful(consultation: Consultation, argument: Argument, *, by: Participant, useful: bool) -> Argument:
    """Say that an argument is useful, or no longer. Twice changes nothing."""
    people.let_in(by, phases.admit(consultation, Act.ARGUE))
    marked = _standing(argument)
    if marked.author_id == by.pk:
        raise NotYourOwn
    if useful:
        Useful.objects.bulk_create([Useful(argument=marked, participant=by)], ignore_conflicts=True)
    else:
        Useful.objects.filter(argument=marked, participant=by).delete()
    transaction.on_commit(lambda: tasks.ring(tasks.tidy_thread, marked.proposition_id))
    return marked


def _standing(argument: Argument) -> Argument:
    """Held, still read by everybody, under a proposition that stands."""
    rows = Argument.objects.select_for_update(of=("self",), no_key=True).select_related("proposition__section")
    found = rows.get(pk=argument.pk, is_shown=True)
    if found.withdrawn_at is not None:
        raise NotAllowedNow(_("withdrawn"))
    if found.proposition.state != PropositionState.PUBLISHED:
        raise NotAllowedNow(found.proposition.get_state_display())
    if not found.proposition.section.takes_arguments:
        raise NotTaken
    return found


def _timing(consultation: Consultation) -> Timing:
    return Timing(consultation.page.moderation or Timing.AFTER)
