"""Two runs side by side: how a comparison is asked for, what it shows, and what it says when it cannot be."""

import re
from itertools import pairwise

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.acting import button, open_page, recording_of, write_program
from tests.e2e.picture import picture_beside
from tests.e2e.variants import BASE, LOOP, TRAINING
from tests.tiers import rest_at_night

LESSONS = rest_at_night(("neuron", "module", "fan-out", "training-loop", "tensor-product"), {"neuron"})


def half(page: Page, run: str) -> Locator:
    """One of the two: its title and its stage."""
    return page.locator("gw-compare section.half").nth("AB".index(run))


def sentence(page: Page) -> Locator:
    """What a screen reader hears of both."""
    return page.locator("gw-compare gw-narration [role=status]").first


def table(page: Page) -> Locator:
    return page.locator("gw-differences table")


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog", name=re.compile("Compare this run"))


def ask(page: Page, choice: str) -> None:
    """Opens the dialog by its key and makes a choice."""
    page.keyboard.press("c")
    dialog(page).get_by_label(choice, exact=True).check()


def beside(page: Page) -> None:
    """Waits until both pictures stand."""
    for run in "AB":
        expect(half(page, run).locator("g.node, g.closed-room").first).to_be_visible()


def compare(page: Page, address: str, first: str, other: str, more: str = "") -> None:
    """Runs both programs without the page and opens their comparison by its link."""
    second = recording_of(page, address, other).rsplit("/", 1)[1]
    page.goto(f"{recording_of(page, address, first)}?compare={second}{more}")
    beside(page)


def run_id(page: Page) -> str:
    return re.sub(r".*compare=([\w-]+).*", r"\1", page.url)


