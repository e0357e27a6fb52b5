"""What the filters of a board offer: only what its pain points hold."""

from django.db.models import CharField, F, Value

from accounts.models import User
from accounts.policies import services_owned_by
from directory.models import Office, Service, SupportingDocument
from feedback import policies

KINDS = ("service", "office", "document", "theme")


def choices_for(user: User) -> dict[str, list[tuple[str, str]]]:
    """Choices by filter, (key, name), in one query."""
    seen = policies.pain_points_to_see(user)
    services = Service.objects.filter(pain_points__in=seen).distinct()
    offices = Office.objects.filter(service__in=services_owned_by(user))
    documents = SupportingDocument.objects.filter(pain_points__in=seen).distinct()
    names = [services.annotate(label=F("name")), offices.annotate(label=F("name")), documents.annotate(label=F("name"))]
    queries = [
        rows.order_by().values("label", which=Value(kind, output_field=CharField()), number=F("pk"))
        for kind, rows in zip(KINDS, [*names, policies.themes_to_see(user)], strict=True)
    ]
    offered: dict[str, list[tuple[str, str]]] = {kind: [] for kind in KINDS}
    for row in queries[0].union(*queries[1:]).order_by("label"):
        offered[row["which"]].append((str(row["number"]), row["label"]))
    return offered
