"""Writing and running a program: what it prints, how it fails, what survives."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.acting import button, line, open_page, run_program, told, write_program

SHAPE_ERROR = "import torch\nx = torch.ones(2, 3)\ny = x @ torch.ones(2, 3)\nprint(y)\n"
LARGE_ANSWER = """\
import torch
x = torch.rand(1000, requires_grad=True)
y = x
for _ in range(60):
    y = y * 1.01
y.sum().backward()
"""
MARKUP = "<img src=x onerror=alert(1)><script>alert(2)</script>"


def test_an_own_program_runs_from_the_keyboard(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron")
    run_program(page, "import torch\nw = torch.tensor(5.5, requires_grad=True)\n(w * w).backward()\nprint(w.grad)\n")
    expect(page.locator("gw-console")).to_contain_text("tensor(11.)")
    expect(page.locator("g.node")).to_have_count(2)
    expect(page.locator("g.node .number.value").first).to_have_text("5.5")
    page.keyboard.press("Escape")
    page.locator("gw-stage").click(position={"x": 5, "y": 200})
    page.keyboard.press("End")
    expect(told(page)).to_contain_text("11")


def test_another_run_of_the_same_shape_shows_its_own_numbers(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron")
    source = "\n".join(page.locator(".cm-line").all_inner_texts())
    expect(page.locator("g.node[data-node=n0] .number.value")).to_have_text("1.1")
    run_program(page, source.replace("1.1", "3.3"))
    expect(page.locator("g.node[data-node=n0] .number.value")).to_have_text("3.3")


def test_back_returns_to_the_picture_before_the_run(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron")
    run_program(page, "import torch\nprint('mine')\n")
    expect(page.locator("gw-console")).to_contain_text("mine")
    page.go_back()
    page.locator("gw-console").get_by_role("button", name="Show the output").click()
    expect(page.locator("gw-console")).to_contain_text("grad w.r.t. w: tensor([-0.0898])")
    expect(page.locator("g.node")).to_have_count(8)


def test_a_shape_error_marks_its_line_and_its_node(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron")
    run_program(page, SHAPE_ERROR)
    expect(page.locator("g.node.failed")).to_have_count(1)
    expect(line(page, 3)).to_have_class(re.compile("failed"))
    expect(page.locator(".cm-content .message")).to_contain_text("mat1 and mat2 shapes cannot be multiplied")
    card = page.locator("gw-outcome")
    expect(card).to_contain_text("RuntimeError: mat1 and mat2 shapes cannot be multiplied")
    expect(card.get_by_role("button", name="line 3")).to_be_visible()
    expect(page.locator("gw-inspector")).to_contain_text("Failed here")
    expect(told(page)).to_contain_text("fails here")


def test_a_syntax_error_has_its_line_and_no_picture(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron")
    run_program(page, "import torch\nx = = 1\n")
    expect(line(page, 2)).to_have_class(re.compile("failed"))
    expect(page.locator("gw-outcome")).to_contain_text("SyntaxError")
    expect(page.locator("section.stage")).to_contain_text("stopped before it made a tensor")


def test_what_a_program_prints_names_and_raises_is_text(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron")
    printing = f"import sys\nt = {MARKUP!r}\nprint(t)\nprint(t, file=sys.stderr)\n"
    run_program(page, f"{printing}raise ValueError(t)\n")
    expect(page.locator("gw-console pre")).to_contain_text(MARKUP)
    expect(page.locator("gw-console .stderr")).to_contain_text(MARKUP)
    expect(page.locator("gw-outcome")).to_contain_text(f"ValueError: {MARKUP}")
    assert page.locator("img, script:not([src])").count() == 0


def test_prints_stand_on_lines_of_their_own(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron")
    run_program(page, "print('one')\nprint('two')\n")
    assert page.locator("gw-console pre").inner_text().split() == ["one", "two"]
    assert "\n" in page.locator("gw-console pre").inner_text().strip()


def test_an_unrun_program_survives_a_reload_and_can_be_undone(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron")
    write_program(page, "# not run yet")
    expect(page.locator("gw-editor .edited")).to_be_visible()
    expect(page.locator(".cm-line.lit")).to_have_count(0)
    page.reload()
    expect(page.locator(".cm-content")).to_have_text("# not run yet")
    button(page, "Discard draft").click()
    expect(line(page, 1)).to_have_text("import torch")
    expect(page.locator(".cm-line.lit")).to_have_count(1)


def test_a_run_in_flight_says_so_and_can_be_cancelled(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron")
    write_program(page, "while True:\n    pass\n")
    page.keyboard.press("Control+Enter")
    expect(page.locator("gw-notice")).to_contain_text("Running the program")
    expect(page.locator("g.node")).to_have_count(8)
    page.locator("gw-header").get_by_role("button", name="Cancel").click()
    expect(page.locator("gw-header").get_by_role("button", name="Run")).to_be_visible()
    expect(line(page, 1)).to_have_text("while True:")


def test_a_server_that_is_away_loses_nothing(page: Page, address: str, expected: list[str]) -> None:
    expected.append("net::ERR_FAILED")
    open_page(page, f"{address}/lessons/neuron?step=9")
    page.route("**/api/v1/runs", lambda route: route.abort())
    write_program(page, "# mine")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("cannot be reached")
    expect(told(page)).to_contain_text("Step 9 of 14")
    expect(page.locator(".cm-content")).to_have_text("# mine")
    button(page, "OK").click()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_refusal_says_what_to_do(page: Page, address: str, expected: list[str]) -> None:
    expected.append("422")
    open_page(page, f"{address}/lessons/neuron")
    write_program(page, "   ")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("g.node")).to_have_count(8)


def test_an_answer_of_megabytes_is_parsed_aside_and_shown(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron")
    with page.expect_worker() as worker, page.expect_response(re.compile("/iterations/0$")) as answer:
        run_program(page, LARGE_ANSWER)
    assert "parse.worker" in worker.value.url
    assert len(answer.value.body()) > 1_000_000
    page.locator("gw-stage").click(position={"x": 5, "y": 200})
    page.keyboard.press("End")
    expect(told(page)).to_contain_text("x.grad")
