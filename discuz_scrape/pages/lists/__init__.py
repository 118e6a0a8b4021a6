"""Desktop pages that list something: boards, the index, the guide, search results, tags, what a member wrote."""
