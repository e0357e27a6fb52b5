"""The ground of the tests: real PostgreSQL, one template database made once and cloned for each worker."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _fresh_cache():
    cache.clear()
