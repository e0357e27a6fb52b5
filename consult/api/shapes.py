"""What programs read of a consultation: public columns, one by one. A new column is never published by itself.

Votes are an object, or null as long as their section hides them: then nothing that follows from them is told either.
People are not named: organisations are.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from ninja import Schema
from pydantic import ConfigDict, Field

from consult import texts
from consult.choices import TAKING_PART, VoteWidget
from consult.models import Argument, Attachment, Participant, Proposition, ReferenceLink, Reply, Section
from consult.public import Asked


class PhaseOut(Schema):
    """``[opens_at, closes_at)``: at the second of these moments nothing more is taken."""

    kind: str
    title: str
    opens_at: datetime
    closes_at: datetime
    level: str


class SectionOut(Schema):
    id: int
    title: str
    level: int
    intro: str
    takes_propositions: bool
    takes_arguments: bool
    vote: str
    hides_votes: bool
    threshold: int | None


class ConsultationOut(Schema):
    """``voters`` and ``votes`` are null as long as a section hides its votes."""

    slug: str
    title: str
    lead: str
    administration: str
    state: str
    opens_at: datetime | None
    closes_at: datetime | None
    follow_up_due: date | None
    propositions: int
    arguments_for: int
    arguments_against: int
    voters: int | None
    votes: int | None
    url: str


class ConsultationDetail(ConsultationOut):
    phases: list[PhaseOut]
    sections: list[SectionOut]


class AuthorOut(Schema):
    """``name`` is null for a person."""

    kind: str
    name: str | None
    is_verified: bool


class VotesOut(Schema):
    agree: int
    mixed: int
    disagree: int


class PropositionOut(Schema):
    number: int
    title: str
    section: int
    state: str
    merged_into: int | None
    author: AuthorOut
    filed_on: date
    version: int
    votes: VotesOut | None
    threshold_reached_on: date | None
    arguments_for: int
    arguments_against: int
    decision: str | None
    url: str


class SourceOut(Schema):
    label: str
    url: str


class FileOut(Schema):
    name: str
    kind: str
    bytes: int
    url: str


class PropositionDetail(PropositionOut):
    """``html`` holds a few tags only: paragraphs, lists, strong, emphasis, links."""

    text: str
    html: str
    sources: list[SourceOut]
    files: list[FileOut]


class ReplyOut(Schema):
    """``service``: the public service that answers, null for a person."""

    text: str
    service: str | None
    written_on: date


class ArgumentOut(Schema):
    """``same_as`` is the number of the first argument that says nearly the same."""

    number: int
    side: str
    text: str
    author: AuthorOut
    written_on: date
    useful: int
    same_as: int | None
    replies: list[ReplyOut]
    url: str


class DraftIn(Schema):
    """What somebody is writing. Nothing of it is kept."""

    model_config = ConfigDict(extra="forbid")

    title: str = Field("", max_length=300)
    body: str = Field("", max_length=6000)


class SimilarOut(Schema):
    number: int
    title: str
    excerpt: str
    section: int
    state: str
    votes: VotesOut | None
    arguments: int
    url: str


def consultation(asked: Asked) -> dict[str, Any]:
    counted, page = asked.consultation, asked.page
    spans = [phase for phase in asked.phases if phase.kind in TAKING_PART]
    opens_at = min((phase.opens_at for phase in spans), default=None)
    closes_at = max((phase.closes_at for phase in spans), default=None)
    is_told = not any(asked.hides_votes(section) for section in asked.sections)
    return {
        "slug": counted.page.slug,
        "title": page.title,
        "lead": page.lead,
        "administration": page.administration.name if page.administration else "",
        "state": _state(asked.at, opens_at, closes_at),
        "opens_at": opens_at,
        "closes_at": closes_at,
        "follow_up_due": page.follow_up_due,
        "propositions": counted.proposition_count,
        "arguments_for": counted.for_count,
        "arguments_against": counted.against_count,
        "voters": counted.voter_count if is_told else None,
        "votes": counted.vote_count if is_told else None,
        "url": f"{settings.BASE_URL}/consultations/{counted.page.slug}/",
    }


def _state(at: datetime, opens_at: datetime | None, closes_at: datetime | None) -> str:
    if opens_at is None or closes_at is None or closes_at <= at:
        return "closed"
    return "coming" if opens_at > at else "open"


def consultation_detail(asked: Asked) -> dict[str, Any]:
    names = ("kind", "opens_at", "closes_at", "level")
    return {
        **consultation(asked),
        "phases": [{"title": str(one)} | {name: getattr(one, name) for name in names} for one in asked.phases],
        "sections": [_section(asked, one) for one in asked.sections],
    }


def _section(asked: Asked, section: Section) -> dict[str, Any]:
    names = ("title", "level", "intro", "takes_propositions", "takes_arguments", "vote", "threshold")
    told = {name: getattr(section, name) for name in names}
    return {"id": section.pk, "hides_votes": asked.hides_votes(section), **told}


def proposition(one: Proposition, asked: Asked, *, verdict: str | None) -> dict[str, Any]:
    """``one`` with its author and the one that took it."""
    votes = _votes(one, asked)
    reached = one.threshold_reached_at if votes else None
    return {
        "number": one.number,
        "title": one.title,
        "section": one.section_id,
        "state": one.state,
        "merged_into": one.merged_into.number if one.merged_into and one.merged_into.is_shown else None,
        "author": _author(one.author),
        "filed_on": _day(one.created_at, asked),
        "version": one.version,
        "votes": votes,
        "threshold_reached_on": _day(reached, asked) if reached else None,
        "arguments_for": one.for_count,
        "arguments_against": one.against_count,
        "decision": verdict,
        "url": _url(one, asked),
    }


def proposition_detail(
    one: Proposition,
    asked: Asked,
    *,
    verdict: str | None,
    sources: Iterable[ReferenceLink],
    files: Iterable[Attachment],
) -> dict[str, Any]:
    return {
        **proposition(one, asked, verdict=verdict),
        "text": texts.unmarked(one.body),
        "html": texts.cleaned(one.body),
        "sources": [{"label": source.label, "url": source.url} for source in sources],
        "files": [
            {"name": file.name, "kind": file.kind, "bytes": file.size, "url": f"{_url(one, asked)}pieces/{file.pk}/"}
            for file in files
        ],
    }


def argument(one: Argument, on: Proposition, asked: Asked, *, replies: Iterable[Reply]) -> dict[str, Any]:
    """``one`` with its author and the argument under which it is folded."""
    return {
        "number": one.number,
        "side": one.side,
        "text": one.text,
        "author": _author(one.author),
        "written_on": _day(one.created_at, asked),
        "useful": one.useful_count,
        "same_as": one.fold.number if one.fold and one.fold.is_shown and not one.fold.withdrawn_at else None,
        "replies": [
            {
                "text": reply.text,
                "service": reply.service.name if reply.service else None,
                "written_on": _day(reply.created_at, asked),
            }
            for reply in replies
        ],
        "url": f"{_url(on, asked)}arguments/{one.number}/",
    }


def similar(one: Proposition, asked: Asked) -> dict[str, Any]:
    return {
        "number": one.number,
        "title": one.title,
        "excerpt": texts.excerpt(one.body),
        "section": one.section_id,
        "state": one.state,
        "votes": _votes(one, asked),
        "arguments": one.for_count + one.against_count,
        "url": _url(one, asked),
    }


def _votes(one: Proposition, asked: Asked) -> dict[str, int] | None:
    section = next((section for section in asked.sections if section.pk == one.section_id), None)
    if section is None or asked.hides_votes(section) or section.vote == VoteWidget.NONE:
        return None
    return {"agree": one.agree_count, "mixed": one.mixed_count, "disagree": one.disagree_count}


def _author(author: Participant) -> dict[str, Any]:
    kind = "organisation" if author.is_organisation else "person"
    return {"kind": kind, "name": author.name if author.is_organisation else None, "is_verified": author.is_verified}


def _day(moment: datetime, asked: Asked) -> date:
    """On the clocks of the consultation."""
    return timezone.localdate(moment, asked.page.zone)


def _url(one: Proposition, asked: Asked) -> str:
    return f"{settings.BASE_URL}/consultations/{asked.consultation.page.slug}/propositions/{one.number}/"
