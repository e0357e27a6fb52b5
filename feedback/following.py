"""A fiche as the person who filed it follows it: what became of it, and when."""

from dataclasses import dataclass, field
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from feedback import policies, receipts, references
from feedback.choices import FICHE_PUBLIC_WORDS, FicheState, Outcome
from feedback.figures import FEW
from feedback.letters import follow_up_path
from feedback.models import Fiche, FollowUp, PainPoint, Recipient
from pages.dates import long_date


@dataclass(frozen=True)
class Step:
    """One stop of the thread; ``state`` is done, now, refused, or empty for what is to come."""

    title: str
    text: str
    state: str = ""
    url: str = ""


@dataclass(frozen=True)
class Story:
    """What the author may know of one fiche: public pain points only, every answer given to it."""

    fiche: Fiche
    pain_points: list[PainPoint]
    answers: list[Recipient]
    follow_ups: list[FollowUp]
    words: str
    expected_on: date | None
    thread: list[Step] = field(default_factory=list)


def opened_with(reference: str, key: str) -> Fiche | None:
    """The fiche that this key opens; None as well when no fiche bears the reference, after the same work.

    Raises ``MistypedReference`` when the reference cannot be one.
    """
    fiche = Fiche.objects.filter(reference=references.normalise(reference)).first()
    return fiche if references.is_tracking_key(fiche, key) else None


def story_of(fiche: Fiche) -> Story:
    """In a fixed number of queries, whatever the fiche went through."""
    pain_points = policies.pain_points_public().filter(memberships__segment__fiche=fiche).distinct()
    told = Story(
        fiche=fiche,
        pain_points=list(pain_points.order_by("number")),
        answers=list(fiche.answers_received.select_related("answer__pain_point__service").order_by("pk")),
        follow_ups=list(fiche.follow_ups.select_related("answer").order_by("pk")),
        words=_words(fiche),
        expected_on=receipts.expected_on(fiche),
    )
    later = [_erased(told)] if _is_erased(fiche) else [_gathered(told), _answered(told), _settled(told)]
    told.thread.extend([_received(told), *later])
    return told


def _is_erased(fiche: Fiche) -> bool:
    return fiche.original.erased_at is not None


def _words(fiche: Fiche) -> str:
    """Where the fiche stands, in a sentence for its author."""
    if _is_erased(fiche):
        return _("You erased your text and your contact details.")
    return str(FICHE_PUBLIC_WORDS[FicheState(fiche.state)])


def _received(told: Story) -> Step:
    return Step(_("Received"), long_date(told.fiche.received_on), "done")


def _erased(told: Story) -> Step:
    return Step(_("Erased by you"), long_date(told.fiche.original.erased_at), "now")


def _gathered(told: Story) -> Step:
    """Read by the service, joined to others, passed on, or set aside."""
    fiche = told.fiche
    if fiche.state == FicheState.DISMISSED:
        return Step(_("Set aside by the service"), long_date(fiche.state_changed_at), "refused")
    if told.pain_points:
        first = told.pain_points[0]
        url = reverse("feedback:said_one", args=[first.pk])
        return Step(_("Joined to pain point no. %(number)d") % {"number": first.pk}, _others(first), _pace(told), url)
    if fiche.state == FicheState.TRANSFERRED:
        return Step(_("Passed on to the service that can act"), long_date(fiche.state_changed_at), "now")
    if fiche.state == FicheState.GROUPED or told.answers:
        return Step(_("Joined to other fiches"), _("They say the same thing."), _pace(told))
    if fiche.state == FicheState.RECEIVED:
        return Step(_("The service reads"), _("Fiches that say the same thing go forward together."))
    return Step(_("The service is reading"), _("Since %(day)s") % {"day": long_date(fiche.state_changed_at)}, "now")


def _answered(told: Story) -> Step:
    if told.answers:
        last = told.answers[-1]
        refused = last.answer.outcome == Outcome.REFUSED
        words = _("%(outcome)s, on %(day)s")
        text = words % {"outcome": last.answer.get_outcome_display(), "day": long_date(last.answer.created_at)}
        return Step(_("The service answered"), text, "refused" if refused else "done")
    if told.expected_on is None:
        return Step(_("The service answers"), _("As soon as we know which one."))
    is_late = told.expected_on < timezone.localdate()
    words = _("Expected on %(day)s. It is late.") if is_late else _("Before %(day)s")
    return Step(pgettext("thread", "Answer"), words % {"day": long_date(told.expected_on)})


def _settled(told: Story) -> Step:
    replied = [one for one in told.follow_ups if one.reply]
    if replied:
        words = _("You said “%(reply)s”, on %(day)s")
        last = replied[-1]
        text = words % {"reply": last.get_reply_display(), "day": long_date(last.replied_at)}
        return Step(_("Is it settled?"), text, "done")
    if told.follow_ups:
        asked = told.follow_ups[-1]
        text = _("Asked on %(day)s") % {"day": long_date(asked.asked_at)}
        return Step(_("Is it settled?"), text, "now", follow_up_path(asked))
    return Step(_("Is it settled?"), _("A month after the answer"))


def _pace(told: Story) -> str:
    return "done" if told.answers else "now"


def _others(pain_point: PainPoint) -> str:
    others = pain_point.fiche_count - 1
    return _("With %(n)d other people.") % {"n": others} if others >= FEW else _("With fewer than 5 other people.")
