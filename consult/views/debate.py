"""What stands below the text of a proposition: its votes and its arguments."""

from typing import Any

from django.http import HttpRequest

from consult.models import Proposition
from consult.public import Asked


def context(request: HttpRequest, asked: Asked, proposition: Proposition) -> dict[str, Any]:
    """What ``_vote.html`` and ``_arguments.html`` read."""
    return {}
