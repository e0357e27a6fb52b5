"""Texts made to be slow to read: their time is measured by ``python -m bench.masking``."""

HOSTILE = {
    "one letter": "a" * 100_000,
    "digits": "1" * 100_000,
    "spaced digits": "1 " * 50_000,
    "at signs": "a@" * 50_000,
    "dots": "a." * 50_000,
    "hyphens": "A-" * 50_000,
    "line breaks": "A\n" * 50_000,
    "spaces": " " * 100_000,
    "nul": "\x00" * 100_000,
    "births": "né le " * 16_000,
    "particles": "Nadia " + "de " * 33_000,
    "spelled addresses": "nadia point " * 8_300,
    "bank accounts": "FR76 1234 " * 10_000,
    "many names": " ".join(f"M. Dup{n:x} m'a dit." for n in range(5_000)),
    "letters": "Bonjour, je m'appelle Nadia Benali, dossier 2024-00123. M. Dupont, 06 12 34 56 78, 12 rue des Lilas. "
    * 950,
}
