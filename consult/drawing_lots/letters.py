"""Letters to volunteers: in the list, in the panel, not drawn, called later, cancelled.

The outbox holds keys only: words are put together when the letter leaves, from what is then true.
"""

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consult import policies, recipients
from consult.choices import VolunteerState
from consult.models import Draw, PanelPage, Volunteer
from letters.actions import promise
from letters.models import Letter
from letters.renderers import Message, NothingLeft, from_templates
from letters.topics import Topic

PANEL = "consult.panel"
TOPIC = Topic(
    "consult.panels",
    gettext_lazy("Panels drawn by lot for which you volunteer"),
    gettext_lazy("Always sent: your number in the list, then whether you are drawn."),
    (PANEL,),
)
_SALT = "consult.volunteer"


def token_of(volunteer: Volunteer) -> str:
    """What opens one's own place in the list from the letter, without an account."""
    return signing.dumps(volunteer.pk, salt=_SALT)


def volunteer_behind(token: str) -> int | None:
    """Their key; None for anything that we did not sign."""
    try:
        return signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None


def tell(volunteer: Volunteer, *, about: str) -> None:
    """Promise a letter that says where they stand; one for each ``about``."""
    address = recipients.address_of(volunteer.participant) if volunteer.participant else ""
    if address:
        campaign = f"{PANEL}:{volunteer.pk}:{about}"
        promise(PANEL, key=volunteer.pk, campaign=campaign, recipient=address, address=address, language="fr")


def tell_all(panel: PanelPage, *, about: str) -> None:
    """Everybody in the list who did not leave."""
    people = Volunteer.objects.filter(panel=panel.pk).exclude(state=VolunteerState.LEFT)
    for one in people.select_related("participant__user").order_by("pk"):
        tell(one, about=about)


def render(letter: Letter) -> Message:
    """Where this volunteer stands now."""
    one = Volunteer.objects.select_related("panel").filter(pk=letter.key).first()
    if one is None or one.state == VolunteerState.LEFT:
        raise NothingLeft
    panel = one.panel
    page, draw = policies.consultation_above(panel).page, Draw.objects.filter(panel=panel).first()
    is_drawn = bool(draw and draw.drawn_at)
    with timezone.override(page.zone):
        context = {
            "panel": panel,
            "page": page,
            "volunteer": one,
            "draw": draw,
            "is_drawn": is_drawn,
            "is_member": one.state == VolunteerState.DRAWN,
            "url": settings.BASE_URL + panel.get_absolute_url(),
            "mine_url": settings.BASE_URL + reverse("consult:volunteer", args=[token_of(one)]),
        }
        return from_templates("consult_panel", subject=_subject(one, is_drawn), context=context)


def _subject(one: Volunteer, is_drawn: bool) -> str:
    told = {"panel": one.panel.title}
    if one.panel.cancelled_reason:
        return _("Cancelled: %(panel)s") % told
    if one.state == VolunteerState.DRAWN:
        return _("You are drawn: %(panel)s") % told
    return (_("You are not drawn: %(panel)s") if is_drawn else _("You are in the list: %(panel)s")) % told
