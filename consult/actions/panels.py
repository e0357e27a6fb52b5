"""Panels drawn by lot: called for, volunteered for, frozen, drawn in front of everybody, completed, then erased.

Whatever moves a list holds the row of its panel, and the database keeps the order once more (migration
``panels_kept``): nobody joins after the hour, the list is frozen before the seed is known, a draw never changes.
Journal lines name no participant.
"""

import secrets
from collections.abc import Callable, Mapping

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import User
from consult import people, phases
from consult.choices import VolunteerState
from consult.drawing_lots import letters
from consult.drawing_lots.reading import (
    answers_of,
    counted,
    drawn_before,
    faults,
    frozen_pool,
    in_order,
    pool_of,
    quotas_of,
    why,
)
from consult.errors import (
    CriteriaInUse,
    CriteriaWrong,
    ListClosed,
    ListFrozen,
    ListOpen,
    NotAllowedNow,
    QuotasImpossible,
    SeedKnown,
    SeedUnknown,
)
from consult.models import Criterion, Draw, PanelPage, Participant, Volunteer
from consult.recipients import address_of
from journal.actions import record
from tally.panels import Impossible, draw, fingerprint, replaced
from tally.panels.drawing import METHOD

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that is read for another
RULES = ("size", "closes_at", "seed_source", "seed_at")


# --- the editor ---


@transaction.atomic
def publish(page: PanelPage, *, then: Callable[[], None]) -> None:
    """Make a draft public by Wagtail's own save (``then``). Once people volunteered, their answers stay what they are;
    once the list is frozen, so does all that decides the draw.

    Raises ``CriteriaWrong``, ``CriteriaInUse``, ``ListFrozen``.
    """
    before = PanelPage.objects.select_for_update(of=("self",)).filter(pk=page.pk, live_revision__isnull=False).first()
    now = in_order(page)
    if wrong := faults(page, now):
        raise CriteriaWrong(wrong)
    keep_rules(page, now)
    by, rules = page.live_revision.user, _told(page, now)
    was = _told(before, list(Criterion.objects.filter(page=page.pk).order_by("sort_order"))) if before else {}
    then()
    if before is None:
        record("panel.published", page, by=by, **rules)
    elif page.cancelled_reason and not before.cancelled_reason:
        record("panel.cancelled", page, by=by, reason=page.cancelled_reason)
        letters.tell_all(page, about="cancelled")
    elif was != rules:
        record("panel.changed", page, by=by, before=was, after=rules)


def keep_rules(page: PanelPage, now: list[Criterion]) -> None:
    """Raises what this draft breaks of what people were told."""
    kept = PanelPage.objects.filter(pk=page.pk).first() if page.pk else None
    if kept is None:
        return
    before = list(Criterion.objects.filter(page=page.pk).order_by("sort_order"))
    if Draw.objects.filter(panel=page.pk).exists() and _told(kept, before) != _told(page, now):
        raise ListFrozen
    asked = [(one.label, answers_of(one)) for one in before]
    if Volunteer.objects.filter(panel=page.pk).exists() and asked != [(one.label, answers_of(one)) for one in now]:
        raise CriteriaInUse


def _told(page: PanelPage, criteria: list[Criterion]) -> dict[str, object]:
    return {
        "size": page.size,
        "closes_at": page.closes_at.isoformat(),
        "seed_source": page.seed_source,
        "seed_at": page.seed_at.isoformat(),
        "shares": {one.label: list(one.shares) for one in criteria},
    }


# --- who volunteers ---


@transaction.atomic
def volunteer(panel: PanelPage, answers: Mapping[str, str], *, by: Participant) -> Volunteer:
    """Put this person in the list; again, their answers are those of the last time, under the same number.

    ``answers``: label of each criterion → one of its answers. Raises ``ListClosed``, ``NotForYou``; ``KeyError`` or
    ``ValueError`` for answers that the form does not offer.
    """
    held = _open(panel)
    people.let_in(by, held)
    given = {}
    for one in in_order(held):
        if answers[one.label] not in answers_of(one):
            raise ValueError(one.label)
        given[one.label] = answers[one.label]
    row = Volunteer(panel=held, participant=by, code=_code(), answers=given, changed_at=Now())
    Volunteer.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["panel", "participant"],
        update_fields=["answers", "changed_at"],
    )
    mine = Volunteer.objects.select_related("participant__user").get(panel=held, participant=by)
    record("panel.volunteered", held, by=None, volunteer=mine.pk)
    letters.tell(mine, about="listed")
    return mine


