"""Desktop pages of a thread: the posts, what stands around them, and the page of an article for sale."""
