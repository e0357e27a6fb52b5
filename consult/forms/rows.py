"""Rows below a page, in Wagtail, typed in a form of ours."""

from typing import Any

from wagtail.admin.panels import InlinePanel, get_form_for_model


class RowsPanel(InlinePanel):
    """Rows judged by a form of ours. ``rows``: its class."""

    def __init__(self, *args: Any, rows: type, **options: Any) -> None:
        super().__init__(*args, **options)
        self.rows = rows

    def clone_kwargs(self) -> dict[str, Any]:
        return super().clone_kwargs() | {"rows": self.rows}

    def get_form_options(self) -> dict[str, Any]:
        options = super().get_form_options()
        child = self.child_edit_handler.get_form_options()
        options["formsets"][self.relation_name]["form"] = get_form_for_model(
            self.db_field.related_model,
            form_class=self.rows,
            defer_required_on_fields=child.get("defer_required_on_fields", []),
        )
        return options
