"""The five programs that are read aloud, and what a teacher says between their sentences."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gradwalk.lessons import Lessons

PROGRAMS: Final = Path("docs/programs")


@dataclass(frozen=True)
class Reading:
    """A program that is read aloud. `opening`: what it is about. `purposes`: what a part of the forward pass is for, by
    the beginning of the names of its modules, or by the name of a result; one text for each time that it begins.
    `backward`, `update`: what is said before them. `ending`: what the numbers have shown. `program`: a file; else the
    program is that of `lesson`, with `extra` lines that make it learn. `often`: how often an operation is told in full.
    """

    title: str
    opening: str
    purposes: Mapping[str, tuple[str, ...]]
    backward: str
    update: str
    ending: str
    lesson: str = ""
    often: int = 2
    program: str = ""
    extra: str = ""

    @property
    def source(self) -> str:
        """Return the text of the program."""
        if self.program:
            return (PROGRAMS / self.program).read_text("utf-8")
        return Lessons.built_in().get(self.lesson).source.rstrip() + "\n" + self.extra


XOR: Final = Reading(
    title="The XOR net, read aloud",
    opening="""Four points, and the answer is 1 where the two inputs differ. A straight line cannot part them; a ReLU
between two layers can. The program tries both at once: `line` is the single layer, `net` has a hidden layer before the
last.""",
    purposes={
        "line": ("**The single layer.** It weighs the two inputs and adds them up, once for each point.",),
        "hidden": (
            "**The hidden layer.** The first weights mix the inputs in four ways, and a ReLU bends each mixture. That "
            "bend is all that the single layer lacks.",
        ),
        "net": ("**The output.** The second weights mix the four bent numbers into one answer.",),
        "line_loss": ("**The losses.** How far are the answers from the truth?",),
    },
    backward="""The loss is one number. Now we ask of every weight: if it grew a little, how would the loss answer? We
walk back from the loss, and at each step the gradient that arrived is multiplied by the step's own slope.""",
    update="""Adam moves each number against its gradient. It divides the gradient by its usual size, so that in the
first turn every number moves by about the learning rate, 0.1.""",
    ending="""The loss is the sum of both, so it cannot reach 0: the single layer stays near a loss of 1, which is what
always answering 0 would cost, and all the progress is that of the hidden layer.""",
    lesson="xor",
    often=3,
)

CNN: Final = Reading(
    title="The CNN, read aloud",
    opening="""Two pictures: in one a bar stands, in the other it lies. A convolutional network is to tell them apart.
It has two kernels that look for patterns, keeps the strongest answer of each, and weighs the two.""",
    purposes={
        "net.conv": (
            "**The convolution.** Each kernel is a little window of 3 by 3 weights that slides over the picture. "
            "It answers strongly where the picture looks like the kernel.",
        ),
        "found": ("**The ReLU.** An answer below zero means: not here. It becomes 0.",),
        "net.pool": (
            "**The pooling.** Of each kernel's four answers only the strongest is kept. Where it was found no "
            "longer matters.",
        ),
        "net.head": (
            "**The head.** Two numbers are left of each picture, one for each kernel. They are weighed into two "
            "scores, one for each kind.",
        ),
        "loss": ("**The loss.** Cross-entropy asks how surprised the scores are by the right answer.",),
    },
    backward="""The way back goes through the same places. Watch the pooling: only the place that won gets anything, and
so the kernel learns from one window of each picture.""",
    update="Plain gradient descent takes half of each gradient off the number.",
    ending="""Nobody told the kernels what a bar is. The gradient reached them through the one window that won, and made
the answer a little stronger or weaker there.""",
    program="cnn.py",
)