def test_another_seed_of_a_program_that_seeds_itself(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/module")
    ask(page, "another seed")
    expect(dialog(page)).to_contain_text("The program seeds itself: changed in line 4 too.")
    expect(dialog(page).locator("gw-changes")).to_contain_text("torch.manual_seed(1)")
    page.keyboard.press("Enter")
    beside(page)
    expect(half(page, "A").locator("h3")).to_contain_text("A · seed 0")
    expect(half(page, "B").locator("h3")).to_contain_text("B · seed 1")
    # the input is another one, what it should give is the same
    page.keyboard.press("End")
    badges = half(page, "B").locator("g.badge")
    expect(badges.filter(has_text="Δ").first).to_be_visible()
    expect(badges.filter(has_text=re.compile("^=$")).first).to_be_visible()
    expect(table(page)).to_contain_text("net.fc1.weight")
    expect(page).to_have_url(re.compile("compare="))


def test_the_differences_are_those_of_the_numbers_on_show(page: Page, address: str) -> None:
    source = "import torch\nw = torch.tensor(2.0, requires_grad=True)\nloss = w * w\nloss.backward()\n"
    compare(page, address, source, source.replace("2.0", "5.0"))
    page.keyboard.press("End")
    for run, loss, gradient in (("A", "4", "4"), ("B", "25", "10")):
        expect(half(page, run).locator("g.loss-node .number.value")).to_have_text(loss)
        expect(half(page, run).locator("g.parameter .number.gradient")).to_have_text(gradient)
    expect(half(page, "B").locator("g.badge.gradient", has_text="Δ +6")).to_be_visible()
    expect(half(page, "A").locator("g.badge")).to_have_count(0)
    expect(table(page).locator("tr.loss")).to_contain_text(re.compile(r"4\s*25\s*\+21"))
    expect(table(page).locator("tr.value")).to_contain_text(re.compile(r"2\s*5\s*\+3"))
    expect(table(page).locator("tr.gradient")).to_contain_text(re.compile(r"4\s*10\s*\+6"))
    expect(sentence(page)).to_contain_text("w.grad is now 4. A larger w would raise loss. B: ")
    expect(sentence(page)).to_contain_text("w.grad is now 10.")


def test_another_learning_rate_shows_both_losses_and_iterations_go_together(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/training-loop")
    ask(page, "another learning rate")
    dialog(page).get_by_label("Learning rate", exact=True).fill("0.5")
    button(page, "Run and compare").click()
    beside(page)
    expect(half(page, "B").locator("h3")).to_contain_text("B · lr 0.5")
    chart = page.locator("gw-two-losses")
    expect(chart.locator("path.first, path.second")).to_have_count(4)  # two curves, and a piece of each in the caption
    pointer = chart.locator("line.current")
    places = []
    for number in range(1, 4):
        expect(page.locator("gw-timeline")).to_contain_text(f"iteration {number} of 20")
        expect(chart.locator("svg.plot")).to_have_attribute(
            "aria-label", re.compile(rf"Loss in iteration {number} \(iteration = {number - 1}\):")
        )
        places.append(float(pointer.get_attribute("x1") or "nan"))
        assert len(set(losses(page))) == (1 if number == 1 else 2)
        page.keyboard.press("]")
    assert all(b > a for a, b in pairwise(places))


def losses(page: Page) -> list[str]:
    """Of A and of B, as the caption of the curves says them."""
    return page.locator("gw-two-losses figcaption b").all_inner_texts()


def test_another_optimizer_says_what_it_does_not_know(page: Page, address: str) -> None:
    page.goto(recording_of(page, address, TRAINING))
    expect(page.locator("gw-stage g.node").first).to_be_visible()
    ask(page, "another optimizer")
    expect(dialog(page)).to_contain_text("Adam knows no momentum: left out.")
    button(page, "Run and compare").click()
    beside(page)
    expect(half(page, "A").locator("h3")).to_contain_text("A · SGD")
    expect(half(page, "B").locator("h3")).to_contain_text("B · Adam")
    page.keyboard.press("End")
    expect(sentence(page)).to_contain_text(
        re.compile(r"A: SGD changes .*model\.\w+.* from .*B: Adam changes .*model\.\w+.* from ")
    )


def test_the_edited_program_with_a_layer_more(page: Page, address: str) -> None:
    page.goto(recording_of(page, address, BASE))
    expect(page.locator("gw-stage g.node").first).to_be_visible()
    expect(page.locator(".cm-content")).to_be_visible()
    write_program(page, BASE.replace("    nn.ReLU(),\n", "    nn.ReLU(),\n    nn.Linear(3, 3),\n    nn.ReLU(),\n"))
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    expect(dialog(page).get_by_label("the program in the editor")).to_be_checked()
    expect(dialog(page).locator("gw-changes li.added")).to_have_count(2)
    button(page, "Run and compare").click()
    beside(page)
    expect(page.locator("gw-compare header")).to_contain_text("Only in B:")
    # the fold that holds it says so, and opens in both
    expect(half(page, "A").locator("g.badge.alone")).to_contain_text("only in B")
    half(page, "B").locator("g.closed-room").first.click()
    for run in "AB":
        expect(half(page, run).locator("g.room g.title").first).to_be_visible()
    absent = half(page, "A").locator("[data-difference=absent]")
    alone = half(page, "B").locator("[data-difference=alone]")
    assert absent.count() == alone.count() > 0
    # a step that only B has: A holds still and says so, the bar says whose it is
    ticks = page.locator("gw-timeline .tick.lone")
    assert ticks.count() > 0
    step = page.locator("gw-timeline .tick").evaluate_all("ticks => ticks.findIndex(t => t.classList.contains('lone'))")
    page.keyboard.press("Home")
    for _ in range(step):
        page.keyboard.press("ArrowRight")
    expect(half(page, "A").locator(".still")).to_have_text("A has no such step and holds still.")
    expect(half(page, "B").locator(".still")).to_have_text("")
    expect(page.locator("gw-timeline .current")).to_contain_text("only B")
    page.keyboard.press("Escape")
    expect(page.locator("gw-compare")).to_have_count(0)
    expect(page.locator("gw-stage")).to_have_count(1)
    expect(page.locator(".cm-content")).to_contain_text("nn.Linear(3, 3)")


def test_what_corresponds_stands_at_the_same_place_and_both_cameras_move_together(page: Page, address: str) -> None:
    compare(page, address, BASE, BASE.replace("ReLU", "Tanh"))

    def places(run: str) -> dict[str, tuple[float, float]]:
        stage = half(page, run).locator("gw-stage")
        found: dict[str, tuple[float, float]] = stage.evaluate(
            """stage => {
              const from = stage.getBoundingClientRect()
              return Object.fromEntries([...stage.shadowRoot.querySelectorAll('g.node, g.closed-room')].map(card => {
                const box = card.querySelector('rect.card, rect.front').getBoundingClientRect()
                return [card.dataset.node ?? card.dataset.fold,
                        [Math.round(box.x - from.x), Math.round(box.y - from.y)]]
              }))
            }"""
        )
        return found

    start = places("A")
    assert start == places("B")
    page.keyboard.press("+")
    zoomed = places("A")
    assert zoomed != start
    assert zoomed == places("B")
    half(page, "B").locator("gw-stage").hover()
    page.mouse.down()
    page.mouse.move(900, 200, steps=3)
    page.mouse.up()
    assert places("A") == places("B") != zoomed
    page.keyboard.press("0")
    assert places("A") == places("B") == start


def test_the_link_shows_the_same_comparison_in_a_new_tab(page: Page, address: str) -> None:
    compare(page, address, LOOP, LOOP.replace("0.5", "0.7"))
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    page.wait_for_url(re.compile(r"step=5\b.*compare="))
    expect(sentence(page)).to_contain_text("Step 5 of")
    other = page.context.new_page()
    other.goto(page.url)
    beside(other)
    expect(sentence(other)).to_have_text(sentence(page).inner_text())
    assert run_id(other) == run_id(page)


def test_by_keyboard_alone(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/training-loop")
    page.keyboard.press("c")
    expect(dialog(page).get_by_label("another seed")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Control+A")
    page.keyboard.type("7")
    page.keyboard.press("Enter")
    beside(page)
    expect(half(page, "B").locator("h3")).to_contain_text("seed 7")
    row = page.locator("gw-differences .name button").first
    row.focus()
    page.keyboard.press("Enter")
    for run in "AB":
        expect(half(page, run).locator("g.selected")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(half(page, "A").locator("g.selected")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.locator("gw-compare")).to_have_count(0)
    expect(page).not_to_have_url(re.compile("compare="))
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="All keys")).to_contain_text("Compare the run with another one")


def test_runs_swap(page: Page, address: str) -> None:
    compare(page, address, LOOP, LOOP.replace("range(3)", "range(5)"))
    page.keyboard.press("End")
    before = [half(page, run).locator("g.loss-node .number.value").text_content() or "" for run in "AB"]
    expect(page.locator("gw-compare header")).to_contain_text("Only in B: mul, tanh.")
    button(page, "Swap").click()
    expect(page.locator("gw-compare header")).to_contain_text("Only in A: mul, tanh.")
    page.keyboard.press("End")
    for run, value in zip("AB", reversed(before), strict=True):
        expect(half(page, run).locator("g.loss-node .number.value")).to_have_text(value)


def test_a_second_run_that_fails_is_shown_as_such_and_the_first_stays(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron")
    write_program(page, "import torch\nraise ValueError('not today')\n")
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    button(page, "Run and compare").click()
    expect(dialog(page).get_by_role("alert")).to_contain_text("B failed in line 2: ValueError: not today")
    page.keyboard.press("Escape")
    expect(page.locator("gw-stage g.node")).to_have_count(8)
    expect(page.locator("gw-compare")).to_have_count(0)


def test_a_second_run_that_fails_on_its_way_is_shown_as_far_as_it_came(page: Page, address: str) -> None:
    compare(page, address, LOOP, LOOP.replace("loss = x.square()", "loss = x @ x"))
    expect(page.locator("gw-compare header")).to_contain_text("B failed in line 7: RuntimeError")
    expect(half(page, "B").locator("g.failed")).to_have_count(1)
    expect(half(page, "A").locator("g.failed")).to_have_count(0)


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ("x = 1\n", "B made no tensors: there is nothing to draw. A is here as before."),
        ("raise KeyError('k')\n", "B failed in line 1: KeyError"),
    ],
)
def test_a_link_to_a_run_without_a_picture_says_so(page: Page, address: str, other: str, said: str) -> None:
    second = recording_of(page, address, other).rsplit("/", 1)[1]
    page.goto(f"{recording_of(page, address, LOOP)}?compare={second}")
    expect(half(page, "B").locator(".gone")).to_contain_text(said)
    expect(half(page, "A").locator("g.node").first).to_be_visible()


def test_a_run_that_is_not_there_any_more(page: Page, address: str, expected: list[str]) -> None:
    expected.append("404")
    page.goto(f"{address}/lessons/neuron?compare=no-such-run-anywhere")
    expect(page.locator("gw-notice [role=alert]")).to_contain_text("The other run cannot be shown.")
    expect(page.locator("gw-notice [role=alert]")).to_contain_text("The first run is here as before.")
    expect(page.locator("gw-stage g.node").first).to_be_visible()
    expect(page.locator("gw-compare")).to_have_count(0)


def test_a_run_beside_itself(page: Page, address: str) -> None:
    one = recording_of(page, address, LOOP)
    page.goto(f"{one}?compare={one.rsplit('/', 1)[1]}")
    beside(page)
    expect(page.locator("gw-compare header")).to_contain_text("A and B are the same run")
    page.keyboard.press("End")
    marks = half(page, "B").locator("g.badge").all_text_contents()
    assert set(marks) == {"="}


def test_another_number_of_iterations(page: Page, address: str) -> None:
    compare(page, address, TRAINING, TRAINING.replace("range(12)", "range(5)"), "&iteration=4")
    expect(page.locator("gw-compare header")).not_to_contain_text("B has only")
    page.keyboard.press("]")
    expect(page.locator("gw-compare header")).to_contain_text("B has only 5 iterations")
    expect(sentence(page)).to_contain_text("B has no such iteration")
    expect(half(page, "B").locator("g.badge")).to_have_count(0)
    expect(half(page, "B").locator("g.node, g.closed-room").first).to_be_visible()
    button(page, "Swap").click()
    expect(page.locator("gw-compare header")).to_contain_text("B has 12 iterations, A 5")


def test_nonsense_in_the_dialog_is_refused_with_a_sentence(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/training-loop")
    ask(page, "another seed")
    for field, text, said in (
        ("Seed", "-3", "A seed is a whole number"),
        ("Learning rate", "fast", "A learning rate is a number"),
        ("Link or id of the other run", "somewhere", "That is neither"),
    ):
        dialog(page).get_by_label(field, exact=True).fill(text)
        page.keyboard.press("Enter")
        expect(dialog(page).get_by_role("alert")).to_contain_text(said)


@pytest.mark.parametrize("theme", rest_at_night(["light", "dark"], {"light"}))
@pytest.mark.parametrize("slug", LESSONS)
def test_every_step_of_a_lesson_beside_another_seed_can_be_projected(
    browser: Browser, address: str, slug: str, theme: str
) -> None:
    with browser.new_context(
        viewport={"width": 1280, "height": 720},
        reduced_motion="reduce",
        color_scheme=theme,  # type: ignore[arg-type]
    ) as context:
        page = context.new_page()
        open_page(page, f"{address}/lessons/{slug}?step=1")
        ask(page, "another seed")
        page.keyboard.press("Enter")
        beside(page)
        faults = {}
        count = page.locator("gw-timeline .tick").count()
        for number in range(1, count + 1):
            expect(sentence(page)).to_contain_text(f"Step {number} of {count}")
            for run in "AB":
                found = picture_beside(half(page, run).locator("gw-stage"))
                assert found.cards
                # what is too large for half of a stage is moved so that the step can be seen
                faults[f"{number} {run}"] = found.readable() if slug == "tensor-product" else found.faults()
            page.keyboard.press("ArrowRight")
        assert {number: what for number, what in faults.items() if what} == {}
        wide = page.locator("gw-differences").evaluate("e => e.scrollWidth - e.clientWidth")
        assert wide <= 0
