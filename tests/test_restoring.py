"""What a test that commits leaves behind is put back, whatever it did: the next one begins on the same ground."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from psycopg import OperationalError

from directory.models import Service
from journal.models import Entry
from pages.models import HomePage
from tests import restoring
from tests.conftest import _leave, _server
from tests.factories import ServiceFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


def picture(server) -> dict:
    """Every row of every table, and every sequence: read another way than what is tested."""
    tables = server.execute("SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables").fetchall()
    names = [name for (name,) in tables if not name.startswith(("pg_catalog.", "information_schema."))]
    rows = {name: sorted(map(str, server.execute(f"SELECT * FROM {name}").fetchall())) for name in names}
    return rows | {"sequences": server.execute("SELECT * FROM pg_sequences ORDER BY 1, 2").fetchall()}


@pytest.fixture
def server():
    _leave()
    with _server(connection.settings_dict["NAME"]) as found:
        yield found


def test_rows_written_changed_or_erased_and_numbers_given_are_put_back(server):
    kept, before = restoring.remember(server), picture(server)
    ServiceFactory(name="Éclairage public")
    UserFactory()
    Entry.objects.create(verb="tried", subject_type="nothing")
    HomePage.objects.update(title="Autre chose")
    ContentType.objects.filter(app_label="journal").delete()
    after = picture(server)
    assert server.execute("SELECT pg_relation_size('directory_service')").fetchone()[0] > 0
    assert {name for name in before if before[name] != after[name]} > {"public.journal_entry", "sequences"}
    with _server(connection.settings_dict["NAME"]) as other:
        assert restoring.put_back(server, kept)
        assert picture(server) == before
        assert server.execute("SELECT pg_relation_size('directory_service')").fetchone()[0] == 0, "rows left no hole"
        with pytest.raises(OperationalError):  # it could have written more: it was sent away
            other.execute("SELECT 1")
    connection.close()  # so was ours
    assert not Service.objects.exists()


def test_a_schema_that_changed_is_said_and_nothing_is_touched(server):
    kept = restoring.remember(server)
    Service.objects.all().delete()
    server.execute("CREATE TABLE left_behind (id int)")
    assert not restoring.put_back(server, kept)
