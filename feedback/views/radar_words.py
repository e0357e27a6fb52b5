"""The sentences of the pages about documents."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from directory.models import Service, SupportingDocument
from feedback import policies
from feedback.radar.matrix import Matrix


def administrations() -> list[tuple[int, str]]:
    """The choices of the filter, by name."""
    found = {one.administration_id: one.administration.name for one in policies.services_to_read()}
    return sorted(found.items(), key=lambda pair: pair[1])


def summary(table: Matrix) -> str:
    """The figure first: how often a document is named, and how often it is asked again."""
    named = ngettext(
        "%(count)s time, a fiche names a document.", "%(count)s times, a fiche names a document.", table.fiches
    )
    again = ngettext(
        "%(count)s time, it says that it is asked again.",
        "%(count)s times, it says that it is asked again.",
        table.again,
    )
    return f"{_counted(named, table.fiches)} {_counted(again, table.again)}"


def _counted(words: str, count: int) -> str:
    return words % {"count": number_format(count, force_grouping=True)}


def issuer_line(document: SupportingDocument) -> str:
    """Who issues it; empty when nobody said."""
    if not document.issuer_name:
        return ""
    said = {"issuer": document.issuer_name, "service": document.issuing_service}
    if document.issuing_service:
        return _("Issued by: %(issuer)s (%(service)s).") % said
    return _("Issued by: %(issuer)s.") % said


def people_of(service: Service) -> list[str]:
    """The names of those who answer for a service."""
    return [str(person) for person in policies.members_of(service).order_by("name")]
