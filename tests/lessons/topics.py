"""The topics of the course: where each is named, shown with numbers, asked and tried.

A topic is found again by its words, so that a lesson that no longer has it is noticed.
"""

import re
from typing import Final, NamedTuple

from gradwalk.lessons import Lesson, Lessons, Number, Question, Stop
from gradwalk.lessons.markdown import plain

TRY: Final = "Try it"


class Topic(NamedTuple):
    """A topic. `named`: a pattern that the texts of its lessons hold. `shown`: the stops that show it.
    `asked` and `tried`: a lesson with the beginning of its question, or with a part of an exercise.
    """

    name: str
    named: str
    shown: tuple[str, ...]
    asked: tuple[tuple[str, str], ...]
    tried: tuple[tuple[str, str], ...]


TOPICS: Final = (
    Topic(
        "Pretraining", r"[Pp]retrain", ("pretraining / Before", "pretraining / After"),
        (("pretraining", "Which of the probabilities can the loss see"),), (("pretraining", "Teach it"),),
    ),
    Topic(
        "Fine-tuning for a task", r"fine-tun|\*\*LoRA\*\*|LoRA",
        ("fine-tuning / Something new", "fine-tuning / Frozen"),
        (("fine-tuning", "The head turns 8 numbers into 9"), ("fine-tuning", "What would be different")),
        (("fine-tuning", "Delete the line of the pretraining"),),
    ),
    Topic(
        "Parameters: weights and biases", r"parameter", ("module / 1: initialise", "neuron / Forwards: the sum"),
        (("module", "How many numbers has the gradient of fc2.weight"),
        ("llm-components", "Which part is the largest")),
        (("llm-components", "How many parameters are that"),),
    ),
    Topic(
        "Context length", r"context length", ("llm-components / Words in",),
        (("llm-components", "What does doubling the context length add"),), (("llm-components", "context_length"),),
    ),
    Topic(
        "Embedding dimension", r"embedding dimension", ("llm-components / Words in", "embedding / Looking up"),
        (("llm-components", "By how many parameters does the table of tokens grow"),),
        (("llm-components", "'emb_dim': 1024"),),
    ),
    Topic(
        "Hidden dimension", r"hidden dimension", ("llm-components / Feed forward",),
        (("llm-components", "Medium GPT-2 has an embedding dimension"),), (("llm-components", "hidden = 2 * emb"),),
    ),
    Topic(
        "Depth", r"\bdepth\b", ("llm-components / Attention",), (("llm-components", "A layer has 2,360,064"),),
        (("llm-components", "'n_layers': 24"),),
    ),
    Topic(
        "Attention heads", r"\bheads\b", ("llm-components / Attention", "tiny-gpt / Who looks at whom"),
        (("tiny-gpt", "In head 0"),), (("tiny-gpt", "Set the number of heads to 4"), ("llm-components", "'n_heads'")),
    ),
    Topic(
        "Dropout against overfitting", r"overfit", ("dropout / Half of it is gone", "dropout / Thirty rounds later"),
        (("dropout", "With p = 0.2"), ("dropout", "A network has the loss 0.01")), (("dropout", "nn.Dropout(0.0)"),),
    ),
    Topic(
        "The configuration of GPT-2", r"GPT-2", ("llm-components / Words out", "llm-components / Counted"),
        (("llm-components", "Which part is the largest"),), (("llm-components", "'qkv_bias': True"),),
    ),
    Topic(
        "Tensors", r"\*\*tensor\*\*", ("tensor-dimensions / No dimension and one",),
        (("tensor-dimensions", "What is `number = row[1]`"),), (("tensor-dimensions", "number = block[0, 1, 0]"),),
    ),
    Topic(
        "Ranks 0 to 3 and higher", r"\*\*dimensions\*\*", ("tensor-dimensions / Two and three",),
        (("tensor-dimensions", "How many dimensions does `block[1]` have"),),
        (("tensor-dimensions", "four dimensions"),),
    ),
    Topic(
        "A dimension has a meaning", r"feature|student", ("tensor-shape / A dimension that goes",),
        (("tensor-transpose", "Each row of `matrix` is one sample"),), (("tensor-shape", "the first student alone"),),
    ),
    Topic(
        "NumPy arrays", r"NumPy", ("numpy-devices / In", "numpy-devices / Who sees it"),
        (("numpy-devices", "A layer of the network is written with NumPy"),), (("numpy-devices", "w.numpy()"),),
    ),
    Topic(
        "GPU and devices", r"\bGPU\b", ("numpy-devices / Another device",),
        (("numpy-devices", "What does `small + far`"),),
        (("numpy-devices", "Add `small + far`"),),
    ),
    Topic(
        "Creating tensors", r"torch\.arange", ("tensor-dimensions / Two and three",),
        (("tensor-dimensions", "How many numbers does `torch.zeros"),), (("tensor-dimensions", "torch.arange(6)"),),
    ),
    Topic(
        "dtypes", r"float32", ("tensor-types / What PyTorch chooses",),
        (("tensor-types", "What is the type of `half"),),
        (("tensor-types", "Put a single point into it"),),
    ),
    Topic(
        "Changing the dtype", r"\.to\(torch", ("tensor-types / Changing the type",),
        (("tensor-types", "What becomes of the 2.9"), ("tensor-types", "What does `torch.tensor(-1.7)")),
        (("numpy-devices", "copied.to(torch.float32)"),),
    ),
    Topic(
        "Shapes", r"\*\*shape\*\*", ("tensor-shape / Reading it",),
        (("tensor-shape", "`marks` is (2, 3)"), ("tensor-shape", "Which shape could be added")),
        (("tensor-shape", "Give `extra` two numbers"),),
    ),
    Topic(
        "reshape and view", r"reshape", ("tensor-reshape / Three rows of two", "tensor-reshape / View"),
        (("tensor-reshape", "Where does the 4"), ("tensor-reshape", "Which length does the −1")),
        (("tensor-reshape", "wide.reshape(4, 2)"),),
    ),
    Topic(
        "Transpose", r"\.T\b", ("tensor-transpose / Rows become columns",),
        (("tensor-transpose", "Which number stands at position 2"),), (("tensor-transpose", "turned.view(6)"),),
    ),
    Topic(
        "The matrix product, and its way back", r"grad @ w\.T|@",
        ("tensor-product / Rows times columns", "matrix-backward / One number of w"),
        (("tensor-product", "What is the upper right number"), ("matrix-backward", "What is the gradient of w[1, 1]")),
        (("tensor-product", "numbers @ numbers"), ("matrix-backward", "torch.equal(w.grad")),
    ),
    Topic(
        "Automatic differentiation", r"[Aa]utomatic", ("three-ways / Automatic", "three-ways / All three"),
        (("three-ways", "What is the gradient of the first weight"),), (("three-ways", "press **V**"),),
    ),
    Topic(
        "The chain rule", r"chain rule", ("chain-rule / A chain", "chain-rule / The third link"),
        (("chain-rule", "What is dL/db"), ("chain-rule", "What is dL/dw")), (("chain-rule", "a = w * x * w"),),
    ),
    Topic(
        "The computational graph", r"\*\*(?:computational )?graph\*\*|\bgraph\b",
        ("chain-rule / What is computed", "chain-rule / Where the graph ends"),
        (("chain-rule", "Does x * x require a gradient"),), (("chain-rule", "a.detach()"),),
    ),
    Topic(
        "A neuron by hand", r"sigmoid", ("neuron / Backwards: the sigmoid", "neuron / Backwards: the weight"),
        (("neuron", "Were x 2.0"),), (("neuron", "Set `y` to 0.0"),),
    ),
    Topic(
        "Sigmoid, cross-entropy and logits", r"\*\*logits\*\*",
        ("logits / Back to the answers", "logits / Both in one"),
        (("logits", "The fourth answer is the most wrong"),), (("logits", "Set the logits to 100"),),
    ),
    Topic(
        "Forward, loss and backward of a network", r"\*\*batch\*\*", ("module / 2: forward", "module / 4: backward"),
        (("module", "Why does no gradient pass"),), (("module", "press **Q**"), ("module", "Press **Q**")),
    ),
    Topic(
        "The five steps", r"five steps", ("five-steps / 1. Initialise", "five-steps / 5. Update"),
        (("five-steps", "What is the loss in this third iteration"),), (("five-steps", "Delete the line"),),
    ),
    Topic(
        "One hidden layer in matrices", r"δ₁|δ₂",
        ("hidden-layer / The error at the end", "hidden-layer / Through the layer"),
        (("hidden-layer", "What is δ₂"), ("hidden-layer", "A third layer is put in between")),
        (("hidden-layer", "Set the second row of `w1`"),),
    ),
    Topic(
        "A module, an optimizer and their names", r"named_parameters|net\.fc1\.weight|named", ("module / 5: update",),
        (("module", "How many numbers has the gradient"),), (("module", "Set `lr=1.0`"),
        ("module", "Leave out `optimizer")),
    ),
    Topic(
        "Backwards through each operation", r"[Bb]ackwards",
        ("fan-out / The second way back", "cross-entropy / Backwards in small steps"),
        (("fan-out", "Which gradient does left get"), ("cross-entropy", "What goes on to chosen")),
        (("fan-out", "Use `x` a third time"),),
    ),
    Topic(
        "Gradients accumulate", r"zero_grad", ("accumulating / On purpose", "accumulating / By mistake"),
        (("accumulating", "What does w.grad hold then"), ("training-loop", "What would happen without zero_grad")),
        (("accumulating", "Put `optimizer.zero_grad()`"),),
    ),
    Topic(
        "Efficiency: results are used again", r"kept|keeps", ("saved-tensors / A product", "three-ways / Numerical"),
        (("three-ways", "The program goes forward twice"), ("saved-tensors", "Which numbers are kept")),
        (("saved-tensors", "Call `loss.backward()` twice"),),
    ),
    Topic(
        "Accuracy to the rounding of the numbers", r"rounding|round", ("three-ways / All three",),
        (("three-ways", "Which h is best here"),), (("three-ways", "h = 1.0"),),
    ),
    Topic(
        "Ease: nobody writes a backward", r"by hand|[Ff]our formulas|believes",
        ("custom-function / The right one", "hidden-layer / The weights of the first layer"),
        (("custom-function", "At b = 5"),), (("custom-function", "gradient * 2 * x"),
        ("matrix-backward", "torch.equal")),
    ),
)  # fmt: skip


