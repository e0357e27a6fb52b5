"""Who stands before the ballot, and which envelope they look at."""

from dataclasses import dataclass
from functools import cached_property

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from consult.budgets import phases, rolls
from consult.budgets.actions import registering
from consult.budgets.actions.voting import Standing, standing
from consult.budgets.choices import BallotKind, BudgetAct
from consult.budgets.errors import BallotNotReady
from consult.budgets.models import BallotOption, BudgetPhase, Envelope
from consult.budgets.papers import Sheet, sheet
from consult.budgets.public import Shared
from consult.budgets.views.opened import shared_or_404
from consult.errors import RuleBroken
from consult.views.refusing import refused

ENVELOPE = "enveloppe"
TYPED = (BallotKind.POINTS, BallotKind.RANKING, BallotKind.JUDGMENT)


@dataclass
class Voter:
    """``paper`` None: the regulation is not frozen. ``phase`` None: nobody votes now. ``is_known``: signed in."""

    shared: Shared
    envelope: Envelope
    paper: Sheet | None
    phase: BudgetPhase | None
    standing: Standing
    is_known: bool
    who: str

    @property
    def url(self) -> str:
        return self.address()

    def address(self, **more: str) -> str:
        """Of the page of this envelope."""
        return self.address_of(self.envelope, **more)

    def address_of(self, envelope: Envelope, **more: str) -> str:
        return address(self.shared.slug, envelope, len(self.shared.envelopes) > 1, **more)

    def project_url(self, option: BallotOption) -> str:
        """Where one reads more of a project."""
        option.project.budget = self.shared.budget  # its page is already here
        return option.project.get_absolute_url()

    @property
    def register_url(self) -> str:
        return reverse("budgets:ballot_register", args=[self.shared.slug])

    @cached_property
    def cast_on(self) -> set[int]:
        """The envelopes on which this person has voted."""
        return set(rolls.marks_of(self.standing.entry))

    @property
    def keeps_values(self) -> bool:
        """Points, ranks and mentions are typed: every button sends them all."""
        return self.paper is not None and self.paper.rules.kind in TYPED

    @cached_property
    def stopped_by(self) -> str:
        """What keeps this person from choosing here: "" when nothing does."""
        if not self.is_known:
            return "unknown"
        if self.standing.mark is not None and self.standing.in_box is None:
            return self.standing.mark.channel
        if self.must_register:
            return "unregistered"
        return "elsewhere" if self.standing.elsewhere else ""

    @property
    def must_register(self) -> bool:
        return self.is_known and self.standing.entry is None and not registering.is_free(self.shared.budget)

    @property
    def why_closed(self) -> str:
        """Since when, or from when: a sentence."""
        return str(phases.closed(self.shared.phases, BudgetAct.VOTE, at=self.shared.at))


def address(slug: str, envelope: Envelope, several: bool, **more: str) -> str:
    return reverse("budgets:ballot", args=[slug]) + query(envelope, several, **more)


def query(envelope: Envelope, several: bool, **more: str) -> str:
    """What follows an address: the envelope where there are several, and what is told beside it."""
    asked = {**({ENVELOPE: envelope.pk} if several else {}), **{name: said for name, said in more.items() if said}}
    return f"?{urlencode(asked)}" if asked else ""


def voter(request: HttpRequest, slug: str) -> Voter:
    """Reads only. 404 for a budget that is not public, or has no envelope."""
    shared = shared_or_404(slug)
    envelope = envelope_asked(request, shared)
    is_known = request.user.is_authenticated
    entry = rolls.entry_of_account(shared.budget, request.user) if is_known else None
    return Voter(
        shared=shared,
        envelope=envelope,
        paper=_paper(shared, envelope),
        phase=shared.open_for(BudgetAct.VOTE),
        standing=standing(entry, envelope),
        is_known=is_known,
        who=f"account {request.user.pk}" if is_known else "",
    )


def envelope_asked(request: HttpRequest, shared: Shared) -> Envelope:
    """The one asked for, or the first. An envelope of another budget is none of ours."""
    if not shared.envelopes:
        raise Http404
    said = (request.POST if request.method == "POST" else request.GET).get(ENVELOPE, "")
    return next((one for one in shared.envelopes if str(one.pk) == said), shared.envelopes[0])


def _paper(shared: Shared, envelope: Envelope) -> Sheet | None:
    try:
        return sheet(shared.budget, envelope)
    except BallotNotReady:
        return None


def stopped(request: HttpRequest, broken: RuleBroken, *, back: str, text: str = "") -> HttpResponse:
    """An act that a rule forbids. Where a script sent it, the page is read again and says why."""
    if getattr(request, "htmx", False):
        return HttpResponse(headers={"HX-Redirect": back})
    return refused(request, broken, back=back, text=text)


def back_to(url: str, anchor: str = "") -> HttpResponse:
    return redirect(url + (f"#{anchor}" if anchor else ""))
