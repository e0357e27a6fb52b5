"""Every address of the site, read from the resolver, with the row of the town that stands behind it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from consult import asking, meeting_letters, visitor_letters
from consult.drawing_lots import letters as panel_letters
from directory.models import SupportingDocument
from feedback import letters
from feedback.models import Archetype
from letters.preferences import recipient_key, token_of
from tests.trust import budget_town
from tests.trust.world import ROLES, Town

TABLE = Path(__file__).with_name("access.txt")
# What no row bears.
NOBODY = {
    "slug": "personne",
    "reference": "F-26-99999-ZZ",
    "number": 987654,
    "argument_number": 987654,
    "survey": "personne",
    "meeting": "personne",
    "panel": "personne",
    "pk": 987654,
    "role": 987654,
    "key": "nulle_part",
    "token": "nulle_part",
    "brought": 987654,
    "case": 987654,
}
# Routes without a name, and the one that takes what is left.
ADDRESSES = {
    "wagtail_serve": "/",
    "_util/login/": "/_util/login/",
    "api/<path:rest>": "/api/nulle-part",
    "wagtaildocs_serve": "/documents/987654/guide.pdf",
}
INSIDERS = {
    "everyone": set(ROLES),
    "key-holders": set(ROLES),
    "nobody": set(),
    "members": set(ROLES) - {"visitor"},
    "leavers": set(ROLES) - {"visitor"},
    "visitors": {"visitor"},
    "owners": {"owner", "other_owner"},
    "in-charge": {"owner"},
    "watchers": {"owner", "other_owner", "moderator"},
    "watchers-here": {"owner", "moderator"},
    "moderators": {"moderator"},
    "agents": set(ROLES) - {"visitor", "citizen"},
    "author": {"citizen"},
    "writers": {"agent"},
    "arguers": {"citizen"},
    "evaluators": {"evaluator", "editor", "administrator"},
    "deciders": {"editor", "administrator"},
    "typists": {"clerk", "editor", "administrator"},
    "administrators": {"administrator"},
}


@dataclass(frozen=True)
class Cell:
    who: str
    status: int

    def expected(self, role: str) -> int | str:
        """A status; ``sign in`` where the door is shut; ``home`` where it is not for members."""
        if role in INSIDERS[self.who]:
            return self.status
        if self.who == "nobody":
            return "sign in"
        if self.who in {"visitors", "leavers"}:
            return "home"
        return 404 if role != "visitor" or self.who == "author" else "sign in"


@dataclass(frozen=True)
class Row:
    name: str
    get: Cell
    post: Cell


def rows() -> dict[str, Row]:
    """The table, by name of route."""
    lines = [line.split() for line in TABLE.read_text().splitlines() if line.strip() and not line.startswith("#")]
    return {name: Row(name, Cell(who, int(got)), Cell(whose, int(posted))) for name, who, got, whose, posted in lines}


def names() -> list[str]:
    """Every route that can be reached, without the subtree of Wagtail's administration except our own pages there."""
    return [name for name, pattern, view in routes() if not pattern.startswith("admin/") or is_ours(view)]


def admin_patterns() -> list[str]:
    return [pattern for _name, pattern, _view in routes() if pattern.startswith("admin/")]


def is_ours(view: Any) -> bool:
    return view.__module__.startswith(
        (
            "accounts.",
            "webhooks.",
            "feedback.views.administration",
            "consult.views.administration",
            "consult.budgets.views.administration",
        )
    )


def routes() -> Iterator[tuple[str, str, Any]]:
    """Name (or pattern where there is none), pattern and view of each address."""
    yield from _walk(get_resolver(), "", "")


def _walk(resolver: URLResolver, prefix: str, space: str) -> Iterator[tuple[str, str, Any]]:
    for one in resolver.url_patterns:
        pattern = prefix + str(one.pattern)
        if isinstance(one, URLPattern):
            yield (f"{space}:{one.name}" if space else one.name) or pattern, pattern, one.callback
        else:
            yield from _walk(one, pattern, ":".join(filter(None, [space, one.namespace])))


