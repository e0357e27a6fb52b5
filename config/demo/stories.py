"""What the owners of the town already did: the acts of the board, then their dates put back to when they happened."""

from collections import Counter
from typing import Any

from accounts.models import User
from config.demo.fiches import passages_about
from config.demo.files import day, days_later, moment, read
from directory.models import Service, SupportingDocument
from feedback.actions import answering, follow_ups, radar, reshaping, triage
from feedback.models import Answer, DocumentCase, Fiche, FollowUp, Membership, PainPoint, Recipient
from journal.actions import dated

Story = dict[str, Any]


def tell(fiches: list[Fiche], people: dict[str, User]) -> None:
    for story in read("stories")["stories"]:
        _tell_one(story, fiches, people)


def _tell_one(story: Story, fiches: list[Fiche], people: dict[str, User]) -> None:
    owner = people[story["owner"]]
    with dated(moment(story["confirmed_on"] or "2026-11-16")):
        pain_point = _take_up(story, fiches, people)
    if story["answer"]:
        _answer(pain_point, story, fiches, owner)
    if story["transfer"]:
        _transfer(pain_point, story["transfer"], people)


def _take_up(story: Story, fiches: list[Fiche], people: dict[str, User]) -> PainPoint:
    owner = people[story["owner"]]
    pain_point = _pain_point(story, fiches, owner)
    triage.rename(pain_point, title=story["title"], by=owner)
    if story["state"] == "dismissed":
        triage.dismiss(pain_point, reason=story["reason"], by=owner)
        return pain_point
    _take_in_hand(pain_point, story, fiches, people)
    PainPoint.objects.filter(pk=pain_point.pk).update(created_at=moment(story["confirmed_on"]))
    DocumentCase.objects.filter(pain_point=pain_point).update(created_at=moment(story["confirmed_on"]))
    return pain_point


def _pain_point(story: Story, fiches: list[Fiche], owner: User) -> PainPoint:
    """The group that holds most of the story's passages, after the owner split, merged or founded what was needed; or
    the one that the owner raised about a document."""
    if story.get("document"):
        raised = radar.raise_document(SupportingDocument.objects.get(key=story["document"]), by=owner)
        _bring_in_charge(raised, story)
        return raised
    passages = passages_about(fiches, story["pain_point"])
    held = Membership.objects.filter(segment__in=passages).values_list("pain_point", flat=True)
    groups = [PainPoint.objects.get(pk=number) for number, count in Counter(held).most_common() if count >= 3]
    if not groups:
        free = [passage for passage in passages if not Membership.objects.filter(segment=passage).exists()]
        return reshaping.found(free, title=story["title"], by=owner)
    first = groups[0]
    if not _is_mostly(first, passages):
        about = [passage for passage in passages if first.memberships.filter(segment=passage).exists()]
        return reshaping.split(first, segments=about, title=story["title"], by=owner)
    for other in groups[1:]:
        if _is_mostly(other, passages):
            reshaping.merge(other, into=first, by=owner)
    _bring_in_charge(first, story)
    return first


def _is_mostly(pain_point: PainPoint, passages: list) -> bool:
    held = set(pain_point.memberships.values_list("segment", flat=True))
    return 2 * len(held & {passage.pk for passage in passages}) > len(held)


def _bring_in_charge(pain_point: PainPoint, story: Story) -> None:
    """The majority chose the service in charge; the story may have it elsewhere."""
    service = Service.objects.get(slug=story["service"])
    if pain_point.service_id != service.pk:
        PainPoint.objects.filter(pk=pain_point.pk).update(service=service)
        pain_point.services.add(service)
        pain_point.refresh_from_db()


def _take_in_hand(pain_point: PainPoint, story: Story, fiches: list[Fiche], people: dict[str, User]) -> None:
    owner = people[story["owner"]]
    pain_point.refresh_from_db()
    if pain_point.state == "suggested":
        triage.confirm(pain_point, by=owner)
    triage.assign(pain_point, to=owner, by=owner)
    triage.prioritise(pain_point, effort=story["effort"], impact=story["impact"], by=owner)
    for line in story["notes"]:
        written = triage.note(pain_point, text=line["text"], by=people[line["by"]])
        type(written).objects.filter(pk=written.pk).update(created_at=moment(line["on"]))
    quoted = [fiches[line].segments.filter(membership__pain_point=pain_point).first() for line in story["verbatims"]]
    triage.quote(pain_point, segments=[passage for passage in quoted if passage], by=owner)
    if story["public"]:
        triage.publish(pain_point, by=owner)
    PainPoint.objects.filter(pk=pain_point.pk).update(state_changed_at=moment(story["confirmed_on"]))


def _answer(pain_point: PainPoint, story: Story, fiches: list[Fiche], owner: User) -> None:
    said = story["answer"]
    on = moment(said["on"])
    with dated(on):
        answer = answering.answer_pain_point(
            pain_point,
            outcome=said["outcome"],
            changes=said["changes"],
            does_not_change=said["does_not_change"],
            planned_for=day(said["planned_for"]),
            publish=story["public"],
            follow_up_weeks=said["follow_up_weeks"],
            by=owner,
        )
    Answer.objects.filter(pk=answer.pk).update(created_at=on)
    Recipient.objects.filter(answer=answer).update(created_at=on)
    PainPoint.objects.filter(pk=pain_point.pk).update(state_changed_at=on)
    follow_ups.ask_due_follow_ups()
    for line in story["follow_ups"]:
        _reply(answer, line, fiches[line["fiche"]])


def _reply(answer: Answer, line: dict[str, Any], fiche: Fiche) -> None:
    """Some authors answered « est-ce réglé ? »; one who did not leave an address answered at the counter."""
    asked, _ = FollowUp.objects.get_or_create(answer=answer, fiche=fiche)
    before = PainPoint.objects.get(pk=answer.pain_point_id).state
    on = moment(line["on"])
    with dated(on):
        follow_ups.reply(asked, reply=line["reply"], text=line["text"])
    FollowUp.objects.filter(pk=asked.pk).update(replied_at=on)
    PainPoint.objects.filter(pk=answer.pain_point_id).exclude(state=before).update(state_changed_at=on)


def _transfer(pain_point: PainPoint, line: dict[str, Any], people: dict[str, User]) -> None:
    with dated(moment(line["on"])):
        transfer = triage.transfer(
            pain_point,
            to_service=Service.objects.get(slug=line["to_service"]),
            reason=line["reason"],
            due_on=days_later(day(line["on"]), 30),
            by=people[line["by"]],
        )
    type(transfer).objects.filter(pk=transfer.pk).update(created_at=moment(line["on"]))
