"""Contributions of another platform: all the lines or none, once, masked, traced, and never as somebody's vote."""

import json
import threading
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.utils import IntegrityError
from django.urls import reverse

from accounts import actions as accounts
from accounts.choices import RoleKind
from consult import counting, importing
from consult.actions import importing as acts
from consult.choices import Channel, ImportedKind, PhaseKind
from consult.errors import PhaseClosed
from consult.models import Argument, ContributionImport, Happening, Participant, Proposition, Provenance, Version, Vote
from journal.models import Entry
from letters.models import Letter
from moderation.choices import Timing
from tests.consult.world import close, consultation, proposition, section_of
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

DECIDIM = """id;category/name/fr;title/fr;body/fr;author/name;supports;published_at;url;participatory_space/id
41;Circuler sur le quai;Un banc;"<p>Pour <strong>attendre</strong>.</p>";Nadia Benali;12;2025-03-02 10:00:00 +0100;https://decidim.example/p/41;3
42;Circuler sur le quai;Un arbre;Rappelez-moi au 06 12 34 56 78.;Jean;;02/03/2025;;3
"""
COMMENTS = """id,commentable_id,commentable_type,alignment,body,created_at,depth
7,41,Decidim::Proposals::Proposal,1,Bonne idée.,2025-03-03 10:00:00 UTC,0
8,41,Decidim::Proposals::Proposal,-1,Trop cher.,2025-03-03 11:00:00 UTC,0
9,42,Decidim::Proposals::Proposal,0,Je ne sais pas.,2025-03-03 12:00:00 UTC,0
10,7,Decidim::Comments::Comment,1,Oui.,2025-03-03 13:00:00 UTC,1
"""
CAP = """type,contributions_id,contributions_title,contributions_bodyText,contributions_createdAt,\
contributions_votesCountOk,contributions_section_title,contributions_arguments_related_id,contributions_arguments_id,\
contributions_arguments_type,contributions_arguments_body
opinion,Opinion:1,Un banc,Pour attendre.,2025-03-02 10:00:00,41,Circuler sur le quai,,,,
argument,Opinion:1,Un banc,Pour attendre.,2025-03-02 10:00:00,41,Circuler sur le quai,Opinion:1,A:1,FOR,Oui.
argument,Opinion:1,Un banc,Pour attendre.,2025-03-02 10:00:00,41,Circuler sur le quai,Opinion:1,A:2,AGAINST,Non.
"""


@pytest.fixture
def asked():
    return consultation(PhaseKind.CONTRIBUTE, PhaseKind.ARGUE)


def brought(asked, content=DECIDIM, *, kind=ImportedKind.PROPOSITIONS, **more):
    more = {"platform": "", "timing": Timing.AFTER, "by": None, "file_name": "export.csv", **more}
    content = content if isinstance(content, bytes) else content.encode()
    return acts.bring(asked, content, kind=kind, **more)


def run(asked, content=DECIDIM, **more):
    return acts.run(brought(asked, content, **more), by=None)


def test_an_export_of_decidim_comes_with_its_trace_masked_and_numbered_by_us(asked) -> None:
    proposition(asked, number=7)
    done = run(asked)
    bench, tree = Proposition.objects.filter(channel=Channel.IMPORT).order_by("number")
    assert (bench.number, tree.number) == (8, 9)
    assert bench.title == "Un banc"
    assert bench.body == "<p>Pour <strong>attendre</strong>.</p>"
    assert bench.created_at == datetime(2025, 3, 2, 9, tzinfo=UTC)
    assert "06 12" not in tree.body
    assert "[téléphone masqué]" in tree.body
    assert (bench.author.name, bench.author.user) == ("Participants (Decidim)", None)
    assert (bench.provenance.source_id, bench.provenance.votes) == ("41", 12)
    assert bench.provenance.source_url == "https://decidim.example/p/41"
    assert (done.platform, done.imported, done.content) == ("Decidim", 2, "")
    assert Version.objects.filter(proposition=bench, number=1).exists()
    assert not Participant.objects.filter(name__contains="Nadia").exists()
    assert counting.differences(asked) == []


