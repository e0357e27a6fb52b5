"""Bringing in past feedback: a file is received, checked, then imported in one transaction, or refused."""

import hashlib
from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import partial

from celery import signature
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from accounts.models import User
from directory.models import Service
from feedback import importing, tasks
from feedback.actions.intake import submit_past
from feedback.choices import IMPORT_MOVES, ImportState
from feedback.errors import NotAllowedNow, RuleBroken
from feedback.importing import Checked, Line, Mapping, Reject
from feedback.models import Fiche, Import
from journal.actions import record

KEPT_DAYS = 7
EXPIRED = gettext_noop("Nobody imported this file within %(days)d days.")
ONCE = "a_file_is_imported_once"
# By its name: the task stands above the acts, with the other doors of the clock.
RUN = signature("feedback.clock.run_import")
Progress = Callable[[int], None]


class AlreadyImported(RuleBroken):
    """This very file was imported for this service."""

    said = gettext_noop("This file was already imported.")

    def __init__(self) -> None:
        super().__init__(_(self.said))


class HasRejects(RuleBroken):
    """Lines are refused, and nobody said to leave them: then nothing is imported."""

    def __init__(self, count: int) -> None:
        text = ngettext(
            "%(count)d line is refused: nothing was imported.",
            "%(count)d lines are refused: nothing was imported.",
            count,
        )
        super().__init__(text % {"count": count})


class NothingToImport(RuleBroken):
    """No line can be imported."""

    def __init__(self) -> None:
        super().__init__(_("No line of this file can be imported."))


class NotChecked(RuleBroken):
    """The columns were not chosen, or the file reads differently than when it was checked."""

    said = gettext_noop("Check the file again before importing it.")

    def __init__(self) -> None:
        super().__init__(_(self.said))


@transaction.atomic
def upload(*, service: Service, content: bytes, file_name: str, by: User | None) -> Import:
    """Keep the file, encrypted, with the columns recognised. The same person bringing it again finds it where it was.

    Raises ``NotATable`` and ``AlreadyImported``.
    """
    text = importing.text_of(content)
    sheet = importing.read(text)
    digest = hashlib.sha256("\n".join(text.splitlines()).encode()).hexdigest()
    same = Import.objects.filter(service=service, digest=digest)
    if same.filter(state=ImportState.DONE).exists():
        raise AlreadyImported
    waiting = same.filter(state=ImportState.UPLOADED, by=by).exclude(content="").first()
    if waiting:
        return waiting
    brought = Import.objects.create(
        service=service,
        by=by,
        file_name=_name(file_name),
        content=text,
        digest=digest,
        mapping=importing.guess(sheet).stored(),
        total=len(sheet.rows),
    )
    record("import.uploaded", brought, by=by, lines=brought.total, service=service.name)
    return brought


@transaction.atomic
def check(brought: Import, *, mapping: Mapping) -> Checked:
    """Read every line with these columns and keep what is refused; imports nothing. May be done again."""
    brought = _lock(brought.pk, ImportState.RUNNING)
    checked = _checked(brought, mapping)
    brought.mapping = {**mapping.stored(), "already": _already_there(checked.lines)}
    brought.rejects = [reject.stored() for reject in checked.rejects]
    brought.done = brought.total
    brought.save(update_fields=["mapping", "rejects", "done"])
    return checked


def refused_lines(brought: Import) -> int:
    return len({reject["line"] for reject in brought.rejects if reject["line"]})


def good_lines(brought: Import) -> int:
    """How many lines a checked file would import; 0 before it is checked."""
    return brought.done - refused_lines(brought) if brought.done else 0


@transaction.atomic
def start(brought: Import, *, leave_rejects: bool = False, by: User | None) -> Import:
    """Ask for the import of a checked file. The worker does it; the clock takes it up when the worker cannot.

    Raises ``NotAllowedNow``, ``NotChecked``, ``NothingToImport``, and ``HasRejects`` unless ``leave_rejects``.
    """
    brought = _lock(brought.pk, ImportState.RUNNING)
    refused = refused_lines(brought)
    if not brought.done:
        raise NotChecked
    if not good_lines(brought):
        raise NothingToImport
    if refused and not leave_rejects:
        raise HasRejects(refused)
    _refuse_twice(brought)
    _move(brought, ImportState.RUNNING)
    record("import.started", brought, by=by, lines=good_lines(brought), left=refused)
    transaction.on_commit(lambda: tasks.ring(RUN, brought.pk))
    return brought


def refused_file(brought: Import, *, with_cells: bool) -> str:
    """The refused lines as CSV; their cells too ``with_cells``, while they are kept."""
    if with_cells and brought.state == ImportState.DONE and brought.content:
        return brought.content
    rejects = [Reject(**stored) for stored in brought.rejects if stored["line"]]
    is_whole = brought.state in (ImportState.UPLOADED, ImportState.RUNNING)
    return importing.refused_csv(rejects, importing.read(brought.content) if with_cells and is_whole else None)


def started() -> list[int]:
    """The files whose import was asked for and is not done: running now, or waiting for somebody to take them up."""
    return list(Import.objects.filter(state=ImportState.RUNNING).order_by("pk").values_list("pk", flat=True))


