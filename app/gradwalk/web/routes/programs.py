"""The route that writes the PyTorch program of a network chosen by hand. It runs nothing and stores nothing."""

from fastapi import APIRouter

from gradwalk.builder import NetworkSpec, plan_network, write_program
from gradwalk.web.bodies import ProgramBuilt
from gradwalk.web.http.problems import documented

router = APIRouter(tags=["programs"])


@router.post("/programs", summary="Write the program of a network", responses=documented(400, 408, 413, 415, 422))
async def build_program(body: NetworkSpec) -> ProgramBuilt:
    """Return a complete program, which can be run as it is. A network whose parts do not fit together is refused with
    every field that is wrong and the reason.
    """
    plan = plan_network(body)
    shapes = [list(plan.data.shape), *(list(layer.output) for layer in plan.layers)]
    return ProgramBuilt(
        source=write_program(plan), shapes=shapes, parameters=sum(layer.parameters for layer in plan.layers)
    )
