"""Hold messages and manifests against what Slack and Microsoft publish of them (``platforms/``): nothing that runs needs this."""

from __future__ import annotations

import json
from typing import Any, Literal, NamedTuple

from actions.help_file import PROJECT
from scripts.node import NodeFolder

PLATFORMS = NodeFolder(PROJECT / "platforms")

Mode = Literal["slack-messages", "slack-manifest", "teams-activities", "teams-manifest"]


class Problem(NamedTuple):
    """What does not fit: ``unknown`` is what a published list leaves out (a property, a scope), ``error`` all the rest."""

    kind: Literal["error", "unknown"]
    path: str
    message: str


def problems(mode: Mode, document: Any) -> list[Problem]:
    """What the publisher's own types, schema or renderer say against a document.

    Args:
        mode: What the document is: ``slack-messages`` (a list of ``{text, blocks}``), ``slack-manifest``,
            ``teams-activities`` (a list) or ``teams-manifest``.
        document: The document, as JSON has it.
    """
    PLATFORMS.install()
    printed = PLATFORMS.run("node", "check.mjs", mode, text=json.dumps(document))
    return [Problem(**json.loads(line)) for line in printed.splitlines()]
