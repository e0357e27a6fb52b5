"""The addresses of the room, one module of addresses per person at the door."""

from consult.urls import (
    basket,
    debate,
    deciding,
    feeds,
    following,
    lots,
    maps,
    meetings,
    merging,
    pages,
    propositions,
    surveys,
    synthesis,
    theming,
    visiting,
)

app_name = "consult"

urlpatterns = [
    *feeds.urlpatterns,
    *visiting.urlpatterns,
    *pages.urlpatterns,
    *propositions.urlpatterns,
    *debate.urlpatterns,
    *deciding.urlpatterns,
    *merging.urlpatterns,
    *theming.urlpatterns,
    *synthesis.urlpatterns,
    *basket.urlpatterns,
    *surveys.urlpatterns,
    *meetings.urlpatterns,
    *lots.urlpatterns,
    *maps.urlpatterns,
    *following.urlpatterns,
]
