"""What a file brought is grouped together, once it is all there."""

from django.db import transaction

from feedback import grouping
from feedback.models import Fiche, Import

BATCH = 500  # fiches locked and cut together


def place(import_: Import) -> None:
    """Cut the fiches, then group them with those of the service. Interrupted, or done twice, nothing is done twice."""
    waiting = import_.fiches.waiting_for_placement().order_by("pk").values_list("pk", flat=True)
    keys = list(waiting)
    for start in range(0, len(keys), BATCH):
        with transaction.atomic():
            rows = Fiche.objects.filter(pk__in=keys[start : start + BATCH]).order_by("pk")
            grouping.cut_many(list(rows.select_for_update(of=("self",))))
    if keys:
        grouping.regroup(service=import_.service)
