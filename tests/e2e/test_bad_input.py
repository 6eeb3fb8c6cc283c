"""Bad input: each says what happened and what still works. What a real server would never say is put into its mouth."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.acting import button, count_of_steps, open_large, open_page, run_program, told, write_program
from tests.e2e.networks import RESIDUAL

Body = dict[str, Any]

SNAPSHOT = re.compile(r"/api/v1/snapshots/[\w-]+$")
ITERATION = re.compile(r"/api/v1/snapshots/[\w-]+/iterations/\d+$")

LARGE_PROGRAM = """\
import torch
x = torch.rand(1000, requires_grad=True)
y = x
for _ in range(60):
    y = y * 1.01
y.sum().backward()
"""


def change(page: Page, url: re.Pattern[str], how: Callable[[Body], object]) -> None:
    """Answers as the server does, changed."""

    def answer(route: Route) -> None:
        response = route.fetch()
        body = response.json()
        how(body)
        route.fulfill(response=response, json=body)

    page.route(url, answer)


def notice(page: Page) -> str:
    """What the page says about itself, once it does."""
    box = page.locator("gw-notice .box span").first
    expect(box).not_to_be_empty()
    return box.inner_text()


def expect_alive(page: Page) -> None:
    """The program is there and another can be run."""
    expect(page.locator(".cm-content")).to_contain_text("import torch")
    page.unroute_all()
    run_program(page, "import torch\nw = torch.tensor(5.5, requires_grad=True)\n(w * w).backward()\n")
    expect(page.locator("g.node")).to_have_count(2)
    expect(page.locator("g.node .number.value").first).to_have_text("5.5")


def test_a_snapshot_of_a_newer_gradwalk_is_shown_as_far_as_it_is_understood(page: Page, address: str) -> None:
    change(page, SNAPSHOT, lambda body: body.update(schema_version=2, novelty={"a": 1}))
    open_page(page, f"{address}/lessons/neuron?step=9")
    assert "made by a newer Gradwalk (schema 2; this page reads 1)" in notice(page)
    assert "update Gradwalk" in notice(page)
    expect(told(page)).to_contain_text("Step 9 of 14")
    page.keyboard.press("ArrowRight")
    expect(told(page)).to_contain_text("Step 10 of 14")
    button(page, "OK").click()
    expect_alive(page)


def test_a_newer_snapshot_that_is_built_otherwise_keeps_its_program(page: Page, address: str) -> None:
    change(page, SNAPSHOT, lambda body: body.update(schema_version=3, graphs={"main": {}}))
    page.goto(f"{address}/lessons/neuron")
    assert re.search("newer Gradwalk.*cannot be drawn.*update Gradwalk", notice(page))
    expect(page.locator("section.stage")).to_contain_text("cannot be drawn")
    expect(page.locator("gw-console")).to_contain_text("grad w.r.t. w")
    expect_alive(page)


def test_a_snapshot_of_which_nothing_is_understood(page: Page, address: str) -> None:
    page.route(SNAPSHOT, lambda route: route.fulfill(json={"schema_version": 9, "all": "new"}))
    page.goto(f"{address}/lessons/neuron")
    assert "made by a newer Gradwalk (schema 9) and cannot be shown" in notice(page)


def first_edge_to_nowhere(body: Body) -> None:
    body["graphs"][0]["edges"][0]["target"] = "n99"


def last_step_out_of_range(body: Body) -> None:
    body["steps"][-1]["node"] = "n99"


@pytest.mark.parametrize(
    ("how", "fault"),
    [
        (first_edge_to_nowhere, "unknown target “n99”"),
        (lambda body: body.pop("graphs"), "no list of graphs"),
        (lambda body: body["graphs"][0].pop("nodes"), "no list of nodes"),
        (lambda body: body["graphs"][0]["nodes"][3].pop("kind"), "node n3: no kind"),
    ],
)
def test_a_damaged_snapshot_keeps_its_program(
    page: Page, address: str, how: Callable[[Body], object], fault: str
) -> None:
    change(page, SNAPSHOT, how)
    page.goto(f"{address}/lessons/neuron")
    said = notice(page)
    assert "This snapshot is damaged" in said
    assert fault in said
    assert "can be read and run again" in said
    expect(page.locator("section.stage")).to_contain_text("cannot be drawn")
    expect(page.locator("gw-console")).to_contain_text("grad w.r.t. w")
    expect_alive(page)


@pytest.mark.parametrize(
    ("how", "fault"),
    [
        (last_step_out_of_range, "step 14: unknown node “n99”"),
        (lambda body: body["steps"][3].update(edges=["e99"]), "step 4: unknown edge"),
        (lambda body: body["values"]["n0"][0].update(shape=[7]), "value of n0 has other numbers than its shape says"),
        (lambda body: body.pop("backward"), "no list of backward passes"),
    ],
)
def test_a_damaged_iteration_leaves_the_program(
    page: Page, address: str, how: Callable[[Body], object], fault: str
) -> None:
    change(page, ITERATION, how)
    page.goto(f"{address}/lessons/neuron")
    assert fault in notice(page)
    expect(page.locator("section.stage")).to_contain_text("cannot be drawn")
    page.unroute_all()
    button(page, "Try again").click()
    expect(told(page)).to_contain_text("Step 1 of 14")
    expect_alive(page)


def test_an_answer_that_is_cut_off_is_asked_for_again_by_a_button(page: Page, address: str) -> None:
    def cut(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(status=200, content_type="application/json", body=answer.text()[:400])

    open_page(page, f"{address}/lessons/training-loop?step=4&iteration=0")
    page.route(re.compile("/iterations/[5-9]$"), cut)
    slider = page.get_by_role("slider", name="Iteration")
    slider.fill("7")
    assert "answer for iteration 8 is damaged" in notice(page)
    expect(page.locator("gw-timeline")).to_contain_text("iteration 1 of 20")
    page.unroute_all()
    button(page, "Try again").click()
    expect(page.locator("gw-timeline")).to_contain_text("iteration 8 of 20")
    expect(page.locator("gw-notice .box")).to_have_count(0)


def test_an_iteration_that_no_browser_could_hold(page: Page, address: str) -> None:
    huge = {"Content-Type": "application/json", "Content-Length": "900000000"}
    page.route(ITERATION, lambda route: route.fulfill(status=200, headers=huge, body="{}"))
    page.goto(f"{address}/lessons/neuron")
    assert "iteration 1 is larger than the 200 MB" in notice(page)
    expect(page.locator("section.stage")).to_contain_text("cannot be drawn")
    expect_alive(page)


def test_an_iteration_that_the_server_refuses_for_its_size(page: Page, address: str, expected: list[str]) -> None:
    expected.append("413")
    problem = {"type": "about:blank", "title": "Too large", "status": 413, "code": "too_large", "errors": []}
    body = json.dumps({**problem, "detail": "This iteration is larger than the server sends."})
    page.route(ITERATION, lambda r: r.fulfill(status=413, content_type="application/problem+json", body=body))
    page.goto(f"{address}/lessons/neuron")
    assert notice(page) == "This iteration is larger than the server sends."
    expect_alive(page)


def test_a_recording_that_was_cut_by_a_limit_says_so(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron")
    run_program(page, "import torch\nx = torch.ones(2, requires_grad=True)\nwhile True:\n    y = x * 1.0\n")
    expect(page.locator("gw-console .note").first).to_contain_text("Recorded up to step")
    assert count_of_steps(page) > 10


def test_a_network_that_goes_away_between_iterations(page: Page, address: str, expected: list[str]) -> None:
    expected.append("net::ERR_INTERNET_DISCONNECTED")
    open_page(page, f"{address}/lessons/training-loop?step=4&iteration=0")
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    page.get_by_role("slider", name="Iteration").fill("9")
    said = notice(page)
    assert "cannot be reached" in said
    assert "what is loaded can be walked through" in said
    page.keyboard.press("Escape")
    page.locator("gw-stage").click(position={"x": 5, "y": 200})
    page.keyboard.press("ArrowRight")
    expect(told(page)).to_contain_text("Step 5 of")
    page.context.set_offline(False)
    button(page, "Try again").click()
    expect(page.locator("gw-timeline")).to_contain_text("iteration 10 of 20")


def test_a_network_that_goes_away_during_a_run(page: Page, address: str, expected: list[str]) -> None:
    expected.append("net::ERR_")
    open_page(page, f"{address}/lessons/neuron?step=9")
    write_program(page, "import torch\nw = torch.tensor(5.5, requires_grad=True)\n(w * w).backward()\n")
    page.context.set_offline(True)
    page.keyboard.press("Control+Enter")
    assert "cannot be reached" in notice(page)
    expect(told(page)).to_contain_text("Step 9 of 14")
    page.context.set_offline(False)
    button(page, "Try again").click()
    expect(page.locator("g.node .number.value").first).to_have_text("5.5")
    page.wait_for_url(re.compile("/s/"))


def test_an_editor_that_does_not_come_is_a_plain_one(page: Page, address: str, expected: list[str]) -> None:
    expected += ["net::ERR_FAILED", "preloaded"]
    page.route(re.compile(r"codemirror-[\w-]+\.js"), lambda route: route.abort())
    page.goto(f"{address}/lessons/neuron")
    expect(page.locator("gw-editor")).to_contain_text("The editor could not be loaded")
    plain = page.get_by_role("textbox", name="Program")
    expect(plain).to_have_value(re.compile("import torch"))
    plain.fill("import torch\nw = torch.tensor(5.5, requires_grad=True)\n(w * w).backward()\n")
    page.keyboard.press("Control+Enter")
    expect(page.locator("g.node .number.value").first).to_have_text("5.5")


def test_the_curves_that_do_not_come(page: Page, address: str, expected: list[str]) -> None:
    expected.append("net::ERR_FAILED")
    page.route(re.compile(r"training-panel-[\w-]+\.js"), lambda route: route.abort())
    open_page(page, f"{address}/lessons/training-loop?step=4&iteration=0")
    page.keyboard.press("t")
    expect(page.locator("gw-training-drawer")).to_contain_text("could not be loaded")
    page.keyboard.press("ArrowRight")
    expect(told(page)).to_contain_text("Step 5 of")


def test_a_browser_without_workers_shows_the_same(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron")
    run_program(page, LARGE_PROGRAM)
    url = page.url.split("?")[0]
    places = "gs => gs.map(g => [g.dataset.node ?? g.dataset.fold, g.getAttribute('transform')])"
    open_large(page, f"{url}?step=3")
    cards = page.locator("g.node, g.closed-room")
    with_workers = cards.evaluate_all(places)
    page.add_init_script("delete window.Worker")
    open_large(page, f"{url}?step=3")
    assert page.evaluate("typeof Worker") == "undefined"
    assert cards.evaluate_all(places) == with_workers
    assert page.evaluate("performance.getEntriesByType('resource').every(one => !one.name.includes('worker'))")


def test_workers_that_may_not_start_are_done_without(page: Page, address: str) -> None:
    page.add_init_script("window.Worker = class { constructor() { throw new DOMException('no', 'SecurityError') } }")
    open_page(page, f"{address}/lessons/neuron")
    run_program(page, LARGE_PROGRAM)
    expect(page.locator("g.node, g.closed-room").first).to_be_visible()
    expect(told(page)).to_contain_text("Step 1 of")


def test_a_large_graph_without_workers_is_laid_out_all_the_same(page: Page, address: str) -> None:
    page.add_init_script("delete window.Worker")
    open_page(page, f"{address}/lessons/neuron")
    run_program(page, RESIDUAL)
    page.locator("gw-stage").click(position={"x": 5, "y": 200})
    before = page.locator("g.node").count()
    page.keyboard.press("Shift+Enter")
    expect(page.locator("g.node")).not_to_have_count(before)


def test_a_browser_that_keeps_nothing_says_so_once(page: Page, address: str) -> None:
    refuse = "get() { throw new DOMException('denied', 'SecurityError') }"
    page.add_init_script(f"Object.defineProperty(window, 'localStorage', {{ {refuse} }})")
    open_page(page, f"{address}/lessons/neuron")
    page.keyboard.press("ArrowRight")
    expect(told(page)).to_contain_text("Step 2 of")
    button(page, "Switch to the dark theme").click()
    write_program(page, "import torch\n# mine")
    assert "keeps nothing more" in notice(page)
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_a_browser_without_a_clipboard_leaves_the_link_to_be_copied_by_hand(page: Page, address: str) -> None:
    page.add_init_script(
        "Object.defineProperty(navigator, 'clipboard', { get: () => undefined }); document.execCommand = () => false"
    )
    open_page(page, f"{address}/lessons/neuron?step=4")
    button(page, "Share").click()
    dialog = page.locator("gw-share dialog")
    expect(dialog).to_be_visible()
    expect(dialog).not_to_contain_text("Copied")
    field = dialog.get_by_role("textbox", name="Link")
    expect(field).to_have_value(re.compile("step=4"))
    chosen = field.evaluate("field => field.value.slice(field.selectionStart, field.selectionEnd)")
    assert chosen == field.input_value()


def test_a_second_tab_with_the_same_program_is_told_of(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron")
    other = page.context.new_page()
    open_page(other, f"{address}/lessons/neuron")
    write_program(other, "import torch\n# the other tab's")
    expect(page.locator("gw-editor-bar")).to_contain_text("Also open in another tab")
    write_program(page, "import torch\n# this tab's")
    expect(other.locator(".cm-content")).to_contain_text("the other tab's")
