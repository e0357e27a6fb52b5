"""What the town decided about the consultation that is over: prepared, then published together, and told."""

from typing import Any

from wagtail.rich_text import RichText

from accounts.models import User
from config.demo.files import moment, read
from consult import letters
from consult.actions import deciding
from consult.choices import Verdict
from consult.models import Argument, Consultation, Proposition, SynthesisPage
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
        synthesise(asked, told["synthesis"], by=people["admin@demo.example"])
    letters.tell(publication.pk)


def synthesise(asked: Consultation, row: dict[str, Any], *, by: User) -> None:
    """A page below the consultation: each name in braces becomes the number of what it cites."""
    cited = {name: _number(asked, *cites) for name, cites in row["cites"].items()}
    page = SynthesisPage(title=row["title"], slug="synthese", intro=row["intro"], live=False, owner=by)
    page.body = [("words", RichText(row["body"].format(**cited)))]
    asked.page.add_child(instance=page)
    page.save_revision(user=by).publish(user=by)


def _number(asked: Consultation, title: str, text: str = "") -> str:
    """#12, or #12-3 for the argument whose words are given."""
    about = Proposition.objects.get(consultation=asked, title=title)
    return f"#{about.number}" + (f"-{Argument.objects.get(proposition=about, text=text).number}" if text else "")
