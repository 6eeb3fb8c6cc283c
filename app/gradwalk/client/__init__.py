r"""The typed clients of the REST API. `Client` blocks, `AsyncClient` is awaited, and both have the same methods.

>>> with Client() as client:
...     created = client.run("import torch\nw = torch.ones(1, requires_grad=True)\n(w * 3).backward()")
...     client.iteration(created.snapshot, 0).backward[0].accumulated["n0"].data
[3.0]
"""

from gradwalk.client.http_clients import AsyncClient, Client
from gradwalk.client.rest_calls import NodeElement
from gradwalk.client.run_listener import Progress
from gradwalk.web.bodies import IterationEnded, Queued, Started

__all__ = ["AsyncClient", "Client", "IterationEnded", "NodeElement", "Progress", "Queued", "Started"]
