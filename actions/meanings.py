"""What each intent means, as a button says it (``data/meanings.yml``)."""

from __future__ import annotations

from ruamel.yaml import YAML

from actions.help_file import PROJECT

#: Intent -> title of its button, in the order of the file.
MEANINGS: dict[str, str] = dict(YAML(typ="safe").load((PROJECT / "data" / "meanings.yml").read_text(encoding="utf-8")))
