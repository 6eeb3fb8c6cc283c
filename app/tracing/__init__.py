"""Recording of any PyTorch code: forward operations, backward passes, updates. No HTTP, no sandbox, no database."""

from app.tracing.limits import Limits
from app.tracing.recording import Recording
from app.tracing.scope import trace

__all__ = ["Limits", "Recording", "trace"]
