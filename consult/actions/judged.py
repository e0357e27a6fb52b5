"""What moderation is told about propositions, arguments, replies and statements, and what it tells their authors.

Counters follow by themselves: the database copies ``is_shown`` from the case, and counts.
"""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consult import recipients, texts
from consult.choices import Side
from consult.models import Argument, ConsultationPage, Participant, Proposition, Reply, Statement
from moderation import letters
from moderation.kinds import Kind, Shown, declare
from moderation.models import Case, Decision

_WRITTEN = {"proposition": Proposition, "argument": Argument, "reply": Reply, "statement": Statement}


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


def show_statements(cases: list[Case]) -> dict[int, Shown]:
    """One question."""
    rows = _of(Statement.objects.all(), cases).select_related("author", "consultation__page__administration")
    return {row.case_id: _statement(row) for row in rows}


def judged(case: Case, decision: Decision) -> None:
    """The author receives the statement of reasons, when there is an address; paper and imports have none."""
    wrote = _WRITTEN[case.kind].objects.filter(case=case)
    author = Participant.objects.select_related("user").filter(pk__in=wrote.values("author")).first()
    if author and (address := recipients.address_of(author)):
        letters.tell_author(decision, address=address)


def declare_kinds() -> None:
    """Called once, when the apps are ready."""
    declare(Kind("proposition", gettext_lazy("Proposition"), show_propositions, judged))
    declare(Kind("argument", gettext_lazy("Argument"), show_arguments, judged))
    declare(Kind("reply", gettext_lazy("Reply"), show_replies, judged))
    declare(Kind("statement", gettext_lazy("Statement"), show_statements, judged))


def _of(rows: QuerySet, cases: Iterable[Case]) -> QuerySet:
    return rows.filter(case__in=[case.pk for case in cases])


def _proposition(row: Proposition) -> Shown:
    page = row.consultation.page
    return Shown(
        title=row.title,
        text=texts.unmarked(row.body),
        author=row.author.name,
        url=row.get_absolute_url(),
        filed_at=row.created_at,
        context=_merged(row) or page.title,
        number=_("Proposition #%(number)d") % {"number": row.number},
        contact=contact_of(page),
        files=[(one.name, one.get_absolute_url(of=row)) for one in row.attachments.all()],
    )


def _merged(row: Proposition) -> str:
    """A moderator who judges a merged proposition knows where it went: its words may stand there too."""
    into = row.merged_into
    said = {"title": row.consultation.page.title, "number": into.number} if into else {}
    return _("%(title)s, merged into proposition #%(number)d") % said if into else ""


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


def _statement(row: Statement) -> Shown:
    page = row.consultation.page
    return Shown(
        title="",
        text=row.text,
        author=row.author.name if row.author else str(page.administration or ""),
        url=reverse("consult:map_statement", args=[page.slug, row.number]),
        filed_at=row.created_at,
        context=page.title,
        number=_("Statement %(number)d") % {"number": row.number},
        contact=contact_of(page),
    )


def contact_of(page: ConsultationPage) -> str:
    """Whom to write to about this consultation, one line each."""
    lines = (page.contact_name, page.contact_email, page.contact_phone, page.contact_address)
    return "\n".join(line for line in lines if line)
