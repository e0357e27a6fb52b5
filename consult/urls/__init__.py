"""The addresses of the room, one module of addresses per person at the door."""

from consult.urls import basket, pages, propositions

app_name = "consult"

urlpatterns = [
    *basket.urlpatterns,
    *pages.urlpatterns,
    *propositions.urlpatterns,
]
