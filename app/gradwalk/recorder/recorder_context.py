"""The objects that the parts of one recorder share."""

from dataclasses import dataclass

from gradwalk.recorder.call_sites import Locate
from gradwalk.recorder.modules import ModuleScope
from gradwalk.recorder.recording import Recording


@dataclass(frozen=True)
class RecorderContext:
    """What is recorded into (`recording`), from where in the program (`locate`) and in which modules (`modules`)."""

    recording: Recording
    locate: Locate
    modules: ModuleScope
