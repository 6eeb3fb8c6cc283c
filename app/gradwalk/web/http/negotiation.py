"""Immutable answers: the coding and the form that a client reads, a strong ETag, 304."""

import asyncio
from collections.abc import AsyncIterator
from hashlib import sha256
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from gradwalk.contract.snapshot import Tensor
from gradwalk.exports.npy import npy
from gradwalk.store import CompressedJson
from gradwalk.web.http.content_coding import Coding, compressed

NPY = "application/octet-stream"
_IMMUTABLE = "public, max-age=31536000, immutable"
_ASKED_AGAIN = "public, no-cache"
_LARGE_BYTES = 64 * 1024
_FILE_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"
"""Should anything show a file here instead of saving it, it can do nothing."""


class FileStream(NamedTuple):
    """A file that is put together while it is sent. `parts`: UTF-8 text; together one document."""

    file_name: str
    media_type: str
    parts: AsyncIterator[bytes]


async def json_answer(request: Request, body: CompressedJson, tag: str) -> Response:
    """Stored JSON in the best coding that the client reads. `tag` names the content; it never changes."""
    coding = best_coding(request.headers.get("accept-encoding", ""))
    headers = _headers(f"{tag}.{coding}", "Accept, Accept-Encoding")
    if _client_has(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    if coding != "identity":
        headers["Content-Encoding"] = coding
    return Response(await _encode(body, coding), headers=headers, media_type="application/json")


async def derived_answer(request: Request, body: CompressedJson) -> Response:
    """JSON that was computed from a snapshot, named by what is in it: the next Gradwalk may compute another."""
    answer = await json_answer(request, body, sha256(body.zstd).hexdigest()[:32])
    answer.headers["Cache-Control"] = _ASKED_AGAIN
    return answer


async def npy_answer(request: Request, body: CompressedJson, tag: str) -> Response:
    """A stored tensor as NumPy's own file format."""
    headers = _headers(f"{tag}.npy", "Accept, Accept-Encoding")
    if _client_has(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    content = await asyncio.to_thread(lambda: npy(Tensor.model_validate_json(body.json())))
    return Response(content, headers=headers, media_type=NPY)


async def stream_answer(request: Request, export: FileStream, tag: str, *, lasting: bool = True) -> Response:
    """A document that is put together while it is sent, as a file to save. `lasting`: whether the next version of
    Gradwalk would make the same.
    """
    coding = best_coding(request.headers.get("accept-encoding", ""))
    headers = _headers(f"{tag}.{coding}", "Accept-Encoding")
    if not lasting:
        headers["Cache-Control"] = _ASKED_AGAIN
    if _client_has(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    headers["Content-Security-Policy"] = _FILE_POLICY
    headers["Content-Disposition"] = f'attachment; filename="{export.file_name}"'
    if coding != "identity":
        headers["Content-Encoding"] = coding
    return StreamingResponse(compressed(export.parts, coding), headers=headers, media_type=export.media_type)


def best_coding(accept_encoding: str) -> Coding:
    """The zstd coding when the client reads it, for that costs nothing here, else gzip, else none."""
    weights = dict(_weight(part) for part in accept_encoding.lower().split(","))
    if weights.get("zstd"):
        return "zstd"
    return "gzip" if weights.get("gzip") else "identity"


def wants_npy(request: Request) -> bool:
    """Whether the client asks for the binary form of a tensor."""
    parts = request.headers.get("accept", "").lower().split(",")
    return any(name == NPY and weight for name, weight in map(_weight, parts))


def wants_events(request: Request) -> bool:
    """Whether the client would rather have a stream of events than one JSON document."""
    weights = dict(_weight(part) for part in request.headers.get("accept", "").lower().split(","))
    return weights.get("text/event-stream", 0.0) > weights.get("application/json", 0.0)


def _weight(part: str) -> tuple[str, float]:
    """`gzip;q=0.5` as a name and its quality; a quality that is no number counts as none."""
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
