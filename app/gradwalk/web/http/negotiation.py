"""Content negotiation for cacheable responses: the coding and media type that a client accepts, strong ETags, and
304.
"""

import asyncio
from hashlib import sha256
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from gradwalk.contract.snapshot import Tensor
from gradwalk.exports.file_stream import FileStream
from gradwalk.exports.npy import npy
from gradwalk.store import CompressedJson
from gradwalk.web.http.content_coding import Coding, compressed

NPY = "application/octet-stream"
NOT_MODIFIED: Final[dict[int | str, dict[str, Any]]] = {
    304: {"description": "The client has it already (If-None-Match)."}
}
"""The `responses` of a route whose responses have an ETag."""
_IMMUTABLE = "public, max-age=31536000, immutable"
_REVALIDATE = "public, no-cache"
_LARGE_BYTES = 64 * 1024
_FILE_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"
"""The policy of downloaded files: a browser that shows one instead of saving it runs nothing in it."""


async def json_answer(request: Request, body: CompressedJson, tag: str) -> Response:
    """Return stored JSON in the best coding that the client accepts. `tag` names the content, which never changes."""
    coding = best_coding(request.headers.get("accept-encoding", ""))
    headers = _headers(f"{tag}.{coding}", "Accept, Accept-Encoding")
    if _client_has(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    if coding != "identity":
        headers["Content-Encoding"] = coding
    return Response(await _encode(body, coding), headers=headers, media_type="application/json")


async def derived_answer(request: Request, body: CompressedJson) -> Response:
    """Return JSON that was computed from a snapshot. Its ETag is a hash of the content, because the next version of
    Gradwalk may compute something else.
    """
    answer = await json_answer(request, body, sha256(body.zstd).hexdigest()[:32])
    answer.headers["Cache-Control"] = _REVALIDATE
    return answer


async def npy_answer(request: Request, body: CompressedJson, tag: str) -> Response:
    """Return a stored tensor in NumPy's file format."""
    headers = _headers(f"{tag}.npy", "Accept, Accept-Encoding")
    if _client_has(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    content = await asyncio.to_thread(lambda: npy(Tensor.model_validate_json(body.json())))
    return Response(content, headers=headers, media_type=NPY)


async def stream_answer(request: Request, export: FileStream, tag: str, *, lasting: bool = True) -> Response:
    """Return a file to save, which is put together while it is sent. `lasting`: true when the next version of Gradwalk
    will make the same file.
    """
    coding = best_coding(request.headers.get("accept-encoding", ""))
    headers = _headers(f"{tag}.{coding}", "Accept-Encoding")
    if not lasting:
        headers["Cache-Control"] = _REVALIDATE
    if _client_has(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    headers["Content-Security-Policy"] = _FILE_POLICY
    headers["Content-Disposition"] = f'attachment; filename="{export.file_name}"'
    if coding != "identity":
        headers["Content-Encoding"] = coding
    return StreamingResponse(compressed(export.parts, coding), headers=headers, media_type=export.media_type)


def best_coding(accept_encoding: str) -> Coding:
    """Return zstd when the client accepts it, because bodies are stored in it; else gzip, else none."""
    weights = dict(_weight(part) for part in accept_encoding.lower().split(","))
    if weights.get("zstd"):
        return "zstd"
    return "gzip" if weights.get("gzip") else "identity"


def wants_npy(request: Request) -> bool:
    """Return true when the client asks for the binary form of a tensor."""
    parts = request.headers.get("accept", "").lower().split(",")
    return any(name == NPY and weight for name, weight in map(_weight, parts))


def wants_events(request: Request) -> bool:
    """Return true when the client prefers a stream of events to one JSON document."""
    weights = dict(_weight(part) for part in request.headers.get("accept", "").lower().split(","))
    return weights.get("text/event-stream", 0.0) > weights.get("application/json", 0.0)


def _weight(part: str) -> tuple[str, float]:
    """Split `gzip;q=0.5` into a name and its quality; a quality that is not a number counts as 0."""
    name, *parameters = (p.strip() for p in part.split(";"))
    quality = next((p[2:] for p in parameters if p.startswith("q=")), "1")
    return name, float(quality) if quality.replace(".", "", 1).isdecimal() else 0.0


def _headers(tag: str, vary: str) -> dict[str, str]:
    return {"ETag": f'"{tag}"', "Cache-Control": _IMMUTABLE, "Vary": vary}


def _client_has(request: Request, etag: str) -> bool:
    known = [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]
    return etag in known or "*" in known


async def _encode(body: CompressedJson, coding: Coding) -> bytes:
    if coding == "zstd":
        return body.zstd
    convert = body.gzip if coding == "gzip" else body.json
    return await asyncio.to_thread(convert) if len(body.zstd) > _LARGE_BYTES else convert()
