"""Bringing the contributions of another platform: all the lines of a file, or none.

Lock order, as everywhere: phase → propositions, by key → consultation. A source that is here already is not written
again, whoever brings it and however many do at once: the lock orders them, and a constraint would refuse.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from consult import importing, phases, tasks, texts
from consult.choices import Act, Channel, ImportedKind
from consult.errors import RuleBroken
from consult.importing import Line
from consult.importing.tables import text_of
from consult.models import (
    Argument,
    Consultation,
    ContributionImport,
    Participant,
    Proposition,
    Provenance,
    Section,
    Version,
)
from journal.actions import record
from moderation.actions import open_cases
from moderation.choices import Timing

AT_ONCE = 500
KEPT_DAYS = 7  # a file that was brought and never imported


class LinesRefused(RuleBroken):
    """Some lines cannot be taken: nothing was imported. ``rejects`` says which and why."""

    def __init__(self, rejects: Sequence[importing.Reject]) -> None:
        self.rejects = list(rejects)
        super().__init__(_("Some lines cannot be read. Nothing was imported."))


class AlreadyImported(RuleBroken):
    """This very file was imported, or forgotten."""

    def __init__(self) -> None:
        super().__init__(_("This file was already imported, or is no longer kept."))


@dataclass(frozen=True)
class Ready:
    """What an import would do: ``new`` lines to write, ``already`` here, ``aside`` that are nothing of the kind."""

    table: importing.Table
    columns: Mapping[str, str]
    new: list[Line]
    already: int
    aside: int
    rejects: list[importing.Reject]


def bring(
    consultation: Consultation,
    content: bytes,
    *,
    kind: ImportedKind,
    platform: str,
    file_name: str,
    by: User | None,
    section: Section | None = None,
    timing: Timing = Timing.BEFORE,
    is_past: bool = False,
) -> ContributionImport:
    """Keep a file to be looked at, its columns guessed; nothing is imported. Raises ``NotATable``."""
    text = text_of(content)
    table = importing.read(text)
    return ContributionImport.objects.create(
        consultation=consultation,
        kind=kind,
        platform=texts.line(platform) or importing.platform_of(table) or _("another platform"),
        section=section,
        timing=timing,
        is_past=is_past,
        file_name=file_name[:120],
        content=text,
        columns=importing.guess(table, kind),
        by=by,
    )


def choose_columns(brought: ContributionImport, columns: Mapping[str, str]) -> None:
    """The editor says which column holds what."""
    ContributionImport.objects.filter(pk=brought.pk, finished_at=None).update(columns=dict(columns))
    brought.columns = dict(columns)


def look(brought: ContributionImport) -> Ready:
    """What would be imported now, and what keeps it from being. Raises ``AlreadyImported``."""
    if not brought.content:
        raise AlreadyImported
    table = importing.read(brought.content)
    checked = importing.check(table, brought.columns, kind=brought.kind)
    rejects = [*checked.rejects, *_lost(brought, checked.lines)]
    known = set(_known(brought).values_list("source_id", flat=True))
    new = [line for line in checked.lines if line.source_id not in known]
    return Ready(table, brought.columns, new, len(checked.lines) - len(new), checked.aside, rejects)


def _known(brought: ContributionImport) -> QuerySet[Provenance]:
    return Provenance.objects.filter(consultation=brought.consultation_id, platform=brought.platform, kind=brought.kind)


def _lost(brought: ContributionImport, lines: Sequence[Line]) -> list[importing.Reject]:
    """Lines whose section, or proposition, is not here."""
    column = brought.columns.get("about", "") or str(_("Identifier of its proposition"))
    if brought.kind == ImportedKind.ARGUMENTS:
        here = set(_targets(brought))
        problem = _("This proposition was not imported: bring the propositions first.")
        return [importing.Reject(line.rank, column, problem) for line in lines if line.about not in here]
    if brought.section_id:
        return []
    named = set(_sections(brought))
    problem = _("No section of this title. Choose one for all the lines.")
    column = brought.columns.get("section", "") or str(_("Section"))
    return [importing.Reject(line.rank, column, problem) for line in lines if line.section.casefold() not in named]


def _sections(brought: ContributionImport) -> dict[str, Section]:
    return {one.title.casefold(): one for one in Section.objects.filter(page=brought.consultation.page_id)}


def _targets(brought: ContributionImport) -> dict[str, int]:
    """The propositions that arguments may be about, by their identifier on the other platform."""
    found = Provenance.objects.filter(
        consultation=brought.consultation_id, platform=brought.platform, kind=ImportedKind.PROPOSITIONS
    )
    return dict(found.values_list("source_id", "proposition"))


@transaction.atomic
def run(brought: ContributionImport, *, by: User | None) -> ContributionImport:
    """Import every line, or none; twice imports nothing more.

    Raises ``PhaseClosed`` (unless the file is of the past), ``LinesRefused``, ``AlreadyImported``.
    """
    consultation = brought.consultation
    if brought.is_past:
        phases.alone(consultation)
    else:
        phases.admit(consultation, Act.PROPOSE if brought.kind == ImportedKind.PROPOSITIONS else Act.ARGUE)
    held = ContributionImport.objects.select_for_update().get(pk=brought.pk)
    list(Consultation.objects.select_for_update(no_key=True).filter(pk=consultation.pk))
    ready = look(held)
    if ready.rejects:
        raise LinesRefused(ready.rejects)
    held.author = Participant.objects.create(name=_author_of(held.platform))
    write = _write_propositions if held.kind == ImportedKind.PROPOSITIONS else _write_arguments
    for start in range(0, len(ready.new), AT_ONCE):
        write(held, ready.new[start : start + AT_ONCE])
    held.imported, held.content, held.finished_at = len(ready.new), "", Now()
    held.save(update_fields=["author", "imported", "content", "finished_at"])
    said = {"kind": held.kind, "platform": held.platform, "count": held.imported, "past": held.is_past}
    record("contributions.imported", consultation, by=by, **said)
    held.refresh_from_db()
    return held


def _author_of(platform: str) -> str:
    """« Participants (Decidim) »: nobody is named, nobody has an account."""
    return (_("Participants (%(platform)s)") % {"platform": platform})[:80]


def _write_propositions(brought: ContributionImport, lines: Sequence[Line]) -> None:
    consultation, sections = brought.consultation, _sections(brought)
    cases = open_cases("proposition", len(lines), page=consultation.page, timing=Timing(brought.timing))
    Consultation.objects.filter(pk=consultation.pk).update(last_number=F("last_number") + len(lines))
    last = Consultation.objects.values_list("last_number", flat=True).get(pk=consultation.pk)
    rows = [
        Proposition(
            consultation=consultation,
            number=number,
            section=sections.get(line.section.casefold()) or brought.section,
            title=line.title,
            body=texts.body_of(line.text),
            author=brought.author,
            channel=Channel.IMPORT,
            case=case,
            is_shown=case.is_shown,
            created_at=line.written_at or Now(),
        )
        for number, line, case in zip(range(last - len(lines) + 1, last + 1), lines, cases, strict=True)
    ]
    Proposition.objects.bulk_create(rows)
    Version.objects.bulk_create(Version(proposition=row, number=1, title=row.title, body=row.body) for row in rows)
    _trace(brought, lines, [{"proposition": row} for row in rows])


def _write_arguments(brought: ContributionImport, lines: Sequence[Line]) -> None:
    targets = _targets(brought)
    wanted = Counter(targets[line.about] for line in lines)
    locked = Proposition.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk")
    last = dict(locked.values_list("pk", "last_argument"))
    cases = open_cases("argument", len(lines), page=brought.consultation.page, timing=Timing(brought.timing))
    rows = []
    for line, case in zip(lines, cases, strict=True):
        about = targets[line.about]
        last[about] += 1
        rows.append(
            Argument(
                proposition_id=about,
                number=last[about],
                side=line.side,
                text=line.text,
                author=brought.author,
                channel=Channel.IMPORT,
                case=case,
                is_shown=case.is_shown,
                created_at=line.written_at or Now(),
            )
        )
    for pk, count in wanted.items():
        Proposition.objects.filter(pk=pk).update(last_argument=F("last_argument") + count)
    Argument.objects.bulk_create(rows)
    _trace(brought, lines, [{"argument": row} for row in rows])
    for pk in wanted:
        transaction.on_commit(lambda pk=pk: tasks.ring(tasks.tidy_thread, pk))


def _trace(brought: ContributionImport, lines: Sequence[Line], rows: Sequence[dict]) -> None:
    Provenance.objects.bulk_create(
        Provenance(
            consultation=brought.consultation,
            brought_by=brought,
            kind=brought.kind,
            platform=brought.platform,
            source_id=line.source_id,
            source_url=line.url,
            votes=line.votes,
            **row,
        )
        for line, row in zip(lines, rows, strict=True)
    )


def forget(brought: ContributionImport) -> None:
    """A file that will not be imported."""
    ContributionImport.objects.filter(pk=brought.pk, finished_at=None).delete()


def purge() -> int:
    """Files brought and never imported; how many. Twice is harmless."""
    before = Now() - timedelta(days=KEPT_DAYS)
    return ContributionImport.objects.filter(finished_at=None, created_at__lt=before).delete()[0]