def test_votes_of_another_platform_are_a_figure_and_no_vote(asked) -> None:
    run(asked)
    assert not Vote.objects.exists()
    assert list(Proposition.objects.values_list("agree_count", flat=True)) == [0, 0]


def test_arguments_follow_their_propositions_and_the_neutral_are_left_aside(asked) -> None:
    run(asked)
    ready = acts.look(brought(asked, COMMENTS, kind=ImportedKind.ARGUMENTS))
    assert (len(ready.new), ready.aside, ready.rejects) == (2, 2, [])
    run(asked, COMMENTS, kind=ImportedKind.ARGUMENTS)
    bench = Proposition.objects.get(title="Un banc")
    assert [(one.number, one.side, one.text) for one in bench.arguments.all()] == [
        (1, "for", "Bonne idée."),
        (2, "against", "Trop cher."),
    ]
    assert (bench.for_count, bench.against_count, bench.last_argument) == (1, 1, 2)
    assert counting.differences(asked) == []


def test_a_mixed_export_of_cap_collectif_gives_its_propositions_then_its_arguments(asked) -> None:
    assert run(asked, CAP).imported == 1
    assert run(asked, CAP, kind=ImportedKind.ARGUMENTS).imported == 2
    assert Provenance.objects.get(kind=ImportedKind.PROPOSITIONS).votes == 41
    assert set(Argument.objects.values_list("side", flat=True)) == {"for", "against"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_encodings_and_separators_are_recognised(asked, encoding, separator) -> None:
    lines = [
        ["id", "titre", "texte", "rubrique"],
        ["1", "Été à l’ombre", "Des arbres près de la crèche.", "Circuler sur le quai"],
    ]
    content = "\n".join(separator.join(cells) for cells in lines).encode(encoding)
    run(asked, content, platform="Papier")
    assert Proposition.objects.get().title == "Été à l’ombre"


def test_json_is_laid_flat_and_consul_is_recognised(asked) -> None:
    told = [{"id": 5, "title": {"fr": "Un banc"}, "body": {"fr": "Pour attendre."}, "component": {"id": 2}}]
    done = run(asked, json.dumps(told), section=section_of(asked))
    assert (done.platform, Proposition.objects.get().title) == ("Decidim", "Un banc")
    consul = "id,title,description,cached_votes_up,created_at\n1,Un arbre,De l'ombre.,3,2020-01-02\n"
    assert run(asked, consul, section=section_of(asked)).platform == "CONSUL"


def test_a_line_that_cannot_be_read_is_told_and_nothing_is_imported(asked) -> None:
    content = DECIDIM + "43;Nulle part;;Sans titre;;x;2999-01-01;;3\n"
    held = brought(asked, content)
    with pytest.raises(acts.LinesRefused) as refused:
        acts.run(held, by=None)
    told = {(one.rank, one.column) for one in refused.value.rejects}
    assert told == {(4, "title/fr"), (4, "supports"), (4, "published_at")}
    assert not Proposition.objects.exists()
    held.refresh_from_db()
    assert held.content, "what was brought stays, to be corrected"


def test_unknown_sections_and_propositions_are_told_by_line(asked) -> None:
    assert [
        one.rank for one in acts.look(brought(asked, DECIDIM.replace("Circuler sur le quai", "Ailleurs"))).rejects
    ] == [2, 3]
    assert [one.rank for one in acts.look(brought(asked, COMMENTS, kind=ImportedKind.ARGUMENTS)).rejects] == [2, 3]


def test_the_same_source_twice_is_imported_once(asked) -> None:
    run(asked)
    assert run(asked, DECIDIM + "43;Circuler sur le quai;Une table;Pour goûter.;;;;;3\n").imported == 1
    assert Proposition.objects.count() == 3
    with pytest.raises(acts.AlreadyImported):
        acts.run(ContributionImport.objects.filter(imported=2).get(), by=None)
    one = Provenance.objects.filter(source_id="41").get()
    with pytest.raises(IntegrityError):
        Provenance.objects.create(
            consultation=asked, brought_by=one.brought_by, kind=one.kind, platform=one.platform, source_id="41",
            proposition=Proposition.objects.get(title="Une table"),
        )  # fmt: skip


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_same_file_imported_by_eight_hands_at_once_is_imported_once() -> None:
    asked = consultation(PhaseKind.CONTRIBUTE)
    files = [brought(asked) for _ in range(8)]
    failed = []

    def go(one):
        try:
            acts.run(one, by=None)
        except Exception as error:  # noqa: BLE001  (whatever a thread meets is told by the test)
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=[one]) for one in files]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert sorted(Proposition.objects.values_list("number", flat=True)) == [1, 2]
    assert sorted(ContributionImport.objects.values_list("imported", flat=True)) == [0] * 7 + [2]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_control_without_the_memory_of_sources_the_same_file_comes_twice(monkeypatch) -> None:
    asked = consultation(PhaseKind.CONTRIBUTE)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE consult_provenance DROP CONSTRAINT a_source_is_imported_once")
    monkeypatch.setattr(acts, "_known", lambda _brought: Provenance.objects.none())
    try:
        run(asked)
        run(asked)
        assert Proposition.objects.count() == 4
    finally:
        Provenance.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute(
                "ALTER TABLE consult_provenance ADD CONSTRAINT a_source_is_imported_once"
                " UNIQUE (consultation_id, platform, kind, source_id)"
            )


