from django.db import models
from django.utils.translation import gettext_lazy as _


class RoleKind(models.TextChoices):
    """What a person may do for an administration. Citizens hold no role."""

    AGENT = "agent", _("agent")
    CLERK = "clerk", _("clerk")
    SERVICE_OWNER = "service_owner", _("service owner")
    EVALUATOR = "evaluator", _("evaluator")
    MODERATOR = "moderator", _("moderator")
    EDITOR = "editor", _("editor")
    ADMINISTRATOR = "administrator", _("administrator")


# The roles that need a second factor in production.
STAFF_ROLES = frozenset(RoleKind.values) - {RoleKind.AGENT}

# The groups of Wagtail that a role opens. The first is made by Wagtail, the second by a migration of ours.
WAGTAIL_GROUPS = {RoleKind.EDITOR: "Editors", RoleKind.ADMINISTRATOR: "Cahier administrators"}

VERBS = {
    "account.created": _("opened the account"),
    "account.invited": _("invited this person"),
    "account.letters_chosen": _("chose which letters to receive"),
    "account.renamed": _("changed the name shown"),
    "account.closed": _("closed the account"),
    "account.suspended": _("suspended the account"),
    "account.restored": _("restored the account"),
    "account.organisation_verified": _("verified the organisation"),
    "account.second_factor_reset": _("removed the second factor, which the person had lost"),
    "role.granted": _("granted a role"),
    "role.revoked": _("withdrew a role"),
    "letter.marked_sent": _("checked that the letter had been sent"),
    "letter.sent_again": _("had the letter sent again"),
}
