"""What editors see of Wagtail."""

from django.http import HttpRequest
from wagtail import hooks


@hooks.register("construct_main_menu")
def hide_what_we_do_not_use(request: HttpRequest, menu_items: list) -> None:
    """Wagtail's own help speaks of things that this site does not have."""
    menu_items[:] = [item for item in menu_items if item.name != "help"]
