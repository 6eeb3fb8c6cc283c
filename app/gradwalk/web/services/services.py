"""The services of one server, which are created once when it starts."""

from dataclasses import dataclass

from gradwalk.exports.player_page import Player
from gradwalk.lessons import Lessons
from gradwalk.sandbox.runner import Runner
from gradwalk.store import Store
from gradwalk.web.http.client_identity import Sessions
from gradwalk.web.services.counters import Metrics
from gradwalk.web.services.findings_service import FindingsService
from gradwalk.web.services.gradcheck_service import GradcheckService
from gradwalk.web.services.lesson_runs import LessonRuns
from gradwalk.web.services.observations_service import ObservationsService
from gradwalk.web.services.question_service import QuestionService
from gradwalk.web.services.run_service import RunService


@dataclass(frozen=True)
class Services:
    """The services of one server. `player`: null where the page was not built."""

    runner: Runner
    store: Store
    runs: RunService
    lessons: Lessons
    lesson_runs: LessonRuns
    findings: FindingsService
    observations: ObservationsService
    questions: QuestionService
    gradcheck: GradcheckService
    sessions: Sessions
    metrics: Metrics
    player: Player | None

    def title_of(self, snapshot_id: str) -> str:
        """Return the title of a snapshot's file: the lesson's title when the snapshot is a lesson's, else a general
        one.
        """
        snapshot = self.lesson_runs.snapshot
        titles = (lesson.title for lesson in self.lessons.all() if snapshot(lesson.slug) == snapshot_id)
        return next(titles, "A PyTorch program")
