"""What this room holds about an account: the copy that its holder asks for, and what goes when they close it.

What somebody said in a public debate stays, without a name: others have answered it.
"""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from accounts.models import User
from consult import phases, uploads
from consult.choices import Act, VolunteerState
from consult.errors import PhaseClosed
from consult.models import (
    Answer,
    Argument,
    Attachment,
    Consultation,
    Digest,
    Draft,
    Draw,
    Follow,
    MergeVoice,
    Participant,
    Proposition,
    Reply,
    Response,
    Seat,
    Statement,
    StatementAnswer,
    SurveyDraft,
    Useful,
    Version,
    VisitorAct,
    Volunteer,
    Vote,
)
from letters import actions as outbox

SAID = ("is_shown", "created_at", "channel")
_leavers: list[Callable[[Participant], None]] = []
_copiers: list[Callable[[Participant], dict[str, Any]]] = []


def declare(*, copier: Callable[[Participant], dict[str, Any]], leaver: Callable[[Participant], None]) -> None:
    """What a package above this one holds about a person: its copy, and what goes in the transaction of leaving.

    Called when the apps are ready. Leavers come first, while the row still says who it stands for.
    """
    _copiers.append(copier)
    _leavers.append(leaver)


def copy_for(user: User) -> dict[str, Any]:
    """Everything under this account, values as stored, names of columns as keys. Nothing about anybody else."""
    person = Participant.objects.filter(user=user).first()
    drafts = Draft.objects.filter(user=user).order_by("pk")
    kept = {"drafts": list(drafts.values("title", "body", "saved_at", "purge_on"))}
    return kept if person is None else {**_person(person), **_written_by(person), **_above(person), **kept}


def _above(person: Participant) -> dict[str, Any]:
    return {name: rows for copier in _copiers for name, rows in copier(person).items()}


def _person(person: Participant) -> dict[str, Any]:
    names = ("name", "email", "is_organisation", "is_verified", "confirmed_at", "created_at")
    return {"participant": {name: getattr(person, name) for name in names}}


def _written_by(person: Participant) -> dict[str, Any]:
    where = {"asked": F("consultation__page__title")}
    under = {"about": F("proposition__number")}
    propositions = Proposition.objects.filter(author=person).order_by("pk")
    columns = ("number", "title", "body", "state", "withdrawn_reason", *SAID)
    versions = Version.objects.filter(proposition__author=person).order_by("pk")
    arguments = Argument.objects.filter(author=person).order_by("pk")
    votes = Vote.objects.filter(participant=person).order_by("pk")
    follows = Follow.objects.filter(participant=person).order_by("pk")
    return {
        "propositions": list(propositions.values(*columns, **where)),
        "versions": list(versions.values("number", "title", "body", "reason", "created_at", **under)),
        "arguments": list(arguments.values("number", "side", "text", "withdrawn_at", *SAID, **under)),
        "replies": list(Reply.objects.filter(author=person).order_by("pk").values("text", "withdrawn_at", *SAID)),
        "votes": list(votes.values("opinion", "created_at", "changed_at", **under)),
        "mergings_answered": list(
            MergeVoice.objects.filter(participant=person).order_by("pk").values("wants", "answered_at")
        ),
        **_of_the_maps(person),
        "follows": list(
            follows.values("since", "stopped_at", about=F("proposition__number"), asked=F("consultation__page__title"))
        ),
        **_of_the_gatherings(person),
        "files": list(Attachment.objects.filter(proposition__author=person).values("name", "kind", "size", **under)),
        "found_useful": Useful.objects.filter(participant=person).count(),
    }


def _of_the_maps(person: Participant) -> dict[str, Any]:
    statements = Statement.objects.filter(author=person).order_by("pk")
    answers = StatementAnswer.objects.filter(participant=person).order_by("pk")
    to = {"about": F("statement__text")}
    return {
        "statements": list(
            statements.values("number", "text", "withdrawn_at", *SAID, asked=F("consultation__page__title"))
        ),
        "answers_to_statements": list(answers.values("stance", "created_at", "changed_at", **to)),
    }


