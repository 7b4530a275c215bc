"""Services the channels talk to, played locally: each speaks the real protocol, and is as strict."""
