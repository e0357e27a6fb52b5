"""An import on real workers: they share it, and a citizen's fiche waits for none of it."""

import psycopg
import pytest

from feedback import tasks
from feedback.actions import importing as acts
from feedback.actions.intake import submit_fiche
from feedback.importing import Mapping
from feedback.models import Fiche
from tests.addresses import address_of_the_database
from tests.factories import ServiceFactory, UserFactory
from tests.feedback.past import many
from tests.letters.conftest import post  # noqa: F401  (a fixture that the worker asks for)
from tests.trust.test_crashes import broker, start_worker, wait_until  # noqa: F401  (fixtures)

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

LINES = 450  # more than two workers cut at once


@pytest.fixture
def brought(monkeypatch):
    """A file whose lines are there, and that nobody has begun to group."""
    service = ServiceFactory()
    owner = UserFactory(owns=[service])
    brought = acts.upload(service=service, content=many(LINES), file_name="a.csv", by=owner)
    acts.check(brought, mapping=Mapping.of(brought.mapping))
    with monkeypatch.context() as quiet:
        quiet.setattr(tasks, "ring", lambda *_: None)
        acts.start(brought, by=owner)
        acts.run(brought.pk)
    return brought


def test_a_fiche_filed_while_a_file_is_grouped_is_placed_at_once(brought, start_worker):  # noqa: F811  (the fixture)
    past = brought.fiches.order_by("pk")
    start_worker()
    start_worker()
    with psycopg.connect(address_of_the_database()) as somebody:  # holds one line: who leads waits for it
        somebody.execute("SELECT 1 FROM feedback_fiche WHERE id = %s FOR UPDATE", [past.first().pk])
        tasks.ring(tasks.place_import, brought.pk)
        wait_until(lambda: past.exclude(segments=None).distinct().count() == LINES - 1)
        fiche = submit_fiche(text="Le car passe trop tôt le matin.", service=brought.service)
        wait_until(lambda: Fiche.objects.get(pk=fiche.pk).placed_at, seconds=20)
        assert past.filter(placed_at=None).count() == LINES, "too late: the test would prove nothing"
    wait_until(lambda: not Fiche.objects.waiting_for_placement().exists())
    assert past.exclude(segments=None).distinct().count() == LINES
