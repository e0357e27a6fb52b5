"""Taking part without an account: what was written waits, and counts once its author confirms it from their mailbox.

Confirming does the very act that an account does, in one transaction with the row that waited: twice, or from two tabs
at once, it is done once. An act refused (the phase closed meanwhile) leaves no trace of the person.
"""

import json
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from consult import awaiting, people, phases, texts, visitor_letters
from consult.actions import arguments, lists, meetings, panels, propositions, statements, surveys, votes
from consult.awaiting import typed_of
from consult.choices import SIGNED, Act, Awaited, Level, Opinion, Side, Stance
from consult.errors import HasAnAccount, NotForYou
from consult.models import Argument, Consultation, MeetingPage, PanelPage, Participant, Section, SurveyPage, VisitorAct

ACT_OF = {
    Awaited.PROPOSITION: Act.PROPOSE,
    Awaited.ARGUMENT: Act.ARGUE,
    Awaited.REPLY: Act.ARGUE,
    Awaited.USEFUL: Act.ARGUE,
    Awaited.VOTE: Act.VOTE,
    Awaited.SURVEY: Act.SURVEY,
    Awaited.STANCE: Act.STATE,
    Awaited.STATEMENT: Act.STATE,
}
# The levels that ask for no account. Whether a list names somebody is told to the reader of the mailbox alone.
WITHOUT_ACCOUNT = (Level.VISITOR, Level.LISTED)
_KEYS = UUID("5b4d3c0e-3f0a-4b57-9c66-2d3a5a0f7f10")
_AGAIN = 600  # seconds before a second letter about the same act


