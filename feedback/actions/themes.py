"""What people say about themes: their names, and which pain point stands under which. No regrouping undoes it."""

from django.db import transaction

from accounts.models import User
from feedback.choices import PainPointState
from feedback.errors import NotAllowedNow, ThemeGone, ThemeNameTaken
from feedback.grouping.theming import lock_themes
from feedback.models import PainPoint, Theme
from feedback.moves import lock
from journal.actions import record

NO_MORE = (PainPointState.DISMISSED, PainPointState.MERGED)


@transaction.atomic
def rename(theme: Theme, *, name: str, by: User) -> Theme:
    """A name given by a person: it stays, and so does what the theme holds.

    Raises ``ThemeNameTaken``, ``ThemeGone``.
    """
    lock_themes()
    theme = _fresh(theme)
    before, name = theme.name, " ".join(name.split())
    if name == before and theme.is_name_human:
        return theme
    if Theme.objects.called(name).exclude(pk=theme.pk).exists():
        raise ThemeNameTaken(name)
    theme.name, theme.is_name_human = name, True
    theme.save(update_fields=["name", "is_name_human"])
    record("theme.renamed", theme, by=by, before=before, after=name)
    return theme


@transaction.atomic
def choose(pain_point: PainPoint, *, theme: Theme | None, name: str = "", by: User) -> PainPoint:
    """Put it under ``theme``, or under the one called ``name``, made when nobody has; with neither, under none.

    Raises ``NotAllowedNow`` for what was merged or set aside, ``ThemeGone``.
    """
    lock_themes()
    pain_point = lock(pain_point)
    if pain_point.state in NO_MORE:
        raise NotAllowedNow(pain_point.get_state_display())
    before = pain_point.theme_id
    if name := " ".join(name.split()):
        theme = Theme.objects.called(name).first() or Theme.objects.create(name=name, is_name_human=True)
    elif theme is not None:
        theme = _fresh(theme)
    if pain_point.is_theme_human and before == (theme.pk if theme else None):
        return pain_point
    pain_point.theme, pain_point.is_theme_human = theme, True
    pain_point.save(update_fields=["theme", "is_theme_human"])
    record("pain_point.themed", pain_point, by=by, before=before, after=theme.pk if theme else None)
    return pain_point


def _fresh(theme: Theme) -> Theme:
    """As it is under the lock."""
    found = Theme.objects.filter(pk=theme.pk).first()
    if found is None:
        raise ThemeGone
    return found
