"""Who may: the list first, the yes/no derived from it, so that they cannot disagree."""

from collections.abc import Collection

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from accounts.choices import RoleKind
from accounts.models import Role, User
from accounts.policies import Person, holds, services_owned_by
from directory.models import Service, SupportingDocument
from feedback.choices import FicheState, ImportState
from feedback.models import (
    Answer,
    AnswerTemplate,
    Archetype,
    DocumentCase,
    DocumentMention,
    Fiche,
    FloodSignal,
    FollowUp,
    GroupingRun,
    Import,
    Membership,
    PainPoint,
    Proposal,
    Recipient,
    SavedView,
    Segment,
    Theme,
    Verbatim,
)
from letters.choices import Channel, LetterState
from letters.models import Letter


def services_to_read() -> QuerySet[Service]:
    """Every service has its public page, open to fiches or not."""
    return Service.objects.select_related("administration")


def services_to_write_to() -> QuerySet[Service]:
    """The services whose form is open to everybody."""
    return Service.objects.open()


def pain_points_to_see(user: Person) -> QuerySet[PainPoint]:
    """Those that touch a service this person answers for."""
    return PainPoint.objects.touching(services_owned_by(user))


def pain_points_to_triage(user: Person) -> QuerySet[PainPoint]:
    """Those that a service of this person must answer: all the acts of the board."""
    return PainPoint.objects.in_charge_of(services_owned_by(user))


def may_triage(user: Person, pain_point: PainPoint) -> bool:
    return pain_points_to_triage(user).filter(pk=pain_point.pk).exists()


def themes_to_see(user: Person) -> QuerySet[Theme]:
    """The themes of the pain points that this person reads; called by what they read of them."""
    seen = pain_points_to_see(user)
    return Theme.objects.labelled(seen).filter(pk__in=seen.exclude(theme=None).values("theme"))


def themes_to_name(user: Person) -> QuerySet[Theme]:
    """Those that hold a pain point this person must answer. A theme is shared: whoever names it names it for all."""
    mine = pain_points_to_triage(user).exclude(theme=None).values("theme")
    return themes_to_see(user).filter(pk__in=mine)


def pain_points_public() -> QuerySet[PainPoint]:
    return PainPoint.objects.public()


def verbatims_public() -> QuerySet[Verbatim]:
    """The masked passages chosen for the public pages that still belong to a public pain point."""
    shown = Verbatim.objects.filter(
        pain_point__in=pain_points_public().values("pk"),
        segment__membership__pain_point=F("pain_point"),
        segment__fiche__masked_text__isnull=False,
    )
    return shown.exclude(segment__fiche__state=FicheState.DISMISSED)


def services_with_public_pain_points() -> QuerySet[Service]:
    """The services that a filter of the public pages offers."""
    public = PainPoint.objects.public()
    touched = PainPoint.services.through.objects.filter(painpoint__in=public.values("pk")).values("service")
    return Service.objects.filter(Q(pk__in=touched) | Q(pk__in=public.values("service")))


def members_of(*services: Service) -> QuerySet[User]:
    """The people who answer for one of these services."""
    roles = Role.objects.filter(kind=RoleKind.SERVICE_OWNER, service__in=services)
    return User.objects.filter(is_active=True, pk__in=roles.values("user"))


def names_of_members(*services: Service) -> dict[int, list[str]]:
    """The names of the people who answer for each of these services, in one query."""
    roles = Role.objects.filter(kind=RoleKind.SERVICE_OWNER, service__in=services, user__is_active=True)
    names: dict[int, list[str]] = {service.pk: [] for service in services}
    for service, name in roles.order_by("user__name").values_list("service", "user__name"):
        names[service].append(name)
    return names


def services_to_hand_over_to() -> QuerySet[Service]:
    """The services for which at least one person answers: what is sent there is read."""
    answered_for = Role.objects.filter(kind=RoleKind.SERVICE_OWNER, user__is_active=True)
    return Service.objects.filter(pk__in=answered_for.values("service"))


def fiches_of(user: Person) -> QuerySet[Fiche]:
    """The fiches filed to this person's services: sorted, set aside and sent on by them."""
    return Fiche.objects.filter(service__in=services_owned_by(user))


