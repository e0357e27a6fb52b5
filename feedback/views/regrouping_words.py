"""The sentences of the regrouping pages: what would change, how far it is, what became of it."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy, pgettext, pgettext_lazy

from directory.models import Service
from feedback.board.proposals import Change
from feedback.choices import ChangeKind, PartProblem, PartState, PartStep, ProposalState, Resolution
from feedback.models import GroupingPart, GroupingRun, Proposal
from pages.dates import long_date, long_moment

# What each kind of change is, in the order of the page: a title, and a sentence that says what it does to the board.
SECTIONS = {
    ChangeKind.NEW: (
        pgettext_lazy("heading", "New pain points"),
        gettext_lazy("Passages to sort that say the same thing. Correct the title if it is not clear."),
    ),
    ChangeKind.GROWN: (
        pgettext_lazy("heading", "Pain points that would grow"),
        gettext_lazy("Passages to sort join a pain point that exists."),
    ),
    ChangeKind.SPLIT: (
        pgettext_lazy("heading", "To split in two?"),
        gettext_lazy("Part of the passages seems to tell something else. They would have a new number."),
    ),
    ChangeKind.MERGE: (
        pgettext_lazy("heading", "To merge?"),
        gettext_lazy("Two pain points that seem to say the same thing. The emptied number says where it went."),
    ),
    ChangeKind.MOVE: (
        pgettext_lazy("heading", "Passages that would move"),
        gettext_lazy("They seem closer to another pain point."),
    ),
    ChangeKind.LEAVE: (
        pgettext_lazy("heading", "Passages that would leave"),
        gettext_lazy("They resemble nothing around them. Somebody will sort them."),
    ),
}
LOOKS = {
    ProposalState.COMPUTING: "underway",
    ProposalState.READY: "suggested",
    ProposalState.APPLYING: "underway",
    ProposalState.APPLIED: "done",
    ProposalState.DISCARDED: "dismissed",
    ProposalState.EXPIRED: "closed",
    ProposalState.FAILED: "refused",
}
PART_LOOKS = {
    PartState.WAITING: "received",
    PartState.RUNNING: "underway",
    PartState.DONE: "done",
    PartState.FAILED: "refused",
}
# The figures of a run, counted.
FIGURES = {
    "new": ngettext_lazy("%(n)s new", "%(n)s new ones", "n"),
    "grown": ngettext_lazy("%(n)s grows", "%(n)s grow", "n"),
    "split": ngettext_lazy("%(n)s to split", "%(n)s to split", "n"),
    "merge": ngettext_lazy("%(n)s to merge", "%(n)s to merge", "n"),
    "move": ngettext_lazy("%(n)s move", "%(n)s moves", "n"),
    "leave": ngettext_lazy("%(n)s departure", "%(n)s departures", "n"),
    "moved": ngettext_lazy("%(n)s passage moved", "%(n)s passages moved", "n"),
    "retired": ngettext_lazy("%(n)s empty suggestion set aside", "%(n)s empty suggestions set aside", "n"),
    "unplaced": ngettext_lazy("%(n)s passage to sort", "%(n)s passages to sort", "n"),
}


def service_row(service: Service, living: Proposal | None) -> dict[str, Any]:
    """A service, how finely it is grouped, and the proposal that waits."""
    choice = getattr(service, "grouping_choice", None)
    resolution = Resolution(choice.resolution) if choice else Resolution.MEDIUM
    return {
        "service": service,
        "resolution": resolution.label,
        "living": living,
        "look": LOOKS[ProposalState(living.state)] if living else "",
        "url": living.get_absolute_url() if living else reverse("feedback:regroup", args=[service.slug]),
    }


def past_row(proposal: Proposal) -> dict[str, Any]:
    return {
        "proposal": proposal,
        "look": LOOKS[ProposalState(proposal.state)],
        "when": long_date(proposal.decided_at or proposal.asked_at),
        "by": str(proposal.decided_by or proposal.asked_by or _("by command")),
    }


def run_row(run: GroupingRun) -> dict[str, Any]:
    """One line of the table of regroupings."""
    return {
        "url": reverse("feedback:regrouping_run", args=[run.pk]),
        "when": long_moment(run.started_at),
        "what": run.get_kind_display(),
        "of": str(run.service) if run.service else _("all the services"),
        "passages": _number(run.total),
        "gave": gave(run.figures) if run.finished_at else "",
        "parts": _("%(done)s of %(total)s") % {"done": run.parts_done, "total": run.parts_total},
        "cpu": _seconds(run.cpu),
        "state": _run_state(run),
    }


def run_page(run: GroupingRun, parts: Sequence[GroupingPart]) -> dict[str, Any]:
    return {
        "run": run,
        "row": run_row(run),
        "is_running": run.finished_at is None and bool(parts),
        "parts": [_part_row(part) for part in parts],
    }


def progress(proposal: Proposal, part: GroupingPart | None) -> dict[str, Any]:
    """How far the preparation is, or the application of what was accepted."""
    if proposal.state == ProposalState.APPLYING:
        accepted = proposal.changes.filter(is_accepted=True)
        done, total = accepted.filter(done_at__isnull=False).count(), accepted.count()
        text = _("%(done)s changes made out of %(total)s. You may leave this page.")
        return {"title": _("What you accepted is being applied"), "done": done, "total": total} | {
            "text": text % {"done": done, "total": total}
        }
    return {"title": _("The new grouping is being prepared"), **_preparing(part)}


def preview(proposal: Proposal, changes: Sequence[Change]) -> dict[str, Any]:
    """Everything that would change, by kind; ``hidden``: what the next proposal will show."""
    sections = []
    for kind, (title, explains) in SECTIONS.items():
        rows = [_change(one) for one in changes if one.row.kind == kind]
        if rows:
            hidden = max(0, proposal.figures.get(kind.value, 0) - len(rows))
            sections.append({"kind": kind.value, "title": title, "explains": explains, "rows": rows, "hidden": hidden})
    return {
        "sections": sections,
        "facts": _facts(proposal),
        "ticked": sum(one.is_ticked for one in changes),
        "resolution": Resolution(proposal.resolution).label,
    }


def outcome(proposal: Proposal, changes: Sequence[Change]) -> dict[str, Any]:
    """What was accepted and done, what was left because it had changed, and the rest."""
    accepted = [one for one in changes if one.row.is_accepted]
    return {
        "look": LOOKS[ProposalState(proposal.state)],
        "done": [_done(one) for one in accepted if not one.row.is_skipped],
        "skipped": [_change(one) for one in accepted if one.row.is_skipped],
        "refused": len(changes) - len(accepted),
        "resolution": Resolution(proposal.resolution).label,
        "is_failed": proposal.state == ProposalState.FAILED,
    }


def gave(figures: dict[str, int]) -> str:
    """« 3 new, 12 grown »: the figures of a run that are not zero."""
    told = [words % {"n": figures[name]} for name, words in FIGURES.items() if figures.get(name)]
    return ", ".join(told) or _("nothing to change")


def _preparing(part: GroupingPart | None) -> dict[str, Any]:
    if part is None or part.state == PartState.WAITING:
        return {"text": _("It starts in a moment. You may leave this page.")}
    if part.step == PartStep.READING and part.total:
        text = _("%(done)s passages read out of %(total)s. You may leave this page.")
        said = {"done": _number(part.done), "total": _number(part.total)}
        return {"text": text % said, "done": part.done, "total": part.total}
    return {"text": _("%(step)s You may leave this page.") % {"step": PartStep(part.step).label}}


def _facts(proposal: Proposal) -> list[dict[str, Any]]:
    out_of = ngettext("out of %(n)s passage", "out of %(n)s passages", proposal.figures.get("passages", 0))
    read = out_of % {"n": _number(proposal.figures.get("passages", 0))}
    found = proposal.figures
    return [
        {"label": _("New"), "value": found.get("new", 0), "note": read},
        {"label": _("That grow"), "value": found.get("grown", 0)},
        {"label": _("To split or merge"), "value": found.get("split", 0) + found.get("merge", 0)},
        {"label": _("Passages moved or leaving"), "value": found.get("move", 0) + found.get("leave", 0)},
    ]


def _change(one: Change) -> dict[str, Any]:
    row = one.row
    return {
        "change": one,
        "position": row.position,
        "margin": _margin(one),
        "note": _note(one),
        "sentence": _sentence(one),
        "title": row.title if row.kind in (ChangeKind.NEW, ChangeKind.SPLIT) else "",
        "links": _links(one),
    }


def _done(one: Change) -> dict[str, Any]:
    row = one.row
    left = ngettext(
        "%(n)d passage was left: it had moved meanwhile.",
        "%(n)d passages were left: they had moved meanwhile.",
        row.left_out,
    )
    return {**_change(one), "made": row.made, "left": left % {"n": row.left_out} if row.left_out else ""}


def _margin(one: Change) -> str:
    return (
        _("no. %(number)s") % {"number": one.row.pain_point_id} if one.row.pain_point_id else pgettext("margin", "New")
    )


def _note(one: Change) -> str:
    row = one.row
    if row.kind == ChangeKind.GROWN:
        return _("from %(before)s to %(after)s fiches") % {"before": row.fiches_before, "after": row.fiches_after}
    if row.kind in (ChangeKind.MOVE, ChangeKind.LEAVE):
        return ngettext("%(n)s passage", "%(n)s passages", one.passages) % {"n": one.passages}
    count = row.fiches_after if row.kind == ChangeKind.NEW else row.fiches_before
    return ngettext("%(n)s fiche", "%(n)s fiches", count) % {"n": _number(count)}


def _sentence(one: Change) -> str:
    """What ticking it does, as a sentence."""
    row, said = one.row, _said(one)
    if row.kind == ChangeKind.NEW:
        return _("Create this pain point")
    if row.kind == ChangeKind.GROWN:
        words = ngettext(
            "Add %(passages)s passage to: %(title)s", "Add %(passages)s passages to: %(title)s", one.passages
        )
        return words % said
    if row.kind == ChangeKind.SPLIT:
        return _("No. %(number)s in two: %(fiches)s fiches out of %(before)s leave under a new number") % said
    if row.kind == ChangeKind.MERGE:
        return " ".join(words % said for words in _merging(one))
    if row.kind == ChangeKind.MOVE:
        words = ngettext(
            "Move %(passages)s passage from no. %(number)s to no. %(other)s",
            "Move %(passages)s passages from no. %(number)s to no. %(other)s",
            one.passages,
        )
        return words % said
    words = ngettext(
        "Send %(passages)s passage of no. %(number)s back to be sorted",
        "Send %(passages)s passages of no. %(number)s back to be sorted",
        one.passages,
    )
    return words % said


def _merging(one: Change) -> list[str]:
    if not one.may_accept:
        return [_("No. %(number)s resembles no. %(other)s, of: %(service)s. Talk about it with that service.")]
    words = [_("No. %(number)s and no. %(other)s seem to say the same thing: put the first into the second.")]
    if one.passages:
        words.append(
            ngettext(
                "%(passages)s passage to sort would join them.",
                "%(passages)s passages to sort would join them.",
                one.passages,
            )
        )
    return words


def _said(one: Change) -> dict[str, Any]:
    row = one.row
    return {
        "passages": _number(one.passages),
        "number": row.pain_point_id,
        "title": row.pain_point.title if row.pain_point else "",
        "other": row.other_id,
        "service": row.other.service if row.other else "",
        "fiches": _number(row.fiches_after),
        "before": _number(row.fiches_before),
    }


def _links(one: Change) -> list[dict[str, str]]:
    """The pain points it is about, where this person may read them."""
    row = one.row
    shown = [row.pain_point] if row.pain_point else []
    shown += [row.other] if row.other and one.names_other else []
    return [{"label": str(pain_point), "url": pain_point.get_absolute_url()} for pain_point in shown]


def _part_row(part: GroupingPart) -> dict[str, Any]:
    return {
        "part": part,
        "of": _scope(part),
        "look": PART_LOOKS[PartState(part.state)],
        "said": _part_said(part),
        "when": long_moment(part.started_at) if part.started_at else "",
        "cpu": _seconds(part.cpu_seconds),
    }


def _scope(part: GroupingPart) -> str:
    if part.service:
        return str(part.service)
    if part.administration and part.stage:
        return _("what is left: %(administration)s") % {"administration": part.administration}
    if part.administration:
        return str(part.administration)
    return _("what is left, all services") if part.stage else _("all the services")


def _part_said(part: GroupingPart) -> str:
    """One sentence: what it gave, how far it is, or what went wrong."""
    if part.state == PartState.FAILED:
        return PartProblem(part.problem or PartProblem.BROKE).label
    if part.state == PartState.DONE:
        words = ngettext("%(n)s passage read: %(gave)s", "%(n)s passages read: %(gave)s", part.total)
        return words % {"n": _number(part.total), "gave": gave(part.figures)}
    if part.state == PartState.WAITING:
        return _("It waits for a worker.")
    return str(_preparing(part)["text"])


def _run_state(run: GroupingRun) -> dict[str, str]:
    if run.failed:
        return {"look": "refused", "label": PartState.FAILED.label}
    if run.finished_at:
        return {"look": "done", "label": PartState.DONE.label}
    return {"look": "underway", "label": PartState.RUNNING.label}


def _seconds(seconds: float | None) -> str:
    return _("%(n)s s") % {"n": number_format(round(seconds or 0, 1), 1)}


def _number(count: int) -> str:
    return number_format(count, force_grouping=True)
