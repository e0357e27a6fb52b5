from django.urls import path, register_converter

from feedback.views import citizen, tracking


class ReferenceConverter:
    """What may stand for a reference in an address: typed by hand, it may be in lower case."""

    regex = r"[A-Za-z0-9-]{8,24}"

    def to_python(self, value: str) -> str:
        return value.upper()

    def to_url(self, value: str) -> str:
        return value


register_converter(ReferenceConverter, "reference")

urlpatterns = [
    path("services/", citizen.services, name="services"),
    path("services/trouver/", citizen.find_service, name="find_service"),
    path("services/guichets/", citizen.offices, name="offices"),
    path("services/<slug:slug>/", citizen.service, name="service"),
    path("services/<slug:slug>/fiche/", citizen.file_for, name="file_for"),
    path("fiche/", citizen.file, name="file"),
    path("fiche/proche/", citizen.near, name="near"),
    path("suivi/", tracking.tracking_home, name="tracking_home"),
    path("suivi/<reference:reference>/", tracking.tracking, name="tracking"),
    path("suivi/<reference:reference>/recepisse/", tracking.receipt, name="receipt"),
    path("suivi/<reference:reference>/mes-donnees/", tracking.data_export, name="data_export"),
    path("suivi/<reference:reference>/effacer/", tracking.data_erase, name="data_erase"),
]
