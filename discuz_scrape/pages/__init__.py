"""One module for each kind of page, and the doors that lead to them."""
