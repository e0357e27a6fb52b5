"""What moderation is told about the free answers to questionnaires, and what it tells their authors."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consult.actions import judged
from consult.models import FreeText
from moderation.choices import Outcome
from moderation.kinds import Kind, Shown, declare
from moderation.models import Case, Decision


def show(cases: list[Case]) -> dict[int, Shown]:
    """Two questions. Nobody is named: a questionnaire is answered without showing one's name."""
    rows = FreeText.objects.filter(case__in=[case.pk for case in cases]).select_related("question__page", "case__page")
    return {row.case_id: _shown(row) for row in rows}


def told(case: Case, decision: Decision) -> None:
    """The author hears of a text that is kept back, not of each answer that is published."""
    if decision.outcome != Outcome.KEEP:
        judged.judged(case, decision)


def declare_kinds() -> None:
    """Called once, when the apps are ready."""
    declare(Kind("survey_text", gettext_lazy("Answer to a questionnaire"), show, told))


def _shown(row: FreeText) -> Shown:
    page = row.case.page.specific
    survey = row.question.page
    url = f"/consultations/{page.slug}/questionnaires/{survey.slug}/resultats/{row.question.code}/"
    return Shown(
        title=row.question.label,
        text=row.text,
        author=_("Somebody who answered"),
        url=url if row.is_shown and row.answer_id else "",
        filed_at=row.created_at,
        context=_("%(survey)s, %(consultation)s") % {"survey": survey.title, "consultation": page.title},
        number=_("Answer to a questionnaire"),
        contact=judged.contact_of(page),
    )
