"""What the owner's pages read: a few questions to the database each, however many pain points there are."""
