"""Where projects are studied, then built: evaluators, editors and administrators; and following a project."""

from django.urls import path

from consult.budgets.views import following, study_board, studying, works

urlpatterns = [
    path("etudes/", study_board.mine, name="studies"),
    path("etudes/<slug:slug>/", study_board.board, name="study_board"),
    path("etudes/<slug:slug>/publier/", study_board.publish, name="publish_studies"),
    path("etudes/<slug:slug>/projets/<int:number>/", studying.study, name="study"),
    path("etudes/<slug:slug>/projets/<int:number>/retrait/", studying.withdraw, name="withdraw_project"),
    path("etudes/<slug:slug>/projets/<int:number>/travaux/", works.works, name="works"),
    path("budgets/<slug:slug>/projets/<int:number>/suivre/", following.follow, name="follow_project"),
]
