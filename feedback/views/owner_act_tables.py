"""The acts of a service owner, one line each: what its page says, what it asks, and what does it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy

from feedback.actions import reshaping, sorting, triage
from feedback.forms import owner as forms
from feedback.models import Fiche, Segment


def _each_fiche(segments: Sequence[Segment], perform: Callable[[Fiche], Any]) -> None:
    for fiche in {segment.fiche_id: segment.fiche for segment in segments}.values():
        perform(fiche)


@dataclass(frozen=True)
class Act:
    """One act: what its page says, what it asks, and what does it. ``perform`` may return the object to go to."""

    title: Any
    button: Any
    done: Any
    perform: Callable[..., Any]
    form: type[Any] = forms.ActForm
    explains: Any = ""
    on_passages: bool = False
    is_danger: bool = False

    @property
    def asks(self) -> bool:
        return bool(self.form.base_fields)


_t = gettext_lazy

ACTS = {
    "confirmer": Act(
        _t("Confirm this pain point"),
        _t("Confirm"),
        _t("Confirmed. You can now answer."),
        lambda one, chosen, by: triage.confirm(one, by=by),
        explains=_t("You agree that people meet this problem. You can then answer them."),
    ),
    "renommer": Act(
        _t("Rename this pain point"),
        _t("Rename"),
        _t("Renamed. No regrouping will change this title."),
        lambda one, chosen, by, **typed: triage.rename(one, by=by, **typed),
        forms.RenameForm,
    ),
    "ecarter": Act(
        _t("This is not a pain point"),
        _t("Not a pain point"),
        _t("Set aside. Its fiches are read one by one."),
        lambda one, chosen, by, **typed: triage.dismiss(one, by=by, **typed),
        forms.ReasonForm,
        explains=_t("No fiche will join it any more. You can take it up again later."),
        is_danger=True,
    ),
    "reprendre": Act(
        _t("Take this pain point up again"),
        _t("Take up again"),
        _t("It is a suggestion again, with the same fiches."),
        lambda one, chosen, by: triage.restore(one, by=by),
    ),
    "rouvrir": Act(
        _t("Open this pain point again"),
        _t("Open again"),
        _t("Open again. The answers already given stay."),
        lambda one, chosen, by, **typed: triage.reopen(one, by=by, **typed),
        forms.ReasonForm,
        explains=_t("Its fiches wait for a new answer."),
    ),
    "attribuer": Act(
        _t("Say who follows this pain point"),
        _t("Assign"),
        _t("Assigned."),
        lambda one, chosen, by, **typed: triage.assign(one, by=by, **typed),
        forms.AssignForm,
    ),
    "prioriser": Act(
        _t("Give the priority"),
        _t("Save"),
        _t("Priority saved."),
        lambda one, chosen, by, **typed: triage.prioritise(one, by=by, **typed),
        forms.PrioritiseForm,
        explains=_t("What does much good for little effort comes first on the board."),
    ),
    "publier": Act(
        _t("Publish this pain point"),
        _t("Publish"),
        _t("Published. Everybody can read it under “You said”."),
        lambda one, chosen, by: triage.publish(one, by=by),
        explains=_t("Its title, its figures, its answers and the passages you chose become public."),
    ),
    "depublier": Act(
        _t("Withdraw this pain point from the public pages"),
        _t("Withdraw"),
        _t("Withdrawn from the public pages."),
        lambda one, chosen, by: triage.unpublish(one, by=by),
    ),
    "noter": Act(
        _t("Write an internal note"),
        _t("Write the note"),
        _t("Note written."),
        lambda one, chosen, by, **typed: triage.note(one, by=by, **typed) and None,
        forms.NoteForm,
    ),
    "transferer": Act(
        _t("Transfer this pain point"),
        _t("Transfer"),
        _t("Transferred. The members of that service are told by e-mail."),
        lambda one, chosen, by, **typed: triage.transfer(one, by=by, **typed).pain_point,
        forms.TransferForm,
        explains=_t("The other service takes charge of it. You can still read it if your fiches are in it."),
    ),
    "fusionner": Act(
        _t("Merge this pain point into another"),
        _t("Merge"),
        _t("Merged. This is the one that keeps its number."),
        lambda one, chosen, by, target, words: reshaping.merge(one, into=target, by=by),
        forms.TargetForm,
        explains=_t("All its passages join the other one. This cannot be undone in one move."),
    ),
    "separer": Act(
        _t("Split these passages into a new pain point"),
        _t("Split"),
        _t("Split. This is the new pain point."),
        lambda one, chosen, by, title: reshaping.split(one, segments=chosen, title=title, by=by),
        forms.TitleForm,
        on_passages=True,
    ),
    "deplacer": Act(
        _t("Move these passages to another pain point"),
        _t("Move"),
        _t("Moved. No regrouping will bring them back."),
        lambda one, chosen, by, target, words: reshaping.move_passages(chosen, from_=one, to=target, by=by),
        forms.TargetForm,
        on_passages=True,
    ),
    "sortir": Act(
        _t("These passages do not belong here"),
        _t("Take them out"),
        _t("Taken out. They wait among the fiches to sort."),
        lambda one, chosen, by: reshaping.set_apart(one, segments=chosen, by=by),
        on_passages=True,
    ),
    "citer": Act(
        _t("Quote these passages in public"),
        _t("Quote"),
        _t("Quoted. They show once the pain point is public."),
        lambda one, chosen, by: triage.quote(one, segments=chosen, by=by),
        on_passages=True,
    ),
    "ne-plus-citer": Act(
        _t("No longer quote these passages"),
        _t("No longer quote"),
        _t("No longer quoted."),
        lambda one, chosen, by: triage.unquote(one, segments=chosen, by=by),
        on_passages=True,
    ),
}

SORTING_ACTS = {
    "rattacher": Act(
        _t("Attach these passages to a pain point"),
        _t("Attach"),
        _t("Attached. This is the pain point that holds them."),
        lambda chosen, by, target, words: reshaping.attach(chosen, to=target, by=by) or target,
        forms.TargetForm,
    ),
    "fonder": Act(
        _t("Make a new pain point of these passages"),
        _t("Create"),
        _t("Created. The next similar fiches will join it."),
        lambda chosen, by, title: reshaping.found(chosen, title=title, by=by),
        forms.TitleForm,
    ),
    "ecarter": Act(
        _t("Set these fiches aside"),
        _t("Set aside"),
        _t("Set aside. Their authors read why."),
        lambda chosen, by, reason: _each_fiche(chosen, lambda one: sorting.dismiss_fiche(one, reason=reason, by=by)),
        forms.SetAsideForm,
        is_danger=True,
    ),
    "orienter": Act(
        _t("Send these fiches to another service"),
        _t("Send"),
        _t("Sent. That service finds them among its own."),
        lambda chosen, by, service: _each_fiche(chosen, lambda one: sorting.route_fiche(one, service=service, by=by)),
        forms.RouteForm,
    ),
}

FICHE_ACTS = {
    "ecarter": Act(
        _t("Set this fiche aside"),
        _t("Set aside"),
        _t("Set aside. Its author reads why."),
        lambda fiche, by, reason: sorting.dismiss_fiche(fiche, reason=reason, by=by),
        forms.SetAsideForm,
        is_danger=True,
    ),
    "reprendre": Act(
        _t("Take this fiche up again"),
        _t("Take up again"),
        _t("It is read again, among the fiches to sort."),
        lambda fiche, by: sorting.restore_fiche(fiche, by=by),
    ),
    "orienter": Act(
        _t("Send this fiche to the service it is about"),
        _t("Send"),
        _t("Sent. That service finds it among its own."),
        lambda fiche, by, service: sorting.route_fiche(fiche, service=service, by=by),
        forms.RouteForm,
    ),
}

BULK_ACTS = {
    "confirmer": Act(
        _t("Confirm these pain points"),
        _t("Confirm"),
        _t("Confirmed."),
        lambda one, by: triage.confirm(one, by=by),
        forms.SelectionForm,
    ),
    "attribuer": Act(
        _t("Say who follows these pain points"),
        _t("Assign"),
        _t("Assigned."),
        lambda one, by, to: triage.assign(one, to=to, by=by),
        forms.AssignAllForm,
    ),
    "fusionner": Act(
        _t("Merge these pain points into one"),
        _t("Merge"),
        _t("Merged."),
        lambda one, by, into: one.pk == into.pk or reshaping.merge(one, into=into, by=by),
        forms.MergeAllForm,
        explains=_t("All their passages join the one you choose. This cannot be undone in one move."),
    ),
    "repondre": Act(_t("Answer these pain points"), _t("Answer"), "", lambda one, by: None, forms.SelectionForm),
}