LSTM: Final = Reading(
    title="The LSTM, read aloud",
    opening="""An LSTM reads a sequence number by number and keeps a memory, `cell`. Three gates, each between 0 and 1,
decide: `i` how much of the new is written, `f` how much of the old is kept, `o` how much of the memory is shown. Here
the gates stand in the program as plain arithmetic, and only the first of the three numbers is to be remembered.""",
    purposes={
        "i, f, g, o": (
            "**The gates of the first number.** Four sums are made: for the input gate, the forget gate, the candidate "
            "and the output gate.",
            "**The second number.** It is 0, and there is nothing to write.",
            "**The third number.** It is 0 as well, so the gates are the same.",
        ),
        "cell": (
            "**The memory.** It is the old memory times the forget gate, plus the candidate times the input gate.",
            "**The memory after the second number.** The input gate shuts and the forget gate stays open, so most is "
            "kept.",
            "**The memory after the third number.** Again a tenth is lost, and no more.",
        ),
        "answer": ("**The answer.** It is what the output gate lets out of the memory.",),
        "loss": ("**The loss.** The answer should have been 1.",),
    },
    backward="""The gradient walks back through time: from the last answer into the memory, and from there, number by
number, towards the first. On the way from memory to memory it is only multiplied by the forget gate, 0.9: that is why
an LSTM can learn from long ago.""",
    update="Plain gradient descent, on the three vectors that all the numbers share.",
    ending="""The forget gate stood at 0.9, so of the gradient that reached the last memory 81 % came to the first. With
a gate of 0.5 it would have been a quarter.""",
    lesson="lstm",
    extra="""
optimizer = torch.optim.SGD([w, u, b], lr=0.5)
optimizer.step()
""",
)

BATCH_NORM: Final = Reading(
    title="Batch norm, read aloud",
    opening="""Four flats, each with its size and its rooms. The size is some
25 times as large as the number of rooms, so a layer would hardly see the rooms. Batch norm puts both on the same scale
before the layer looks at them.""",
    purposes={
        "even": (
            "**Batch norm.** Each column gets mean 0 and spread 1, over the four flats of the batch. Then it may be "
            "scaled and shifted again, by numbers that learn: at first by 1 and 0, which changes nothing.",
        ),
        "score": ("**The layer.** It weighs the two columns, which are now alike in size.",),
        "loss": ("**The loss.** The flats are dear or not; the score is compared with that.",),
    },
    backward="""The gradient of one flat now depends on all four, for they share a mean and a spread. The two
weights of the layer get gradients of a similar size; without the norm that of the size would be many times as
large.""",
    update="Plain gradient descent, with a rate of 0.5 that the raw numbers would never have allowed.",
    ending="""Both columns learn at the same pace. In evaluation there is no batch to take a mean of: then the running
mean, which each turn moves a tenth of the way to its own, takes the place of it.""",
    program="batch_norm.py",
)

GPT: Final = Reading(
    title="The tiny GPT, read aloud",
    opening="""Six tokens go in, and after each of them the network is to say which token comes next. It is GPT with all
its parts and hardly any size: 8 numbers for a token, two heads, one block.""",
    purposes={
        "embed": (
            "**The embedding.** A token is only a number in a list. Here it gets 8 numbers that can learn, and 8 "
            "more for its place in the sentence.",
        ),
        "block.norm1": (
            "**The first norm.** It brings the 8 numbers of each token to mean 0 and spread 1, so that no "
            "token shouts.",
        ),
        "block.attention": (
            "**Attention.** Each token asks (query), each offers (key), and where both fit, the token "
            "takes what the other has to say (value). Two heads do this side by side.",
        ),
        "scores": ("**The scores.** How well does each query fit each key?",),
        "weights": (
            "**The weights.** A token must not look at later ones, so their scores are masked, and the others are "
            "turned into shares.",
        ),
        "mixed": (
            "**The mixture.** Each token takes its share of each value, and the two heads are put together again.",
        ),
        "block.norm2": ("**The second norm.**",),
        "block.feed": (
            "**The feed-forward part.** Each token alone thinks about what it has gathered: 8 numbers become "
            "32, are bent, and become 8 again.",
        ),
        "head": ("**The head.** Once more a norm, and then a score for each of the 6 words that there are.",),
        "loss": ("**The loss.** The right word was the next one of the sentence.",),
    },
    backward="""Everything that went forward comes back the other way. At each plus sign of the residual ways the
gradient is handed on twice, unchanged: once into the part, once past it. Where both meet again, they add up.""",
    update="Plain gradient descent moves every number of the network at once, each against its own gradient.",
    ending="""One step moves little. The lesson on pretraining takes thirty of them, and there the loss falls from
2.54 to 0.01.""",
    lesson="tiny-gpt",
    extra="""
parts = nn.ModuleList([embed, block, head])
optimizer = torch.optim.SGD(parts.parameters(), lr=0.5)
optimizer.step()
""",
)

READINGS: Final = {"xor": XOR, "cnn": CNN, "lstm": LSTM, "batch-norm": BATCH_NORM, "tiny-gpt": GPT}
