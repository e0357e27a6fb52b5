"""The acknowledgement that CRPA R112-11-1 asks for: date, service in charge, its addresses and telephone."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _
from wagtail.models import Site

from feedback import references
from feedback.letters.links import tracking_url
from feedback.models import Fiche
from letters.models import Letter
from letters.renderers import Message, from_templates
from pages.models import SiteIdentity

RECEIPT = "feedback.receipt"  # the kind of letter


@dataclass(frozen=True)
class Desk:
    """Who answers, and how to reach them."""

    name: str
    administration: str
    postal_address: str
    email: str
    phone: str


def desk_of(fiche: Fiche) -> Desk:
    """The service in charge; the town itself while nobody has said which service it is about."""
    service = fiche.service
    if service is None:
        town = SiteIdentity.of(Site.objects.filter(is_default_site=True).first())
        return Desk(_("Service to be found"), town.name, town.address, town.email, town.phone)
    return Desk(service.name, str(service.administration), service.postal_address, service.email, service.phone)


def expected_on(fiche: Fiche) -> date | None:
    """The day by which the service undertakes to answer; None while the service is unknown."""
    return fiche.received_on + timedelta(days=fiche.service.response_target_days) if fiche.service else None


def spelled(reference: str) -> str:
    """The reference as one says it on the telephone, character by character."""
    names = _("zero one two three four five six seven eight nine").split()
    return ", ".join(names[int(c)] if c.isdecimal() else c for c in reference.replace("-", ""))


def render_receipt(letter: Letter) -> Message:
    """The receipt by e-mail: everything needed to follow the fiche, and nothing of what was written in it."""
    fiche = Fiche.objects.select_related("service__administration").get(pk=letter.key)
    context = {
        "fiche": fiche,
        "key": references.tracking_key(fiche),
        "desk": desk_of(fiche),
        "expected_on": expected_on(fiche),
        "link": tracking_url(fiche),
    }
    subject = _("Your fiche %(reference)s is recorded") % {"reference": fiche.reference}
    return from_templates("receipt", subject=subject, context=context)