def test_a_closed_phase_refuses_unless_it_was_said_before_and_the_journal_tells(asked) -> None:
    close(asked)
    with pytest.raises(PhaseClosed):
        run(asked)
    assert run(asked, is_past=True).imported == 2
    entry = Entry.objects.filter(verb="contributions.imported").get()
    assert (entry.details["past"], entry.details["count"], entry.details["platform"]) == (True, 2, "Decidim")


@pytest.mark.usefixtures("standing_clock")
def test_what_waits_for_a_moderator_is_not_shown_and_moderators_hear_once(asked) -> None:
    UserFactory(holds=[RoleKind.MODERATOR])
    run(asked, timing=Timing.BEFORE)
    assert set(Proposition.objects.values_list("is_shown", flat=True)) == {False}
    assert Letter.objects.filter(kind="moderation.alert").count() == 1


def test_what_is_imported_is_no_news_to_those_who_follow(asked) -> None:
    run(asked)
    run(asked, COMMENTS, kind=ImportedKind.ARGUMENTS)
    assert not Happening.objects.exists()


def test_formulas_scripts_and_rubbish_are_text_or_refused(asked) -> None:
    hostile = 'id,titre,texte\n1,"<script>alert(1)</script>","<img src=x onerror=alert(1)><p>Oui</p> =1+1"\n'
    run(asked, hostile, platform="X", section=section_of(asked))
    filed = Proposition.objects.get()
    assert "<script" not in filed.body + filed.body
    assert "<img" not in filed.body
    for content in (
        b"",
        b"PK\x03\x04zip",
        b"[1, 2]",
        b"{",
        b'{"a": 1}',
        b"id\x00,titre\n1,2",
        b"id,titre\n",
        b'a,"b\nc',
    ):
        with pytest.raises(importing.NotATable):
            brought(asked, content)


def test_two_thousand_lines_take_few_questions(asked, django_assert_max_num_queries) -> None:
    lines = "".join(f"{n};Circuler sur le quai;Idée {n};Texte {n}.;;;;;3\n" for n in range(2000))
    held = brought(asked, DECIDIM.splitlines()[0] + "\n" + lines)
    with django_assert_max_num_queries(70):
        assert acts.run(held, by=None).imported == 2000
    assert counting.differences(asked) == []


# --- pages and command -------------------------------------------------------------------------------------------


@pytest.fixture
def editor(client):
    user = UserFactory()
    accounts.grant(user, RoleKind.EDITOR, by=None)
    client.force_login(user)
    return user


def upload(client, asked, content=DECIDIM, **more):
    said = {"kind": "propositions", "timing": "after", "platform": "", **more}
    file = SimpleUploadedFile("export.csv", content.encode())
    return client.post(reverse("consult_imports", args=[asked.pk]), {**said, "file": file})


