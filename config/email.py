"""``CAHIER_EMAIL_URL`` → Django's e-mail settings: smtp://user:password@host:port, smtps://, smtp+tls://."""

from urllib.parse import unquote, urlsplit


def email_settings(url: str) -> dict[str, object]:
    """Settings to merge; raises ``ValueError`` for a scheme other than smtp, smtps and smtp+tls."""
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps", "smtp+tls"} or not parts.hostname:
        raise ValueError("CAHIER_EMAIL_URL doit commencer par smtp://, smtps:// ou smtp+tls://.")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 25),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
    }
