"""The address of the test database, for another process: a worker that tests start and kill."""

from urllib.parse import quote

from django.db import connection


def address_of_the_database() -> str:
    """``postgresql://…``, whether the server listens on a port or on a socket (a folder, quoted)."""
    given = {"user": "", "password": "", "host": "", "port": "", **connection.get_connection_params()}
    parts = {name: quote(str(value), safe="") for name, value in given.items() if name != "cursor_factory"}
    port = f":{parts['port']}" if parts["port"] else ""
    password = f":{parts['password']}" if parts["password"] else ""
    return f"postgresql://{parts['user']}{password}@{parts['host']}{port}/{parts['dbname']}"
