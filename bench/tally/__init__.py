"""What counting costs, and whether it is right: ``./cahier bench tally``."""
