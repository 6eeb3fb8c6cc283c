"""What each frame of a page costs, in processor time: read from Chromium's own trace."""

import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, TypeVar

from playwright.sync_api import Browser, Page

Event = dict[str, Any]
T = TypeVar("T")

CATEGORIES = ["devtools.timeline", "disabled-by-default-devtools.timeline", "devtools.timeline.frame"]
SCRIPT = frozenset({"FireAnimationFrame", "EventDispatch", "TimerFire", "FunctionCall", "EvaluateScript"})
PAINTING = frozenset({"UpdateLayoutTree", "Layout", "PrePaint", "Paint", "Layerize", "Commit"})
RASTER = "RasterTask"
FRAME_END = "Commit"
"""With it the page's thread has done its part of a frame."""


@dataclass
class FrameCosts:
    """Milliseconds of processor time, one figure per frame.

    In scripts, with the layouts that they ask for; in the browser's own layout and painting on the same thread; and in
    filling pixels, on all other threads.
    """

    script: list[float] = field(default_factory=list)
    painting: list[float] = field(default_factory=list)
    raster: list[float] = field(default_factory=list)


def traced(browser: Browser, page: Page, work: Callable[[], T]) -> tuple[T, FrameCosts]:
    """Does the work, and tells what the frames cost that were drawn meanwhile."""
    browser.start_tracing(page=page, categories=CATEGORIES)
    try:
        done = work()
    finally:
        trace = browser.stop_tracing()
    return done, costs_of(json.loads(trace)["traceEvents"])


def costs_of(events: list[Event]) -> FrameCosts:
    """From a trace. The page's thread is the one that runs the most callbacks of animation frames."""
    complete = [event for event in events if event.get("ph") == "X"]
    threads = Counter((e["pid"], e["tid"]) for e in complete if e["name"] == "FireAnimationFrame")
    [(page_thread, _)] = threads.most_common(1)
    own = sorted((e for e in complete if (e["pid"], e["tid"]) == page_thread), key=lambda e: (e["ts"], -e["dur"]))
    top = list(outermost(e for e in own if e["name"] in SCRIPT | PAINTING))
    raster = [e for e in complete if e["name"] == RASTER and e["pid"] == page_thread[0]]
    ends = [e["ts"] + e["dur"] for e in own if e["name"] == FRAME_END]
    costs = FrameCosts()
    for began, ended in pairwise(ends):
        within = [e for e in top if began <= e["ts"] < ended]
        costs.script.append(total(e for e in within if e["name"] in SCRIPT))
        costs.painting.append(total(e for e in within if e["name"] in PAINTING))
        costs.raster.append(total(e for e in raster if began <= e["ts"] < ended))
    return costs


def outermost(events: Iterable[Event]) -> Iterable[Event]:
    """Those that are in no other, of events in the order in which they began."""
    end = 0.0
    for event in events:
        if event["ts"] >= end:
            end = event["ts"] + event["dur"]
            yield event


def total(events: Iterable[Event]) -> float:
    """Their processor time in milliseconds; where the trace has none, as they last on the clock."""
    return sum(float(event["tdur"] if "tdur" in event else event["dur"]) for event in events) / 1000
