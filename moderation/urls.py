"""The addresses of the room. An address of a case is a number: what may not be read there is a 404."""

from django.urls import path

from moderation.views import notices, queue

app_name = "moderation"

urlpatterns = [
    path("moderation/", queue.waiting, name="queue"),
    path("moderation/<int:case>/", queue.case, name="case"),
    path("moderation/<int:case>/decider/", queue.decide, name="decide"),
    path("moderation/signaler/<int:case>/", notices.report, name="report"),
]
