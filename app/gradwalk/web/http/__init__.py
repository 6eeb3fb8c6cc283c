"""The HTTP around every route: connections, bodies, origins, negotiation, errors and shutdown."""
