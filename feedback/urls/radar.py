"""The addresses of « Dites-le-nous une fois »."""

from django.urls import URLPattern, path

from feedback.views import radar

urlpatterns: list[URLPattern] = [
    path("pilotage/justificatifs/", radar.radar, name="radar"),
    path("pilotage/justificatifs/export.csv", radar.export, name="radar_export"),
    path("pilotage/justificatifs/demandes-par/<slug:slug>/", radar.declares, name="radar_declares"),
    path("pilotage/justificatifs/<slug:key>/", radar.document, name="radar_document"),
    path("pilotage/justificatifs/<slug:key>/signaler/", radar.raise_document, name="radar_raise"),
    path("pilotage/justificatifs/<slug:key>/chez/<slug:slug>/", radar.cell, name="radar_cell"),
]
