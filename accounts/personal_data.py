"""The copy that people may ask for, and what goes when they close their account.

Rooms declare what they hold about an account; this package knows none of them.
"""

from collections.abc import Callable
from typing import Any

from allauth.account.models import EmailAddress

from accounts.models import User
from letters import preferences

Copier = Callable[[User], Any]
Eraser = Callable[[User], None]
_copiers: dict[str, Copier] = {}
_erasers: dict[str, Eraser] = {}


def declare(name: str, copier: Copier, *, eraser: Eraser | None = None) -> None:
    """Called from ``AppConfig.ready`` of a room: ``copier(user)`` gives JSON for the key ``name``.

    ``eraser(user)`` is called in the transaction that closes the account.
    """
    _copiers[name] = copier
    if eraser:
        _erasers[name] = eraser


def erase_for(user: User) -> None:
    """Every room forgets what it said it would, in the caller's transaction."""
    for eraser in _erasers.values():
        eraser(user)


def copy_of(user: User) -> dict[str, Any]:
    """Everything held about this person, as JSON."""
    account = {
        "name": user.name,
        "email": user.email,
        "addresses": list(EmailAddress.objects.filter(user=user).values("email", "verified")),
        "joined": user.date_joined.isoformat(),
        "last_sign_in": user.last_login.isoformat() if user.last_login else None,
        "organisation": user.is_organisation,
        "roles": [
            {"kind": role.kind, "service": str(role.service or ""), "office": str(role.office or "")}
            for role in user.roles.select_related("service", "office")
        ],
    }
    account["letters"] = {
        topic: str(choice) for topic, choice in preferences.chosen_by(preferences.recipient_key(user.email)).items()
    }
    return {"account": account, **{name: copier(user) for name, copier in _copiers.items()}}
