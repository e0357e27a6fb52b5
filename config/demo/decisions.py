"""What the town decided about the consultation that is over: prepared, then published together, and told."""

from accounts.models import User
from config.demo.files import moment, read
from consult import letters
from consult.actions import deciding
from consult.choices import Verdict
from consult.models import Consultation, Proposition
from directory.models import Service
from journal.actions import dated


def decide(people: dict[str, User]) -> None:
    """By the acts of the pages: an editor prepares and publishes on the day after the council."""
    told, by = read("decisions"), people["redaction@demo.example"]
    asked = Consultation.objects.get(page__slug=told["slug"])
    services = {service.slug: service for service in Service.objects.all()}
    on = moment(told["on"])
    with dated(on):
        for row in told["decisions"]:
            about = Proposition.objects.filter(consultation=asked, title=row["title"])
            deciding.prepare(
                about,
                verdict=Verdict(row["verdict"]),
                reason=row["reason"],
                service=services.get(row.get("service", "")),
                by=by,
            )
        publication = deciding.publish(asked, seen=deciding.fingerprint(deciding.ready(asked)), by=by, on=on)
    letters.tell(publication.pk)
