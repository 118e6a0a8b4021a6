"""Other faces of a thread on the desktop: archiver, print view, album, preview; and the lists of the archiver."""
