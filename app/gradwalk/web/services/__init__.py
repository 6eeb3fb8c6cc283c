"""The services that the routes call. They know the store and the sandbox, and nothing of HTTP requests."""
