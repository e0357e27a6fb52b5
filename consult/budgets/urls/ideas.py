"""The addresses of ideas, and of making projects of them."""

from django.urls import path

from consult.budgets.views import basket, ideas, regrouping, suggesting, supporting, visiting

_AT = "budgets/<slug:slug>/idees"

urlpatterns = [
    path(f"{_AT}/", ideas.ideas, name="ideas"),
    path(f"{_AT}/nouvelle/", suggesting.suggest, name="suggest"),
    path(f"{_AT}/proches/", suggesting.near, name="near_ideas"),
    path(f"{_AT}/brouillon/", suggesting.draft, name="idea_draft"),
    path(f"{_AT}/brouillon/photo/", suggesting.draft_photo, name="draft_photo"),
    path(f"{_AT}/regrouper/", regrouping.board, name="regroup"),
    path(f"{_AT}/regrouper/projet/", regrouping.make, name="make_project"),
    path("budgets/<slug:slug>/corbeille/", basket.basket, name="basket"),
    path("budgets/<slug:slug>/courriel/", visiting.address, name="visitor"),
    path(f"{_AT}/<int:number>/", ideas.idea, name="idea"),
    path(f"{_AT}/<int:number>/photo/", ideas.photo, name="photo"),
    path(f"{_AT}/<int:number>/soutenir/", supporting.give, name="support"),
    path(f"{_AT}/<int:number>/retirer/", supporting.take_back, name="withdraw_idea"),
    path(f"{_AT}/<int:number>/ecarter/", regrouping.set_aside, name="set_aside"),
]
