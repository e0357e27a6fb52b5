"""The menu of administrators under Wagtail: the tools that are told."""

from django.urls import URLPattern, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from accounts.wagtail_hooks import AdministratorItem
from webhooks.views import administration


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    return [
        path("outils-prevenus/", administration.webhooks, name="webhooks_list"),
        path("outils-prevenus/nouveau/", administration.new, name="webhooks_new"),
        path("outils-prevenus/<int:pk>/", administration.one, name="webhooks_one"),
        path("outils-prevenus/<int:pk>/<slug:name>/", administration.act, name="webhooks_act"),
    ]


@hooks.register("register_admin_menu_item")
def webhooks_item() -> MenuItem:
    return AdministratorItem(_("Linked tools"), reverse_lazy("webhooks_list"), icon_name="link", order=720)
