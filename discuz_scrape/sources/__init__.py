"""Where pages come from: files, folders, archives, WARCs, standard input.

What is named on a command line becomes `Chunk`s: pieces of work that fit into a message to another process, each of
which opens its part of the source itself and gives `Item`s, page by page, or a `Fault` where something cannot be read.
A chunk reads the same whenever it is opened, so a run that broke off can go on with those that are missing.
"""

from discuz_scrape.sources._find import chunks
from discuz_scrape.sources._item import Chunk, Fault, Item

__all__ = ["Chunk", "Fault", "Item", "chunks"]
