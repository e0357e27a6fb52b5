"""One search over what the rooms declare public. Comes with consultations."""
