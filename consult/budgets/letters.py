"""What somebody who votes is told by e-mail: that a ballot was cast, changed or taken back, or still waits.

Never what was chosen, nor the code of the receipt: a mailbox may be read by others.
"""

from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consult.budgets.choices import BudgetPhaseKind
from consult.budgets.models import Budget, BudgetPhase, Envelope
from consult.models import Participant
from letters.actions import promise
from letters.models import Letter
from letters.renderers import Message, NothingLeft, from_templates
from letters.topics import Topic
from pages.dates import long_moment

CAST, CHANGED, WITHDRAWN, NOT_CAST = "budgets.cast", "budgets.changed", "budgets.withdrawn", "budgets.not_cast"


def acknowledge(kind: str, envelope: Envelope, *, to: Participant) -> None:
    """One letter an act, promised apart from it: the rows of a vote share no transaction with a name."""
    address = to.user.email if to.user else ""
    if not address:
        return
    transaction.on_commit(
        lambda: promise(kind, key=envelope.pk, campaign=f"{kind}:{uuid4()}", recipient=address, address=address)
    )


def render(letter: Letter) -> Message:
    """The same words whatever was chosen."""
    envelope = Envelope.objects.select_related("page").get(pk=letter.key)
    page = envelope.page
    many = Envelope.objects.filter(page=page).count() > 1
    subject = {
        CAST: _("Your ballot is cast"),
        CHANGED: _("Your ballot is changed"),
        WITHDRAWN: _("Your ballot is taken back"),
    }[letter.kind]
    with timezone.override(page.zone):
        closes = BudgetPhase.objects.get(page=page, kind=BudgetPhaseKind.BALLOT).closes_at
        context = {
            "kind": letter.kind.partition(".")[2],
            "page": page,
            "envelope": envelope.title if many else "",
            "until": long_moment(closes),
            "link": settings.BASE_URL + reverse("budgets:ballot", args=[page.slug]),
        }
        return from_templates("budgets_ballot", subject=subject, context=context)


def render_not_cast(letter: Letter) -> Message:
    """Before closing, once: what was chosen does not count. Nothing is left to tell once it is closed."""
    budget = Budget.objects.select_related("page").get(pk=letter.key)
    page = budget.page
    phase = BudgetPhase.objects.filter(page=page, kind=BudgetPhaseKind.BALLOT, closes_at__gt=timezone.now()).first()
    if phase is None:
        raise NothingLeft
    with timezone.override(page.zone):
        context = {
            "page": page,
            "until": long_moment(phase.closes_at),
            "link": settings.BASE_URL + reverse("budgets:ballot", args=[page.slug]),
        }
        return from_templates("budgets_not_cast", subject=_("Your ballot is not cast"), context=context)


RENDERERS = {CAST: render, CHANGED: render, WITHDRAWN: render, NOT_CAST: render_not_cast}
TOPIC = Topic(
    "budgets.ballot",
    gettext_lazy("Your ballot in a participatory budget"),
    gettext_lazy("Always sent: that your ballot was cast, changed or taken back, or that it is not cast yet."),
    (CAST, CHANGED, WITHDRAWN, NOT_CAST),
)
