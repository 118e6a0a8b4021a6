"""The client: pages of a live forum, politely."""
