"""Three rows or three hundred, a page asks the database as many questions. All pages are measured, here or elsewhere.

A new page fails here until it is measured, or said to show no list.
"""

import re
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Role
from directory.models import SupportingDocument
from feedback.models import (
    Answer,
    AnswerTemplate,
    Archetype,
    Fiche,
    FloodSignal,
    GroupingPart,
    GroupingRun,
    Membership,
    PainPoint,
    Proposal,
    ProposedChange,
    Recipient,
    Segment,
    Verbatim,
)
from journal.models import Entry
from letters.models import Letter
from tests.factories import ServiceFactory
from tests.trust import routes
from tests.trust.world import Town
from webhooks.models import Delivery, Webhook

pytestmark = pytest.mark.django_db

TESTS = Path(__file__).resolve().parents[1]
MEASURED_ELSEWHERE = {
    "accounts_people": "accounts/test_administrators.py",
    "api:documents_matrix": "feedback/test_radar.py",
    "api:pain_points": "feedback/test_api_reading.py",
    "api:services": "feedback/test_api_reading.py",
    "api:arguments": "consult/test_api.py",
    "api:consultation": "consult/test_api.py",
    "api:consultations": "consult/test_api.py",
    "api:meetings": "consult/test_gatherings_told.py",
    "api:surveys": "consult/test_gatherings_told.py",
    "api:panels": "consult/test_gatherings_told.py",
    "api:proposition": "consult/test_api.py",
    "api:propositions": "consult/test_api.py",
    "api:budget": "budgets/test_pages.py",
    "api:budgets": "budgets/test_pages.py",
    "api:projects": "budgets/test_pages.py",
    "budgets:budget": "budgets/test_pages.py",
    "budgets:rules": "budgets/test_pages.py",
    "budgets_dry_run": "budgets/test_pages.py",
    "budgets_freezing": "budgets/test_pages.py",
    "budgets:ideas": "budgets/test_idea_pages.py",
    "budgets:idea": "budgets/test_idea_pages.py",
    "budgets:projects": "budgets/test_project_pages.py",
    "budgets:compare": "budgets/test_project_pages.py",
    "budgets:project": "budgets/test_project_pages.py",
    "budgets:regroup": "budgets/test_project_pages.py",
    "budgets:make_project": "budgets/test_project_pages.py",
    "budgets:prepare": "budgets/test_project_pages.py",
    "budgets:studies": "budgets/test_study_pages.py",
    "budgets:study_board": "budgets/test_study_pages.py",
    "budgets:publish_studies": "budgets/test_study_pages.py",
    "budgets:study": "budgets/test_study_pages.py",
    "budgets:works": "budgets/test_works.py",
    "budgets:ballot": "budgets/test_ballot_pages.py",
    "budgets:index": "budgets/test_pages.py",
    "budgets:desks": "budgets/test_desk_pages.py",
    "budgets:desk": "budgets/test_desk_pages.py",
    "budgets:desk_paper": "budgets/test_desk_pages.py",
    "budgets:desk_settling": "budgets/test_desk_pages.py",
    "budgets:desk_keying": "budgets/test_desk_pages.py",
    "budgets:desk_batch": "budgets/test_desk_pages.py",
    "budgets:desk_batches": "budgets/test_desk_pages.py",
    "budgets:desk_marking": "budgets/test_desk_pages.py",
    "api:outcome": "budgets/test_results.py",
    "budgets:results": "budgets/test_results.py",
    "budgets:results_rounds": "budgets/test_results.py",
    "budgets:results_turnout": "budgets/test_results.py",
    "budgets:results_what_if": "budgets/test_results.py",
    "budgets:recount": "budgets/test_results.py",
    "budgets:counting": "budgets/test_results.py",
    "budgets:signing": "budgets/test_results.py",
    "consult:consultation": "consult/test_page.py",
    "consult:index": "consult/test_page.py",
    "consult:argument": "consult/test_debate_pages.py",
    "consult:arguments": "consult/test_debate_pages.py",
    "consult:arguments_printed": "consult/test_debate_pages.py",
    "consult:proposition": "consult/test_debate_pages.py",
    "consult:data_csv": "consult/test_deciding_pages.py",
    "consult:data_json": "consult/test_deciding_pages.py",
    "consult:map": "consult/test_map_results.py",
    "consult:map_mine": "consult/test_map_results.py",
    "consult:map_results": "consult/test_map_results.py",
    "consult:map_statements_csv": "consult/test_map_results.py",
    "consult:survey": "consult/test_survey_pages.py",
    "consult:survey_page": "consult/test_survey_pages.py",
    "consult:survey_check": "consult/test_survey_pages.py",
    "consult:survey_printed": "consult/test_survey_pages.py",
    "consult:survey_results": "consult/test_survey_pages.py",
    "consult:survey_private_texts": "consult/test_survey_pages.py",
    "consult:panel": "consult/test_lots.py",
    "consult:panel_conduct": "consult/test_lots.py",
    "consult:panel_record": "consult/test_lots.py",
    "consult:panel_list": "consult/test_lots.py",
    "consult:panel_members": "consult/test_lots.py",
    "consult:meeting": "consult/test_meetings.py",
    "consult:meeting_ics": "consult/test_meetings.py",
    "consult:meeting_room": "consult/test_meetings.py",
    "consult:deciding": "consult/test_deciding_pages.py",
    "consult:publish_decisions": "consult/test_deciding_pages.py",
    "consult:visits": "consult/test_visitors.py",
    "consult:themes": "consult/test_themes.py",
    "consult:theme": "consult/test_themes.py",
    "consult:merge": "consult/test_merging_pages.py",
    "consult:merge_voice": "consult/test_merging_pages.py",
    "consult:merges": "consult/test_merging_pages.py",
    "consult:results": "consult/test_deciding_pages.py",
    "consult:basket": "moderation/test_pages.py",
    "budgets:basket": "budgets/test_removed_ideas.py",
    "budgets:desk_kiosks": "budgets/test_kiosk.py",
    "consult:follows": "consult/test_following.py",
    "consult_imports": "consult/test_importing.py",
    "consult_import": "consult/test_importing.py",
    "consult:feed": "consult/test_feeds.py",
    "consult:propositions_feed": "consult/test_feeds.py",
    "consult:arguments_feed": "consult/test_feeds.py",
    "consult:decisions_feed": "consult/test_feeds.py",
    "consult:calendar": "consult/test_feeds.py",
    "moderation:case": "moderation/test_pages.py",
    "moderation:queue": "moderation/test_pages.py",
    "feedback:answers": "feedback/test_answering_pages.py",
    "feedback:asked_again": "feedback/test_asked_again.py",
    "feedback:asked_again_table": "feedback/test_asked_again.py",
    "feedback:board": "feedback/test_owner_board.py",
    "feedback:imports": "feedback/test_import_pages.py",
    "feedback:pain_point": "feedback/test_owner_pain_point.py",
    "feedback:radar": "feedback/test_radar.py",
    "feedback:radar_cell": "feedback/test_radar.py",
    "feedback:radar_declares": "feedback/test_radar.py",
    "feedback:radar_document": "feedback/test_radar.py",
    "feedback:print_tray": "feedback/test_answering_pages.py",
    "feedback:said": "feedback/test_public.py",
    "feedback:service": "feedback/test_intake_services.py",
    "feedback:services": "feedback/test_intake_services.py",
    "feedback:sorting": "feedback/test_owner_sorting.py",
    "feedback:tracking": "feedback/test_tracking_pages.py",
    "wagtail_serve": "pages/test_site.py",
}
COUNTS = re.compile(r"num_queries|CaptureQueriesContext")
# One object, one form or one file: nothing grows.
NO_LIST = {
    "budgets:recount_file", "budgets:recount_script",
    "account_change_password", "account_close", "account_confirm_email", "account_email",
    "account_email_verification_sent", "account_export", "account_inactive", "account_login", "account_logout",
    "account_reauthenticate", "account_rename", "account_reset_password", "account_reset_password_done",
    "account_letters", "account_stop_letters", "account_reset_password_from_key_done", "account_signup",
    "accounts_invite", "accounts_person",
    "api:openapi-json", "api:openapi-view", "api:pain_point", "api:service", "feedback:act", "feedback:data_erase",
    "feedback:data_export", "feedback:fiche_act", "feedback:file", "feedback:file_for", "feedback:follow_up",
    "feedback:import", "feedback:import_columns", "feedback:import_refused", "feedback:answer", "feedback:receipt",
    "feedback:save_view", "feedback:tracking_home", "feedback_archetype", "feedback_document", "feedback_document_new",
    "feedback_archetype_new", "feedback_encoder", "mfa_activate_totp", "mfa_generate_recovery_codes", "mfa_index",
    "budgets_prolong", "budgets_regulation", "budgets_roll",
    "feedback:theme", "pages:healthz", "pages:readyz", "pages:theme", "webhooks_new",
    "moderation:report", "consult:argue", "consult:withdraw_argument",
    "consult:map_propose", "consult:map_statement", "consult:map_withdraw",
    "consult:file", "consult:rules", "consult:versions", "consult:propose",
    "consult:seat", "consult:volunteer", "consult:amend", "consult:withdraw", "consult:decide", "consult:propose_merge",
    "consult:confirm", "consult:code", "consult:attachment", "consult_list",
    "consult:take_version_out",
    "budgets:photo", "budgets:draft_photo", "budgets:suggest", "budgets:withdraw_idea", "budgets:set_aside",
    "budgets:ballot_secrecy",
    "budgets:receipt", "budgets:withdraw_project",
    "budgets:kiosk", "budgets:desk_code",
}  # fmt: skip