def test_an_editor_brings_a_file_sees_its_lines_and_imports_them(asked, client, editor) -> None:
    page = upload(client, asked)
    assert page.status_code == 302
    seen = client.get(page.url).content.decode()
    assert "2 lignes à importer" in seen
    assert "06 12 34" not in seen
    assert "Nadia" not in seen
    assert client.post(page.url, {"act": "import"}).status_code == 302
    shown = client.get(Proposition.objects.get(title="Un banc").get_absolute_url()).content.decode()
    assert "Plateforme d’origine\N{NO-BREAK SPACE}: Decidim" in shown
    assert "https://decidim.example/p/41" in shown
    assert "12 votes comptés là-bas" in shown


def test_columns_are_changed_and_what_was_brought_stays(asked, client, editor) -> None:
    page = upload(client, asked, "cle,nom,dit\n1,Un banc,Pour attendre.\n", section=section_of(asked).pk).url
    assert client.post(page, {"act": "import"}).status_code == 422
    columns = {"source_id": "cle", "title": "nom", "text": "dit"}
    assert client.post(page, {"act": "columns", **columns}).status_code == 302
    assert client.post(page, {"act": "columns", **columns, "title": "nulle part"}).status_code == 422
    assert client.post(page, {"act": "import"}).status_code == 302
    assert Proposition.objects.get().title == "Un banc"


def test_a_file_with_faults_tells_its_lines_and_cannot_be_imported(asked, client, editor) -> None:
    page = upload(client, asked, DECIDIM + "43;Circuler sur le quai;;Sans titre;;;;;3\n").url
    seen = client.get(page).content.decode()
    assert "Ligne 4" in seen
    assert 'value="import"' not in seen
    assert client.post(page, {"act": "import"}).status_code == 422
    assert not Proposition.objects.exists()
    client.post(page, {"act": "forget"})
    assert not ContributionImport.objects.exists()


def test_a_closed_phase_says_so_on_the_page(asked, client, editor) -> None:
    close(asked)
    refused = client.post(upload(client, asked).url, {"act": "import"})
    assert refused.status_code == 422
    assert "fermée" in refused.content.decode()


@pytest.mark.parametrize("kinds", [[], [RoleKind.MODERATOR], [RoleKind.EVALUATOR]])
def test_nobody_else_imports(asked, client, kinds) -> None:
    client.force_login(UserFactory(holds=kinds))
    assert client.get(reverse("consult_imports", args=[asked.pk])).status_code in (302, 403, 404)
    assert upload(client, asked).status_code in (302, 403, 404)
    assert not ContributionImport.objects.exists()


def test_the_list_of_files_asks_as_many_questions_for_thirty(asked, client, editor, django_assert_max_num_queries):
    for _ in range(30):
        brought(asked, by=editor)
    with django_assert_max_num_queries(25):
        client.get(reverse("consult_imports", args=[asked.pk]))


def test_the_command_imports_all_or_nothing(asked, tmp_path) -> None:
    file, out, err = tmp_path / "export.csv", StringIO(), StringIO()
    file.write_text(DECIDIM)
    call_command("import_contributions", file, consultation=asked.page.slug, dry_run=True, stdout=out)
    assert "2 to import" in out.getvalue()
    assert not ContributionImport.objects.exists()
    call_command("import_contributions", file, consultation=asked.page.slug, stdout=out)
    assert Proposition.objects.count() == 2
    file.write_text(DECIDIM + "43;Circuler sur le quai;;Sans titre;;;;;3\n")
    with pytest.raises(CommandError, match="1 lines refused"):
        call_command("import_contributions", file, consultation=asked.page.slug, stderr=err)
    assert "line 4, title/fr" in err.getvalue()
    for broken in ("nulle-part", asked.page.slug):
        with pytest.raises(CommandError):
            call_command("import_contributions", tmp_path / "rien.csv", consultation=broken)


def test_a_file_of_three_lines_asks_as_many_questions_as_one_of_three_hundred(
    asked, client, editor, django_assert_max_num_queries
) -> None:
    lines = "".join(f"{n};Circuler sur le quai;Idée {n};Texte {n}.;;;;;3\n" for n in range(300))
    page = upload(client, asked, DECIDIM.splitlines()[0] + "\n" + lines).url
    with django_assert_max_num_queries(25):
        client.get(page)
