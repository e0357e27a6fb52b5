"""The address of what was removed from a consultation."""

from django.urls import path

from consult.views import basket

urlpatterns = [
    path("consultations/<slug:slug>/corbeille/", basket.basket, name="basket"),
]