def segments(fiche: Fiche, number: int, *, from_: int) -> list[Segment]:
    made = [
        Segment(fiche=fiche, position=from_ + n, start=0, end=9, text=f"Passage {from_ + n}") for n in range(number)
    ]
    return Segment.objects.bulk_create(made)


def more_said(town: Town, number: int, from_: int) -> None:
    """Quoted passages and answers of one public pain point."""
    one = town.public_pain_point
    made = segments(town.paper, number, from_=from_)
    Membership.objects.bulk_create([Membership(segment=made_, pain_point=one, source="machine") for made_ in made])
    Verbatim.objects.bulk_create([Verbatim(pain_point=one, segment=made_, chosen_by=town.owner) for made_ in made])
    more_answers(town, number)


def more_answers(town: Town, number: int) -> list[Answer]:
    one = town.public_pain_point
    made = [Answer(pain_point=one, outcome="done", changes="Fait.", author=town.owner) for _ in range(number)]
    return Answer.objects.bulk_create(made)


def more_lost_fiches(town: Town, number: int, from_: int) -> None:
    today = timezone.localdate()
    Fiche.objects.bulk_create(
        [
            Fiche(reference=f"F-26-7{from_ + n:04}-AB", channel="web", received_on=today, masked_text="Rien.")
            for n in range(number)
        ]
    )


