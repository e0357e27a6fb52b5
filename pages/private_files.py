"""Files that no web server gives by itself: a view gives them, and checks the right each time."""

from django.core.files.storage import Storage, storages


def private() -> Storage:
    """The storage called ``private`` in the settings; read when a model is made."""
    return storages["private"]