@transaction.atomic
def wait(
    consultation: Consultation | None,
    kind: Awaited,
    typed: dict[str, Any],
    *,
    email: str,
    browser: str,
    key: UUID,
    name: str = "",
) -> VisitorAct:
    """Keep what a visitor wrote and send one letter. ``key`` is the act's: sent twice, kept once, written to once.

    Once confirmed, the same thing again is another act: somebody may vote, take it back, and vote again.

    ``typed`` holds what ``_PERFORM`` reads for this kind. The same answer whether the address has an account or not.
    Raises ``PhaseClosed``, ``NotForYou``.
    """
    if consultation is not None and kind in ACT_OF:
        _let_visitors_in(phases.admit(consultation, ACT_OF[kind]))
    elif door := awaiting.door_of(kind):
        _let_visitors_in(door.admit(typed))
    mailbox = people.email_key(email)
    row = VisitorAct(
        consultation=consultation,
        kind=kind,
        typed=json.dumps(typed),
        name=texts.line(name)[:80] if kind in SIGNED else "",
        email=email.strip(),
        email_key=mailbox,
        browser=browser,
        key=uuid5(_KEYS, f"{mailbox}:{key}"),
        purge_on=timezone.localdate() + timedelta(days=settings.VISITOR_ACT_DAYS),
    )
    if VisitorAct.objects.filter(key=row.key, confirmed_at__isnull=False).exists():
        row.key = uuid4()
    VisitorAct.objects.bulk_create([row], ignore_conflicts=True)
    kept = VisitorAct.objects.get(key=row.key)
    visitor_letters.ask(kept, when=int(time.time()) // _AGAIN)
    return kept


def _let_visitors_in(phase: Any) -> None:
    if phase.level not in WITHOUT_ACCOUNT:
        raise NotForYou(phase.level)


def waiting_with(act: VisitorAct) -> QuerySet[VisitorAct]:
    """What one link confirms: this act and those that the same browser left under the same address."""
    if act.confirmed_at is not None:
        return VisitorAct.objects.none()
    same = VisitorAct.objects.filter(email_key=act.email_key, browser=act.browser, confirmed_at=None)
    return same.filter(purge_on__gt=timezone.localdate()).select_related("consultation__page").order_by("pk")


@transaction.atomic
def confirm(act: VisitorAct, *, by: User | None) -> tuple[VisitorAct, Participant | None]:
    """Do what waited, in the name of the mailbox, or of the account ``by`` that has this address.

    The second of two confirmations finds it done, and is given nobody. Raises ``HasAnAccount``, and what the act
    itself raises: then nothing was done, and it still waits.
    """
    held = VisitorAct.objects.select_for_update(of=("self",)).select_related("consultation__page").get(pk=act.pk)
    if held.confirmed_at is not None:
        return held, None
    person = _person(held, by)
    typed = typed_of(held)
    if typed.get("code"):
        lists.use_code(held.consultation, typed["code"], by=person)  # a wrong one: the act itself will say so
    door = awaiting.door_of(held.kind)
    url = door.perform(typed, person) if door else _PERFORM[Awaited(held.kind)](held, typed, person)
    blank = {"typed": "", "name": "", "email": "", "email_key": "", "browser": ""}
    VisitorAct.objects.filter(pk=held.pk).update(**blank, confirmed_at=Now(), url=url)
    held.refresh_from_db()
    return held, person


def account_of(act: VisitorAct) -> User | None:
    """The account of this mailbox: for the eyes of whoever holds the link."""
    return people.account_behind(act.email) if act.email else None


def _person(act: VisitorAct, by: User | None) -> Participant:
    account = account_of(act)
    if account is None:
        return people.visitor(act.email, name=act.name)
    if by is None or by.pk != account.pk:
        raise HasAnAccount
    return people.participant_of(by)


def _propose(act: VisitorAct, typed: dict[str, Any], by: Participant) -> str:
    section = Section.objects.get(pk=typed["section"])
    sources = [(label, url) for label, url in typed["sources"]]
    written = propositions.Written(title=typed["title"], body=typed["body"], sources=sources)
    return propositions.file(act.consultation, section, written, by=by, key=UUID(typed["key"])).get_absolute_url()


def _argue(act: VisitorAct, typed: dict[str, Any], by: Participant) -> str:
    said = {"by": by, "key": UUID(typed["key"])}
    written = arguments.argue(act.consultation, typed["number"], Side(typed["side"]), typed["text"], **said)
    return f"{written.proposition.get_absolute_url()}arguments/{written.number}/"


def _reply(act: VisitorAct, typed: dict[str, Any], by: Participant) -> str:
    answered = Argument.objects.get(pk=typed["argument"])
    written = arguments.reply(act.consultation, answered, typed["text"], by=by, key=UUID(typed["key"]))
    return f"{answered.proposition.get_absolute_url()}arguments/{answered.number}/#reponse-{written.pk}"


def _vote(act: VisitorAct, typed: dict[str, Any], by: Participant) -> str:
    if typed["opinion"] == "none":
        voted = votes.withdraw_vote(act.consultation, typed["number"], by=by)
    else:
        voted = votes.vote(act.consultation, typed["number"], Opinion(typed["opinion"]), by=by)
    return f"{voted.get_absolute_url()}#vote"


def _mark(act: VisitorAct, typed: dict[str, Any], by: Participant) -> str:
    argument = Argument.objects.get(pk=typed["argument"])
    marked = arguments.find_useful(act.consultation, argument, by=by, useful=typed["useful"])
    return f"{marked.proposition.get_absolute_url()}#argument-{marked.number}"


def _survey(act: VisitorAct, typed: dict[str, Any], by: Participant) -> str:
    survey = SurveyPage.objects.get(pk=typed["survey"])
    surveys.send(survey, typed["given"], by=by)
    return survey.get_absolute_url()


def _answer(act: VisitorAct, typed: dict[str, Any], by: Participant) -> str:
    statements.answer(act.consultation, typed["statement"], Stance(typed["stance"]), by=by)
    return reverse("consult:map", args=[act.consultation.page.slug])


def _state(act: VisitorAct, typed: dict[str, Any], by: Participant) -> str:
    filed = statements.propose(act.consultation, typed["text"], by=by, key=UUID(typed["key"]))
    return reverse("consult:map_statement", args=[act.consultation.page.slug, filed.number])


def _seat(act: VisitorAct, typed: dict[str, Any], by: Participant) -> str:
    meeting = MeetingPage.objects.get(pk=typed["meeting"])
    meetings.register(meeting, by=by)
    return meeting.get_absolute_url()


def _volunteer(act: VisitorAct, typed: dict[str, Any], by: Participant) -> str:
    panel = PanelPage.objects.get(pk=typed["panel"])
    panels.volunteer(panel, typed["answers"], by=by)
    return panel.get_absolute_url()


def _recognise(act: VisitorAct, typed: dict[str, Any], by: Participant) -> str:
    return ""


_PERFORM: dict[Awaited, Callable[[VisitorAct, dict[str, Any], Participant], str]] = {
    Awaited.PROPOSITION: _propose,
    Awaited.ARGUMENT: _argue,
    Awaited.REPLY: _reply,
    Awaited.VOTE: _vote,
    Awaited.USEFUL: _mark,
    Awaited.RECOGNISE: _recognise,
    Awaited.SURVEY: _survey,
    Awaited.SEAT: _seat,
    Awaited.VOLUNTEER: _volunteer,
    Awaited.STANCE: _answer,
    Awaited.STATEMENT: _state,
}


def purge(*, today: date | None = None) -> int:
    """Erase what nobody confirmed in time, and the bare rows of what was; how many. Twice is harmless."""
    return VisitorAct.objects.filter(purge_on__lte=today or timezone.localdate()).delete()[0]
