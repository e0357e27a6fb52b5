"""A word in every private field, and everybody reading everything they can reach: no word where it may not be."""

import html
import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client

from consult.models import Participant, Proposition, VisitorAct
from feedback.models import Fiche, Import, Original, PainPoint
from journal.models import Entry
from letters.models import Letter
from moderation.models import Decision, Notice
from tests.trust import routes
from tests.trust.world import CANARIES, REASON, ROLES, word

pytestmark = pytest.mark.django_db

ROWS = routes.rows()
LINK = re.compile(r'(?:href|hx-get|action)="([^"#]+)"')
PAGES_AT_MOST = 120
VARIANTS_AT_MOST = 5  # of one page, by its filters and orders
# Files that forms give: read by sending the form.
DOWNLOADS = ("feedback:board_export", "feedback:pain_point_export", "feedback:data_export")
# Leaving would end the walk.
NOT_WALKED = ("/compte/deconnexion/", "/static/", "/langue/", "/admin/logout/")

# Whoever holds the link is the person it was sent to.
OF_ONE_PERSON = {"feedback:follow_up", "consult:confirm", "account_logout", "account_confirm_email"}

OWN_FICHE = {
    "Original.text: an address",
    "Original.text: a telephone number",
    "Original.contact_email",
    "Original.contact_phone",
    "Fiche.masked_text of a service",
    "FollowUp.text: an address",
    "Letter.address",
}
OWN_ACCOUNT = {"User.email of a citizen", "User.name of a citizen"}
OF_THE_SERVICE = {
    "Fiche.masked_text of a service",
    "Fiche.masked_text of no service",
    "Fiche.dismissed_reason",
    "Note.text",
    "PainPoint.title, not public",
    "PainPoint.reason",
    "Transfer.reason",
    "AnswerTemplate.changes",
    "SavedView.name",
    "Entry.details: why the original was read",
}
STUDIED = {"StudyNote.text", "Study.reason before it is published"}
OF_A_REMOVED_TEXT = {"Decision.facts of a text never shown again", "Proposition.body never shown again"}
# Who may read which private words, on the addresses that begin so.
SIGNED = ("/consultations/", "/budgets/", "/moderation/")
MAY_READ: list[tuple[str, str, set[str]]] = [
    ("citizen", "/compte/", OWN_ACCOUNT | OWN_FICHE),
    ("citizen", "/suivi/", OWN_FICHE | OWN_ACCOUNT),
    ("citizen", "/fiche/", {"User.email of a citizen"}),
    ("citizen", "/services/cantine/fiche/", {"User.email of a citizen"}),
    ("citizen", "/services/piscine/fiche/", {"User.email of a citizen"}),
    ("agent", "/compte/", {"User.email of an agent"}),
    ("agent", "/fiche/", {"User.email of an agent"}),
    ("agent", "/services/cantine/fiche/", {"User.email of an agent"}),
    ("agent", "/services/piscine/fiche/", {"User.email of an agent"}),
    ("citizen", "/moderation/signaler/", {"User.email of a citizen"}),
    ("agent", "/moderation/signaler/", {"User.email of an agent"}),
    # Whoever writes in a consultation or a budget signs with the name that they chose to show.
    *((role, begins, {"User.name of a citizen"}) for role in ROLES for begins in SIGNED),
    # The link of a letter opens one's own place in a list.
    *((role, "/tirage-au-sort/", {"Volunteer.answers"}) for role in ROLES),
    ("administrator", "/admin/personnes/", OWN_ACCOUNT | {"User.email of an agent"}),
    *((role, "/etudes/", STUDIED) for role in ("evaluator", "editor", "administrator")),
    ("moderator", "/pilotage/textes-proches/", {"Fiche.masked_text of a service"}),
    ("moderator", "/moderation/", {"Notice.text", *OF_A_REMOVED_TEXT}),
    ("owner", "/pilotage/", OF_THE_SERVICE),
    ("owner", "/pilotage/courriers/", {"Original.postal_name"}),
    ("owner", "/pilotage/import/", {"Import.content"}),
    # Whoever answers for a service may say where a fiche that named none belongs.
    ("other_owner", "/pilotage/a-trier/sans-service/", {"Fiche.masked_text of no service"}),
    ("other_owner", "/pilotage/fiches/", {"Fiche.masked_text of no service"}),
    ("other_owner", "/pilotage/irritants/", {"Transfer.reason"}),
]


