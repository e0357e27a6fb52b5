"""What stands behind ``./cahier``: it prepares the machine, then starts, watches and stops the servers.

Standard library only: this package runs before anything is installed. Its messages are in French because
people read them before any translation can be loaded.
"""
