"""The parameters that a route receives from the server: its services, and the client that sends the request."""

from typing import Annotated

from fastapi import Depends, Request

from gradwalk.sandbox import QueueClient
from gradwalk.web.services.services import Services


async def _current_services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


CurrentServices = Annotated[Services, Depends(_current_services)]
"""The type of a route's parameter that receives the services."""


async def _current_client(request: Request, services: CurrentServices) -> QueueClient:
    return services.sessions.client(request.headers)


CurrentClient = Annotated[QueueClient, Depends(_current_client)]
"""The type of a route's parameter that receives the client whose turn in the queue the request takes."""
