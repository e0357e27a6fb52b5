"""Sessions in the database, as Django keeps them; read with a question whose SQL is written once."""

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db.models import QuerySet
from django.utils import timezone

from prepared import Given, Prepared


class SessionStore(DatabaseSessionStore):
    """Django's own, but for the one statement that each request of a known device asks."""

    def _get_session_from_db(self) -> AbstractBaseSession | None:
        kept = _KEPT.first(key=self.session_key, now=timezone.now())
        if kept is None:
            self._session_key = None  # as Django: whoever comes with a key that is not ours gets another
        return kept


def _kept() -> QuerySet[AbstractBaseSession]:
    sessions = SessionStore.get_model_class().objects
    return sessions.filter(session_key=Given("key"), expire_date__gt=Given("now"))


_KEPT = Prepared(_kept)
