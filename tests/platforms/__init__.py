"""What Slack and Microsoft publish, as checks: they need npm at first (platforms/)."""

from pathlib import Path

#: Conversations to try the checks and the renderers on.
SAMPLES = Path(__file__).parent / "samples"
