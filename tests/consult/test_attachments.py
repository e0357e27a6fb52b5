"""Files of a proposition: judged by what they hold, drawn again, given to whoever reads the text and nobody else."""

import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import FileSystemStorage, storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from accounts.actions import close_account
from accounts.personal_data import copy_of
from consult.actions.propositions import Written, file
from consult.choices import AttachmentKind, PhaseKind
from consult.models import Attachment, Consultation, Proposition
from consult.people import participant_of
from consult.uploads import prepared
from moderation.actions import decide
from moderation.choices import Outcome, Rule, Timing
from tests.consult.test_page import words
from tests.consult.world import consultation, section_of
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
SECRET = b"48.8584N 2.2945E Nadia Belmont"


@pytest.fixture(autouse=True)
def _own_folder(monkeypatch, tmp_path):
    monkeypatch.setattr(Attachment._meta.get_field("file"), "storage", FileSystemStorage(location=tmp_path))


def photograph(*, fmt: str = "JPEG", size=(64, 48), mode: str = "RGB", **options) -> bytes:
    """A picture that says where and by whom it was taken, lying on its side."""
    made = io.BytesIO()
    picture = Image.new(mode, size, (200, 30, 30, 90)[: len(mode)])
    exif = Image.Exif()
    exif[0x0112], exif[0x9C9D], exif[0x010E] = 6, SECRET, SECRET.decode()
    picture.save(made, fmt, exif=exif, **options)
    return made.getvalue()


def sent(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="text/html")  # what a browser claims is not believed


def post(client: Client, asked: Consultation, *files, **more):
    said = {"section": section_of(asked).pk, "title": "Fermer le quai", "body": "Oui.", "files": files}
    return client.post(f"/consultations/{asked.page.slug}/propositions/nouvelle/", said | more)


def filed(asked: Consultation, *files, by=None) -> Proposition:
    ready = [prepared(name, io.BytesIO(content), len(content)) for name, content in files]
    said = Written(title="Fermer le quai", body="Oui.", files=ready)
    return file(asked, section_of(asked), said, by=participant_of(by or UserFactory()))


def url(one: Attachment) -> str:
    return one.get_absolute_url(of=one.proposition)


def test_files_are_listed_with_their_kind_and_weight_and_downloaded(client):
    asked = consultation(PhaseKind.CONTRIBUTE)
    client.force_login(UserFactory())
    post(client, asked, sent("Plan du quai.pdf", PDF), sent("photo.JPG", photograph()))
    plan, photo = Attachment.objects.all()
    page = words(Client().get(plan.proposition.get_absolute_url()))
    assert 'Plan du quai</a> <span class="meta">(PDF, 1 ko)' in page.replace("\xa0", " ")
    assert "photo</a>" in page
    answer = Client().get(url(plan))
    assert answer.content == PDF
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="plan-du-quai.pdf"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "no-store" in answer.headers["Cache-Control"]
    assert Client().get(url(photo)).headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(("fmt", "kind"), [("JPEG", "jpeg"), ("PNG", "jpeg"), ("WEBP", "jpeg")])
def test_a_picture_is_drawn_again_upright_and_says_nothing_of_its_author(fmt, kind):
    given = photograph(fmt=fmt)
    assert SECRET in given, "the control: the file does say it"
    made = prepared("vacances.png", io.BytesIO(given), len(given))
    assert made.kind == kind
    assert SECRET not in made.content
    with Image.open(io.BytesIO(made.content)) as drawn:
        assert not drawn.getexif()
        assert drawn.size == (48, 64), "it stands as it was looked at"


def test_what_is_transparent_stays_so_and_what_is_huge_is_made_smaller():
    clear = photograph(fmt="PNG", mode="RGBA")
    assert prepared("logo", io.BytesIO(clear), len(clear)).kind == AttachmentKind.PNG
    large = photograph(size=(4000, 3000))
    with Image.open(io.BytesIO(prepared("grand", io.BytesIO(large), len(large)).content)) as drawn:
        assert max(drawn.size) == 2400


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.pdf", b"<html><script>alert(1)</script></html>"),
        ("dessin.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("coupe.pdf", b"%PDF-1.7\n1 0 obj"),
        ("anime.gif", b"GIF89a" + b"\x00" * 40),
        ("photo.jpg", b"\xff\xd8\xff\xe0" + b"\x00" * 40),
        ("macro.docx", b"PK\x03\x04" + b"\x00" * 40),
        ("vide.png", b""),
    ],
)
def test_anything_else_is_refused_whatever_its_name(name, content):
    with pytest.raises(ValidationError):
        prepared(name, io.BytesIO(content), len(content))


