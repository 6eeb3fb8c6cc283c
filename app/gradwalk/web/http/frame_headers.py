"""The headers of pages that other sites may show in a frame."""

from collections.abc import Sequence


def frame_headers(origins: Sequence[str]) -> dict[str, str]:
    """Return the headers of a page that pages of these origins may frame. They are the strict policy of every page,
    except that it allows framing, and workers that start from the page's own script.
    """
    allowed = " ".join(origins) or "'none'"
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        f"worker-src blob:; base-uri 'none'; form-action 'none'; frame-ancestors {allowed}"
    )
    # a page that isolates itself (COEP) shows only frames that allow it with this header
    return {"Content-Security-Policy": policy, "Cross-Origin-Resource-Policy": "cross-origin"}
