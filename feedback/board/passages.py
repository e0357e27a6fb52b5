"""People's words as the owner's pages show them: key phrases marked, where they come from, who joined them."""

from dataclasses import dataclass

from django.db.models import Count, Exists, F, OrderBy, OuterRef, QuerySet, Window
from django.db.models.functions import Coalesce, RowNumber
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

import clustering
from accounts.models import User
from feedback import policies
from feedback.choices import Source
from feedback.models import Fiche, PainPoint, Segment, Verbatim
from pages.dates import short_date

A_PAGE = 10
ORDERS = {
    "typical": ("-membership__score", "pk"),
    "newest": ("-fiche__received_on", "-pk"),
    "far": ("membership__score", "pk"),
}


@dataclass(frozen=True)
class Passage:
    """One passage; ``may_read`` says whether this person may open its fiche.

    ``copies``: how many others of the pain point are nearly identical, and folded behind it.
    """

    segment: Segment
    number: int
    spans: list[tuple[int, int]]
    may_read: bool
    is_quoted: bool = False
    copies: int = 0

    @property
    def meta(self) -> list[str]:
        return facts_of(self.segment.fiche)

    @property
    def copies_label(self) -> str:
        """« et 37 autres presque identiques »"""
        if not self.copies:
            return ""
        words = ngettext("and %(count)s other nearly identical", "and %(count)s others nearly identical", self.copies)
        return words % {"count": number_format(self.copies, force_grouping=True)}

    @property
    def copies_url(self) -> str:
        return f"?copies={self.segment.fold_id}"

    @property
    def by(self) -> str:
        """Who joined it: the machine, or a person."""
        membership = getattr(self.segment, "membership", None)
        if membership is None:
            return ""
        if membership.source == Source.MACHINE:
            return _("joined by the machine")
        return _("confirmed by %(name)s") % {"name": membership.confirmed_by}


def passages_of(
    pain_point: PainPoint, user: User, *, order: str, page: int, copies_of: int | None = None
) -> list[Passage]:
    """One page of the passages of a pain point, in one query. ``order`` is one of ``ORDERS``.

    One of each near-identical group, with the number of the others; ``copies_of`` unfolds one group.
    """
    held = policies.passages_to_read(pain_point, user)
    chosen = _folded(held, order) if copies_of is None else held.filter(fold=copies_of)
    chosen = chosen.select_related("membership__confirmed_by")
    quoted = Exists(Verbatim.objects.filter(pain_point=pain_point, segment=OuterRef("pk")))
    start = (page - 1) * A_PAGE
    rows = _readable(chosen, user).annotate(is_quoted=quoted).order_by(*ORDERS[order])[start : start + A_PAGE]
    return [_passage(row, start + at, pain_point.keyphrases) for at, row in enumerate(rows, start=1)]


def how_many(pain_point: PainPoint, user: User, *, copies_of: int | None = None) -> int:
    """How many passages ``passages_of`` lists, all pages: kept with ``pain_point`` for the service in charge."""
    held = policies.passages_to_read(pain_point, user)
    if copies_of is not None:
        return held.filter(fold=copies_of).count()
    return pain_point.fold_count if pain_point.may_act else held.values(group=Coalesce("fold", "pk")).distinct().count()


def _folded(held: QuerySet[Segment], order: str) -> QuerySet[Segment]:
    """The first of each group in this order, with ``copies``: how many others it stands for."""
    group = Coalesce("fold", "pk")
    return held.annotate(
        copies=Window(Count("pk"), partition_by=[group]) - 1,
        rank=Window(RowNumber(), partition_by=[group], order_by=_by(order)),
    ).filter(rank=1)


def _by(order: str) -> list[OrderBy]:
    return [F(name.lstrip("-")).desc() if name.startswith("-") else F(name).asc() for name in ORDERS[order]]


def chosen_among(segments: QuerySet[Segment], user: User, *, keyphrases: list[str] = ()) -> list[Passage]:
    """Passages already chosen, or to sort, in the order given."""
    return [_passage(row, at, keyphrases) for at, row in enumerate(_readable(segments, user), start=1)]


def facts_of(fiche: Fiche) -> list[str]:
    """Service, office, channel and date of a fiche, as short words."""
    words = [fiche.service, fiche.office, fiche.get_channel_display(), short_date(fiche.received_on)]
    return [str(word) for word in words if word]


def _readable(segments: QuerySet[Segment], user: User) -> QuerySet[Segment]:
    may_read = Exists(policies.fiches_to_read(user).filter(pk=OuterRef("fiche")))
    return segments.select_related("fiche__service", "fiche__office").defer("vector").annotate(may_read=may_read)


def _passage(segment: Segment, number: int, keyphrases: list[str]) -> Passage:
    spans = clustering.keyphrase_spans(segment.text, keyphrases)
    quoted, copies = getattr(segment, "is_quoted", False), getattr(segment, "copies", 0)
    return Passage(segment, number, spans, segment.may_read, quoted, copies)
