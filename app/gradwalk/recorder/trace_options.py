"""The options of a trace that only Gradwalk itself uses; the public `trace()` takes none of them."""

from dataclasses import dataclass, field

from gradwalk.recorder.jacobian_probe import JacobianProbe
from gradwalk.recorder.overrides import Overrides
from gradwalk.recorder.perturber import Perturber
from gradwalk.recorder.progress import Observer


@dataclass(frozen=True)
class TraceOptions:
    """The options for how a program is recorded, and for what is changed or measured while it runs.

    `observer`: as in Recording. `overrides`: what-if values of leaves. `perturber`: changes one number, for a gradient
    check. `probe`: measures a local derivative, which ends the program. `freeze`: whether all objects of the process
    are kept out of the garbage collector's sight meanwhile, if none are yet. A process that has frozen many objects
    itself passes False, because counting them takes tens of milliseconds.
    """

    observer: Observer | None = None
    overrides: Overrides = field(default_factory=Overrides)
    perturber: Perturber = field(default_factory=Perturber)
    probe: JacobianProbe | None = None
    freeze: bool = True
