"""The head of a proposition in words: who wrote it, when, which version, what became of it."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consult.choices import Act, PropositionState, Wording
from consult.models import Attachment, Proposition, Section
from consult.phases import current
from consult.public import Asked
from consult.revisions import is_talked_about
from consult.views import page_words, sharing, who
from moderation.choices import CaseState
from pages.dates import long_date


def kicker(section: Section, number: int) -> str:
    """« Proposition #693 », in the words of the section."""
    words = {
        Wording.PROPOSITION: _("Proposition #%(number)d"),
        Wording.IDEA: _("Idea #%(number)d"),
        Wording.GRIEVANCE: _("Grievance #%(number)d"),
    }
    return words[Wording(section.wording)] % {"number": number}


def filed(proposition: Proposition) -> str:
    day = long_date(proposition.created_at)
    if proposition.version == 1:
        return _("Filed on %(day)s") % {"day": day}
    return _("Filed on %(day)s, version %(version)d") % {"day": day, "version": proposition.version}


def status(proposition: Proposition) -> dict[str, Any] | None:
    """What became of it: merged, withdrawn, waiting; None when it simply stands."""
    day = long_date(proposition.state_changed_at)
    if proposition.case.state == CaseState.WAITING:
        return {
            "kind": "info",
            "title": _("A moderator reads your text before it is published."),
            "text": _("You alone can see this page for now. An e-mail tells you as soon as it is published."),
        }
    if proposition.state == PropositionState.WITHDRAWN:
        said = _("Withdrawn by its author on %(day)s") % {"day": day}
        return {"kind": "closed", "title": said, "text": proposition.withdrawn_reason}
    into = proposition.merged_into
    if proposition.state == PropositionState.MERGED and into is not None:
        title = _("Merged on %(day)s into proposition #%(number)d") % {"day": day, "number": into.number}
        url = reverse("consult:proposition", args=[proposition.consultation.page.slug, into.number])
        links = [{"label": f"#{into.number} {into.title}", "url": url}] if into.is_shown else []
        return {"kind": "info", "title": title, "links": links}
    return None


def more_label(sources: int, versions: int, merged: int) -> str:
    """« Sources, versions et propositions réunies (4) », with only what there is."""
    parts = [
        ngettext("%(n)d source", "%(n)d sources", sources) % {"n": sources} if sources else "",
        ngettext("%(n)d version", "%(n)d versions", versions) % {"n": versions} if versions > 1 else "",
        ngettext("%(n)d merged proposition", "%(n)d merged propositions", merged) % {"n": merged} if merged else "",
    ]
    return ", ".join(part for part in parts if part)


def files(proposition: Proposition, rows: Iterable[Attachment]) -> list[dict[str, str]]:
    """Each with its title, its kind and its weight: « Plan du quai (PDF, 1,2 Mo) »."""
    return [
        {
            "name": one.name,
            "url": one.get_absolute_url(of=proposition),
            "what": _("%(kind)s, %(weight)s") % {"kind": one.get_kind_display(), "weight": weight(one.size)},
        }
        for one in rows
    ]


def weight(size: int) -> str:
    """« 391 ko », « 1,2 Mo »: as shops and phones count, by thousands."""
    if size < 1_000_000:
        return _("%(n)s kB") % {"n": page_words.figure(max(1, round(size / 1000)))}
    return _("%(n)s MB") % {"n": number_format(size / 1_000_000, decimal_pos=1)}


def crumbs(asked: Asked, section: Section, proposition: Proposition | None = None, *, here: str) -> dict[str, Any]:
    """Consultation, section, and what one reads."""
    base = page_words.address("consultation", asked)
    trail = [
        {"label": asked.page.title, "url": base},
        {"label": section.title, "url": f"{base}?rubrique={section.pk}"},
    ]
    if proposition is not None:
        url = reverse("consult:proposition", args=[asked.consultation.page.slug, proposition.number])
        trail.append({"label": f"#{proposition.number}", "url": url})
    return {"crumbs": [*trail, {"label": here}]}


def shares(proposition: Proposition, url: str) -> dict[str, Any]:
    """Ways to tell others, which load nothing from anybody and follow nobody."""
    return sharing.share(f"#{proposition.number} {proposition.title}", url)


def versions_title() -> str:
    return _("Versions")


def own_acts(request: HttpRequest, asked: Asked, proposition: Proposition) -> list[dict[str, str]]:
    """What its author may do now: the acts judge again when they are done."""
    if not who.is_theirs(request, proposition.author) or proposition.state != PropositionState.PUBLISHED:
        return []
    if current(asked.phases, Act.PROPOSE, at=asked.at) is None:
        return []
    place = [asked.consultation.page.slug, proposition.number]
    change = _("Amend my text") if is_talked_about(proposition) else _("Change my text")
    return [
        {"label": change, "url": reverse("consult:amend", args=place), "icon": "pencil"},
        {
            "label": _("Merge it with another"),
            "url": reverse("consult:propose_merge", args=place),
            "icon": "sign-merge-right",
        },
        {"label": _("Withdraw it"), "url": reverse("consult:withdraw", args=place), "icon": "x-circle"},
    ]


def amend_title() -> str:
    return _("Change the text")


def withdraw_title() -> str:
    return _("Withdraw")
