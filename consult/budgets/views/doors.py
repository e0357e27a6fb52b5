"""Who stands at the door of the pages where projects are studied, counted and built."""

from accounts.views.doors import door
from consult.budgets.policies import may_keep_a_desk, may_run, may_study

evaluators_door = door(may_study)  # with editors and administrators
runners_door = door(may_run)  # editors and administrators alone
clerks_door = door(may_keep_a_desk)  # the polling desk
