"""What moderation writes to people: to moderators, to those who reported, to the author of a text.

The outbox holds keys only: words are put together when the letter leaves, in the language of the person.
"""

from django.conf import settings
from django.db.models import Count, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.choices import RoleKind
from accounts.policies import holds
from letters.actions import promise
from letters.choices import Frequency
from letters.models import Letter
from letters.renderers import Message, from_templates
from letters.topics import Topic
from moderation import kinds, policies
from moderation.choices import NEVER_SHOWN_AGAIN, CaseState, Outcome
from moderation.models import Case, Decision, Notice

ALERT = "moderation.alert"
ANSWER = "moderation.answer"
REASONS = "moderation.reasons"
EXCERPT = 320


def alert(case: Case) -> None:
    """Moderators learn that something waits: one letter an hour each, however many notices come."""
    hour = timezone.now().strftime("%Y%m%d%H")
    for person in policies.moderators():
        campaign = f"moderation.alert:{hour}"
        promise(
            ALERT,
            key=case.pk,
            campaign=campaign,
            recipient=person.email,
            address=person.email,
            language=settings.LANGUAGE_CODE,
        )


def answer(decision: Decision) -> None:
    """Whoever left an address when reporting learns what was decided."""
    for notice in Notice.objects.filter(decision=decision).exclude(email=""):
        campaign = f"moderation.answer:{decision.pk}"
        promise(ANSWER, key=notice.pk, campaign=campaign, recipient=notice.email, address=notice.email)


def tell_author(decision: Decision, *, address: str, language: str | None = None) -> None:
    """The statement of reasons, for the author: called by the rooms, which know how to reach them."""
    campaign = f"moderation.reasons:{decision.pk}"
    promise(REASONS, key=decision.pk, campaign=campaign, recipient=address, address=address, language=language)


def render_alert(letter: Letter) -> Message:
    """How much waits at the moment the letter leaves: figures only, nobody's words."""
    waiting = Case.objects.to_judge().aggregate(cases=Count("pk"), notices=Sum("open_notices"))
    count = waiting["cases"]
    subject = ngettext("%(count)d text waits for a moderator", "%(count)d texts wait for a moderator", count)
    link = settings.BASE_URL + reverse("moderation:queue")
    context = {"count": count, "notices": waiting["notices"] or 0, "link": link}
    return from_templates("moderation_alert", subject=subject % {"count": count}, context=context)


def render_answer(letter: Letter) -> Message:
    """To whoever reported: what was decided, by which rule, and how to go further."""
    notice = Notice.objects.select_related("case", "decision").get(pk=letter.key)
    shown = kinds.shown([notice.case]).get(notice.case_id)
    context = {
        "notice": notice,
        "decision": notice.decision,
        "is_out": notice.decision.outcome != Outcome.KEEP,
        "what": _named(notice.case, shown),
        "contact": shown.contact if shown else "",
        "link": _absolute(shown) if notice.decision.outcome == Outcome.KEEP else "",
    }
    return from_templates("moderation_answer", subject=_("What became of your notice"), context=context)


def render_reasons(letter: Letter) -> Message:
    """To the author: what was decided, the rule, the facts, who decided, how to contest (DSA, article 17)."""
    decision = Decision.objects.select_related("case").get(pk=letter.key)
    case = decision.case
    shown = kinds.shown([case]).get(case.pk)
    text = shown.text if shown else ""
    context = {
        "decision": decision,
        "outcome": decision.outcome,
        "is_restored": decision.follows_id is not None,
        "is_in_the_basket": decision.outcome == Outcome.REMOVE and decision.rule not in NEVER_SHOWN_AGAIN,
        "what": _named(case, shown),
        "excerpt": Truncator(" ".join(text.split())).chars(EXCERPT),
        "contact": shown.contact if shown else "",
        "link": _absolute(shown) if case.state == CaseState.SHOWN else "",
    }
    subjects = {
        Outcome.KEEP: _("Your contribution is published"),
        Outcome.HIDE: _("Your contribution was hidden"),
        Outcome.REMOVE: _("Your contribution was removed"),
    }
    return from_templates("moderation_reasons", subject=subjects[Outcome(decision.outcome)], context=context)


def _named(case: Case, shown: kinds.Shown | None) -> str:
    if shown is None:
        return str(kinds.kind_of(case).label)
    return ", ".join(filter(None, [shown.number or str(kinds.kind_of(case).label), shown.context]))


def _absolute(shown: kinds.Shown | None) -> str:
    return settings.BASE_URL + shown.url if shown and shown.url else ""


RENDERERS = {ALERT: render_alert, ANSWER: render_answer, REASONS: render_reasons}
TOPICS = (
    Topic(
        "moderation.decisions",
        gettext_lazy("Moderation"),
        gettext_lazy("Always sent: what was decided about your text, or about what you reported, and why."),
        (ANSWER, REASONS),
    ),
    Topic(
        "moderation.queue",
        gettext_lazy("Texts that wait for a moderator"),
        gettext_lazy("At most one letter an hour, when something waits."),
        (ALERT,),
        choices=(Frequency.AT_ONCE, Frequency.NEVER),
        concerns=lambda user: holds(user, RoleKind.MODERATOR),
    ),
)
