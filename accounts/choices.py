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
