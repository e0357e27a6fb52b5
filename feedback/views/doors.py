"""Who stands at the door of a staff page."""

from accounts.choices import RoleKind
from accounts.policies import holds, services_owned_by
from accounts.views.doors import door
from feedback.policies import may_read_the_radar

staff_door = door(lambda user: services_owned_by(user).exists())  # those who answer for a service
signals_door = door(lambda user: services_owned_by(user).exists() or holds(user, RoleKind.MODERATOR))
radar_door = door(may_read_the_radar)  # whoever holds a role here, of whatever kind
