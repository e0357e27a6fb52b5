"""The voter roll through a page: read, told in figures and wrong lines, then kept as hashes. Never a name."""

import io
import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from openpyxl import Workbook

from accounts import actions as accounts
from accounts.choices import RoleKind
from consult.budgets import rolls
from consult.budgets.actions import registering, roll_files
from consult.budgets.choices import BudgetPhaseKind
from consult.budgets.clock import forget_roll_files
from consult.budgets.errors import RollNamedOtherwise
from consult.budgets.models import Budget, Condition, RollEntry, RollPreview
from journal.models import Entry
from tests.budgets import world
from tests.budgets.voting import person
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
NAMES = "Nom;Prénoms;Né(e) le\nBenali;Nadia;14/07/1989\nLe Goff;Léa;03/02/1990\n"


def editor():
    user = UserFactory()
    accounts.grant(user, RoleKind.EDITOR, by=None)
    return user


@pytest.fixture
def asked():
    made = world.budget(BudgetPhaseKind.BALLOT, rules=world.ballot_rules(identity="civil"))
    Condition.objects.create(page=made.page, kind="roll", words="être inscrit sur la liste du budget")
    world.project(made)
    world.freeze(made)
    return made


@pytest.fixture
def desk(asked, client):
    client.force_login(editor())

    class Desk:
        url = f"/admin/budgets/{asked.pk}/liste/"

        def read(self, content, name="liste.csv"):
            content = content if isinstance(content, bytes) else content.encode()
            return client.post(self.url, {"file": SimpleUploadedFile(name, content)}, follow=True)

        def act(self, act):
            return client.post(self.url, {"act": act}, follow=True)

        def page(self):
            return client.get(self.url).content.decode()

    return Desk()


def figures(page):
    return [int(one) for one in re.findall(r'<td class="b-figure">(\d+)</td>', page)]


def test_a_file_is_read_told_in_figures_then_brought(asked, desk):
    page = desk.read(NAMES).content.decode()
    assert figures(page) == [2, 2, 0, 0, 0, 0]
    assert not RollEntry.objects.exists()  # read, not brought
    assert "Benali" not in page
    page = desk.act("bring").content.decode()
    assert "2 personnes du fichier sont sur la liste" in page
    assert rolls.listed(asked, rolls.Civil("BENALI", "Nadia Rose", date(1989, 7, 14)))
    assert not RollPreview.objects.exists()
    longer = NAMES.replace("Le Goff;Léa;03/02/1990\n", "Petit;Zoé;1/1/2001\nPetit;Zoé;01/01/2001\n")
    assert figures(desk.read(longer).content.decode()) == [2, 1, 1, 1, 1, 0]
    desk.act("bring")
    assert RollEntry.objects.filter(listed=True).count() == 3  # nobody was taken off
    told = Entry.objects.filter(verb="budget.roll_brought").order_by("pk")
    assert [one.details for one in told] == [{"people": 2}, {"people": 2}]


def test_wrong_lines_are_told_by_number_and_why(asked, desk):
    rows = NAMES + "\nDurand;;01/01/1970\nRoux;Ana;hier\nVieux;Luc;01/01/1789\n"
    page = desk.read(rows).content.decode()
    assert figures(page) == [2, 2, 0, 0, 0, 3]
    for line, why in ((5, "Le nom ou le prénom manque"), (6, "ne peut pas être lue"), (7, "trop loin")):
        assert f'<th scope="row">{line}</th><td>{why}' in page.replace("La date de naissance ", "") or why in page
    assert "Roux" not in page
    assert "sans les lignes fausses" in page
    desk.act("bring")
    assert RollEntry.objects.count() == 2


@pytest.mark.parametrize(
    "content",
    [
        NAMES.encode("cp1252"),
        NAMES.encode("utf-8-sig"),
        NAMES.encode("utf-16"),
        NAMES.replace(";", ",").encode(),
        NAMES.replace(";", "\t").encode("mac_roman"),
        NAMES.replace("\n", "\r\n").encode(),
    ],
)
def test_files_of_every_office_name_the_same_people(asked, content):
    roll_files.bring(roll_files.read(asked, content, by=UserFactory()), by=UserFactory())
    for civil in (rolls.Civil("Benali", "Nadia", date(1989, 7, 14)), rolls.Civil("Le Goff", "Lea", date(1990, 2, 3))):
        assert rolls.listed(asked, civil)


def test_a_workbook_is_a_file_too(asked):
    book, file = Workbook(), io.BytesIO()
    book.active.append(["Numéro", "Date de naissance"])
    book.active.append([123, date(1989, 7, 14)])
    book.save(file)
    preview = roll_files.read(asked, file.getvalue(), by=UserFactory())
    assert (preview.named_by, preview.wrong) == ("number", [])
    roll_files.bring(preview, by=UserFactory())
    asked = Budget.objects.get(pk=asked.pk)
    assert rolls.listed(asked, rolls.Civil("", "", date(1989, 7, 14), "00123"))


@pytest.mark.parametrize(
    "content", [b"", b"Nom;Adresse\nBenali;rue du Quai\n", b"%PDF-1.7", b'Nom;"Pr\nx', b"PK\x03\x04"]
)
def test_what_is_no_roll_is_refused_with_a_sentence(desk, content):
    answer = desk.read(content)
    assert answer.status_code == 422
    assert not RollPreview.objects.exists()


def test_no_name_is_kept_anywhere_not_even_while_it_is_read(asked, desk):
    desk.read(NAMES.replace("Benali", "Zyxwvut"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(kept)::text FROM budgets_rollpreview kept")
        [[kept]] = cursor.fetchall()
    assert "zyxwvut" not in kept.lower()
    assert b"zyxwvut".hex() not in kept.lower()
    desk.act("give_up")
    assert not RollPreview.objects.exists()


def test_what_nobody_confirmed_is_gone_after_an_hour(asked, desk):
    desk.read(NAMES)
    preview = RollPreview.objects.get()
    RollPreview.objects.update(read_at=preview.read_at - roll_files.KEPT)
    assert "n’est plus là" in desk.act("bring").content.decode()
    forget_roll_files()
    assert not RollPreview.objects.exists()
    assert not RollEntry.objects.exists()


def test_a_roll_that_names_people_otherwise_does_not_let_them_vote_twice(asked):
    """By names, then by numbers: while nobody uses the first it is replaced, afterwards it is refused."""
    registering.bring_roll(asked, NAMES)
    numbers = "Numéro;Naissance\n12;14/07/1989\n"
    registering.bring_roll(asked, numbers)
    assert RollEntry.objects.count() == 1
    registering.bring_roll(asked, NAMES)
    nadia = rolls.Civil("Benali", "Nadia", date(1989, 7, 14))
    registering.register(asked, registering.Declared(civil=nadia), by=person())
    with pytest.raises(RollNamedOtherwise):
        registering.bring_roll(asked, numbers)
    assert Budget.objects.get(pk=asked.pk).roll_by == "name"


def test_the_page_says_when_the_ballot_asks_for_no_roll(client):
    other = world.ballot()
    client.force_login(editor())
    page = client.get(f"/admin/budgets/{other.pk}/liste/").content.decode()
    assert "ne demande pas" in page
    assert 'type="file"' not in page
