"""The addresses of the service owner. An act that does not exist has no address."""

from collections.abc import Iterable

from django.urls import URLPattern, path, register_converter
from django.urls.converters import StringConverter

from feedback.views import owner, owner_acts, owner_exports, signals, themes


def _one_of(name: str, words: Iterable[str]) -> None:
    """A converter that accepts these words only."""
    register_converter(type(name, (StringConverter,), {"regex": "|".join(sorted(words))}), name)


_one_of("owner_act", owner_acts.ACTS)
_one_of("sorting_act", owner_acts.SORTING_ACTS)
_one_of("fiche_act", owner_acts.FICHE_ACTS)
_one_of("bulk_act", owner_acts.BULK_ACTS)

urlpatterns: list[URLPattern] = [
    path("pilotage/", owner.board, name="board"),
    path("pilotage/export.csv", owner_exports.board, name="board_export"),
    path("pilotage/textes-proches/", signals.signals, name="flood_signals"),
    path("pilotage/textes-proches/<int:pk>/vu/", signals.seen, name="flood_seen"),
    path("pilotage/vues/", owner.save_view, name="save_view"),
    path("pilotage/vues/<int:pk>/supprimer/", owner.delete_view, name="delete_view"),
    path("pilotage/themes/<int:pk>/", themes.rename, name="theme"),
    path("pilotage/selection/<bulk_act:act>/", owner_acts.selection, name="selection"),
    path("pilotage/irritants/<int:number>/", owner.pain_point, name="pain_point"),
    path("pilotage/irritants/<int:number>/export.csv", owner_exports.passages, name="pain_point_export"),
    path("pilotage/irritants/<int:number>/<owner_act:act>/", owner_acts.act, name="act"),
    path("pilotage/a-trier/", owner.to_sort, name="sorting"),
    path("pilotage/a-trier/sans-service/", owner.without_service, name="without_service"),
    path("pilotage/a-trier/<sorting_act:act>/", owner_acts.sort, name="sort"),
    path("pilotage/fiches/<str:reference>/", owner.fiche, name="fiche"),
    path("pilotage/fiches/<str:reference>/original/", owner_acts.read_original, name="read_original"),
    path("pilotage/fiches/<str:reference>/<fiche_act:act>/", owner_acts.fiche_act, name="fiche_act"),
]