class Addresses:
    """Where each route leads in this town."""

    def __init__(self, town: Town) -> None:
        self._behind = _behind(town)

    def of(self, name: str) -> str:
        """The row of the town that stands behind this route."""
        keywords, query = self._behind.get(name, ({}, ""))
        return ADDRESSES.get(name) or reverse(name, kwargs=keywords) + query

    def of_nothing(self, name: str) -> str:
        """A row that does not exist; an address that does not exist where the route names no row."""
        keywords, query = self._behind.get(name, ({}, ""))
        missing = {key: value for key, value in NOBODY.items() if key in keywords}
        if missing or query:
            return reverse(name, kwargs=keywords | missing) + re.sub(r"=\d+", "=987654", query)
        return "/admin/nulle-part/" if self.of(name).startswith("/admin/") else "/nulle-part/"


def _behind(town: Town) -> dict[str, tuple[dict[str, Any], str]]:
    """The values in the address of a route, and its query.

    The order of the lines is the one of ``access.txt``.
    """
    return {
        **_behind_the_room(town),
        **_behind_regroupings(town),
        **_behind_consultations(town),
        **budget_town.addresses(town.money),
        **_behind_accounts(town),
    }


def _behind_the_room(town: Town) -> dict[str, tuple[dict[str, Any], str]]:
    fiche, number = {"reference": town.fiche.reference}, {"number": town.pain_point.number}
    brought = {"pk": town.brought.pk}
    return {
        "feedback:service": ({"slug": "cantine"}, ""),
        "feedback:file_for": ({"slug": "cantine"}, ""),
        "feedback:tracking": (fiche, ""),
        "feedback:receipt": (fiche, ""),
        "feedback:data_export": (fiche, ""),
        "feedback:data_erase": (fiche, ""),
        "feedback:said_one": ({"number": town.public_pain_point.number}, ""),
        "feedback:follow_up": ({"token": letters.follow_up_path(town.follow_up).rstrip("/").rpartition("/")[2]}, ""),
        "feedback:flood_seen": ({"pk": town.signal.pk}, ""),
        "feedback:delete_view": ({"pk": town.saved_view.pk}, ""),
        "feedback:theme": ({"pk": town.theme.pk}, ""),
        "feedback:selection": ({"act": "confirmer"}, ""),
        "feedback:pain_point": (number, ""),
        "feedback:pain_point_export": (number, ""),
        "feedback:act": (number | {"act": "renommer"}, ""),
        "feedback:sort": ({"act": "ecarter"}, ""),
        "feedback:fiche": (fiche, ""),
        "feedback:read_original": (fiche, ""),
        "feedback:fiche_act": ({"reference": town.to_sort.reference, "act": "ecarter"}, ""),
        "feedback:answer": (number, ""),
        "feedback:answer_many": ({}, f"?irritants={town.pain_point.number}"),
        "feedback:delete_answer_template": ({"pk": town.template.pk}, ""),
        "feedback:import": (brought, ""),
        "feedback:import_columns": (brought, ""),
        "feedback:import_start": (brought, ""),
        "feedback:import_give_up": (brought, ""),
        "feedback:import_refused": (brought, ""),
        "feedback:radar_declares": ({"slug": "cantine"}, ""),
        "feedback:radar_document": ({"key": "rib"}, ""),
        "feedback:radar_raise": ({"key": "rib"}, ""),
        "feedback:radar_cell": ({"key": "rib", "slug": "cantine"}, ""),
        "api:service": ({"slug": "cantine"}, ""),
        "api:file_fiche": ({"slug": "cantine"}, ""),
        "api:pain_point": ({"number": town.public_pain_point.number}, ""),
        "api:fiche": (fiche, "?key=23456789"),
    }


