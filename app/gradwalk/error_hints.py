"""The hints about errors: from an error's type and message to one sentence that a teacher would say. Pure."""

import re
import sys
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class HintRule:
    """A hint for the errors whose type is one of `types` (any, if empty), whose message contains `pattern`, and whose
    line of the program contains `code`.

    `{0}`, `{1}` in the hint are replaced by the groups of the pattern, and then by those of `code`.
    """

    types: tuple[str, ...]
    pattern: str
    hint: str
    code: str = ""


_RUNTIME: Final = ("RuntimeError",)
_VALUE: Final = ("ValueError", "RuntimeError")
_INDEX: Final = ("IndexError", "RuntimeError")
_IMPORT: Final = ("ModuleNotFoundError", "ImportError")

RULES: Final = (
    # What the sandbox does not offer.
    HintRule(
        _IMPORT,
        r"No module named '(matplotlib|seaborn|plotly)\b",
        "{0} is not available here, and not needed: Gradwalk draws the run itself. Delete the lines that plot.",
    ),
    HintRule(
        _IMPORT,
        r"No module named '(torchvision|torchaudio|datasets|sklearn|pandas)",
        "{0} is not available here. Make a small data set by hand, for example with torch.randn or torch.tensor.",
    ),
    HintRule(
        _IMPORT,
        r"torch\.(?:_dynamo|_inductor|_export|export|onnx|_functorch)\b",
        "Compiling and exporting are not available here: run the model itself, the numbers are the same.",
    ),
    HintRule(
        ("OSError",),
        r"Can't get source for|could not get source code",
        "TorchScript needs to read the files of torch, which programs cannot do here: use torch.jit.trace, or leave "
        "torch.jit.script out; the numbers are the same.",
    ),
    HintRule(
        _RUNTIME,
        r"^Operation not permitted$",
        "Programs may not ask the system for this: leave the profiler out, the numbers are the same.",
    ),
    HintRule(
        _RUNTIME,
        r"Cannot swap t[12] because it has weakref associated with it",
        "While a program is recorded its tensors cannot be swapped: write into them with copy_, or assign to .data.",
    ),
    HintRule(
        _IMPORT,
        r"No module named 'tqdm",
        "tqdm is not available here, and not needed: write for batch in data: without it, the numbers are the same.",
    ),
    HintRule(
        _IMPORT,
        r"No module named 'einops",
        "einops is not available here: write rearrange as reshape and permute, and reduce as mean or sum over a dim.",
    ),
    HintRule(
        _IMPORT,
        r"No module named '(d2l|labml\w*|torchinfo|torchsummary|wandb|tensorboard\w*|IPython|ipywidgets)",
        "{0} is not available here: leave its lines out, or write the few functions of it that you need into the "
        "program.",
    ),
    HintRule(
        _IMPORT,
        r"No module named '(gym|gymnasium)\b",
        "{0} is not available here: write a small environment yourself, a class with reset() and step(action).",
    ),
    HintRule(
        _IMPORT,
        r"No module named '(tiktoken|transformers|tokenizers|nltk|torchtext|sentencepiece)\b",
        "{0} is not available here: number the letters of a text yourself, for example with sorted(set(text)).",
    ),
    HintRule(
        _IMPORT,
        r"No module named '(requests|PIL|cv2|imageio|skimage)\b",
        "{0} is not available here, and no file can be read: make the data with torch.randn or torch.tensor.",
    ),
    HintRule(
        _IMPORT,
        r"No module named '(lightning|pytorch_lightning|timm|torchmetrics|tensorflow|keras|jax|scipy|ignite)\b",
        "{0} is not available here: write the layers and the training loop with torch alone.",
    ),
    HintRule(
        _IMPORT,
        rf"No module named '({'|'.join(sorted(sys.stdlib_module_names))})'",
        "{0} belongs to Python, and programs cannot use it here: leave it out.",
    ),
    HintRule(
        _IMPORT,
        r"attempted relative import",
        "There are no other files here: put the text of that file into the program, and delete this line.",
    ),
    HintRule(
        _IMPORT,
        r"No module named '([^']+)'",
        "There is no module {0} here. Is it a file of yours, put its text into the program; else check the spelling: "
        "torch, numpy and most of Python's standard library are available.",
    ),
    HintRule(
        ("PackageNotFoundError",),
        r"metadata was found for (\S+)",
        "{0} is not installed here, so it has no version: leave it out. The versions of torch and numpy are known.",
    ),
    HintRule(
        _RUNTIME,
        r"open file failed|Parent directory .* does not exist|cannot be opened",
        "Files cannot be read or written here: leave torch.save and torch.load out, or use io.BytesIO() as the file.",
    ),
    HintRule(
        (),
        r"(?i)support for mps|mps (?:device|backend)|device type:? mps|'mps'",
        'There is no such device here: use device "cpu".',
    ),
    HintRule(
        _IMPORT,
        r"cannot import name '([^']+)' from '([^']+)'",
        "{1} has nothing called {0}: check the spelling, or look in which module it lives.",
    ),
    HintRule(
        (),
        r"can't start new thread|Thread creation failed",
        "Threads are not available here: call the function directly.",
    ),
    HintRule(
        (),
        r"DataLoader worker|num_workers|multiprocessing|semaphore|shared memory",
        "Worker processes are not available here: use num_workers=0, the result is the same.",
    ),
    HintRule(
        (),
        r"(?i)inductor|torch\.compile|dynamo|C\+\+ compiler|ninja",
        "Compiling is not available here: run the model without torch.compile, the numbers are the same.",
    ),
    HintRule(
        (),
        r"(?i)urlopen error|name resolution|gaierror|Max retries|socket",
        "There is no network here: put the data into the program.",
    ),
    HintRule(
        ("FileNotFoundError", "PermissionError", "NotADirectoryError", "IsADirectoryError"),
        r"\[Errno 1\] Operation not permitted$",
        "Programs cannot start processes or use the network here: leave that part out, and use num_workers=0.",
    ),
    HintRule(
        ("FileNotFoundError",),
        r"No such file or directory$",
        "There is no folder here to work in: leave os.getcwd() out, and breakpoint() and pdb, which ask for it too.",
    ),
    HintRule(
        ("FileNotFoundError", "PermissionError"),
        r"",
        "Files cannot be read or written here: put the data into the program, for example with torch.tensor.",
    ),
    HintRule(("EOFError",), r"reading a line", "Nobody can type here: replace input() with the value itself."),
    HintRule(
        ("AssertionError", "RuntimeError", "AcceleratorError"),
        r"(?i)not compiled with CUDA|No CUDA GPUs|NVIDIA driver|CUDA error",
        'There is no GPU here: use device "cpu", or torch.device("cuda" if torch.cuda.is_available() else "cpu").',
    ),
    # Shapes.
    HintRule(
        _RUNTIME,
        r"mat1 and mat2 shapes cannot be multiplied \((\d+)x(\d+) and (\d+)x(\d+)\)",
        "The inner sizes of a matrix product must be equal: here the left one has {1} columns and the right one {2} "
        "rows. For nn.Linear, in_features must be the size of the input's last dimension.",
    ),
    HintRule(
        (),
        r"Expected more than 1 value per channel when training, got input size torch\.Size\(\[(.*?)\]\)",
        "Batch norm in training needs two examples or more to compute a spread, and this batch has the shape [{0}]: "
        "use larger batches (drop_last=True in the DataLoader), or call net.eval() first.",
    ),
    HintRule(
        _RUNTIME,
        r"0D or 1D target tensor expected, multi-target not supported",
        "cross_entropy needs one class number for each example, a target of the shape (N,): write target.squeeze(1), "
        "or target.argmax(dim=1) for one-hot targets.",
    ),
    HintRule(
        _RUNTIME,
        r"Expected target size (\[.*?\]|\(.*?\)), got (?:torch\.Size\()?(\[.*?\]|\(.*?\))",
        "The classes must be in dimension 1 of the outputs: a target of {1} does not fit, {0} would. Bring both to "
        "(N, classes) and (N,), for example with outputs.reshape(-1, classes) and target.reshape(-1).",
    ),
    HintRule(
        _VALUE,
        r"[Ee]xpected (\d-?D.*?) input.*?(?:got (?:input of size: )?(.+?))?$",
        "This layer needs a {0} input and got {1}: print the shape; unsqueeze(0) adds a batch, unsqueeze(1) a channel.",
    ),
    HintRule(
        _RUNTIME,
        r"inconsistent tensor size|size mismatch, (?:got|expected)|Expected size for first two dimensions|"
        r"vector and matrix|1D tensors expected",
        "The sizes of this product do not fit: print both shapes just before this line; the inner sizes must be equal.",
    ),
    HintRule(
        _RUNTIME,
        r"size of tensor a \((\d+)\) must match the size of tensor b \((\d+)\) at non-singleton dimension (\d+)",
        "These shapes cannot be broadcast: counted from the right, two sizes must be equal or one of them 1; here {0} "
        "meets {1} in dimension {2}.",
    ),
    HintRule(
        _VALUE,
        r"Using a target size \(torch.Size\((.*?)\)\) that is different to the input size \(torch.Size\((.*?)\)\)",
        "This loss compares element by element: give the target the shape of the prediction ({1}), for example with "
        "target.reshape or unsqueeze.",
    ),
    HintRule(
        _VALUE,
        r"Expected input batch_size \((\d+)\) to match target batch_size \((\d+)\)",
        "The loss got {0} predictions and {1} targets: it needs one target per prediction.",
    ),
    HintRule(
        _RUNTIME,
        r"shape '(.+?)' is invalid for input of size (\d+)",
        "view and reshape keep the number of elements: {0} must multiply to {1}; one size may be -1.",
    ),
    HintRule(
        _RUNTIME,
        r"view size is not compatible",
        "This tensor does not lie in memory in that order, after a transpose for example: use reshape instead of view.",
    ),
    HintRule(
        _RUNTIME,
        r"Sizes of tensors must match except in dimension|stack expects each tensor to be equal size",
        "Tensors that are joined must have the same shape (for cat, except along the joined dimension).",
    ),
    HintRule(
        _RUNTIME,
        r"expected input.* to have (\d+) channels, but got (\d+) channels",
        "The layer expects {0} channels and got {1}: in_channels must be the size of dimension 1 of the input.",
    ),
    HintRule(
        ("RuntimeError", "ValueError", "AssertionError"),
        r"Given normalized_shape|was expecting embedding dimension|running_mean should contain",
        "The input's features must be as many as this layer was made for: compare its sizes with the input's shape.",
    ),
    HintRule(
        ("AssertionError",),
        r"embed_dim must be divisible by num_heads",
        "Each head gets an equal part of the embedding: embed_dim must be a multiple of num_heads.",
    ),
    # Gradients.
    HintRule(
        _RUNTIME,
        r"does not require grad and does not have a grad_fn",
        "No gradient leads from here to any parameter: create the leaves with requires_grad=True, and do not use "
        "no_grad, detach, item or argmax on the way.",
    ),
    HintRule(
        _RUNTIME,
        r"backward through the graph a second time",
        "An earlier backward has freed this graph. Compute the loss anew in every turn, cut what is carried on with "
        "detach(), or, for two losses of one graph, give the first retain_graph=True.",
    ),
    HintRule(
        _RUNTIME,
        r"modified by an inplace operation: \[torch\.\w+ \[[\d, ]*\]\](?:, which is output 0 of "
        r"(?:AsStrided|T|Transpose)\w*,)? is at version",
        "Weights were changed since the forward pass, most often by an optimizer's step: compute the loss anew after "
        "each step, and cut what is carried on from turn to turn with detach().",
    ),
    HintRule(
        _RUNTIME,
        r"modified by an inplace operation",
        "A value that backward needs was overwritten: write y = y + 1 instead of y += 1, and do not change tensors "
        "between forward and backward.",
    ),
    HintRule(
        _RUNTIME,
        r"leaf Variable that requires grad is being used in an in-place operation|"
        r"a view of a leaf Variable that requires grad",
        "A parameter must not be changed where gradients are recorded: update it inside with torch.no_grad().",
    ),
    HintRule(
        _RUNTIME,
        r"grad can be implicitly created only for scalar outputs",
        "backward starts at a single number: take .mean() or .sum() of this tensor first.",
    ),
    HintRule(
        _RUNTIME,
        r"appears to not have been used in the graph",
        "The result does not depend on that tensor: check that it is used, or give allow_unused=True.",
    ),
    HintRule(
        _RUNTIME,
        r"Only Tensors of floating point and complex dtype can require gradients",
        "Whole numbers have no gradient: write 1.0 instead of 1, or give dtype=torch.float32.",
    ),
    HintRule(
        _RUNTIME,
        r"Can't call numpy\(\) on Tensor that requires grad",
        "numpy knows no gradients: call .detach().numpy().",
    ),
    HintRule(
        ("AttributeError", "TypeError", "RuntimeError"),
        r"NoneType",
        "{0} = {0} - ... makes a new tensor, which is no leaf and has no .grad: change it in place, inside with "
        "torch.no_grad(): {0} -= ...",
        code=r"^\s*([A-Za-z_][\w.]*)\s*=\s*\1\s*[-+].*\b\1\.grad\b",
    ),
    HintRule(
        ("AttributeError", "TypeError", "RuntimeError"),
        r"NoneType",
        "{0}.grad is None here: no backward has reached {0} yet, or its gradient was cleared. Call backward before "
        "this line.",
        code=r"([A-Za-z_][\w.]*)\.grad\b",
    ),
    HintRule(
        ("AttributeError", "TypeError", "RuntimeError"),
        r"'NoneType' object has no attribute '(?:zero_|data|add_|mul_|clone|norm|shape|item)'|"
        r"unsupported operand.*'NoneType'|must be Tensor, not NoneType",
        "Something is None here. A .grad is None until backward has reached that tensor.",
    ),
    HintRule(
        ("ValueError",),
        r"optimizer got an empty parameter list",
        "The optimizer got no parameters: in __init__ keep the layers as attributes of self, and give it "
        "net.parameters() afresh: the iterator can be used only once.",
    ),
    HintRule(
        ("ValueError",),
        r"parameters appear in more than one parameter group",
        "A parameter stands in two groups of the optimizer: give it each parameter once.",
    ),
    HintRule(
        ("TypeError",),
        r"params argument given to the optimizer should be an iterable|optimizer can only optimize Tensors|"
        r"'\w+' object is not iterable",
        "An optimizer gets parameters, not the network: write net.parameters(), with the brackets.",
        code=r"optim|SGD|Adam|RMSprop",
    ),
    HintRule(
        _RUNTIME,
        r"One of the differentiated Tensors does not require grad",
        "The gradient is asked for a tensor that does not require one: call x.requires_grad_() before the forward "
        "pass.",
    ),
    HintRule(
        _RUNTIME,
        r"Error\(s\) in loading state_dict",
        "The weights belong to another network: build it with the same layers, names and sizes as the one that was "
        "saved.",
    ),
    HintRule(
        ("AttributeError", "TypeError"),
        r"'tuple' object has no attribute|must be Tensor, not tuple",
        "Two results stand where one tensor is needed: nn.LSTM, nn.GRU and attention give (output, state). Take them "
        "apart: output, state = layer(x).",
    ),
    HintRule(
        ("TypeError", "ValueError"),
        r"can't optimize a non-leaf Tensor",
        "An optimizer updates leaves only: set requires_grad_() after the last operation that makes the tensor.",
    ),
    HintRule(
        ("AttributeError",),
        r"'(float|int|numpy\.\w+)' object has no attribute '(backward|item|detach|mean|sum|grad)'",
        "A bare number of the kind {0} stands here, as .item() gives it: use the tensor itself for {1}, and .item() "
        "only for printing.",
    ),
    HintRule(
        ("AttributeError",),
        r"cannot assign module before Module\.__init__\(\)",
        "Call super().__init__() in the first line of __init__.",
    ),
    HintRule(
        ("NotImplementedError",),
        r'missing the required "forward" function',
        "The module needs a method forward(self, x): check its spelling and its indentation.",
    ),
    # Types of numbers.
    HintRule(
        _RUNTIME,
        r"Expected floating point type for target with class probabilities, got (\w+)",
        "These targets have the shape of the outputs (one-hot) and whole numbers ({0}): give cross_entropy the class "
        "numbers, target.argmax(dim=1), or make them decimal with .float().",
    ),
    HintRule(
        _RUNTIME,
        r"expected target dtype to be Long or Byte, but got (\w+)|expected scalar type Long but found (Float|Double)",
        "cross_entropy needs class numbers as whole numbers, and the targets are {0}{1}: write target.long().",
    ),
    HintRule(
        ("NotImplementedError", "RuntimeError"),
        r"log_softmax\w*\"? not implemented for '(Long|Int|Bool|Byte)'",
        "The loss got whole numbers as its first argument: the outputs of the network come first, then the classes, "
        "F.cross_entropy(outputs, classes).",
        code=r"^(?!.*log_softmax)",
    ),
    HintRule(
        _RUNTIME,
        r"Tensor on device (\w+)\S* is not on the expected device (\w+)|"
        r"same device,? .*?\b(cpu|cuda|meta|mps|xpu)\S* and (cpu|cuda|meta|mps|xpu)|"
        r"same device",
        "The tensors of this line lie on two devices ({0}{2} and {1}{3}): bring both to one, x = x.to(device) and "
        "net = net.to(device).",
    ),
    HintRule(
        _RUNTIME,
        r"expected target dtype|expected m1 and m2 to have the same dtype|"
        r"mat1 and mat2 must have the same dtype|expected scalar type|"
        r"Found dtype|same dtype|result type (?:Float|Long|Double) can't be cast",
        "Two types of numbers meet here: bring both to one, for example with .float() (network inputs and targets of "
        "a regression) or .long() (classes of cross_entropy).",
    ),
    HintRule(
        ("RuntimeError", "NotImplementedError"),
        r'"?\w+"? not implemented for \'(Long|Int|Bool|Short|Byte)\'|mean\(\): could not infer output dtype|'
        r"Input dtype must be either a floating point",
        "This operation needs decimal numbers: call .float() first, or write 1.0 instead of 1.",
    ),
    HintRule(
        ("RuntimeError", "TypeError", "IndexError"),
        r"(?:Expected tensor for argument #1 'indices'|tensors used as indices must be)",
        "Indices are whole numbers: call .long() on them.",
    ),
    # Indices and targets.
    HintRule(
        _INDEX,
        r"Target (-?\d+) is out of bounds",
        "Target class {0} does not exist: classes count from 0 to the number of outputs minus 1.",
    ),
    HintRule(
        _RUNTIME,
        r"cannot be called on meta tensors|Cannot copy out of meta tensor",
        "A tensor on the device meta has a shape and no numbers: make it on the CPU, or fill it after to_empty().",
    ),
    HintRule(
        _RUNTIME,
        r"Inference tensors cannot be saved for backward",
        "A tensor made in inference_mode cannot take part in training: make it outside, or use torch.no_grad().",
    ),
    HintRule(
        _RUNTIME,
        r"Function '(\w+?)Backward\d*' returned nan values",
        "The derivative of this operation is NaN: the traceback above names its line in the forward pass. Look there "
        "for a square root or logarithm of 0, or a division by 0.",
    ),
    HintRule(
        ("IndexError",),
        r"index out of range in self",
        "An index is larger than the embedding: num_embeddings must be larger than the largest index.",
    ),
    HintRule(
        _RUNTIME,
        r"all elements of (?:input|target) should be between 0 and 1",
        "binary_cross_entropy needs probabilities between 0 and 1: apply sigmoid first, or use "
        "binary_cross_entropy_with_logits.",
    ),
    HintRule(
        ("IndexError",),
        r"Dimension out of range \(expected to be in range of \[(-?\d+), (-?\d+)\], but got (-?\d+)\)",
        "This tensor has no dimension {2}: its dimensions count from 0 to {1}.",
    ),
    HintRule(
        ("IndexError",),
        r"invalid index of a 0-dim tensor|too many indices",
        "The tensor has fewer dimensions than indices: print its shape; a single number is read with .item().",
    ),
    HintRule(
        ("IndexError",), r"out of (?:bounds|range)", "Indices count from 0: the last element of n has index n - 1."
    ),
    HintRule(
        ("RuntimeError", "ValueError"),
        r"a Tensor with \d+ elements cannot be converted to Scalar|only one element tensors can be converted|"
        r"Boolean value of Tensor with more than one value is ambiguous",
        "One number is needed here, and the tensor has several: use .mean(), .sum(), .any(), .all() or .tolist().",
    ),
    # Python itself.
    HintRule(
        ("NameError", "UnboundLocalError"),
        r"name '(torch|nn|F|np|optim|math|random)' is not defined",
        "{0} is used before it is imported: add its import at the top.",
    ),
    HintRule(
        ("NameError", "UnboundLocalError"),
        r"name '([^']+)' is not defined|local variable '([^']+)'",
        "This name has no value yet: check its spelling, and that the line that sets it has run before.",
    ),
    HintRule(
        ("SyntaxError", "IndentationError"),
        r"",
        "This line belongs to a notebook: delete lines that begin with % or !, and a ? behind a name; packages cannot "
        "be installed here.",
        code=r"^\s*(?:(?:[\w., ]+=\s*)?[%!]|\?|[\w.]+\?\??\s*$)",
    ),
    HintRule(
        ("SyntaxError", "IndentationError"),
        r"",
        "Delete the >>> in front of the lines, and the lines with results: they are Python's, not the program's.",
        code=r"^\s*(?:>>>|\.\.\. |In \[\d*\]:)",
    ),
    HintRule(
        ("SyntaxError",),
        r"invalid (?:non-printable )?character '?([“”‘’„«»])",
        "{0} is no quotation mark of Python: replace the curly marks by straight ones.",
    ),
    HintRule(("IndentationError", "TabError"), r"", "Lines of one block must start in the same column, with spaces."),
    HintRule(
        ("SyntaxError",),
        r"was never closed|unmatched|does not match opening",
        "A bracket is missing: count the opening and the closing ones, also in the line above.",
    ),
    HintRule(
        ("SyntaxError",),
        r"expected ':'",
        "A line that begins a block (def, class, for, while, if, with) ends with a colon.",
    ),
    HintRule(("SyntaxError",), r"unterminated", "A text must end with the quotation mark that it began with."),
    HintRule(
        ("SyntaxError",),
        r"'await' outside",
        "await works only inside an async function: call the function directly instead.",
    ),
    HintRule(
        ("SyntaxError",),
        r"",
        "Python cannot read this line: look for a missing bracket, comma, colon or quotation mark, also just above.",
    ),
    HintRule(
        ("RecursionError",),
        r"",
        "A function calls itself without end: it needs a case in which it returns without calling itself.",
    ),
    HintRule(("KeyError",), r"", "This key is not in the dictionary: print its keys() and compare."),
    HintRule(
        ("AttributeError",),
        r"has no attribute '([^']+)'",
        "There is nothing called {0} in this object: check the spelling and what kind of object it is.",
    ),
    HintRule(
        ("TypeError",),
        r"missing \d+ required positional|takes \d+ positional argument|takes from \d+|unexpected keyword argument",
        "The call does not fit the definition: compare the arguments, and do not forget self.",
    ),
    HintRule(
        ("TypeError",),
        r"'(\w+)' object is not callable",
        "A {0} stands where a function is called: has a variable taken the function's name?",
    ),
    HintRule(
        ("TypeError",),
        r"must be Tensor, not (\w+)",
        "A tensor is needed here, not a {0}: wrap it in torch.tensor(...).",
    ),
    HintRule(("ZeroDivisionError",), r"", "Division by zero: check the divisor just before this line."),
    HintRule(
        ("ValueError",),
        r"integer string conversion",
        "A number with that many digits is not printed: print its logarithm or a part of it.",
    ),
)
"""The rules in order of precedence: the first one that fits gives the hint."""


def hint(error_type: str, message: str, code: str = "") -> str | None:
    """Return one sentence that a teacher would say about this error; null when none is better than the message.
    `code`: the line of the program that raised it.
    """
    for rule in RULES:
        if rule.types and error_type not in rule.types:
            continue
        found, in_code = re.search(rule.pattern, message), re.search(rule.code, code)
        if found and in_code:
            groups = (group or "" for group in (*found.groups(), *in_code.groups()))
            return rule.hint.format(*groups)
    return None
