"""The addresses of the room, one module of addresses per person at the door."""

from consult.urls import pages, propositions

app_name = "consult"

urlpatterns = [
    *pages.urlpatterns,
    *propositions.urlpatterns,
]
