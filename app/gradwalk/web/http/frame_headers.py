"""The page that others show in a frame: who may, and what it may do there."""

from collections.abc import Sequence


def frame_headers(origins: Sequence[str]) -> dict[str, str]:
    """The headers of a page that pages of these origins may frame: the strict policy of every page, but for that, and
    for its workers, which start out of its own script.
    """
    allowed = " ".join(origins) or "'none'"
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        f"worker-src blob:; base-uri 'none'; form-action 'none'; frame-ancestors {allowed}"
    )
    # a frame in a page that isolates itself (COEP) must say that it may stand there
    return {"Content-Security-Policy": policy, "Cross-Origin-Resource-Policy": "cross-origin"}