def run(import_pk: int, *, progress: Progress | None = None) -> None:
    """Import every good line of a started file, or nothing. Whoever else imports it at this moment is left alone.

    Killed in the middle, nothing is there and it may be run again. A file that was imported meanwhile is refused.
    """
    try:
        with transaction.atomic():
            waiting = Import.objects.filter(pk=import_pk, state=ImportState.RUNNING)
            brought = waiting.select_for_update(skip_locked=True, of=("self",)).select_related("service", "by").first()
            if brought:
                _import(brought, progress=progress or (lambda done: importing.tell(import_pk, done)))
    except RuleBroken as broken:
        refuse(import_pk, Reject(0, "", getattr(broken, "said", str(broken))), by=None)
    except IntegrityError as error:
        if ONCE not in str(error):
            raise
        refuse(import_pk, Reject(0, "", AlreadyImported.said), by=None)


def place_the_rest() -> None:
    """Group what files brought and nobody is grouping: their worker was killed, or never heard the bell."""
    for brought in importing.waiting():
        importing.place(brought, call_help=partial(tasks.ring, tasks.help_import, brought.pk, 0))


@transaction.atomic
def import_now(
    *,
    service: Service,
    content: bytes,
    file_name: str,
    mapping: Mapping,
    leave_rejects: bool,
    by: User | None,
    progress: Progress,
) -> Import:
    """Receive, check and import in one go, for a command: interrupted or refused, it leaves no trace.

    Raises what ``upload`` and ``start`` raise.
    """
    brought = upload(service=service, content=content, file_name=file_name, by=by)
    check(brought, mapping=mapping)
    brought = start(brought, leave_rejects=leave_rejects, by=by)
    try:
        _import(brought, progress=progress)
    except IntegrityError as error:
        raise (AlreadyImported() if ONCE in str(error) else error) from error
    return brought


@transaction.atomic
def refuse(import_pk: int, reason: Reject | None = None, *, by: User | None) -> None:
    """Nothing of this file is imported, and what it held is forgotten. ``reason`` stands before the refused lines."""
    brought = _lock(import_pk, ImportState.REFUSED)
    whole = [reason.stored()] if reason else []
    _move(brought, ImportState.REFUSED, content="", rejects=whole + brought.rejects, finished_at=Now())
    record("import.refused", brought, by=by, lines=brought.total)


@transaction.atomic
def purge_old() -> int:
    """Forget what files held ``KEPT_DAYS`` after they came; those nobody imported are refused. Returns how many."""
    old = Import.objects.filter(created_at__lt=Now() - timedelta(days=KEPT_DAYS)).exclude(content="")
    states = dict(old.select_for_update(skip_locked=True).values_list("pk", "state"))
    for key, state in states.items():
        if ImportState.REFUSED in IMPORT_MOVES[ImportState(state)]:
            refuse(key, Reject(0, "", EXPIRED, {"days": KEPT_DAYS}), by=None)
    return Import.objects.filter(pk__in=states).update(content="")


def _import(brought: Import, *, progress: Progress) -> None:
    """Inside the caller's transaction, on a locked row."""
    checked = _checked(brought, Mapping.of(brought.mapping))
    if len(checked.lines) != good_lines(brought):
        raise NotChecked
    lines = [line.details for line in checked.lines]
    imported = submit_past(lines, service=brought.service, imported_in=brought, by=brought.by, progress=progress)
    left = importing.refused_csv(checked.rejects, importing.read(brought.content)) if checked.rejects else ""
    _move(brought, ImportState.DONE, content=left, imported=imported, finished_at=Now())
    record("import.done", brought, by=None, imported=imported, left=checked.refused_lines)
    transaction.on_commit(lambda: tasks.ring(tasks.place_import, brought.pk))


def _checked(brought: Import, mapping: Mapping) -> Checked:
    return importing.check(importing.read(brought.content), mapping, service=brought.service)


def _already_there(lines: Iterable[Line]) -> int:
    keys = [line.details["idempotency_key"] for line in lines]
    return sum(
        Fiche.objects.filter(idempotency_key__in=keys[at : at + 1000]).count() for at in range(0, len(keys), 1000)
    )


def _refuse_twice(brought: Import) -> None:
    done = Import.objects.filter(service=brought.service, digest=brought.digest, state=ImportState.DONE)
    if done.exists():
        raise AlreadyImported


def _lock(import_pk: int, target: ImportState) -> Import:
    """The row, locked. Somebody else holds it only while it is imported: nobody waits for that."""
    rows = Import.objects.filter(pk=import_pk).select_related("service", "by")
    brought = rows.select_for_update(skip_locked=True, of=("self",)).first()
    if brought is None:
        raise NotAllowedNow(str(ImportState.RUNNING.label))
    if target not in IMPORT_MOVES[ImportState(brought.state)]:
        raise NotAllowedNow(brought.get_state_display())
    return brought


def _move(brought: Import, state: ImportState, **fields: object) -> None:
    for name, value in {**fields, "state": state}.items():
        setattr(brought, name, value)
    brought.save(update_fields=["state", *fields])


def _name(file_name: str) -> str:
    """The name to show: no folder, nothing that cannot be stored, 120 characters."""
    name = "".join(one for one in file_name.replace("\\", "/").rpartition("/")[2] if one.isprintable())
    return name[-120:] or _("file.csv")
