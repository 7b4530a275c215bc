"""Teams' channel, driven by a local Microsoft that speaks its protocols."""
