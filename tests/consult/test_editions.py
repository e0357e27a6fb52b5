"""What an editor set up is kept between two changes, never past one, and nothing of a person is kept with it."""

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from consult.choices import PhaseKind
from consult.models import ConsultationPage, Edition, Phase, Section
from consult.views.opened import asked_or_404
from directory.models import Administration
from tests.consult.world import consultation
from tests.factories import AdministrationFactory

pytestmark = pytest.mark.django_db


def changes(asked):
    """Each thing that may change behind the back of whoever keeps a page, and what is read of it afterwards."""
    page = ConsultationPage.objects.get(pk=asked.page_id)
    pages = ConsultationPage.objects.filter(pk=page.pk)
    phases, sections = Phase.objects.filter(page=page), Section.objects.filter(page=page)
    return [
        (lambda: pages.update(title="Autre titre"), lambda read: read.page.title == "Autre titre"),
        (lambda: pages.update(population=12), lambda read: read.page.population == 12),
        (lambda: phases.update(title="Voter encore"), lambda read: read.phases[0].title == "Voter encore"),
        (lambda: sections.update(hides_counts=True), lambda read: read.hides_votes(read.sections[0])),
        (lambda: Section.objects.create(page=page, title="Deux"), lambda read: len(read.sections) == 2),
        (lambda: sections.filter(title="Deux").delete(), lambda read: len(read.sections) == 1),
        (lambda: phases.delete(), lambda read: read.phases == []),
        (
            lambda: Administration.objects.update(name="Autre ville"),
            lambda read: read.page.administration.name == "Autre ville",
        ),
    ]


def test_what_changed_is_read_at_once():
    asked = consultation(PhaseKind.VOTE)
    ConsultationPage.objects.filter(pk=asked.page_id).update(administration=AdministrationFactory())
    for change, is_seen in changes(asked):
        assert not is_seen(asked_or_404(asked.page.slug))
        change()
        assert is_seen(asked_or_404(asked.page.slug))


def test_nothing_changed_is_read_from_what_was_kept():
    asked = consultation(PhaseKind.VOTE)
    asked_or_404(asked.page.slug)
    with CaptureQueriesContext(connection) as questions:
        read = asked_or_404(asked.page.slug)
    assert len(questions) == 1
    assert read.consultation.page.slug == asked.page.slug


def test_two_readers_never_share_what_they_read():
    """A translation puts its words on the sections it was given: they are its own copies."""
    asked = consultation(PhaseKind.VOTE)
    asked_or_404(asked.page.slug)
    one, two = asked_or_404(asked.page.slug), asked_or_404(asked.page.slug)
    one.sections[0].title = "Changé en mémoire"
    assert two.sections[0].title != "Changé en mémoire"
    assert asked_or_404(asked.page.slug).sections[0].title != "Changé en mémoire"


def test_a_change_that_is_given_up_leaves_nothing_behind():
    asked = consultation(PhaseKind.VOTE)
    word = Edition.objects.get(translation_key=asked.translation_key).word
    with transaction.atomic():
        ConsultationPage.objects.filter(pk=asked.page_id).update(title="Jamais publié")
        assert asked_or_404(asked.page.slug).page.title == "Jamais publié"
        transaction.set_rollback(True)
    assert Edition.objects.get(translation_key=asked.translation_key).word == word
    assert asked_or_404(asked.page.slug).page.title != "Jamais publié"


def test_without_the_triggers_an_old_page_would_be_read():
    """The control: were the word not drawn anew, the change would not be seen."""
    asked = consultation(PhaseKind.VOTE)
    asked_or_404(asked.page.slug)
    word = Edition.objects.get(translation_key=asked.translation_key).word
    ConsultationPage.objects.filter(pk=asked.page_id).update(title="Autre titre")
    Edition.objects.filter(translation_key=asked.translation_key).update(word=word)
    assert asked_or_404(asked.page.slug).page.title != "Autre titre"
    cache.clear()
    assert asked_or_404(asked.page.slug).page.title == "Autre titre"
