"""Desktop pages of a member's space: the profile."""
