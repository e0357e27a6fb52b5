"""What the clock starts. Each may run twice."""

from celery import shared_task

from consult.actions import drafts


@shared_task
def purge_drafts() -> None:
    drafts.purge()
