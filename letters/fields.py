"""Personal data encrypted at rest."""

import base64
import hashlib
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import models


def fernet() -> MultiFernet:
    """The keys of ``ENCRYPTION_KEYS`` (first encrypts, all decrypt), or one derived from SECRET_KEY in development."""
    return _fernet(tuple(settings.ENCRYPTION_KEYS) or (_derived_key(settings.SECRET_KEY),))


@lru_cache(maxsize=4)
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def _derived_key(secret: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(b"cahier personal data" + secret.encode()).digest()).decode()


class EncryptedTextField(models.TextField):
    """Text that the database only ever sees encrypted; it cannot be filtered on."""

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return value if not value else fernet().encrypt(value.encode()).decode()

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        return value if not value else fernet().decrypt(value.encode()).decode()


class UndatedTextField(EncryptedTextField):
    """The same, without the hour: what ``Fernet`` writes says in clear, in its first bytes, when it was encrypted."""

    def get_prep_value(self, value: Any) -> Any:
        value = models.TextField.get_prep_value(self, value)
        return value if not value else fernet().encrypt_at_time(value.encode(), 0).decode()
