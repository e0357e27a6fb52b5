"""Machines outside that this site sends something to, named to people without anybody having to remember it."""

from urllib.parse import urlsplit

from django.conf import settings

PAGE = "donnees-personnelles"


def of_passages() -> str:
    """The host that receives the masked passages to say what they mean; empty when they stay here."""
    return urlsplit(settings.CLUSTERING_ENCODER_URL).hostname or ""
