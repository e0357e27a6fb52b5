"""What everybody may read of a consultation: its page in their language, its phases, its sections and their counts.

Everything people write hangs on the page written first; a translation lends its words only.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db.models import Count, F, IntegerField, Max, Min, OuterRef, Q, QuerySet, Subquery

from consult import policies
from consult.choices import TAKING_PART, Channel, PhaseKind
from consult.models import Consultation, ConsultationIndexPage, ConsultationPage, Phase, Section
from journal.models import Entry

_PAGES_KEPT_FOR = 60  # seconds, at most: what an editor changes changes the key
_ORIGINS_KEPT_FOR = 300  # seconds
_FEW = 500
_COUNTS_KEPT_FOR = 60  # seconds, at most: filing or hiding a proposition changes the key
MOVED = ("phase.moved", "phase.added", "phase.removed")


@dataclass(frozen=True)
class Asked:
    """A consultation as it is read at a moment: ``page`` speaks the reader's language, the rest is the first page's."""

    consultation: Consultation
    page: ConsultationPage
    phases: list[Phase]
    sections: list[Section]
    at: datetime

    @property
    def current(self) -> list[Phase]:
        return [phase for phase in self.phases if phase.opens_at <= self.at < phase.closes_at]

    @property
    def opens_at(self) -> datetime | None:
        return min((phase.opens_at for phase in self.phases), default=None)

    def hides_votes(self, section: Section) -> bool:
        """The votes of this section are told to nobody before the last vote is in."""
        votes = [phase for phase in self.phases if phase.kind == PhaseKind.VOTE]
        return section.hides_counts and (not votes or any(self.at < phase.closes_at for phase in votes))


@dataclass(frozen=True)
class _SetUp:
    """What an editor set up, in one language, as it is kept between two editions."""

    first: ConsultationPage
    page: ConsultationPage
    phases: list[Phase]
    sections: list[Section]


def read(consultation: Any, *, language: str) -> Asked:
    """One of ``policies.consultations_to_read_now``, as it is read now. Pages are kept as long as nobody changes them.

    A picture or a charter that changes by itself is seen within ``_PAGES_KEPT_FOR``.
    """
    key = f"consult:pages:{consultation.translation_key}:{consultation.edition}:{language}"
    kept = cache.get(key)
    if kept is None:
        kept = _set_up(consultation, language)
        cache.set(key, kept, _PAGES_KEPT_FOR)
    consultation.page = kept.first
    return Asked(consultation, kept.page, kept.phases, kept.sections, consultation.read_at)


def _set_up(consultation: Any, language: str) -> _SetUp:
    consultation.page = first = policies.first_page_of(consultation)
    page = in_language(consultation, language)
    shown = asked(consultation, page=page, first=first, at=consultation.read_at)
    return _SetUp(first, page, shown.phases, shown.sections)


def asked(consultation: Consultation, *, page: ConsultationPage, first: ConsultationPage, at: datetime) -> Asked:
    """``first`` is the page that was written first; ``page`` the same, or a translation, whose words win."""
    phases = sorted(
        (one for one in first.phases.all() if one.opens_at and one.closes_at),
        key=lambda one: (one.opens_at, one.closes_at),
    )
    sections = list(first.sections.all())
    if page.pk != first.pk:
        _say_in(page, phases, ("title", "note"), page.phases.all())
        _say_in(page, sections, ("title", "intro"), page.sections.all())
    return Asked(consultation, page, phases, sections, at)


def _say_in(page: ConsultationPage, rows: Sequence[Any], names: tuple[str, ...], words: Iterable[Any]) -> None:
    """Put the words of a translation on rows of the first page, in memory; what it does not say stays."""
    by_key = {str(one.translation_key): one for one in words}
    for row in rows:
        if translated := by_key.get(str(row.translation_key)):
            for name in names:
                setattr(row, name, getattr(translated, name) or getattr(row, name))


def in_language(consultation: Consultation, language: str) -> ConsultationPage:
    """The live page in this language, or the one that was written first."""
    first = consultation.page
    if first.locale.language_code == language:
        return first
    return policies.translations_to_read(consultation).filter(locale__language_code=language).first() or first


def counts_by_section(consultation: Consultation) -> dict[int, int]:
    """Propositions listed in each section, by its key."""
    key = f"consult:sections:{consultation.pk}:{consultation.last_number}:{consultation.proposition_count}"
    return cache.get_or_set(key, lambda: _count_by_section(consultation), _COUNTS_KEPT_FOR)


def _count_by_section(consultation: Consultation) -> dict[int, int]:
    listed = policies.propositions_to_list().filter(consultation=consultation).order_by()
    return dict(listed.values_list("section").annotate(Count("pk")))


@dataclass(frozen=True)
class Origins:
    """Who filed the propositions that stand, and how many of these came on paper or were said in a meeting."""

    people: int
    organisations: int
    paper: int
    meeting: int


def origins(consultation: Consultation) -> Origins:
    """Exact while there are few; then counted again every five minutes: nobody waits for it while thousands write."""
    few = consultation.proposition_count <= _FEW
    seen = f"{consultation.last_number}:{consultation.proposition_count}" if few else "many"
    key = f"consult:origins:{consultation.translation_key}:{seen}"
    return Origins(*cache.get_or_set(key, lambda: _count_origins(consultation), _ORIGINS_KEPT_FOR))


def _count_origins(consultation: Consultation) -> tuple[int, ...]:
    listed = policies.propositions_to_list().filter(consultation=consultation).order_by()
    counted = listed.aggregate(
        people=Count("author", distinct=True, filter=Q(author__is_organisation=False)),
        organisations=Count("author", distinct=True, filter=Q(author__is_organisation=True)),
        paper=Count("pk", filter=Q(channel=Channel.PAPER)),
        meeting=Count("pk", filter=Q(channel=Channel.MEETING)),
    )
    return tuple(counted[name] for name in ("people", "organisations", "paper", "meeting"))


def dates_moved(consultation: Consultation) -> list[Entry]:
    """Each time dates moved, as the journal tells it, the latest first."""
    if consultation.pk is None:
        return []
    entries = Entry.objects.filter(subject_type="consult.consultation", subject_key=str(consultation.pk))
    return list(entries.filter(verb__in=MOVED).order_by("-pk")[:20])


@dataclass(frozen=True)
class Listed:
    """A consultation in the list: when people may take part, in its own time zone."""

    consultation: Consultation
    page: ConsultationPage
    opens_at: datetime | None
    closes_at: datetime | None


@dataclass(frozen=True)
class Lists:
    """The consultations by what people may do: ``over`` is one page of them, the last closed first."""

    open: list[Listed]
    coming: list[Listed]
    over: list[Listed]
    has_more: bool


def lists(*, at: datetime, language: str, start: int = 0, many: int = 12) -> Lists:
    """All those open, the next to close first; all those to come, the next to open first; some of those over."""
    closing = F("closes").desc(nulls_last=True)
    dated = _dated()
    living = list(dated.filter(closes__gt=at))
    past = list(dated.filter(Q(closes__lte=at) | Q(closes=None)).order_by(closing, "-pk")[start : start + many + 1])
    pages = _pages_in(language, [*living, *past[:many]])
    shown = [Listed(row, pages.get(row.translation_key, row.page), row.opens, row.closes) for row in living]
    return Lists(
        open=sorted((one for one in shown if one.opens_at <= at), key=lambda one: one.closes_at),
        coming=sorted((one for one in shown if one.opens_at > at), key=lambda one: one.opens_at),
        over=[Listed(row, pages.get(row.translation_key, row.page), row.opens, row.closes) for row in past[:many]],
        has_more=len(past) > many,
    )


def _dated() -> QuerySet[Consultation]:
    taking_part = Q(page__phases__kind__in=TAKING_PART)
    return policies.consultations_to_read().annotate(
        opens=Min("page__phases__opens_at", filter=taking_part),
        closes=Max("page__phases__closes_at", filter=taking_part),
        decided=Subquery(policies.decisions_counted(OuterRef("pk")), output_field=IntegerField()),
    )


def _pages_in(language: str, rows: list[Any]) -> dict[Any, ConsultationPage]:
    """Translations, asked for only where some page was written first in another language."""
    others = [row for row in rows if row.page.locale.language_code != language]
    return {page.translation_key: page for page in policies.pages_in(language, others)} if others else {}


def index_page(language: str) -> ConsultationIndexPage | None:
    """The page of the list in this language, or the first that was written."""
    pages = list(policies.lists_to_read().order_by("pk"))
    return next((page for page in pages if page.locale.language_code == language), pages[0] if pages else None)


CARD = "fill-480x270"


def pictures(listed: Iterable[Listed]) -> dict[int, str]:
    """Where the picture of each card is, by key of the picture; drawn the first time it is shown."""
    return pictures_of(one.page.picture_id for one in listed)


def pictures_of(keys: Iterable[int | None]) -> dict[int, str]:
    """The same, by keys of pictures."""
    wanted = {key for key in keys if key}
    found = policies.pictures_to_show(wanted).prefetch_renditions(CARD) if wanted else []
    return {image.pk: image.get_rendition(CARD).url for image in found}
