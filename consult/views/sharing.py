"""Telling others: links that load nothing from anybody and follow nobody. Networks are those the site chose."""

from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.utils.translation import gettext as _

# Where each network takes what one wants to say. A plain link: nothing of theirs is loaded on our pages.
NETWORKS = {
    "bluesky": ("Bluesky", "https://bsky.app/intent/compose?text={text}%20{url}"),
    "facebook": ("Facebook", "https://www.facebook.com/sharer/sharer.php?u={url}"),
    "linkedin": ("LinkedIn", "https://www.linkedin.com/sharing/share-offsite/?url={url}"),
    "telegram": ("Telegram", "https://t.me/share/url?url={url}&text={text}"),
    "whatsapp": ("WhatsApp", "https://wa.me/?text={text}%20{url}"),
    "x": ("X", "https://x.com/intent/post?text={text}&url={url}"),
}


def share(title: str, path: str) -> dict[str, Any]:
    """What ``_share.html`` reads; ``path`` is that of the page."""
    address = settings.BASE_URL + path
    said = {"text": quote(title, safe=""), "url": quote(address, safe="")}
    body = quote(f"{title}\n\n{address}", safe="")
    return {
        "address": address,
        "title": title,
        "mail": f"mailto:?subject={said['text']}&body={body}",
        "networks": [
            {"label": _("On %(network)s") % {"network": NETWORKS[name][0]}, "url": NETWORKS[name][1].format(**said)}
            for name in settings.SHARE_NETWORKS
            if name in NETWORKS
        ],
    }
