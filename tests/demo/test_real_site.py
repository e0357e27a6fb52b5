"""Nothing of the demo enters a real site."""

import pytest
from django.core.management import call_command
from django.test import override_settings
from django.utils import timezone

from feedback.models import Fiche
from journal.actions import dated

pytestmark = pytest.mark.django_db


def test_no_demo_on_a_real_site():
    with override_settings(DEMO_ALLOWED=False), pytest.raises(Exception, match="production"):
        call_command("load_demo")
    assert not Fiche.objects.exists()


def test_the_journal_of_a_real_site_cannot_be_backdated(settings):
    settings.DEMO_ALLOWED = False
    with pytest.raises(RuntimeError, match="demo"), dated(timezone.now()):
        pass
