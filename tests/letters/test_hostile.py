"""Letters of which every title and name was written by somebody who wishes harm: they stay letters."""

import unicodedata
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.utils import timezone

from consult import asking, digests, meeting_letters, news, reminding
from consult import letters as consult_letters
from consult.actions import deciding, following, merging, versions
from consult.actions.arguments import argue
from consult.choices import Side, Verdict
from consult.models import (
    Argument,
    ConsultationPage,
    MeetingPage,
    Merge,
    News,
    Participant,
    Phase,
    Proposition,
    Section,
)
from consult.people import participant_of
from directory.models import Service
from feedback.models import Answer, Fiche, PainPoint
from letters import renderers
from letters.actions import promise
from letters.carriers import email_of
from letters.choices import Channel
from letters.models import Letter
from moderation.actions import decide
from moderation.choices import Outcome, Rule
from moderation.models import Case
from tests.factories import UserFactory
from tests.trust.world import Town

pytestmark = pytest.mark.django_db
SCRIPT = "<script>document.title=1</script>"
OVER, ESCAPE = "\N{RIGHT-TO-LEFT OVERRIDE}", "\x1b"
EVIL = f"{SCRIPT}\r\nBcc: tous@evil.example\r\n\r\n{OVER}gpj.exe{ESCAPE}[2J « l’eau » \"'&amp; {'long ' * 60}"
TURNS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
SPOILED = {
    ConsultationPage: ("title", "lead", "contact_name"),
    MeetingPage: ("title", "place", "address"),
    Section: ("title",),
    Proposition: ("title",),
    Participant: ("name",),
    Argument: ("text",),
    Service: ("name", "phone"),
    PainPoint: ("title",),
    Answer: ("changes",),
    Fiche: ("masked_text",),
}
TOLD = {
    "consult.confirm", "consult.decisions", "consult.digest", "consult.follow_up", "consult.meeting_reminder",
    "consult.merge_supporters", "consult.news", "consult.seat", "consult.version_removed", "feedback.answer",
    "feedback.follow_up", "feedback.receipt", "feedback.reopened", "feedback.transferred", "moderation.alert",
    "moderation.answer", "moderation.reasons",
}  # fmt: skip


class Page(HTMLParser):
    """What a mail program would run or show."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _value in attributes}
        self.links += [value or "" for name, value in attributes if name == "href"]


@pytest.fixture
def letters(django_capture_on_commit_callbacks) -> list[Letter]:
    """One letter of each kind at least, about things whose every word was then spoiled."""
    town = Town()
    with django_capture_on_commit_callbacks():
        _is_told_of_everything(town)
    for model, fields in SPOILED.items():
        for name in fields:
            limit = model._meta.get_field(name).max_length
            model.objects.update(**{name: EVIL[:limit]})
    found = list(Letter.objects.filter(channel=Channel.EMAIL, kind__in=TOLD))
    assert {letter.kind for letter in found} == TOLD
    return found


def _is_told_of_everything(town: Town) -> None:
    asked, editor = town.asked, town.people["editor"]
    reader = participant_of(UserFactory())
    following.follow(asked, by=reader)
    argue(asked, 3, Side.FOR, "Oui.", by=participant_of(UserFactory()))
    digests.promise_due(at=timezone.now() + timedelta(days=7))
    asking.tell(town.merge.pk)
    Merge.objects.filter(pk=town.merge.pk).update(answers_until=timezone.now() - timedelta(minutes=1))
    merging.join(Merge.objects.get(pk=town.merge.pk), by=editor)
    for one in News.objects.all():
        news.tell(one.pk)
    into = Proposition.objects.get(consultation=asked, number=3)
    versions.take_out(into.versions.get(number=1), rule=Rule.PERSONAL_DATA, by=town.people["moderator"])
    ConsultationPage.objects.filter(pk=asked.page_id).update(follow_up_due=timezone.localdate())
    reminding.remind()
    case = Case.objects.exclude(notices=None).filter(state="shown").first()
    decide(case, outcome=Outcome.KEEP, after=None, by=town.people["moderator"])
    Phase.objects.filter(page=asked.page).update(closes_at=timezone.now() - timedelta(minutes=1))
    deciding.prepare([into], verdict=Verdict.RETAINED, reason=EVIL, by=editor)
    consult_letters.tell(deciding.publish(asked, seen=deciding.fingerprint(deciding.ready(asked)), by=editor).pk)
    for kind, key in ((meeting_letters.REMINDER, town.seat.pk), ("feedback.reopened", town.follow_up.pk)):
        promise(kind, key=key, campaign="hostile", recipient=kind, address="a@mairie.example")


def test_every_letter_stays_a_letter(letters):
    told = [renderers.with_a_way_out(one, renderers.in_both_parts(renderers.render(one))) for one in letters]
    for letter, message in zip(letters, told, strict=True):
        _is_one_line(message.subject, letter.kind)
        _is_told_as_it_was_written(message, letter.kind)
        _runs_nothing(message.html, letter.kind)
        mail = email_of(letter, message).message()
        assert (mail["Bcc"], mail.get_all("To")) == (None, [letter.address]), letter.kind
    # The control: what is hostile did reach the letters.
    assert len([one for one in told if SCRIPT in one.text]) >= 10
    assert [one for one in told if "…" in one.subject], "a title too long for a subject"


def _is_one_line(subject: str, kind: str) -> None:
    assert subject.strip(), kind
    assert len(subject) <= renderers.SUBJECT, kind
    assert len(subject.splitlines()) == 1, kind


def _is_told_as_it_was_written(message: renderers.Message, kind: str) -> None:
    assert not [sign for sign in message.text + message.html if _turns(sign)], kind
    assert "&lt;" not in message.text, f"{kind}: the text part is no HTML"
    assert "&#x27;" not in message.text, kind
    assert "&lt;script&gt;" in message.html or SCRIPT not in message.text, kind


def _runs_nothing(html: str, kind: str) -> None:
    page = Page(html)
    assert not page.tags & {"script", "img", "iframe", "form", "svg", "object", "link"}, kind
    assert not [name for name in page.attributes if name.startswith("on")], kind
    assert not [link for link in page.links if not link.startswith(("http", "mailto:", "tel:"))], kind


def _turns(sign: str) -> bool:
    """A sign that turns the words after it over, or speaks to a terminal."""
    return sign not in "\n\r\t" and (unicodedata.category(sign) == "Cc" or unicodedata.bidirectional(sign) in TURNS)
