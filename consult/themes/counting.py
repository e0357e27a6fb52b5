"""How much each theme holds: of what a person validated, and of what waits for one."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q

from consult.models import Theme, ThemeMember

_STANDS = Q(is_out=False, proposition__is_shown=True, proposition__state="published") & (
    Q(argument=None) | Q(argument__is_shown=True, argument__withdrawn_at=None)
)
_PROPOSITION = Q(argument=None)


@dataclass(frozen=True)
class Held:
    """Propositions and arguments of a theme; ``waiting``: its texts that no person validated yet."""

    propositions: int = 0
    arguments: int = 0
    waiting: int = 0


def held_by(themes: Iterable[Theme], *, public: bool) -> dict[int, Held]:
    """By key of the theme, in one question. ``public``: only what a person validated."""
    rows = ThemeMember.objects.filter(_STANDS, theme__in=[theme.pk for theme in themes])
    if public:
        rows = rows.filter(is_validated=True)
    counted = rows.values("theme").annotate(
        propositions=Count("pk", filter=_PROPOSITION),
        arguments=Count("pk", filter=~_PROPOSITION),
        waiting=Count("pk", filter=Q(is_validated=False)),
    )
    return {row.pop("theme"): Held(**row) for row in counted}
