"""The ground of the tests: real PostgreSQL, a template database migrated once and cloned for each worker.

Migrating takes half a minute, cloning a second, putting a clone back as it was a tenth (``restoring``). The template's
name holds the hash of all migrations, so a new migration makes a new template.
"""

import gc
import hashlib
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from weakref import WeakSet

import psycopg
import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, connections
from django.db.backends.postgresql.base import DatabaseWrapper
from django.test import TransactionTestCase
from django.utils import timezone, translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from tests import restoring

# Seconds that pass tell how busy the machine is, not what is wrong with the code.
hypothesis_settings.register_profile("cahier", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("cahier")

ROOT = Path(__file__).resolve().parents[1]
# Playwright's plain interface keeps an event loop in the thread of the tests: Django would refuse the database there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
LONGEST_FIRST = ("launch", "journeys", "demo", "trust")
_TEMPLATE_LOCK = 0x0CA11E
_opened: WeakSet[DatabaseWrapper] = WeakSet()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What lasts begins: two workers end together, and one is at work while the other makes the template."""
    ranks = {folder: rank for rank, folder in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: ranks.get(item.path.parent.name, len(ranks)))


def pytest_collection_finish() -> None:
    """What is imported stays to the end: looking for rubbish in it again and again took a sixth of the tests' time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker) -> Iterator[None]:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    template = f"cahier_template_{_migrations_hash()}"
    name = f"cahier_test_{worker}_{os.getpid()}"
    with django_db_blocker.unblock():
        _ensure_template(template)
        _clone(template, name)
        _point_at(name)
        with _server(name) as server:
            kept = restoring.remember(server)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseWrapper, "get_new_connection", _remembering(DatabaseWrapper.get_new_connection))
        # After a test that commits. Django would empty each table, which takes seconds.
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _test: _begin_again(template, name, kept))
        yield
    with django_db_blocker.unblock():
        connections.close_all()
        _administer(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(autouse=True)
def _fresh_start() -> None:
    """No test inherits the cache, nor the language that the one before it had chosen."""
    cache.clear()
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture
def standing_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """No minute and no hour ends during the test: what is counted by them is counted in one."""
    now = timezone.now()
    monkeypatch.setattr("time.time", now.timestamp)
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)


def _migrations_hash() -> str:
    files = sorted([*ROOT.glob("*/migrations/*.py"), *ROOT.glob("*/*/migrations/*.py")])
    content = b"".join(path.read_bytes() for path in [*files, ROOT / "requirements.lock"])
    return hashlib.sha256(content).hexdigest()[:12]


def _ensure_template(template: str) -> None:
    with _server() as server:
        server.execute("SELECT pg_advisory_lock(%s)", [_TEMPLATE_LOCK])
        if server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template]).fetchone():
            return
        server.execute(f'DROP DATABASE IF EXISTS "{template}_half" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{template}_half"')
        _point_at(f"{template}_half")
        call_command("migrate", verbosity=0, interactive=False)
        connections.close_all()
        server.execute(f'ALTER DATABASE "{template}_half" RENAME TO "{template}"')


def _begin_again(template: str, name: str, kept: restoring.Kept) -> None:
    _leave()
    with _server(name) as server:
        is_as_before = restoring.put_back(server, kept)
    if not is_as_before:
        _clone(template, name)


def _leave() -> None:
    connections.close_all()
    for one in list(_opened):  # a browser's loop has its own connection in this thread, and hides the other
        if one._thread_ident == threading.get_ident():
            one.close()


def _clone(template: str, name: str) -> None:
    """A database as the migrations left it, in place of the one of that name."""
    _leave()
    _administer(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


def _remembering(connect: Callable[..., Any]) -> Callable[..., Any]:
    def remembered(wrapper: DatabaseWrapper, parameters: dict[str, Any]) -> Any:
        _opened.add(wrapper)
        return connect(wrapper, parameters)

    return remembered


def _administer(*statements: str) -> None:
    with _server() as server:
        for statement in statements:
            server.execute(statement)


def _server(database: str = "postgres") -> psycopg.Connection:
    """A connection outside the databases under test, unless one is named."""
    parameters = connection.get_connection_params() | {"dbname": database}
    kept = {key: parameters[key] for key in ("dbname", "user", "password", "host", "port") if parameters.get(key)}
    return psycopg.connect(**kept, autocommit=True)


def _point_at(name: str) -> None:
    connection.close()
    settings.DATABASES["default"]["NAME"] = name
    connection.settings_dict["NAME"] = name
