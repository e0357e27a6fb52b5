"""What moderation is told about propositions, arguments and replies, and what it tells their authors.

Counters follow by themselves: the database copies ``is_shown`` from the case, and counts.
"""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consult import texts
from consult.choices import Side
from consult.models import Argument, ConsultationPage, Participant, Proposition, Reply
from moderation import letters
from moderation.kinds import Kind, Shown, declare
from moderation.models import Case, Decision

_WRITTEN = {"proposition": Proposition, "argument": Argument, "reply": Reply}


def show_propositions(cases: list[Case]) -> dict[int, Shown]:
    """Two questions: the files are the other."""
    rows = _of(Proposition.objects.all(), cases).select_related(
        "author", "consultation__page", "section", "merged_into"
    )
    rows = rows.prefetch_related("attachments")
    return {row.case_id: _proposition(row) for row in rows}


def show_arguments(cases: list[Case]) -> dict[int, Shown]:
    """One question."""
    rows = _of(Argument.objects.all(), cases).select_related("author", "proposition__consultation__page")
    return {row.case_id: _argument(row) for row in rows}


def show_replies(cases: list[Case]) -> dict[int, Shown]:
    """One question."""
    above = "argument__proposition__consultation__page"
    rows = _of(Reply.objects.all(), cases).select_related("author", above)
    return {row.case_id: _reply(row) for row in rows}


def judged(case: Case, decision: Decision) -> None:
    """The author receives the statement of reasons, when there is an address; paper and imports have none."""
    wrote = _WRITTEN[case.kind].objects.filter(case=case)
    author = Participant.objects.select_related("user").filter(pk__in=wrote.values("author")).first()
    if author and (address := address_of(author)):
        letters.tell_author(decision, address=address)


def address_of(author: Participant) -> str:
    """Where this person reads: that of the account, or the one confirmed by a visitor; "" for nobody."""
    if author.user_id:
        return author.user.email if author.user.is_active else ""
    return author.email if author.confirmed_at else ""


def declare_kinds() -> None:
    """Called once, when the apps are ready."""
    declare(Kind("proposition", gettext_lazy("Proposition"), show_propositions, judged))
    declare(Kind("argument", gettext_lazy("Argument"), show_arguments, judged))
    declare(Kind("reply", gettext_lazy("Reply"), show_replies, judged))


def _of(rows: QuerySet, cases: Iterable[Case]) -> QuerySet:
    return rows.filter(case__in=[case.pk for case in cases])


def _proposition(row: Proposition) -> Shown:
    page = row.consultation.page
    return Shown(
        title=row.title,
        text=texts.typed_of(row.body),
        author=row.author.name,
        url=row.get_absolute_url(),
        filed_at=row.created_at,
        context=page.title,
        number=_("Proposition #%(number)d") % {"number": row.number},
        contact=contact_of(page),
        files=[(one.name, one.get_absolute_url(of=row)) for one in row.attachments.all()],
    )


def _argument(row: Argument) -> Shown:
    on = row.proposition
    words = _("Argument for") if row.side == Side.FOR else _("Argument against")
    return Shown(
        title="",
        text=row.text,
        author=row.author.name,
        url=f"{on.get_absolute_url()}#argument-{row.number}",
        filed_at=row.created_at,
        context=_("proposition #%(number)d, %(title)s") % {"number": on.number, "title": on.title},
        number=words,
        contact=contact_of(on.consultation.page),
    )


def _reply(row: Reply) -> Shown:
    on = row.argument.proposition
    return Shown(
        title="",
        text=row.text,
        author=row.author.name,
        url=f"{on.get_absolute_url()}#argument-{row.argument.number}",
        filed_at=row.created_at,
        context=_("proposition #%(number)d, %(title)s") % {"number": on.number, "title": on.title},
        number=_("Reply to an argument"),
        contact=contact_of(on.consultation.page),
    )


def contact_of(page: ConsultationPage) -> str:
    """Whom to write to about this consultation, one line each."""
    lines = (page.contact_name, page.contact_email, page.contact_phone, page.contact_address)
    return "\n".join(line for line in lines if line)
