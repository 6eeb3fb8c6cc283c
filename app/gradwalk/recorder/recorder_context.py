"""The objects that the parts of one recorder share."""

from dataclasses import dataclass

from gradwalk.recorder.call_sites import Locate
from gradwalk.recorder.modules import ModuleScope
from gradwalk.recorder.recording import Recording


@dataclass(frozen=True)
class RecorderContext:
    """The recording, the search for the call's location in the program, and the scope of the running modules."""

    recording: Recording
    locate: Locate
    modules: ModuleScope
