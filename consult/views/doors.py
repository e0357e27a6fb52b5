"""Who stands at the door of the pages where the administration decides."""

from accounts.views.doors import door
from consult.policies import may_decide
from moderation.policies import may_moderate

deciders_door = door(may_decide)  # editors and administrators
moderators_door = door(may_moderate)