def _behind_regroupings(town: Town) -> dict[str, tuple[dict[str, Any], str]]:
    proposal = {"pk": town.proposal.pk}
    return {
        "feedback:regroup": ({"slug": "cantine"}, ""),
        "feedback:regrouping": (proposal, ""),
        "feedback:regrouping_accept": (proposal, ""),
        "feedback:regrouping_discard": (proposal, ""),
        "feedback:regrouping_run": ({"pk": town.proposal.run_id}, ""),
    }


_OF_THE_MAP = ("", "_answer", "_mine", "_propose", "_near", "_results", "_statements_csv", "_answers_csv")


def _behind_consultations(town: Town) -> dict[str, tuple[dict[str, Any], str]]:
    asked = {"slug": town.asked.page.slug}
    one = asked | {"number": town.proposition.number}
    return {
        "consult:consultation": (asked, ""),
        "consult:file": (asked, ""),
        "consult:rules": (asked, ""),
        "consult:proposition": (one, ""),
        "consult:versions": (one, ""),
        "consult:propose": (asked, ""),
        "consult:near": (asked, ""),
        "consult:draft": (asked, ""),
        "consult:amend": (one, ""),
        "consult:withdraw": (one, ""),
        "consult:take_version_out": (asked | {"number": 3, "version": 1}, ""),
        "consult:bulk": (asked, ""),
        "consult:basket": (asked, ""),
        "consult:propositions_feed": (asked, ""),
        "consult:arguments_feed": (one, ""),
        "consult:decisions_feed": (asked, ""),
        "consult:calendar": (asked, ""),
        "consult:open_data": (asked, ""),
        "consult_imports": ({"pk": town.asked.pk}, ""),
        "consult_import": ({"pk": town.asked.pk, "brought": town.brought_there.pk}, ""),
        "consult:follow": (asked, ""),
        **_behind_debates(town),
        **_behind_gatherings(town),
        **_behind_decisions(town),
    }


def _behind_debates(town: Town) -> dict[str, tuple[dict[str, Any], str]]:
    """What is argued below a proposition, and around it."""
    asked = {"slug": town.asked.page.slug}
    one = asked | {"number": town.proposition.number}
    argument = one | {"argument_number": town.argument.number}
    return {
        "consult:follow_proposition": (one, ""),
        "consult:vote": (one, ""),
        "consult:arguments": (one, ""),
        "consult:arguments_printed": (one, ""),
        "consult:argue": (one, ""),
        "consult:argument": (argument, ""),
        "consult:reply": (argument, ""),
        "consult:useful": (argument, ""),
        "consult:withdraw_argument": (one | {"argument_number": town.own_argument.number}, ""),
        "api:consultation": (asked, ""),
        "api:propositions": (asked, ""),
        "api:proposition": (one, ""),
        "api:arguments": (one, ""),
        "api:meetings": (asked, ""),
        "api:surveys": (asked, ""),
        "api:panels": (asked, ""),
        "api:similar": (asked, ""),
        "consult:confirm": ({"token": visitor_letters.token(town.visitor_act)}, ""),
        "consult:visitor": (asked, ""),
        "consult:code": (asked, ""),
        "consult:attachment": (one | {"pk": town.attachment.pk}, ""),
        "consult_list": ({"pk": town.asked.pk}, ""),
        **{f"consult:map{name}": (asked, "") for name in _OF_THE_MAP},
        "consult:map_statement": (asked | {"number": 1}, ""),
        "consult:map_withdraw": (asked | {"number": town.own_statement.number}, ""),
    }