def test_too_heavy_too_many_and_too_many_pixels_are_refused(client, settings):
    settings.ATTACHMENT_BYTES, settings.ATTACHMENTS_AT_MOST, settings.ATTACHMENT_PIXELS = 1024 * 1024, 2, 1000
    with pytest.raises(ValidationError, match="lourd"):
        prepared("a.pdf", io.BytesIO(PDF), 1024 * 1024 + 1)
    with pytest.raises(ValidationError, match="pixels"):
        prepared("a.jpg", io.BytesIO(photograph()), 9000)
    asked = consultation(PhaseKind.CONTRIBUTE)
    client.force_login(UserFactory())
    answer = post(client, asked, *(sent(f"{n}.pdf", PDF) for n in range(3)))
    assert answer.status_code == 422
    assert "2 fichiers au plus" in words(answer)
    assert not Proposition.objects.exists()


def test_it_is_private_until_the_text_is_shown_and_hidden_with_it():
    asked, author, moderator = (
        consultation(PhaseKind.CONTRIBUTE, timing=Timing.BEFORE),
        UserFactory(),
        UserFactory(holds=["moderator"]),
    )
    one = Attachment.objects.get(proposition=filed(asked, ("plan.pdf", PDF), by=author))
    readers = {name: Client() for name in ("nobody", "other", "author", "moderator")}
    for name, person in (("other", UserFactory()), ("author", author), ("moderator", moderator)):
        readers[name].force_login(person)

    def who_reads() -> set[str]:
        return {name for name, reader in readers.items() if reader.get(url(one)).status_code == 200}

    assert who_reads() == {"author", "moderator"}
    assert url(one) in words(readers["moderator"].get(f"/moderation/{one.proposition.case_id}/"))
    kept = decide(one.proposition.case, outcome=Outcome.KEEP, after=None, by=moderator)
    assert who_reads() == {"nobody", "other", "author", "moderator"}
    decide(
        one.proposition.case, outcome=Outcome.HIDE, rule=Rule.INSULT, facts="Une insulte.", after=kept.pk, by=moderator
    )
    assert who_reads() == {"moderator"}
    asked.page.live = False
    asked.page.save()
    assert who_reads() == set()


def test_the_file_of_another_proposition_is_not_there():
    asked = consultation(PhaseKind.CONTRIBUTE)
    one = Attachment.objects.get(proposition=filed(asked, ("plan.pdf", PDF)))
    other = filed(asked)
    assert Client().get(one.get_absolute_url(of=other)).status_code == 404


def test_its_author_adds_and_throws_away_then_withdraws(client, django_capture_on_commit_callbacks):
    asked, author = consultation(PhaseKind.CONTRIBUTE), UserFactory()
    one = filed(asked, ("plan.pdf", PDF), by=author)
    [first] = Attachment.objects.all()
    place = f"{one.get_absolute_url()}modifier/"
    client.force_login(author)
    said = {"title": one.title, "body": "Oui.", "reason": "Un meilleur plan"}
    with django_capture_on_commit_callbacks(execute=True):
        client.post(place, said | {"files": [sent("mieux.pdf", PDF)], "without": [first.pk]})
    [second] = Attachment.objects.all()
    assert second.name == "mieux"
    storage = first.file.storage
    assert not storage.exists(first.file.name)
    assert storage.exists(second.file.name)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{one.get_absolute_url()}retirer/", {"reason": "Je change d’avis."})
    assert not Attachment.objects.exists()
    assert not storage.exists(second.file.name)


def test_whoever_closes_their_account_leaves_no_file(django_capture_on_commit_callbacks):
    author = UserFactory()
    one = filed(consultation(PhaseKind.CONTRIBUTE), ("plan.pdf", PDF), by=author)
    [kept] = Attachment.objects.all()
    assert copy_of(author)["consultations"]["files"][0]["name"] == "plan"
    with django_capture_on_commit_callbacks(execute=True):
        close_account(author, by=author)
    assert not Attachment.objects.exists()
    assert not kept.file.storage.exists(kept.file.name)
    assert Proposition.objects.get().title == one.title


def test_nothing_under_the_public_folder_of_pictures(settings):
    one = Attachment.objects.get(proposition=filed(consultation(PhaseKind.CONTRIBUTE), ("plan.pdf", PDF)))
    assert not storages["private"].path(one.file.name).startswith(str(settings.MEDIA_ROOT))
    assert "plan" not in one.file.name


def test_who_is_not_known_yet_attaches_afterwards(client):
    asked = consultation(PhaseKind.CONTRIBUTE)
    asked.page.phases.update(level="visitor")
    page = words(client.get(f"/consultations/{asked.page.slug}/propositions/nouvelle/"))
    assert 'type="file"' not in page
    assert "une fois" in page.lower()
