"""The website widget's channel: sessions that are signed, a conversation that can be replayed, the files of the widget."""
