"""Drawing what setting up a second factor needs."""

import qrcode
from django import template

register = template.Library()


@register.inclusion_tag("accounts/qr_code.html")
def qr_code(text: str) -> dict[str, object]:
    """The square that a telephone photographs, drawn in the page: the policy allows no data: image."""
    code = qrcode.QRCode(border=4)
    code.add_data(text)
    rows = code.get_matrix()
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark)
    return {"path": path, "size": len(rows)}
