"""What happens to a case: the room opens it with its contribution, people report it, moderators decide."""

from wagtail.models import Page

from moderation.choices import CaseState, Timing
from moderation.models import Case


def open_case(kind: str, *, page: Page | None, timing: Timing) -> Case:
    """The case of a contribution being written, in the same transaction; shown at once unless it is read before."""
    state = CaseState.WAITING if timing == Timing.BEFORE else CaseState.SHOWN
    return Case.objects.create(kind=kind, page=page, state=state, is_shown=state == CaseState.SHOWN)