def fiches_to_route(user: Person) -> QuerySet[Fiche]:
    """Fiches that named no service: whoever answers for a service may read them (masked) and say whose they are."""
    lost = Fiche.objects.masked().filter(service__isnull=True).exclude(state=FicheState.DISMISSED)
    return lost.filter(Exists(services_owned_by(user)))


def fiches_to_read(user: Person) -> QuerySet[Fiche]:
    """The fiches (masked) of this person's services, of the pain points they must answer, and of no service."""
    owned = services_owned_by(user)
    gathered = Membership.objects.filter(pain_point__service__in=owned).values("segment__fiche")
    lost = fiches_to_route(user).values("pk")
    return Fiche.objects.masked().filter(Q(service__in=owned) | Q(pk__in=gathered) | Q(pk__in=lost))


def fiches_to_settle(user: Person) -> QuerySet[Fiche]:
    """The fiches this person may set aside or send elsewhere: those of their services, and those of none."""
    lost = fiches_to_route(user).values("pk")
    return Fiche.objects.masked().filter(Q(service__in=services_owned_by(user)) | Q(pk__in=lost))


def may_settle(user: Person, fiche: Fiche) -> bool:
    return fiches_to_settle(user).filter(pk=fiche.pk).exists()


def fiches_to_unmask(user: Person) -> QuerySet[Fiche]:
    """The fiches whose original this person may open, with a reason, journalled: those of their own services."""
    return fiches_of(user).filter(original__erased_at__isnull=True)


def fiches_filed_by(user: Person) -> QuerySet[Fiche]:
    """A citizen's own fiches."""
    return Fiche.objects.filter(author=user) if user.is_authenticated else Fiche.objects.none()


def fiches_to_follow(user: Person, opened: Collection[str]) -> QuerySet[Fiche]:
    """The fiches whose key this browser was shown (references), and those that this account filed."""
    own = Q(author=user) if user.is_authenticated else Q(pk=None)
    followed = Fiche.objects.filter(Q(reference__in=opened) | own)
    return followed.select_related("service__administration", "office", "original", "author")


def segments_to_sort(user: Person) -> QuerySet[Segment]:
    """« À trier »: the passages of this person's services that no pain point took."""
    return Segment.objects.unplaced().filter(fiche__service__in=services_owned_by(user))


def fiches_to_sort(user: Person) -> QuerySet[Fiche]:
    """The fiches of this person's services that hold such a passage."""
    # Written as two questions of existence: PostgreSQL misjudges the join and asks each passage whose service it is.
    held = Exists(Membership.objects.filter(segment=OuterRef("pk")))
    waiting = Exists(Segment.objects.filter(~held, fiche=OuterRef("pk")))
    looked_at = Q(imported_in=None) | Q(placed_at__isnull=False)  # a file is grouped once it is all there
    return fiches_of(user).exclude(state=FicheState.DISMISSED).filter(looked_at, waiting)


def saved_views_of(user: Person) -> QuerySet[SavedView]:
    return SavedView.objects.filter(user=user) if user.is_authenticated else SavedView.objects.none()


def passages_to_read(pain_point: PainPoint, user: Person) -> QuerySet[Segment]:
    """The passages of a pain point that this person reaches: all to the service in charge.

    Raised about a document between services, the others read the words of their own fiches and the counts of all.
    """
    owned = services_owned_by(user)
    raised = DocumentCase.objects.filter(pain_point=OuterRef("membership__pain_point"))
    theirs = Q(fiche__service__in=owned) | Q(membership__pain_point__service__in=owned)
    return passages_of(pain_point).filter(theirs | ~Exists(raised))


def passages_of(pain_point: PainPoint) -> QuerySet[Segment]:
    """The passages of a pain point this person already reached through one of the lists above."""
    return Segment.objects.filter(membership__pain_point=pain_point)


def imports_to_see(user: Person) -> QuerySet[Import]:
    """The files brought for this person's services. What they hold is only read when asked for."""
    return Import.objects.filter(service__in=services_owned_by(user)).defer("content").select_related("service", "by")


def imports_under_way(user: Person) -> QuerySet[Import]:
    """Those whose lines are being recorded, or whose fiches are not all grouped."""
    waiting = Fiche.objects.waiting_for_placement().exclude(imported_in=None)
    return imports_to_see(user).filter(Q(state=ImportState.RUNNING) | Q(pk__in=waiting.values("imported_in")))


