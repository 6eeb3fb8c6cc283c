"""The recorder of any PyTorch code: forward operations, backward passes, updates. It knows no HTTP, sandbox or
database.
"""

from gradwalk.recorder.limits import Limits
from gradwalk.recorder.recording import Recording
from gradwalk.recorder.scope import trace

__all__ = ["Limits", "Recording", "trace"]
