"""What a file brought is grouped together, once it is all there."""

from django.db import transaction

from feedback import grouping
from feedback.models import Fiche, Import


def place(import_: Import) -> None:
    """Cut each fiche, then group them with those of the service. Interrupted, or done twice, nothing is done twice."""
    waiting = import_.fiches.waiting_for_placement().order_by("pk").values_list("pk", flat=True)
    keys = list(waiting)
    for key in keys:
        with transaction.atomic():
            grouping.cut(Fiche.objects.select_for_update(of=("self",)).get(pk=key), with_vectors=False)
    if keys:
        grouping.regroup(service=import_.service)
