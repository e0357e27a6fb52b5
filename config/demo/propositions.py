"""What people proposed in the two consultations of the town, by the acts of the pages, each on its day."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.text import slugify

from accounts.actions import create_person, verify_organisation
from accounts.models import User
from config.demo.files import moment, read
from consult.actions import propositions as acts
from consult.actions.propositions import Written
from consult.choices import PhaseKind
from consult.forms.propositions import read_sources
from consult.models import Consultation, Participant, Phase, Proposition, Version
from consult.people import participant_of
from journal.actions import dated
from moderation.actions import decide
from moderation.choices import CaseState, Outcome

HOUR = timedelta(hours=1)


def propose(people: dict[str, User]) -> None:
    """File what ``propositions.json`` describes; a moderator reads what is read before publication."""
    written = read("propositions")
    authors = {row["name"]: _author(row, people) for row in written["authors"]}
    moderator = people["moderation@demo.example"]
    for told in written["consultations"]:
        asked = Consultation.objects.get(page__slug=told["slug"])
        sections = list(asked.page.sections.all())
        with opened(asked):
            for row in sorted(told["propositions"], key=lambda row: row["on"]):
                _tell(asked, sections[row["section"]], row, by=authors[row["author"]], moderator=moderator)


def _author(row: dict[str, Any], people: dict[str, User]) -> Participant:
    if "email" in row:
        return participant_of(people[row["email"]])
    user = create_person(email=f"{slugify(row['name'])}@demo.example", name=row["name"])
    if row.get("verified"):
        verify_organisation(user, by=None)
        user.refresh_from_db()
    return participant_of(user)


@contextmanager
def opened(asked: Consultation) -> Iterator[None]:
    """The phase in which one proposes is open meanwhile: the acts know no other hour than the database's."""
    phases = Phase.objects.filter(page=asked.page, kind=PhaseKind.CONTRIBUTE)
    kept = list(phases.values("pk", "opens_at", "closes_at"))
    now = timezone.now()
    phases.update(opens_at=now - HOUR, closes_at=now + HOUR)
    yield
    for row in kept:
        Phase.objects.filter(pk=row.pop("pk")).update(**row)


def _tell(asked: Consultation, section: Any, row: dict[str, Any], *, by: Participant, moderator: User) -> None:
    sources = read_sources(row.get("sources", ""))
    with dated(moment(row["on"])):
        filed = acts.file(asked, section, Written(row["title"], row["body"], sources), by=by)
    Proposition.objects.filter(pk=filed.pk).update(created_at=moment(row["on"]))
    Version.objects.filter(proposition=filed).update(created_at=moment(row["on"]))
    for later in row.get("amended", ()):
        with dated(moment(later["on"])):
            new = acts.change(filed, Written(row["title"], later["body"], sources), by=by, reason=later["reason"])
        Version.objects.filter(proposition=filed, number=new.version).update(created_at=moment(later["on"]))
    if gone := row.get("withdrawn"):
        with dated(moment(gone["on"])):
            acts.withdraw(filed, reason=gone["reason"], by=by)
        Proposition.objects.filter(pk=filed.pk).update(state_changed_at=moment(gone["on"]))
    if filed.case.state == CaseState.WAITING:
        decide(filed.case, outcome=Outcome.KEEP, after=None, by=moderator)
