"""The website widget, in a real browser, against the real servers."""
