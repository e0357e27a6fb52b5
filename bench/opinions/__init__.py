"""Our opinion map beside red-dwarf (MPL-2.0), which reproduces Polis, on the same votes and in the same run."""
