"""Desktop pages that list something: boards, groups, the index, the guide, search results, tags, announcements."""
