"""Who may read the themes of a consultation: everybody, those that a person validated; those who decide, the living."""

from django.db.models import Q, QuerySet

from consult import policies
from consult.models import Argument, Consultation, Theme, ThemeMember, ThemeRun


def arguments_of_listed(consultation: Consultation) -> QuerySet[Argument]:
    """Those that stand under propositions that stand."""
    listed = policies.propositions_to_list().filter(consultation=consultation)
    return Argument.objects.filter(is_shown=True, withdrawn_at=None, proposition__in=listed.values("pk"))


def themes_to_read(consultation: Consultation) -> QuerySet[Theme]:
    """Those that a person validated, by name."""
    return Theme.objects.public().filter(consultation=consultation).order_by("name")


def themes_to_validate(consultation: Consultation) -> QuerySet[Theme]:
    """Those that live, suggested ones too: for those who decide."""
    return Theme.objects.living().filter(consultation=consultation).order_by("name")


def members_to_validate(theme: Theme) -> QuerySet[ThemeMember]:
    """Its texts that everybody may read, the closest first: for those who decide."""
    standing = Q(argument=None) | Q(argument__is_shown=True, argument__withdrawn_at=None)
    shown = ThemeMember.objects.filter(standing, theme=theme, is_out=False, proposition__is_shown=True)
    return shown.select_related("proposition", "argument").order_by("-is_human", "-score", "pk")


def searches_for_themes(consultation: Consultation) -> QuerySet[ThemeRun]:
    """The last first: for those who decide."""
    return ThemeRun.objects.filter(consultation=consultation).order_by("-pk")