def _of_the_gatherings(person: Participant) -> dict[str, Any]:
    """Questionnaires, sent or not, meetings, and lists from which a panel is drawn."""
    answers = Answer.objects.filter(response__participant=person).order_by("pk")
    about = {"asked": F("question__label"), "questionnaire": F("response__survey__title")}
    seats = Seat.objects.filter(participant=person).order_by("pk")
    volunteered = Volunteer.objects.filter(participant=person).order_by("pk")
    unsent = SurveyDraft.objects.filter(participant=person).order_by("pk")
    return {
        "answers_to_questionnaires": list(answers.values("chosen", "number", "day", "text", **about)),
        "answers_not_sent": list(unsent.values("typed", "saved_at", "purge_on", questionnaire=F("survey__title"))),
        "meetings": list(seats.values("state", "asked_at", "changed_at", meeting_title=F("meeting__title"))),
        "panels": list(volunteered.values("code", "answers", "state", "created_at", panel_title=F("panel__title"))),
    }


def erase(user: User) -> None:
    """In the transaction that closes the account: drafts go, and nobody can tell whose the texts and the votes were."""
    Draft.objects.filter(user=user).delete()
    for person in Participant.objects.filter(user=user):
        _leave(person)


def copy_for_visitor(person: Participant) -> dict[str, Any]:
    """Everything under this confirmed address, as ``copy_for``."""
    return {**_person(person), **_written_by(person), **_above(person)}


@transaction.atomic
def erase_visitor(person: Participant) -> None:
    """A visitor leaves: as an account that is closed. What waits under their address, and letters to it, go too."""
    person = Participant.objects.select_for_update(no_key=True).get(pk=person.pk)
    outbox.forget(person.email, kinds="consult.")
    VisitorAct.objects.filter(email_key=person.email_key).delete()
    _leave(person)


def _leave(person: Participant) -> None:
    """Votes that may still change go with the person, who could otherwise come back and vote twice; files go too.

    A text stays without a name; a file may hold that of its author anywhere.
    """
    for leaver in _leavers:
        leaver(person)
    uploads.throw_away(Attachment.objects.filter(proposition__author=person))
    for consultation in Consultation.objects.filter(propositions__votes__participant=person).distinct():
        try:
            phases.admit(consultation, Act.VOTE)
        except PhaseClosed:
            continue  # the result stands
        Vote.objects.filter(participant=person, proposition__consultation=consultation).delete()
    _leave_gatherings(person)
    Follow.objects.filter(participant=person).delete()
    Digest.objects.filter(participant=person).delete()
    Participant.objects.filter(pk=person.pk).update(
        user=None, email_key=None, email="", name="", is_organisation=False, is_verified=False, erased_at=Now()
    )


def _leave_gatherings(person: Participant) -> None:
    """Seats to come are free for others (``meetings.fill_seats``); what was answered goes while it may still change."""
    SurveyDraft.objects.filter(participant=person).delete()
    _leave_lists(person)
    Seat.objects.filter(participant=person, meeting__starts_at__gt=Now()).delete()
    for response in Response.objects.filter(participant=person).select_related("survey"):
        above = Consultation.objects.get(page__path=response.survey.path[: -response.survey.steplen])
        try:
            phases.admit(above, Act.SURVEY)
        except PhaseClosed:
            continue  # the result stands
        response.delete()


def _leave_lists(person: Participant) -> None:
    """A list that is frozen keeps its line, without a name; ``panels.keep_up`` calls somebody else if it was drawn."""
    mine = Volunteer.objects.filter(participant=person)
    frozen = Draw.objects.values("panel")
    mine.filter(panel__in=frozen).exclude(state=VolunteerState.LEFT).update(state=VolunteerState.LEFT, changed_at=Now())
    mine.filter(panel__in=frozen).update(participant=None)
    mine.delete()