@transaction.atomic
def leave(volunteer: Volunteer) -> None:
    """Give one's place back: before the list is frozen the line goes; afterwards it stays, and somebody is called.

    Twice changes nothing.
    """
    panel = PanelPage.objects.select_for_update(of=("self",)).get(pk=volunteer.panel_id)
    mine = Volunteer.objects.filter(pk=volunteer.pk).exclude(state=VolunteerState.LEFT).first()
    if mine is None:
        return
    record("panel.left", panel, by=None, volunteer=mine.pk)
    if not Draw.objects.filter(panel=panel).exists():
        mine.delete()
        return
    Volunteer.objects.filter(pk=mine.pk).update(state=VolunteerState.LEFT, changed_at=Now())
    _call(panel)


def _open(panel: PanelPage) -> PanelPage:
    """Its row, locked; the list closes with its hour, by the database's clock."""
    held = PanelPage.objects.select_for_update(of=("self",), no_key=True).get(pk=panel.pk)
    if not held.live or held.cancelled_reason:
        raise ListClosed
    if held.closes_at <= phases.clock() or Draw.objects.filter(panel=held).exists():
        raise ListClosed(held.closes_at)
    return held


def _code() -> str:
    return "".join(secrets.choice(_LETTERS) for _n in range(8))


# --- the list, then the draw ---


@transaction.atomic
def freeze(panel: PanelPage, *, by: User | None) -> Draw:
    """Fix the list and publish its fingerprint. Twice gives the same one.

    Raises ``ListOpen``, ``ListClosed`` (cancelled), ``SeedKnown``, ``QuotasImpossible``.
    """
    held = PanelPage.objects.select_for_update(of=("self",)).get(pk=panel.pk)
    if known := Draw.objects.filter(panel=held).first():
        return known
    now = phases.clock()
    if not held.live or held.cancelled_reason:
        raise ListClosed
    if held.closes_at > now:
        raise ListOpen(held.closes_at)
    if held.seed_at <= now:
        raise SeedKnown(held.seed_at)
    frozen = listed(held)
    frozen.save()
    record("panel.frozen", held, by=by, fingerprint=frozen.fingerprint, volunteers=frozen.volunteers)
    return frozen


def listed(panel: PanelPage) -> Draw:
    """The list as it would be frozen, not kept yet. Raises ``QuotasImpossible``."""
    pool = pool_of(panel)
    try:
        draw(pool, seed="")  # nobody looks at it: it says whether a panel exists at all
    except Impossible as impossible:
        raise QuotasImpossible(why(impossible)) from impossible
    return Draw(
        panel=panel,
        rules={"size": panel.size, "quotas": quotas_of(panel, in_order(panel))},
        fingerprint=fingerprint(pool.volunteers),
        volunteers=len(pool.volunteers),
        offered=counted(pool, pool.volunteers),
        seed_source=panel.seed_source,
        seed_at=panel.seed_at,
    )


@transaction.atomic
def draw_lots(panel: PanelPage, *, seed: str, by: User) -> Draw:
    """Draw the panel with the number that was announced, and tell every volunteer.

    Raises ``NotAllowedNow`` (no frozen list, or drawn already), ``ListClosed`` (cancelled), ``SeedUnknown``.
    """
    held = PanelPage.objects.select_for_update(of=("self",)).get(pk=panel.pk)
    frozen = Draw.objects.filter(panel=held, seed="").first()
    if frozen is None or not seed.strip():
        raise NotAllowedNow
    if held.cancelled_reason:
        raise ListClosed
    if frozen.seed_at > phases.clock():
        raise SeedUnknown(frozen.seed_at)
    pool = frozen_pool(frozen)
    found = draw(pool, seed=seed.strip())
    rows = {"seed": found.seed, "method": METHOD, "chosen": found.chosen, "drawn_by": by, "drawn_at": Now()}
    Draw.objects.filter(pk=frozen.pk).update(**rows)
    record("panel.drawn", held, by=by, seed=found.seed, fingerprint=frozen.fingerprint)
    _call(held)
    letters.tell_all(held, about="drawn")
    frozen.refresh_from_db()
    return frozen


