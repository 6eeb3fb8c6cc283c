"""Programs: a network chosen by hand goes in, its PyTorch program comes out. Nothing is run and nothing is stored."""

from fastapi import APIRouter

from gradwalk.builder import NetworkSpec, plan, write
from gradwalk.web.bodies import ProgramBuilt
from gradwalk.web.http.problems import documented

router = APIRouter(tags=["programs"])


@router.post("/programs", summary="Write the program of a network", responses=documented(400, 408, 413, 415, 422))
async def build_program(body: NetworkSpec) -> ProgramBuilt:
    """The program is complete and can be run as it is. A network whose parts do not go together is refused with every
    field that is wrong and the reason.
    """
    planned = plan(body)
    shapes = [list(planned.data.shape), *(list(layer.leaves) for layer in planned.layers)]
    return ProgramBuilt(
        source=write(planned), shapes=shapes, parameters=sum(layer.parameters for layer in planned.layers)
    )
