"""The letter to the author whose former text was taken out alone."""

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consult import recipients
from consult.models import Participant, Proposition, Version
from letters.actions import promise
from letters.models import Letter
from letters.renderers import Message, from_templates
from letters.topics import Topic

KIND = "consult.version_removed"
TOPIC = Topic(
    "consult.versions",
    gettext_lazy("Former texts taken out"),
    gettext_lazy("Always sent: a moderator took a former version of your proposition out, and by which rule."),
    (KIND,),
)


def tell(version: Version, proposition: Proposition) -> Letter | None:
    author = Participant.objects.select_related("user").get(pk=proposition.author_id)
    address = recipients.address_of(author)
    if not address:
        return None
    campaign = f"{KIND}:{version.pk}"
    return promise(KIND, key=version.pk, campaign=campaign, recipient=address, address=address)


def render(letter: Letter) -> Message:
    version = Version.objects.select_related("proposition__consultation__page").get(pk=letter.key)
    page = version.proposition.consultation.page
    context = {
        "version": version,
        "proposition": version.proposition,
        "page": page,
        "contact": "\n".join(
            line for line in (page.contact_name, page.contact_email, page.contact_phone, page.contact_address) if line
        ),
        "link": settings.BASE_URL + version.proposition.get_absolute_url(),
    }
    return from_templates(
        "consult_version_removed", subject=_("A former version of your text was taken out"), context=context
    )