def more_of_a_fiche(town: Town, number: int, from_: int) -> None:
    """Passages in several pain points, and lines of its journal."""
    made = segments(town.fiche, number, from_=from_)
    Membership.objects.bulk_create(
        [Membership(segment=one, pain_point=town.pain_point, source="machine") for one in made]
    )
    same = {"subject_type": "feedback.fiche", "subject_key": str(town.fiche.pk), "verb": "fiche.placed"}
    Entry.objects.bulk_create([Entry(**same) for _ in range(number)])


def more_templates(town: Town, number: int, from_: int) -> None:
    AnswerTemplate.objects.bulk_create(
        [AnswerTemplate(service=town.service, name=f"Modèle {from_ + n}", changes="Fait.") for n in range(number)]
    )


def more_letters(town: Town, number: int, *, from_: int, **fields: str) -> list[Letter]:
    answers = more_answers(town, number)
    told = Recipient.objects.bulk_create([Recipient(answer=answer, fiche=town.paper) for answer in answers])
    made = [
        Letter(
            kind="feedback.answer",
            key=one.pk,
            campaign=f"answer:{one.answer_id}",
            recipient_key="x",
            message_id=f"<{from_}.{one.pk}@x>",
            address="1 rue",
            **fields,
        )
        for one in told
    ]
    return Letter.objects.bulk_create(made)


def more_doubts(town: Town, number: int, from_: int) -> None:
    more_letters(town, number, from_=from_, channel="email", state="unknown")


def more_to_answer(town: Town, number: int, from_: int) -> None:
    PainPoint.objects.bulk_create(
        [PainPoint(title=f"Irritant {from_ + n}", service=town.service, state="confirmed") for n in range(number)]
    )


def more_signals(town: Town, number: int, from_: int) -> None:
    """Some of texts that a pain point holds."""
    made, today = segments(town.paper, number, from_=from_), timezone.localdate()
    held = [Membership(segment=one, pain_point=town.pain_point, source="machine") for one in made[::2]]
    Membership.objects.bulk_create(held)
    figures = {"service": town.service, "fiche_count": 12, "most_in_a_day": 12, "first_on": today, "last_on": today}
    FloodSignal.objects.bulk_create([FloodSignal(text=one, **figures) for one in made])


def more_webhooks(town: Town, number: int, from_: int) -> None:
    made = [
        Webhook(name=f"Outil {from_ + n}", kind="chat", url="https://x.example/", host="x", service=town.service)
        for n in range(number)
    ]
    Webhook.objects.bulk_create(made)


def more_documents(town: Town, number: int, from_: int) -> None:
    SupportingDocument.objects.bulk_create(
        [SupportingDocument(key=f"piece_{from_ + n}", name=f"Pièce {from_ + n}") for n in range(number)]
    )


