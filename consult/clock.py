"""What the clock starts. Each may run twice."""

from celery import shared_task

from consult import digests, phases
from consult.actions import drafts, surveys, visiting


@shared_task
def purge_drafts() -> None:
    drafts.purge()
    surveys.purge()


@shared_task
def purge_visitor_acts() -> None:
    visiting.purge()


@shared_task
def send_digests() -> None:
    """Several times in the morning: what a dead worker left is taken up, nobody is told twice."""
    digests.promise_due(at=phases.clock())
