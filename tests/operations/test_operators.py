"""Every operator that PyTorch declares a derivative for has an explanation: by hand, as declared, or measured.

Those that a course meets are counted apart: a course's operator without an entry must be named here.
"""

import torch

from gradwalk.contract.autograd_node import AutogradNode
from gradwalk.contract.snapshot import Node
from gradwalk.explain.declared_derivatives import find, formulas
from gradwalk.operations.call import Call, base_name
from gradwalk.operations.registry import EXPLAINED
from tests.conftest import Tell

_NAMES = """
add sub rsub mul div neg abs sign pow square sqrt rsqrt reciprocal float_power addcmul addcdiv lerp remainder exp exp2
expm1 log log2 log10 log1p sin cos tan sinh cosh tanh asin acos atan atan2 erf logaddexp xlogy sum mean prod max min
amax amin median var std norm logsumexp cumsum cumprod logcumsumexp var_mean aminmax diff nansum matmul mm bmm mv dot
inner outer linear addmm addmv baddbmm einsum tensordot bilinear linalg_multi_dot linalg_vecdot trace det linalg_det
logdet inverse linalg_inv linalg_solve linalg_norm linalg_vector_norm cross linalg_cross sigmoid relu relu6 leaky_relu
elu selu celu gelu silu mish softplus log_sigmoid hardtanh hardsigmoid hardswish softsign tanhshrink hardshrink
softshrink prelu rrelu glu _threshold logit softmax log_softmax softmin mse_loss l1_loss smooth_l1_loss huber_loss
binary_cross_entropy binary_cross_entropy_with_logits cross_entropy nll_loss kl_div poisson_nll_loss gaussian_nll_loss
soft_margin_loss margin_ranking_loss hinge_embedding_loss cosine_embedding_loss triplet_margin_loss multi_margin_loss
multilabel_soft_margin_loss cosine_similarity pairwise_distance cdist dist normalize layer_norm batch_norm group_norm
instance_norm rms_norm dropout dropout1d dropout2d dropout3d conv1d conv2d conv3d conv_transpose1d conv_transpose2d
conv_transpose3d unfold fold interpolate pad max_pool1d max_pool2d max_pool3d avg_pool1d avg_pool2d avg_pool3d
adaptive_avg_pool1d adaptive_avg_pool2d adaptive_avg_pool3d adaptive_max_pool1d adaptive_max_pool2d
adaptive_max_pool3d pixel_shuffle pixel_unshuffle scaled_dot_product_attention embedding embedding_bag rnn_tanh_cell
rnn_relu_cell lstm_cell gru_cell __getitem__ __setitem__ gather scatter scatter_add index_select index_add index_copy
index_fill index_put masked_fill masked_select masked_scatter take take_along_dim repeat_interleave select narrow view
reshape flatten unflatten squeeze unsqueeze transpose permute movedim T mT t expand expand_as repeat tile flip roll
rot90 tril triu diag diagonal diag_embed clone contiguous to broadcast_to cat stack hstack vstack split chunk unbind
tensor_split meshgrid block_diag where maximum minimum clamp clip sort topk kthvalue mode cummax cummin ctc_loss
alpha_dropout feature_alpha_dropout local_response_norm max_unpool2d lp_pool2d fractional_max_pool2d
multilabel_margin_loss lstm gru rnn_tanh linalg_svd linalg_eigh linalg_cholesky linalg_qr
"""
COURSE = _NAMES.split()
"""What textbooks, tutorials and first courses call, as a recording names it."""

MEASURED = {"ctc_loss", "lstm", "gru", "rnn_tanh", "linalg_svd", "linalg_eigh", "linalg_cholesky", "linalg_qr"}
"""Of these the derivatives are not written down: they are measured, beside the formula that PyTorch declares."""


def call_of(function: str) -> Call:
    """A call of a function of which nothing but its name is known."""
    node = Node(
        id="n0", kind="operation", op=function, name=None, line=1, path=[], group=None, arguments={}, outputs=1,
        failed=False, requires_grad=True, autograd=[AutogradNode(name="UnknownBackward0", saved=[])],
    )  # fmt: skip
    return Call(node, base_name(function), {}, [], {})


def share(names: list[str]) -> tuple[int, int, int]:
    """How many are explained by hand, as declared beside being measured, and by being measured alone."""
    by_hand = sum(name in EXPLAINED for name in names)
    declared = sum(name not in EXPLAINED and find(call_of(name), "self") is not None for name in names)
    return by_hand, declared, len(names) - by_hand - declared


def told(what: str, names: list[str]) -> str:
    by_hand, declared, measured = share(names)
    return f"{len(names)} {what}: {by_hand} by hand, {declared} declared and measured, {measured} measured only"


def test_the_share_of_each_kind(tell: Tell) -> None:
    functions = sorted({base_name(function) for function in formulas()})
    tell(told("operators with a derivative in PyTorch", functions))
    tell(told("operations that a course meets", COURSE))
    assert share(functions)[2] == 0
    assert share(functions)[0] > 170
    assert share(COURSE)[0] > 0.92 * len(COURSE)


def test_what_a_course_meets_is_written_by_hand_or_named() -> None:
    assert {name for name in COURSE if name not in EXPLAINED} == MEASURED
    assert len(COURSE) == len(set(COURSE))


def test_every_name_of_the_course_is_one_of_pytorch() -> None:
    places = [torch, torch.Tensor, torch.nn.functional, torch.linalg, torch._C._VariableFunctions]
    names = {name: name.removeprefix("linalg_").removeprefix("_") for name in COURSE}
    unknown = {name for name, short in names.items() if not any(hasattr(p, name) or hasattr(p, short) for p in places)}
    # PyTorch's own names for what F.logsigmoid calls, and for `2 - x`
    assert unknown <= {"log_sigmoid"}


def test_every_module_of_torch_nn_that_a_course_takes_has_an_entry() -> None:
    """Losses and activations by their modules: a new one in PyTorch must be looked at."""
    losses = {name for name in torch.nn.modules.loss.__all__ if not name.startswith("_")}
    spelled = {name.replace("_", "").lower() for name in EXPLAINED}
    aliases = {"BCELoss": "binarycrossentropy", "BCEWithLogitsLoss": "binarycrossentropywithlogits",
               "CrossEntropyLoss": "crossentropy", "KLDivLoss": "kldiv", "NLLLoss2d": "nllloss",
               "TripletMarginWithDistanceLoss": "tripletmarginloss", "MultiLabelSoftMarginLoss":
               "multilabelsoftmarginloss"}  # fmt: skip
    missing = {name for name in losses if aliases.get(name, name.lower()) not in spelled}
    # the last one came with PyTorch 2.13
    assert missing - {"LinearCrossEntropyLoss"} == {"CTCLoss"}
