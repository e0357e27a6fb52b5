"""What moderation holds about an account, for the copy that its holder asks for."""

from typing import Any

from accounts.models import User
from moderation.models import Notice

NOTICE = ("rule", "text", "email", "is_good_faith", "created_at", "answered_at", "purge_on")


def copy_for(user: User) -> list[dict[str, Any]]:
    """The notices sent from this account, whole; not what was decided about others."""
    notices = Notice.objects.filter(user=user).order_by("pk")
    return [{name: getattr(notice, name) for name in NOTICE} for notice in notices]
