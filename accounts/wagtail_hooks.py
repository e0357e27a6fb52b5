"""The menus of administrators under Wagtail. Wagtail's own pages of users stay for superusers alone."""

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from accounts.policies import may_keep_people
from accounts.views import outbox, people


class AdministratorItem(MenuItem):
    """For administrators only; asked of the database once per page, however many items there are."""

    def is_shown(self, request: HttpRequest) -> bool:
        if not hasattr(request, "keeps_people"):
            request.keeps_people = may_keep_people(request.user)
        return request.keeps_people


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    return [
        path("personnes/", people.people, name="accounts_people"),
        path("personnes/inviter/", people.invite, name="accounts_invite"),
        path("personnes/<int:pk>/", people.person, name="accounts_person"),
        path("personnes/<int:pk>/roles/<int:role>/retirer/", people.revoke, name="accounts_revoke"),
        path("personnes/<int:pk>/<slug:name>/", people.act, name="accounts_act"),
        path("courriers/", outbox.letters, name="accounts_letters"),
        path("courriers/<int:pk>/<slug:name>/", outbox.decide, name="accounts_letter_act"),
    ]


@hooks.register("register_admin_menu_item")
def people_item() -> MenuItem:
    return AdministratorItem(_("People and roles"), reverse("accounts_people"), icon_name="group", order=700)


@hooks.register("register_admin_menu_item")
def letters_item() -> MenuItem:
    return AdministratorItem(_("Letters to look at"), reverse("accounts_letters"), icon_name="mail", order=710)
