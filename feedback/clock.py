"""What the clock starts (Celery beat): a door like the others. Each task may run twice, at any time."""

from datetime import timedelta

from celery import shared_task
from django.db.models.functions import Now

from feedback import grouping, tasks
from feedback.actions import answering, follow_ups, intake
from feedback.models import Fiche


@shared_task
def sweep() -> None:
    """What the doorbell missed: fiches not masked, not shown to the grouping, or not given an answer already there."""
    earlier = Fiche.objects.filter(created_at__lt=Now() - timedelta(seconds=10)).order_by("pk")
    for fiche in earlier.waiting_for_masking()[:50]:
        intake.mask_again(fiche)
    for fiche in earlier.waiting_for_placement()[:50]:
        tasks.place_fiche(fiche.pk)
    answering.tell_the_untold()


@shared_task
def regroup() -> None:
    grouping.regroup()


@shared_task
def ask_follow_ups() -> None:
    follow_ups.ask_due_follow_ups()
