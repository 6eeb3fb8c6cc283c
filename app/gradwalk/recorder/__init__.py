"""Recording of any PyTorch code: forward operations, backward passes, updates. No HTTP, no sandbox, no database."""

from gradwalk.recorder.limits import Limits
from gradwalk.recorder.recording import Recording
from gradwalk.recorder.scope import trace

__all__ = ["Limits", "Recording", "trace"]