def _call(panel: PanelPage) -> None:
    """Members are those of the draw, and those called since to the places given back. Once drawn; twice is harmless."""
    drawn = Draw.objects.select_for_update().filter(panel=panel).exclude(seed="").filter(erased_at=None).first()
    if drawn is None:
        return
    left = Volunteer.objects.filter(panel=panel, state=VolunteerState.LEFT).exclude(code__in=drawn.gone)
    gone = [*drawn.gone, *left.order_by("changed_at", "pk").values_list("code", flat=True)]
    pool = frozen_pool(drawn)
    members = replaced(pool, drawn_before(drawn), gone=gone)
    waiting = Volunteer.objects.filter(panel=panel, code__in=members, state=VolunteerState.LISTED)
    new = {one.code: one for one in waiting.select_related("participant__user")}
    last = Volunteer.objects.filter(panel=panel).aggregate(last=Max("called"))["last"] or 0
    for place, code in enumerate([code for code in members if code in new], start=last + 1):
        Volunteer.objects.filter(pk=new[code].pk).update(state=VolunteerState.DRAWN, called=place, changed_at=Now())
        if last:
            record("panel.called", panel, by=None, volunteer=new[code].pk)
            letters.tell(new[code], about=f"called:{place}")
    Draw.objects.filter(pk=drawn.pk).update(gone=gone, reached=counted(pool, members))


def seats_empty(drawn: Draw) -> int:
    """Places that nobody left may take without breaking a quota."""
    return drawn.rules["size"] - Volunteer.objects.filter(panel=drawn.panel_id, state=VolunteerState.DRAWN).count()


def take_list(panel: PanelPage, *, by: User) -> list[tuple[str, dict[str, str]]]:
    """Numbers and answers of the frozen list, for who checks the draw; [] before. Taking it is in the journal."""
    if not Draw.objects.filter(panel=panel).exists():
        return []
    record("panel.list_taken", panel, by=by)
    return list(Volunteer.objects.filter(panel=panel).order_by("code").values_list("code", "answers"))


def read_members(panel: PanelPage, *, by: User) -> list[list[str]]:
    """Number, name, address and answers of each member, as they were called; the journal says who read it."""
    rows = Volunteer.objects.filter(panel=panel, state=VolunteerState.DRAWN).select_related("participant__user")
    record("panel.people_read", panel, by=by)
    labels = [one.label for one in in_order(panel)]
    return [
        [
            one.code,
            one.participant.name if one.participant else "",
            address_of(one.participant) if one.participant else "",
            *[one.answers[label] for label in labels],
        ]
        for one in rows.order_by("called")
    ]


# --- the clock ---


def keep_up() -> None:
    """Freeze the lists that closed, call somebody where an account was closed, erase what is due. Twice is harmless.

    A list whose quotas are impossible, or whose seed is known, waits for its editor.
    """
    for panel in PanelPage.objects.live().filter(
        draw=None, cancelled_reason="", closes_at__lte=Now(), seed_at__gt=Now()
    ):
        try:
            freeze(panel, by=None)
        except QuotasImpossible:
            continue  # its page tells the editor what to widen
    for panel in PanelPage.objects.filter(draw__seed__gt="", draw__erased_at=None):
        with transaction.atomic():
            _call(PanelPage.objects.select_for_update(of=("self",)).get(pk=panel.pk))
    for panel in PanelPage.objects.filter(keeps_until__lte=timezone.localdate(), volunteers__isnull=False).distinct():
        erase(panel)


@transaction.atomic
def erase(panel: PanelPage) -> None:
    """Nothing personal stays of a panel: the draw, its figures and its fingerprint do."""
    held = PanelPage.objects.select_for_update(of=("self",)).get(pk=panel.pk)
    Draw.objects.filter(panel=held, erased_at=None).update(erased_at=Now())
    gone, _by_kind = Volunteer.objects.filter(panel=held).delete()
    record("panel.erased", held, by=None, volunteers=gone)
