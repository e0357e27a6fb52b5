"""The letter that a visitor receives, and the link in it.

Somebody else may have typed this address: the letter repeats nothing of what was written, only what it was. Opening
the link writes nothing (docs/decisions/0002): the page has the button.
"""

from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.urls import reverse
from django.utils.translation import gettext as _

from consult import awaiting, people
from consult.choices import Awaited
from consult.models import VisitorAct
from letters.actions import promise
from letters.models import Letter
from letters.renderers import Message, from_templates

CONFIRM = "consult.confirm"


def ask(act: VisitorAct, *, when: int) -> None:
    """One letter about this act for each ``when``: a double click sends one, asking again later sends another."""
    campaign = f"{CONFIRM}:{act.pk}:{when}"
    promise(CONFIRM, key=act.pk, campaign=campaign, recipient=act.email, address=act.email)


def token(act: VisitorAct) -> str:
    return _signer().sign(str(act.pk))


def act_of(token: str) -> int | None:
    """The key of the act that this token opens; None when it was altered, is too old, or has another purpose."""
    try:
        return int(_signer().unsign(token, max_age=timedelta(days=settings.VISITOR_ACT_DAYS)))
    except (BadSignature, ValueError):
        return None


def _signer() -> TimestampSigner:
    return TimestampSigner(sep=".", salt="consult.confirm")


def render_confirm(letter: Letter) -> Message:
    act = VisitorAct.objects.select_related("consultation__page").get(pk=letter.key)
    context = {
        "act": act,
        "page": awaiting.page_of(act),
        "is_budget": Awaited(act.kind) in (Awaited.IDEA, Awaited.SUPPORT),
        "has_account": bool(act.email) and people.account_behind(act.email) is not None,
        "link": settings.BASE_URL + reverse("consult:confirm", args=[token(act)]),
        "until": act.purge_on,
        "visits": settings.BASE_URL + reverse("consult:visits"),
    }
    return from_templates("consult_confirm", subject=subject(Awaited(act.kind)), context=context)


def subject(kind: Awaited) -> str:
    return {
        Awaited.PROPOSITION: _("Confirm your proposition"),
        Awaited.ARGUMENT: _("Confirm your argument"),
        Awaited.REPLY: _("Confirm your answer"),
        Awaited.VOTE: _("Confirm your vote"),
        Awaited.USEFUL: _("Confirm your choice"),
        Awaited.RECOGNISE: _("Take part again from this device"),
        Awaited.SURVEY: _("Confirm your answers"),
        Awaited.SEAT: _("Confirm your registration"),
        Awaited.VOLUNTEER: _("Confirm your registration"),
        Awaited.STANCE: _("Confirm your answer"),
        Awaited.STATEMENT: _("Confirm your statement"),
        Awaited.IDEA: _("Confirm your idea"),
        Awaited.SUPPORT: _("Confirm your support"),
    }[kind]