def proposals_to_see(user: Person) -> QuerySet[Proposal]:
    """The new groupings prepared for this person's services: whoever reads one may accept it."""
    return Proposal.objects.filter(service__in=services_owned_by(user)).select_related(
        "service", "run", "asked_by", "decided_by"
    )


def runs_to_see(user: Person) -> QuerySet[GroupingRun]:
    """The regroupings that touched this person's services: theirs, their administration's, or everybody's."""
    owned = services_owned_by(user)
    theirs = Q(parts__service__in=owned) | Q(parts__administration__services__in=owned)
    everybodys = Q(parts__service=None, parts__administration=None, parts__isnull=False)
    return GroupingRun.objects.filter(theirs | everybodys).distinct()


def answers_to_see(user: Person) -> QuerySet[Answer]:
    """The answers to the pain points this person's services are in charge of, whoever gave them."""
    return Answer.objects.filter(pain_point__service__in=services_owned_by(user))


def answer_templates_of(user: Person) -> QuerySet[AnswerTemplate]:
    """The words that this person's services often answer with."""
    return AnswerTemplate.objects.filter(service__in=services_owned_by(user))


def letters_to_print(user: Person) -> QuerySet[Letter]:
    """The print tray: letters on paper, promised and not printed yet, about this person's services."""
    answers = answers_to_see(user)
    about = Q(kind="feedback.answer", key__in=Recipient.objects.filter(answer__in=answers).values("pk")) | Q(
        kind="feedback.follow_up", key__in=FollowUp.objects.filter(answer__in=answers).values("pk")
    )
    return Letter.objects.filter(about, channel=Channel.PRINT, state=LetterState.PROMISED)


def archetypes() -> QuerySet[Archetype]:
    """The frequent pain points, for administrators; they hold nothing that people wrote."""
    return Archetype.objects.prefetch_related("documents")


def passages_to_encode() -> QuerySet[Segment]:
    """Every passage, for administrators to count, never to read."""
    return Segment.objects.only("pk")


def follow_ups_to_reply() -> QuerySet[FollowUp]:
    """Every question asked: who holds its signed link may reply."""
    return FollowUp.objects.select_related("answer__pain_point__service", "fiche")


def flood_signals_to_see(user: Person) -> QuerySet[FloodSignal]:
    """The near-identical texts sent to this person's services; all of them for a moderator."""
    if not user.is_authenticated:
        return FloodSignal.objects.none()
    moderates = Role.objects.filter(user=user, kind=RoleKind.MODERATOR)
    return FloodSignal.objects.filter(Q(service__in=services_owned_by(user)) | Exists(moderates))


def may_read_the_radar(user: Person) -> bool:
    """« Dites-le-nous une fois »: whoever works here reads its counts."""
    return holds(user, *RoleKind)


def documents_known() -> QuerySet[SupportingDocument]:
    """The supporting documents of the directory: everybody may know them."""
    return SupportingDocument.objects.select_related("issuer", "issuing_service__administration")


def documents_to_raise(user: Person) -> QuerySet[SupportingDocument]:
    """The documents that this person may raise: named in fiches of their services, or issued by one of these."""
    owned = services_owned_by(user)
    named = mentions_to_count().filter(fiche__service__in=owned, asked_again=True).values("document")
    theirs = Q(pk__in=named) | Q(issuing_service__in=owned)
    theirs |= Q(issuing_service__isnull=True, issuer__in=owned.values("administration"))
    return SupportingDocument.objects.filter(theirs)


def mentions_to_count() -> QuerySet[DocumentMention]:
    """What is counted, never shown as words: documents named in fiches of a service that nobody set aside."""
    named = DocumentMention.objects.filter(fiche__service__isnull=False)
    return named.exclude(fiche__state=FicheState.DISMISSED)


def mentions_to_read(user: Person) -> QuerySet[DocumentMention]:
    """Those whose (masked) words this person may read: of the fiches they may read."""
    return mentions_to_count().filter(fiche__in=fiches_to_read(user))


def services_to_declare(user: Person) -> QuerySet[Service]:
    """The services for which this person says which documents are asked for."""
    return services_owned_by(user)