def named_in(topic: Topic) -> list[Lesson]:
    """Return the lessons that name a topic."""
    return [lesson for lesson in Lessons.built_in().all() if re.search(topic.named, _whole(lesson))]


def _whole(lesson: Lesson) -> str:
    return f"{lesson.title} {lesson.summary} {lesson.text}"


def shown_at(topic: Topic) -> list[tuple[Lesson, Stop]]:
    """Return the stops that show a topic. Raises KeyError where one is not there."""
    found = []
    for place in topic.shown:
        slug, title = place.split(" / ")
        lesson = Lessons.built_in().get(slug)
        found.append((lesson, {stop.title: stop for stop in lesson.stops}[title]))
    return found


def asked_in(topic: Topic) -> list[tuple[Lesson, Question]]:
    """Return the questions about a topic that are there."""
    found = []
    for slug, beginning in topic.asked:
        lesson = Lessons.built_in().get(slug)
        begins = plain(beginning) if beginning.count("`") % 2 == 0 else beginning.replace("`", "")
        questions = [question for stop in lesson.stops for question in stop.questions]
        found += [(lesson, one) for one in questions if text_of(one).startswith(begins)]
    return found


def tried_in(topic: Topic) -> list[Lesson]:
    """Return the lessons whose exercises try a topic."""
    lessons = [(Lessons.built_in().get(slug), part) for slug, part in topic.tried]
    return list(dict.fromkeys(lesson for lesson, part in lessons if part in exercises(lesson)))


def exercises(lesson: Lesson) -> str:
    """Return the last part of a lesson, Markdown: what a reader is to try."""
    return lesson.text.partition(f"## {TRY}")[2]


def text_of(question: Question) -> str:
    """Return what is asked, without markup."""
    return re.sub(r"<[^>]+>", "", question.html).replace("&lt;", "<").replace("&gt;", ">").strip()


def has_number(stop: Stop) -> bool:
    """Return whether the text of a stop, or an answer in it, holds a number."""
    answers = [question.answer for question in stop.questions]
    told = f"{stop.html} {stop.explanation or ''}"
    return (
        any(isinstance(answer, Number) for answer in answers)
        or re.search(r"\d", re.sub("<[^>]+>", "", told)) is not None
    )
