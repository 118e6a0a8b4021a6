"""Thread pages that somebody's crawler has already turned into plain text, such as Common Crawl's WET files.

What is left of a page is its lines. Discuz! prints the same words around every post in the same order, so a post
is found by its date line (`发表于 2023-6-5 10:00:00 | 只看该作者`), and everything around it by its place: the
author's column and the floor stand before that line, the body after it, then what belongs to the post (remarks,
ratings, files), the signature and the row of buttons. Words of this chrome count only at their place and as whole
lines: the same words inside a body are the author's.

Tools that flatten differ: a line for each text node, block or paragraph, with all the white space of the source or
none. Blank lines are counted but never needed, with one exception: only they tell a signature from the end of a
reply, unless the page shows the signature twice.
"""

from discuz_scrape.flat.text import parse_text

__all__ = ["parse_text"]
