"""What a role opens in Wagtail, as a group whose rights are set again each time somebody enters it."""

from django.contrib.auth.models import Group, Permission
from wagtail.models import Collection, GroupApprovalTask, GroupCollectionPermission, GroupPagePermission, Page

from accounts.choices import WAGTAIL_GROUPS, RoleKind

PAGE_RIGHTS = {
    RoleKind.EDITOR: ("add_page", "change_page"),
    RoleKind.ADMINISTRATOR: ("add_page", "change_page", "publish_page", "lock_page", "unlock_page"),
}
FILE_RIGHTS = ("add_image", "change_image", "choose_image", "add_document", "change_document", "choose_document")
# Never "accounts" nor "auth": whoever may change an account there may become anybody. People are kept by our acts.
ADMINISTERED_APPS = ("directory", "pages")


def group_of(kind: RoleKind) -> Group:
    """The group of this role, made if missing, with its rights complete."""
    group, _created = Group.objects.get_or_create(name=WAGTAIL_GROUPS[kind])
    group.permissions.add(Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"))
    if kind in PAGE_RIGHTS:
        group.permissions.add(Permission.objects.get(codename="submit_translation"))
    if kind == RoleKind.ADMINISTRATOR:
        group.permissions.add(*Permission.objects.filter(content_type__app_label__in=ADMINISTERED_APPS))
        _let_approve(group)
    _give_pages_and_files(group, kind)
    return group


def _give_pages_and_files(group: Group, kind: RoleKind) -> None:
    root = Page.get_first_root_node()
    rights = Permission.objects.filter(content_type__app_label="wagtailcore", codename__in=PAGE_RIGHTS[kind])
    for permission in rights:
        GroupPagePermission.objects.get_or_create(group=group, page=root, permission=permission)
    files = Permission.objects.filter(
        content_type__app_label__in=["wagtailimages", "wagtaildocs"], codename__in=FILE_RIGHTS
    )
    for permission in files:
        GroupCollectionPermission.objects.get_or_create(
            group=group, collection=Collection.get_first_root_node(), permission=permission
        )


def _let_approve(group: Group) -> None:
    """What editors submit waits for Wagtail's moderators, whom nobody here is: administrators answer too."""
    for task in GroupApprovalTask.objects.filter(groups__name="Moderators"):
        task.groups.add(group)
