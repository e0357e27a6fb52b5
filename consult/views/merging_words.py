"""Propositions put together, in words: which ones, where it stands, what supporters answered."""

from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consult import policies
from consult.choices import MergeState, Opinion
from consult.models import Merge, Proposition
from consult.public import Asked
from consult.views.page_words import figure, moment
from pages.dates import long_date

SHOWN = 4  # arguments of each merged proposition that the page of the result shows

LOOKS = {
    MergeState.PROPOSED: "suggested",
    MergeState.ASKED: "coming",
    MergeState.DONE: "done",
    MergeState.DROPPED: "closed",
    MergeState.UNDONE: "closed",
}


def address(name: str, asked: Asked, *more: int) -> str:
    return reverse(f"consult:{name}", args=[asked.consultation.page.slug, *more])


def line(merge: Merge, asked: Asked) -> dict[str, Any]:
    """A merging in a list, and the head of its page. Its sources were fetched with it."""
    sources = sorted(merge.sources.all(), key=lambda one: one.number)
    into = merge.into
    return {
        "title": title(sources, into),
        "url": address("merge", asked, merge.pk),
        "pill": {"state": LOOKS[MergeState(merge.state)], "label": str(merge.get_state_display()).capitalize()},
        "sources": [_named(one, asked) for one in sources],
        "into": _named(into, asked) if into else None,
        "new_title": merge.title,
        "when": when(merge),
        "reason": merge.reason,
    }


def _named(one: Proposition, asked: Asked) -> dict[str, Any]:
    return {"number": one.number, "title": one.title, "url": address("proposition", asked, one.number)}


def title(sources: list[Proposition], into: Proposition | None) -> str:
    """« #3 et #5 dans #1 »."""
    said = ", ".join(f"#{one.number}" for one in sources)
    if into is None:
        return _("%(numbers)s into a new text") % {"numbers": said}
    return _("%(numbers)s into #%(into)d") % {"numbers": said, "into": into.number}


def when(merge: Merge) -> str:
    said = {
        MergeState.PROPOSED: _("Proposed by an author on %(day)s") % {"day": long_date(merge.created_at)},
        MergeState.DROPPED: _("Given up"),
    }
    if merge.state == MergeState.ASKED and not merge.waits_for_supporters:
        return _("An editor decides soon")
    if merge.state == MergeState.ASKED:
        return _("Supporters may answer until %(moment)s") % {"moment": moment(merge.answers_until)}
    if merge.state == MergeState.DONE:
        return _("Done on %(day)s. Can be undone until %(moment)s.") % {
            "day": long_date(merge.decided_at),
            "moment": moment(merge.undo_until),
        }
    if merge.state == MergeState.UNDONE:
        return _("Undone on %(day)s") % {"day": long_date(merge.undone_at)}
    return said[MergeState(merge.state)]


def voices(merge: Merge, asked: Asked) -> dict[str, Any] | None:
    """What supporters answered; nothing but a word while votes are hidden, for it tells how many voted."""
    if merge.asked_at is None:
        return None
    hidden = {section.pk for section in asked.sections if asked.hides_votes(section)}
    if any(one.section_id in hidden for one in [*merge.sources.all(), *([merge.into] if merge.into else [])]):
        return {"hidden": True}
    told = merge.voices.aggregate(
        asked=Count("pk"),
        yes=Count("pk", filter=Q(wants=True)),
        no=Count("pk", filter=Q(wants=False)),
        carried=Count("carried_from"),
    )
    if not told["asked"]:
        return None
    silent = told["asked"] - told["yes"] - told["no"]
    note = _("out of %(all)s supporters") % {"all": figure(told["asked"])}
    return {
        "stats": [
            {"label": _("Said yes"), "value": figure(told["yes"]), "note": note},
            {"label": _("Said no"), "value": figure(told["no"]), "note": note},
            {"label": _("Did not answer"), "value": figure(silent), "note": note},
        ],
        "carried": ngettext("%(n)s vote moved.", "%(n)s votes moved.", told["carried"])
        % {"n": figure(told["carried"])},
    }


def asked(merge: Merge) -> str:
    if merge.voices.exists():
        return _("Supporters are asked. Letters leave within the next minutes.")
    return _("No supporter can be asked by letter: you may decide now.")


def done(merge: Merge) -> str:
    return {
        MergeState.ASKED: asked(merge),
        MergeState.DONE: _("The propositions are merged. Their authors are told."),
        MergeState.DROPPED: _("The merging is given up. Nothing changed."),
        MergeState.UNDONE: _("The merging is undone. Everything is as it was before."),
    }[MergeState(merge.state)]


def considered(proposition: Proposition, asked: Asked) -> list[dict[str, Any]]:
    """What the page of a proposition tells while supporters are asked about it."""
    told = []
    for merge in policies.merges_to_tell(proposition).prefetch_related("sources"):
        others = [one for one in [*merge.sources.all(), merge.into] if one and one.pk != proposition.pk]
        told.append(
            {
                "title": _("A merging is considered: %(which)s.")
                % {"which": title(sorted(merge.sources.all(), key=lambda one: one.number), merge.into)},
                "text": f"{merge.reason} {when(merge)}.",
                "links": [
                    {"label": f"#{one.number} {one.title}", "url": address("proposition", asked, one.number)}
                    for one in others
                    if one.is_shown
                ],
            }
        )
    return told


def arguments_of(proposition: Proposition, merged: list[Proposition], asked: Asked) -> list[dict[str, Any]]:
    """The propositions it took in, each with the first of its arguments, the most useful first; two questions."""
    if not merged:
        return []
    said = policies.arguments_of_merged(proposition, most=SHOWN).select_related("author")
    by_proposition: dict[int, list[Any]] = {}
    for one in said:
        by_proposition.setdefault(one.proposition_id, []).append(one)
    return [
        {
            **_named(one, asked),
            "counts": _("%(pro)s for, %(against)s against.")
            % {"pro": figure(one.for_count), "against": figure(one.against_count)},
            "arguments": by_proposition.get(one.pk, []),
        }
        for one in merged
        if one.for_count + one.against_count
    ]


def together(proposition: Proposition, merged: list[Proposition]) -> str:
    """« 132 personnes sont d’accord avec l’une ou l’autre, chacune comptée une fois. »; "" without any."""
    if not merged:
        return ""
    people = policies.people_who(Opinion.AGREE, [proposition, *merged])
    said = ngettext(
        "With those who agreed with %(numbers)s and whose vote stayed there: %(n)s person, counted once.",
        "With those who agreed with %(numbers)s and whose vote stayed there: %(n)s people, each counted once.",
        people,
    )
    return said % {"numbers": ", ".join(f"#{one.number}" for one in merged), "n": figure(people)}
