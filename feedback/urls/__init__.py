"""The addresses of the room, one module of addresses per person at the door."""

from feedback.urls import answering, citizen, imports, owner, public, radar, regrouping

app_name = "feedback"

urlpatterns = [
    *citizen.urlpatterns,
    *public.urlpatterns,
    *owner.urlpatterns,
    *answering.urlpatterns,
    *imports.urlpatterns,
    *radar.urlpatterns,
    *regrouping.urlpatterns,
]