def _behind_decisions(town: Town) -> dict[str, tuple[dict[str, Any], str]]:
    """What those who decide do, what comes of it, and the programs that read it."""
    asked = {"slug": town.asked.page.slug}
    one = asked | {"number": town.proposition.number}
    case = {"case": town.proposition.case_id}
    return {
        "consult:deciding": (asked, ""),
        "consult:decide_many": (asked, ""),
        "consult:publish_decisions": (asked, ""),
        "consult:decide": (one, ""),
        "consult:ask_merge": (asked, ""),
        "consult:merges": (asked, ""),
        "consult:merge": (asked | {"pk": town.merge.pk}, ""),
        "consult:propose_merge": (one, ""),
        "consult:merge_voice": ({"token": asking.path(town.voice).rstrip("/").rpartition("/")[2]}, ""),
        "consult:themes": (asked, ""),
        "consult:theme": (asked | {"pk": town.consult_theme.pk}, ""),
        "consult:synthesis": (asked, ""),
        "consult:results": (asked, ""),
        "consult:data_csv": (asked | {"name": "propositions"}, ""),
        "consult:data_json": (asked | {"name": "propositions"}, ""),
        "moderation:case": (case, ""),
        "moderation:decide": (case, ""),
        "moderation:report": (case, ""),
    }


def _behind_accounts(town: Town) -> dict[str, tuple[dict[str, Any], str]]:
    person = {"pk": town.citizen.pk}
    unconfirmed, _new = EmailAddress.objects.get_or_create(user=town.newcomer, email=town.newcomer.email)
    reset = {"uidb36": user_pk_to_url_str(town.newcomer), "key": default_token_generator.make_token(town.newcomer)}
    return {
        "account_stop_letters": ({"token": token_of(recipient_key(town.citizen.email), "consult.digest")}, ""),
        "account_confirm_email": ({"key": EmailConfirmationHMAC(unconfirmed).key}, ""),
        "account_reset_password_from_key": (reset, ""),
        "accounts_person": (person, ""),
        "accounts_act": (person | {"name": "suspendre"}, ""),
        "accounts_revoke": (person | {"role": 1}, ""),
        "feedback_document": ({"pk": SupportingDocument.objects.get(key="rib").pk}, ""),
        "feedback_document_delete": ({"pk": SupportingDocument.objects.get(key="rib").pk}, ""),
        "feedback_archetype": ({"pk": Archetype.objects.earliest("pk").pk}, ""),
        "webhooks_one": ({"pk": town.webhook.pk}, ""),
        "webhooks_act": ({"pk": town.webhook.pk, "name": "suspendre"}, ""),
        "accounts_letter_act": ({"pk": town.letter.pk, "name": "envoye"}, ""),
        "wagtaildocs_authenticate_with_password": ({"restriction_id": 1}, ""),
        "wagtailcore_authenticate_with_password": ({"page_view_restriction_id": 1, "page_id": 1}, ""),
    }


def _behind_gatherings(town: Town) -> dict[str, tuple[dict[str, Any], str]]:
    """A questionnaire that few people answered, a meeting to come, a panel open, the frozen list of another."""
    slug = {"slug": town.asked.page.slug}
    survey, meeting = slug | {"survey": town.survey.slug}, slug | {"meeting": town.meeting.slug}
    panel, frozen = slug | {"panel": town.panel.slug}, slug | {"panel": town.frozen_panel.slug}
    return {
        "consult:survey": (survey, ""),
        "consult:survey_page": (survey | {"number": 1}, ""),
        "consult:survey_check": (survey, ""),
        "consult:survey_printed": (survey, ""),
        "consult:survey_results": (survey, ""),
        "consult:survey_texts": (survey | {"code": "idee"}, ""),
        "consult:survey_csv": (survey | {"name": "reponses"}, ""),
        "consult:survey_json": (survey | {"name": "reponses"}, ""),
        "consult:survey_private_texts": (survey, ""),
        "consult:meeting": (meeting, ""),
        "consult:meeting_ics": (meeting, ""),
        "consult:meeting_room": (meeting, ""),
        "consult:seat": ({"token": meeting_letters.token_of(town.seat)}, ""),
        "consult:panel": (panel, ""),
        "consult:panel_record": (frozen, ""),
        "consult:panel_conduct": (panel, ""),
        "consult:panel_list": (frozen, ""),
        "consult:panel_members": (frozen, ""),
        "consult:volunteer": ({"token": panel_letters.token_of(town.volunteer)}, ""),
    }
