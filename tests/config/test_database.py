"""What the web asks of PostgreSQL all day is planned once a connection, and never takes too many values."""

import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection
from django.db.models.functions import Now

from config.postgresql.base import MOST_VALUES
from journal.models import Entry

pytestmark = pytest.mark.django_db


def test_what_is_asked_often_is_prepared_once_and_still_has_little_time():
    for key in range(8):
        Entry.objects.filter(pk=key).first()
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM pg_prepared_statements WHERE statement LIKE '%%journal_entry%%'")
        assert cursor.fetchone() == (1,)
        cursor.execute("SELECT EXTRACT(EPOCH FROM CURRENT_SETTING('statement_timeout')::interval) * 1000")
        assert cursor.fetchone() == (settings.STATEMENT_TIMEOUT_MS,)


def test_rows_by_the_ten_thousand_are_written_by_statements_that_the_protocol_takes():
    many = MOST_VALUES // 6 + 2
    rows = [Entry(at=Now(), verb="site.opened", subject_type="x", subject_key=str(n)) for n in range(many)]
    Entry.objects.bulk_create(rows)  # six values a row besides an expression: too many for one statement
    assert Entry.objects.count() == many
    assert connection.ops.bulk_batch_size(["pk", "pk", "title"], rows) == min(many, MOST_VALUES // 3)


@pytest.mark.parametrize(("module", "prepared"), [("config.wsgi", True), ("config.celery", False)])
def test_the_web_prepares_and_workers_do_not(module, prepared):
    quick = "from django.core import wsgi; wsgi.get_wsgi_application = dict"  # settings are enough
    asked = f"{quick}; import {module}; from django.conf import settings; print(settings.DATABASES['default'])"
    env = {"DJANGO_SETTINGS_MODULE": "config.settings.dev", "PATH": ""}
    told = subprocess.run([sys.executable, "-c", asked], env=env, capture_output=True, text=True, check=True).stdout
    assert ("'server_side_binding': True" in told) is prepared
