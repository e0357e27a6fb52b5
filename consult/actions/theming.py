"""What people decide about the themes of a consultation; no machine undoes any of it.

Each act holds the lock of the themes (``themes.finding.lock``), so that a search that ends meanwhile sees it.
"""

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.db.models import F

from accounts.models import User
from consult import tasks, texts
from consult.choices import RunState, ThemeState
from consult.errors import NameTaken, NotAllowedNow
from consult.models import Consultation, Proposition, Theme, ThemeMember, ThemeRun
from consult.themes.finding import NAME, lock
from journal.actions import record

LIVING = (ThemeState.SUGGESTED, ThemeState.VALIDATED)


@transaction.atomic
def search(consultation: Consultation, *, by: User) -> ThemeRun:
    """Ask the machine; the search under way when there is one."""
    ThemeRun.objects.bulk_create([ThemeRun(consultation=consultation, asked_by=by)], ignore_conflicts=True)
    running = ThemeRun.objects.filter(consultation=consultation, state__in=[RunState.WAITING, RunState.WORKING])
    run = running.first() or ThemeRun.objects.filter(consultation=consultation).latest("pk")
    record("consultation.themes_searched", consultation, by=by)
    transaction.on_commit(lambda: tasks.ring(tasks.find_themes, run.pk))
    return run


@transaction.atomic
def validate(theme: Theme, *, by: User) -> Theme:
    """Everybody may read it, with the texts that it holds now. Raises ``NotAllowedNow``."""
    mine = _held(theme)
    Theme.objects.filter(pk=mine.pk).update(state=ThemeState.VALIDATED)
    ThemeMember.objects.filter(theme=mine, is_out=False).update(is_validated=True)
    record("consultation.theme_validated", mine.consultation, by=by, theme=mine.pk, name=mine.name)
    return mine


@transaction.atomic
def rename(theme: Theme, name: str, *, by: User) -> Theme:
    """Raises ``NameTaken``, ``NotAllowedNow``."""
    mine = _held(theme)
    try:
        with transaction.atomic():
            Theme.objects.filter(pk=mine.pk).update(name=texts.line(name)[:NAME], is_name_human=True)
    except IntegrityError as taken:
        raise NameTaken from taken
    record("consultation.theme_renamed", mine.consultation, by=by, theme=mine.pk, before=mine.name, after=name)
    mine.refresh_from_db()
    return mine


@transaction.atomic
def merge(theme: Theme, into: Theme, *, by: User) -> Theme:
    """All its texts go into the other one; what resembles it later goes there too. Raises ``NotAllowedNow``."""
    mine, other = _held(theme), _held(into)
    if mine.pk == other.pk or mine.consultation_id != other.consultation_id:
        raise NotAllowedNow(mine.get_state_display())
    _move(ThemeMember.objects.filter(theme=mine), other)
    Theme.objects.filter(merged_into=mine).update(merged_into=other)
    Theme.objects.filter(pk=mine.pk).update(state=ThemeState.MERGED, merged_into=other)
    record("consultation.themes_merged", mine.consultation, by=by, theme=mine.pk, into=other.pk, name=other.name)
    return other


@transaction.atomic
def set_aside(theme: Theme, *, by: User) -> Theme:
    """It is no theme; what resembles it is not suggested again. Raises ``NotAllowedNow``."""
    mine = _held(theme)
    Theme.objects.filter(pk=mine.pk).update(state=ThemeState.ASIDE)
    record("consultation.theme_set_aside", mine.consultation, by=by, theme=mine.pk, name=mine.name)
    return mine


@transaction.atomic
def take_out(theme: Theme, members: Iterable[ThemeMember], *, by: User, into: Theme | None = None) -> int:
    """Take these texts out for good; into another theme when one is named. How many."""
    mine = _held(theme)
    other = _held(into) if into else None
    keys = [one.pk for one in members]
    rows = ThemeMember.objects.filter(theme=mine, pk__in=keys, is_out=False)
    sources = list(rows.values_list("proposition", "argument"))
    count = rows.update(is_out=True, is_human=True, is_validated=False)
    if other:
        _put(other, sources)
    record("consultation.theme_changed", mine.consultation, by=by, theme=mine.pk, out=count, into=other and other.pk)
    return count


@transaction.atomic
def put(theme: Theme, propositions: Iterable[Proposition], *, by: User) -> int:
    """Put these propositions in the theme, and keep them there; how many."""
    mine = _held(theme)
    count = _put(mine, [(one.pk, None) for one in propositions if one.consultation_id == mine.consultation_id])
    record("consultation.theme_changed", mine.consultation, by=by, theme=mine.pk, put=count)
    return count


def _put(theme: Theme, sources: Iterable[tuple[int, int | None]]) -> int:
    """A person says it: validated at once, when the theme is."""
    is_public = theme.state == ThemeState.VALIDATED
    rows = [
        ThemeMember(theme=theme, proposition_id=one, argument_id=argument, is_human=True, is_validated=is_public)
        for one, argument in sources
    ]
    ThemeMember.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["theme", "proposition", "argument"],
        update_fields=["is_human", "is_out", "is_validated"],
    )
    return len(rows)


def _move(rows: Iterable[ThemeMember], into: Theme) -> None:
    """Where both hold a text, what a person said of it in the one that stays wins."""
    known = set(ThemeMember.objects.filter(theme=into).values_list("proposition", "argument"))
    moving = [one for one in rows if (one.proposition_id, one.argument_id) not in known]
    ThemeMember.objects.filter(pk__in=[one.pk for one in moving]).update(
        theme=into, is_validated=F("is_validated") if into.state == ThemeState.VALIDATED else False
    )


def _held(theme: Theme) -> Theme:
    found = Theme.objects.select_related("consultation").get(pk=theme.pk)
    lock(found.consultation)
    found.refresh_from_db()
    if found.state not in LIVING:
        raise NotAllowedNow(found.get_state_display())
    return found
