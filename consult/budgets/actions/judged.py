"""What moderation is told about ideas, and what it tells their authors. Being shown follows the case by itself."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consult import recipients, texts
from consult.actions.judged import contact_of
from consult.budgets.models import Suggestion
from consult.models import Participant
from moderation import letters
from moderation.kinds import Kind, Shown, declare
from moderation.models import Case, Decision


def show(cases: list[Case]) -> dict[int, Shown]:
    """One question."""
    rows = Suggestion.objects.filter(case__in=[case.pk for case in cases])
    return {row.case_id: _shown(row) for row in rows.select_related("author", "budget__page")}


def judged(case: Case, decision: Decision) -> None:
    """The author receives the statement of reasons, when there is an address; paper has none."""
    wrote = Suggestion.objects.filter(case=case)
    author = Participant.objects.select_related("user").filter(pk__in=wrote.values("author")).first()
    if author and (address := recipients.address_of(author)):
        letters.tell_author(decision, address=address)


def declare_kinds() -> None:
    """Called once, when the apps are ready."""
    declare(Kind("idea", gettext_lazy("Idea of a budget"), show, judged))


def _shown(row: Suggestion) -> Shown:
    url = row.get_absolute_url()
    said = [texts.unmarked(row.body), row.place, row.photo_description]
    return Shown(
        title=row.title,
        text="\n\n".join(part for part in said if part),
        author=row.author.name,
        url=url,
        filed_at=row.created_at,
        context=row.budget.page.title,
        number=_("Idea no. %(number)d") % {"number": row.number},
        contact=contact_of(row.budget.page),
        files=[(row.photo_description or _("Photo"), f"{url}photo/")] if row.photo else [],
    )
