"""The HTML pages: shells around the page's one custom element, and messages for a person when something is missing."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from gradwalk.errors import NotFound
from gradwalk.lessons import Lessons
from gradwalk.store import Store
from gradwalk.web.assets import ADDRESS, PACKAGE, PLAYER, SOURCE_TREE, Assets
from gradwalk.web.http.frame_headers import frame_headers

ENTRY = "src/app/main.ts"
"""The page's entry point, as the manifest of its build names it."""

API = "/api/v1"
_IMMUTABLE = "public, max-age=31536000, immutable"


class Pages:
    """The routes of the HTML pages and of the files that they link to.

    `snapshot_of` returns the id of a lesson's snapshot by slug, null until the lesson was run. `framers`: origins whose
    pages may show the pages for frames.
    """

    def __init__(
        self,
        assets: Assets,
        lessons: Lessons,
        store: Store,
        snapshot_of: Callable[[str], str | None],
        framers: Sequence[str],
    ) -> None:
        self._framing = frame_headers(framers)
        self._assets = assets
        self._lessons = lessons
        self._store = store
        self._snapshot_of = snapshot_of
        self._templates = Environment(
            loader=FileSystemLoader(templates_folder()), autoescape=True, undefined=StrictUndefined
        )

    def routes(self) -> list[Route]:
        """Return all routes of the pages."""
        return [
            Route("/", self.first_lesson),
            Route("/lessons/{slug}", self.lesson),
            Route("/s/{snapshot_id}", self.snapshot),
            Route("/embed/lessons/{slug}", self.framed_lesson),
            Route("/embed/s/{snapshot_id}", self.framed_snapshot),
            Route("/print/s/{snapshot_id}", self.printed),
            Route("/message.css", self.message_style),
            Route(ADDRESS + "{name:path}", self.asset),
        ]

    async def first_lesson(self, _request: Request) -> Response:
        """Show a newcomer the first lesson, already run."""
        return self._lesson_shell(self._lessons.first().slug)

    async def lesson(self, request: Request) -> Response:
        """Show a lesson, already run. Raises LessonNotFound."""
        return self._lesson_shell(self._lessons.get(request.path_params["slug"]).slug)

    async def snapshot(self, request: Request) -> Response:
        """Show a snapshot by its id. Raises SnapshotNotFound."""
        snapshot_id = request.path_params["snapshot_id"]
        await self._store.head(snapshot_id)
        return self._shell("Snapshot", None, snapshot_id)

    async def framed_lesson(self, request: Request) -> Response:
        """Show a lesson inside a frame of another page. Raises LessonNotFound."""
        lesson = self._lessons.get(request.path_params["slug"])
        return self._player(lesson.title, lesson.slug, self._snapshot_of(lesson.slug))

    async def framed_snapshot(self, request: Request) -> Response:
        """Show a snapshot inside a frame of another page. Raises SnapshotNotFound."""
        snapshot_id = request.path_params["snapshot_id"]
        await self._store.head(snapshot_id)
        return self._player("A PyTorch program", None, snapshot_id)

    async def printed(self, request: Request) -> Response:
        """Show a snapshot for printing. Raises SnapshotNotFound."""
        snapshot_id = request.path_params["snapshot_id"]
        await self._store.head(snapshot_id)
        own = (lesson.title for lesson in self._lessons.all() if self._snapshot_of(lesson.slug) == snapshot_id)
        fields = {"title": next(own, "A PyTorch program"), "snapshot": snapshot_id}
        return self._player_page("handout.html", fields, {})

    async def asset(self, request: Request) -> Response:
        """Return a built file. Its name holds a hash of its content, so browsers keep it. Raises NotFound."""
        asset = self._assets.file(request.path_params["name"])
        if asset is None:
            raise NotFound("The page's build has no such file: load the page again.")
        headers = {"Cache-Control": _IMMUTABLE, "Vary": "Accept-Encoding"}
        if asset.gzip is not None and "gzip" in request.headers.get("accept-encoding", ""):
            return Response(asset.gzip, headers={**headers, "Content-Encoding": "gzip"}, media_type=asset.media_type)
        return Response(asset.content, headers=headers, media_type=asset.media_type)

    async def message_style(self, _request: Request) -> Response:
        """Return the style of the pages that need no build."""
        css = (templates_folder() / "message.css").read_bytes()
        return Response(css, headers={"Cache-Control": "no-cache"}, media_type="text/css")

    def error_page(
        self, request: Request, status: int, title: str, detail: str, headers: Mapping[str, str]
    ) -> Response:
        """Show a refusal as a page, also inside a frame."""
        framing = self._framing if request.url.path.startswith("/embed/") else {}
        return self._message(status, title, detail, {"Cache-Control": "no-store", **framing, **headers})

    def _lesson_shell(self, slug: str) -> Response:
        return self._shell(self._lessons.get(slug).title, slug, self._snapshot_of(slug))

    def _shell(self, title: str, lesson: str | None, snapshot: str | None) -> Response:
        if not self._assets.built:
            return self._not_built()
        html = self._templates.get_template("shell.html").render(
            title=title,
            lesson=lesson,
            snapshot=snapshot,
            entry=self._assets.entry(ENTRY),
            fetched=_preloaded(lesson, snapshot),
        )
        return HTMLResponse(html, headers={"Cache-Control": "no-cache"})

    def _player(self, title: str, lesson: str | None, snapshot: str | None) -> Response:
        fields = {"title": title, "lesson": lesson, "snapshot": snapshot}
        return self._player_page("player.html", fields, self._framing)

    def _player_page(self, template: str, fields: Mapping[str, str | None], headers: Mapping[str, str]) -> Response:
        if self._assets.player() is None:
            return self._not_built()
        html = self._templates.get_template(template).render(**fields, entry=self._assets.entry(PLAYER))
        return HTMLResponse(html, headers={"Cache-Control": "no-cache", **headers})

    def _not_built(self) -> Response:
        detail = "The server runs, but its page was not built: run make build, then start the server again."
        return self._message(503, "The page is not built", detail, {"Cache-Control": "no-store"})

    def _message(self, status: int, title: str, detail: str, headers: Mapping[str, str]) -> Response:
        html = self._templates.get_template("message.html").render(status=status, title=title, detail=detail)
        return HTMLResponse(html, status, headers)


def wants_page(request: Request) -> bool:
    """Return true when a browser asks for a page, and not a program for data."""
    return not request.url.path.startswith("/api/") and "text/html" in request.headers.get("accept", "")


def templates_folder() -> Path:
    """Return the folder of the templates: inside the wheel when there is one, else in the source tree."""
    packaged = PACKAGE / "templates"
    return packaged if packaged.is_dir() else SOURCE_TREE / "templates"


def _preloaded(lesson: str | None, snapshot: str | None) -> list[str]:
    """Return the addresses that the page requests as soon as it runs: the browser can fetch them while the page
    loads.
    """
    wanted = [f"{API}/lessons"]
    if lesson is not None:
        wanted.append(f"{API}/lessons/{lesson}")
    if snapshot is not None:
        wanted += [f"{API}/snapshots/{snapshot}", f"{API}/snapshots/{snapshot}/iterations/0"]
    return wanted
