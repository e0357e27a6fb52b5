"""Two consultations of the town, one open and one over, published as editors publish them."""

from datetime import datetime
from typing import Any

from django.core.files import File
from django.utils import timezone
from wagtail.images.models import Image
from wagtail.models import Locale
from wagtail.rich_text import RichText

from accounts.models import User
from config.demo.files import FOLDER, day, read
from consult.models import ConsultationIndexPage, ConsultationPage, Phase, Section
from directory.models import Administration
from pages.models import StandardPage

PLAIN = (
    "slug", "title", "lead", "picture_description", "population", "population_word", "procedure", "contact_name",
    "contact_email", "contact_phone", "contact_address", "moderation",
)  # fmt: skip


def ask(*, by: User) -> None:
    """Write the list, each consultation, and what is translated of it."""
    written = read("consultations")
    index = ConsultationIndexPage.objects.get(locale__language_code="fr")
    _write(index, written["index"]["fr"], by=by)
    english = Locale.objects.get(language_code="en")
    translated = index.copy_for_translation(english)
    _write(translated, written["index"]["en"], by=by)
    for row in written["consultations"]:
        page = _consultation(index, row, by=by)
        if "en" in row:
            _translate(page.copy_for_translation(english), row["en"], by=by)


def _write(page: Any, fields: dict[str, Any], *, by: User) -> None:
    for name, value in fields.items():
        setattr(page, name, value)
    page.save_revision(user=by).publish(user=by)


def _consultation(index: ConsultationIndexPage, row: dict[str, Any], *, by: User) -> ConsultationPage:
    page = ConsultationPage(**{name: row[name] for name in PLAIN}, live=False, owner=by)
    page.administration = Administration.objects.get(slug=row["administration"])
    page.charter = StandardPage.objects.get(slug="charte", locale__language_code="fr").page_ptr
    page.follow_up_due = day(row["follow_up_due"])
    page.picture = _picture(row["picture"], row["title"])
    page.body = [(block["type"], _value(block)) for block in row["body"]]
    page.sections = [Section(sort_order=place, **one) for place, one in enumerate(row["sections"])]
    page.phases = [Phase(sort_order=place, **_dated(one)) for place, one in enumerate(row["phases"])]
    index.add_child(instance=page)
    page.save_revision(user=by).publish(user=by)
    return ConsultationPage.objects.get(pk=page.pk)


def _dated(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, **{name: _moment(row[name]) for name in ("opens_at", "closes_at")}}


def _moment(written: str) -> datetime:
    """A day of the file, brought near today, at its hour."""
    typed = datetime.fromisoformat(written)
    return timezone.make_aware(datetime.combine(day(typed.date().isoformat()), typed.time()))


def _value(block: dict[str, Any]) -> Any:
    if block["type"] == "words":
        return RichText(block["value"])
    lists = {"figures": "items", "timeline": "moments"}
    return {lists[block["type"]]: block["value"]} if block["type"] in lists else block["value"]


def _picture(name: str, title: str) -> Image:
    with (FOLDER / f"{name}.png").open("rb") as drawing:
        return Image.objects.create(title=title, file=File(drawing, name=f"{name}.png"))


def _translate(page: ConsultationPage, words: dict[str, Any], *, by: User) -> None:
    page.body = [("words", RichText(words["body"]))]
    sections = list(page.sections.all())
    for section, said in zip(sections, words["sections"], strict=True):
        section.title, section.intro = said["title"], said["intro"]
    phases = list(page.phases.all())
    for phase in phases:
        phase.title, phase.note = "", words["phases"].get(phase.kind, "")
    page.sections.set(sections)
    page.phases.set(phases)
    _write(page, {name: words[name] for name in words if name not in ("body", "sections", "phases")}, by=by)