def may_read(field: str, role: str, url: str) -> bool:
    return any(who == role and url.startswith(begins) and field in fields for who, begins, fields in MAY_READ)


def text_of(response: HttpResponse) -> str:
    """Everything a person receives, as they read it: markup and JSON escapes undone, headers too."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    text = html.unescape(body.decode("utf-8", "replace")) + repr(dict(response.headers))
    return text + re.sub(r"\\u([0-9a-f]{4})", lambda match: chr(int(match[1], 16)), text)


def walk(client: Client, start: list[str]) -> Iterator[tuple[str, str]]:
    """Each address reached from these by links, and the text found there."""
    waiting, known, variants, read = list(start), set(start), Counter(), 0
    while waiting and read < PAGES_AT_MOST:
        url = waiting.pop(0)
        response = client.get(url)
        text = text_of(response)
        read += 1
        yield url, text
        found = [response.headers["Location"]] if "Location" in response.headers else LINK.findall(text)
        for link in found:
            there = urljoin(url, html.unescape(link))
            is_ours = not urlsplit(there).netloc and not there.startswith(NOT_WALKED)
            if is_ours and there not in known and variants[urlsplit(there).path] < VARIANTS_AT_MOST:
                known.add(there)
                variants[urlsplit(there).path] += 1
                waiting.append(there)


def found_in(text: str, *, role: str, url: str) -> set[str]:
    folded = text.casefold()
    return {field for field, one in CANARIES.items() if one.casefold() in folded and not may_read(field, role, url)}


@pytest.mark.parametrize("role", ROLES)
def test_nobody_reads_a_private_word_outside_its_place(role, town, addresses, enter):
    client, leaks, read = enter(role), {}, 0
    shown = {name for name, row in ROWS.items() if row.get.status == 200} - OF_ONE_PERSON
    start = [
        addresses.of(name) for name in ROWS if name in shown or (role == "citizen" and name == "feedback:follow_up")
    ]
    start += [f"/suivi/{town.fiche.reference}/?cle=23456789", "/pilotage/?view=all", "/services/?mots=canari"]
    for url, text in walk(client, start):
        read += 1
        if found := found_in(text, role=role, url=url):
            leaks[url] = found
    for name in DOWNLOADS:
        url = addresses.of(name)
        if found := found_in(text_of(client.post(url)), role=role, url=url):
            leaks[url] = found
    assert leaks == {}
    assert read > 40, "the walk reads nothing"


def test_control_the_owner_who_gives_a_reason_reads_the_original(addresses, enter):
    response = enter("owner").post(addresses.of("feedback:read_original"), {"reason": REASON})
    text = text_of(response)
    for field in ("Original.text: an address", "Original.text: a telephone"):
        assert word(field) in text, field


def test_control_every_canary_stands_in_the_database(town):
    """Encrypted columns are read by the models; the others as the database holds them."""
    rows = [*Original.objects.values_list("text", "contact_email", "contact_phone", "postal_name", "on_behalf_of")]
    private = repr([rows, list(Letter.objects.values_list("address")), list(Import.objects.values_list("content"))])
    for field, one in CANARIES.items():
        if field.startswith(("Original", "Letter", "Import")):
            assert one in private, field
    assert not Entry.objects.filter(actor_name=word("User.name")).exists(), "the journal names an author"
    said = repr([list(Notice.objects.values_list("text", "email")), list(Decision.objects.values_list("facts"))])
    for field in ("Notice.text", "Notice.email", "Decision.facts"):
        assert word(field) in said, field
    visits = repr(
        [list(VisitorAct.objects.values_list("typed", "email")), list(Participant.objects.values_list("email"))]
    )
    for field in ("VisitorAct.typed", "VisitorAct.email", "Participant.email"):
        assert word(field) in visits, field
    assert Proposition.objects.filter(body__contains=word("Proposition.body")).exists()
    masked = " ".join(Fiche.objects.values_list("masked_text", flat=True))
    assert "canarimasque" in masked
    assert word("Original.text: an address") not in masked
    assert word("Original.text: a telephone") not in masked


def test_control_a_leak_is_seen(enter, monkeypatch):
    monkeypatch.setattr("feedback.policies.pain_points_public", lambda: PainPoint.objects.filter(state="confirmed"))
    text = "".join(text for _url, text in walk(enter("visitor"), ["/vous-avez-dit/"]))
    assert found_in(text, role="visitor", url="/vous-avez-dit/")