def more_archetypes(town: Town, number: int, from_: int) -> None:
    said = ["Trop long.", "Trop cher.", "Trop loin."]
    made = [Archetype(key=f"k{from_ + n}", title=f"Irritant {from_ + n}", examples=said) for n in range(number)]
    for one in Archetype.objects.bulk_create(made)[::50]:
        one.documents.set(SupportingDocument.objects.all()[:2])


def more_deliveries(town: Town, number: int, from_: int) -> None:
    made = [Delivery(webhook=town.webhook, event="test", key=f"{from_ + n}", subject="test") for n in range(number)]
    Delivery.objects.bulk_create(made)


def more_roles(town: Town, number: int, from_: int) -> None:
    services = ServiceFactory.create_batch(number, administration=town.service.administration)
    Role.objects.bulk_create([Role(user=town.owner, kind="service_owner", service=one) for one in services])


def more_changes(town: Town, number: int, from_: int) -> None:
    """What a new grouping would change, each with its own verbatim."""
    made = segments(town.fiche, number, from_=from_)
    ProposedChange.objects.bulk_create(
        [
            ProposedChange(
                proposal=town.proposal,
                kind="move",
                position=from_ + n,
                pain_point=town.pain_point,
                other=town.public_pain_point,
                segments=[one.pk],
                central=[one.pk],
            )
            for n, one in enumerate(made)
        ]
    )


def more_regroupings(town: Town, number: int, from_: int) -> None:
    """Services, proposals of the past, and runs."""
    more_roles(town, number, from_)
    runs = GroupingRun.objects.bulk_create([GroupingRun(kind="propose", service=town.service) for _ in range(number)])
    GroupingPart.objects.bulk_create([GroupingPart(run=run, service=town.service) for run in runs])
    now = timezone.now()
    Proposal.objects.bulk_create(
        [Proposal(service=town.service, run=run, state="discarded", expires_at=now) for run in runs]
    )


def more_parts(town: Town, number: int, from_: int) -> None:
    run = town.proposal.run
    GroupingPart.objects.bulk_create(
        [GroupingPart(run=run, stage=from_ + n, service=town.service) for n in range(number)]
    )


def query(town: Town, name: str) -> str:
    """What is chosen on the page before."""
    if name == "feedback:print_letters":
        return "?" + "&".join(
            f"lettre={key}" for key in Letter.objects.filter(channel="print").values_list("pk", flat=True)
        )
    if name == "feedback:answer_many":
        mine = PainPoint.objects.filter(service=town.service, state="confirmed")
        return "?irritants=" + ",".join(str(number) for number in mine.values_list("number", flat=True)[:50])
    return ""


GROWING = {
    "accounts_letters": more_doubts,
    "feedback_archetypes": more_archetypes,
    "feedback_documents": more_documents,
    "webhooks_list": more_webhooks,
    "webhooks_one": more_deliveries,
    "account_home": more_roles,
    "feedback:answer_many": more_to_answer,
    "feedback:answer_templates": more_templates,
    "feedback:fiche": more_of_a_fiche,
    "feedback:flood_signals": more_signals,
    "feedback:regrouping": more_changes,
    "feedback:regrouping_run": more_parts,
    "feedback:regroupings": more_regroupings,
    "feedback:said_one": more_said,
    "feedback:without_service": more_lost_fiches,
}


@pytest.mark.parametrize("name", GROWING)
def test_three_or_three_hundred_rows_cost_the_same_questions(name, town, addresses, enter):
    client = enter("administrator" if name.partition("_")[0] in {"accounts", "feedback", "webhooks"} else "owner")
    counts, from_ = [], 100
    for more in (3, 297):
        GROWING[name](town, more, from_)
        from_ += more
        url = addresses.of(name).partition("?")[0] + query(town, name)
        client.get(url)  # what the process keeps: the site and its settings
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        counts.append([one["sql"][:150] for one in captured])
    assert len(counts[0]) == len(counts[1]), "\n".join(counts[1])


def test_letters_are_written_one_by_one_as_the_worker_does_fifty_at_most(town, addresses, enter):
    more_letters(town, 300, from_=100, channel="print")
    url = addresses.of("feedback:print_letters") + query(town, "feedback:print_letters")
    with CaptureQueriesContext(connection) as captured:
        assert enter("owner").get(url).status_code == 200
    assert len(captured) < 50 * 4


def test_every_page_is_measured():
    pages = {name for name, row in routes.rows().items() if row.get.status == 200}
    known = [*MEASURED_ELSEWHERE, *NO_LIST, *GROWING]
    assert len(known) == len(set(known))
    assert pages == set(known)


@pytest.mark.parametrize("file", sorted(set(MEASURED_ELSEWHERE.values())))
def test_the_file_that_measures_it_does(file):
    assert COUNTS.search((TESTS / file).read_text())
