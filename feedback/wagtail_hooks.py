"""The menu of administrators under Wagtail: what the grouping works with."""

from django.urls import URLPattern, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from accounts.wagtail_hooks import AdministratorItem
from feedback.views import administration, administration_documents


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    return [
        path("irritants-frequents/", administration.archetypes, name="feedback_archetypes"),
        path("irritants-frequents/nouveau/", administration.archetype, name="feedback_archetype_new"),
        path("irritants-frequents/<int:pk>/", administration.archetype, name="feedback_archetype"),
        path("justificatifs/", administration_documents.documents, name="feedback_documents"),
        path("justificatifs/nouveau/", administration_documents.document, name="feedback_document_new"),
        path("justificatifs/<int:pk>/", administration_documents.document, name="feedback_document"),
        path("justificatifs/<int:pk>/supprimer/", administration_documents.delete, name="feedback_document_delete"),
        path("sens-des-phrases/", administration.encoder, name="feedback_encoder"),
    ]


@hooks.register("register_admin_menu_item")
def archetypes_item() -> MenuItem:
    return AdministratorItem(_("Frequent pain points"), reverse_lazy("feedback_archetypes"), icon_name="tag", order=730)


@hooks.register("register_admin_menu_item")
def documents_item() -> MenuItem:
    return AdministratorItem(
        _("Supporting documents"), reverse_lazy("feedback_documents"), icon_name="doc-full-inverse", order=720
    )


@hooks.register("register_admin_menu_item")
def encoder_item() -> MenuItem:
    return AdministratorItem(_("Meaning of sentences"), reverse_lazy("feedback_encoder"), icon_name="cogs", order=740)
