"""Desktop pages of a member's space: the profile, and the lists of what the member started and wrote."""
