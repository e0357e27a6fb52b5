from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """The top of the house: commands that need to see every package."""

    name = "config"
