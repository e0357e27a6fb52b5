"""Our grouping of texts beside its rivals, on the same texts, the same vectors and in the same run."""
