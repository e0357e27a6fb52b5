"""What people reported in the demo town, and what its moderator already decided. Written by the acts of the pages."""

from itertools import count
from typing import Any

from accounts.actions import create_person
from accounts.models import User
from config.demo.files import read
from consult.actions import propositions
from consult.models import Consultation, Proposition
from consult.people import participant_of
from moderation.actions import decide, report, reporter_key
from moderation.choices import Outcome, Rule
from moderation.models import Case

_ADDRESSES = count(1)


def judge(people: dict[str, User]) -> None:
    """Some texts wait for the moderator, with their notices; others were kept or removed."""
    written = read("moderation")
    asked = Consultation.objects.get(page__slug=written["consultation"])
    moderator = people[written["moderator"]]
    for row in written["texts"]:
        case = _file(asked, row).case
        for said in row["notices"]:
            _report(case, said)
        if "decision" in row:
            said = row["decision"]
            reasons = {"rule": said.get("rule", ""), "facts": said.get("facts", "")}
            decide(case, outcome=Outcome(said["outcome"]), **reasons, after=None, by=moderator)


def _file(asked: Consultation, row: dict[str, Any]) -> Proposition:
    author = create_person(email=f"quai{next(_ADDRESSES)}@demo.example", name=row["author"])
    section = asked.page.sections.filter(takes_propositions=True).first()
    said = propositions.Written(title=row["title"], body=row["body"])
    return propositions.file(asked, section, said, by=participant_of(author))


def _report(case: Case, said: dict[str, str]) -> None:
    key = reporter_key(token=f"demo {next(_ADDRESSES)}")
    report(case, rule=Rule(said["rule"]), text=said.get("text", ""), key=key, is_good_faith=True)
