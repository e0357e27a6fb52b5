"""Shape and wording of what comes in, one file each kind."""
