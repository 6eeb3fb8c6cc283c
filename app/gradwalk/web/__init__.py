"""The web application: routes, services, and the HTTP that surrounds them."""
