"""Calls of the operations that have an entry, as text: every shape, argument and reduction that makes a difference.

Leaves, all float64 and learning: scalar s; vectors v, u of 3; matrices x, y of 2×3, m of 3×2; p, q of 2×3 with numbers
between 0 and 1; b of 2×3×4, c of 2×4×3; images i of 2×4×5×5, w of 6×2×3×3 for groups, o of 4×2×2×2.
Fixed: labels of classes t, and of pixels; k, a mask of 2×3; causal, one of 3×3 with -inf
above the diagonal.
"""

import re
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812


def leaves() -> dict[str, Any]:
    """The names that a sample uses; the same numbers every time."""
    made = torch.Generator().manual_seed(3)

    def normal(*shape: int) -> torch.Tensor:
        return torch.randn(shape, dtype=torch.float64, generator=made).requires_grad_()

    def between(*shape: int) -> torch.Tensor:
        return (torch.rand(shape, dtype=torch.float64, generator=made) * 0.8 + 0.1).requires_grad_()

    shapes = {
        "s": (), "v": (3,), "u": (3,), "x": (2, 3), "y": (2, 3), "m": (3, 2), "b": (2, 3, 4), "c": (2, 4, 3),
        "i": (2, 4, 5, 5), "w": (6, 2, 3, 3), "o": (4, 2, 2, 2), "line": (2, 2, 6),
    }  # fmt: skip
    return {
        "np": np,
        "torch": torch,
        "F": F,
        "nn": nn,
        **{name: normal(*shape) for name, shape in shapes.items()},
        "p": between(2, 3),
        "q": between(2, 3),
        "t": torch.tensor([0, 2]),
        "causal": torch.full((3, 3), -torch.inf, dtype=torch.float64).triu(1),
        "k": torch.tensor([[True, False, True], [False, True, True]]),
    }


SAMPLES = {
    "arithmetic": """
x + y | x + v | v + x | x + s | s + x | x + 2 | 2 + x | torch.add(x, v, alpha=3) | x.add(y, alpha=-0.5)
x - y | x - v | x - 2 | 2 - x | torch.sub(x, s, alpha=2) | x.subtract(v)
x * y | x * v | v * x | x * s | x * x | x * 3 | -0.5 * x | torch.multiply(x, v) | x[:, :1] * v
x / y | x / v | v / p | x / 2 | 2 / x | 2.5 / p | torch.true_divide(x, v) | x.div(y) | torch.div(x, 3)
-x | x.neg() | abs(x) | x.abs() | torch.sign(x) + x | x.floor() + x | x.round() * y
torch.addcmul(x, y, v) | torch.addcmul(x, y, y, value=0.5) | torch.addcdiv(x, y, p, value=2)
torch.lerp(x, y, 0.3) | torch.lerp(x, y, p) | x.clone().add_(1) | x.clone().mul_(v) | x.clone().sub_(y, alpha=2)
x.clone().div_(v) | (x * 1).add_(x) | x.negative() | torch.divide(x, v) | x.ceil() + x | x.trunc() + x
x.sgn() * y | x.absolute() | x.remainder(0.3) | torch.remainder(x, p) | x.fmod(0.3) | torch.fmod(x, p) | x.frac()
torch.deg2rad(x) | torch.rad2deg(x) | x.nan_to_num() | torch.nan_to_num(torch.where(k, x, torch.nan), 0.0)
""",
    "powers": """
x ** 2 | x ** 3 | p ** 0.5 | 2 ** x | 0.5 ** x | p ** x | p ** v | x.pow(2) | torch.pow(x, 0) | x.square() | p.sqrt()
p.rsqrt() | x.reciprocal() | torch.pow(2, x) | torch.float_power(p, 1.5) | x ** -1 | x.clone().pow_(2) | s ** 2
""",
    "exponentials": """
x.exp() | torch.exp2(x) | x.expm1() | p.log() | p.log2() | p.log10() | p.log1p() | x.sin() | x.cos() | p.tan()
x.sinh() | x.cosh() | p.asin() | p.acos() | x.atan() | torch.atan2(x, y) | torch.hypot(x, y) | torch.logaddexp(x, v)
x.erf() | p.arccos() | p.arcsin() | x.arctan() | torch.arctan2(x, y) | torch.special.expit(x)
s.exp() | x.clone().exp_() | torch.xlogy(x, p) | torch.special.xlog1py(x, p) | torch.special.xlogy(x, p) | x.asinh()
(p + 1).acosh() | p.atanh() | torch.arcsinh(x) | torch.arctanh(p) | torch.arccosh(p + 1) | torch.erfc(x)
torch.special.erfc(x)
torch.logaddexp2(x, v) | torch.special.erf(x)
""",
    "activations": """
x.relu() | F.relu(x) | nn.ReLU()(x) | nn.ReLU(inplace=True)(x * 1) | F.relu6(x * 9) | torch.sigmoid(x) | x.tanh()
F.leaky_relu(x, 0.1) | F.leaky_relu(x) | nn.LeakyReLU(0.2)(x) | F.elu(x) | F.elu(x, 0.5) | F.celu(x) | F.selu(x)
F.softplus(x) | F.softplus(x, beta=3) | F.softplus(x * 30) | nn.Softplus()(x) | F.logsigmoid(x) | F.silu(x) | F.mish(x)
F.gelu(x) | F.gelu(x, approximate='tanh') | nn.GELU()(x) | F.hardtanh(x) | F.hardtanh(x, -0.5, 0.7)
F.hardsigmoid(x * 3) | F.hardswish(x * 3) | F.softsign(x) | F.tanhshrink(x) | F.threshold(x, 0.1, 2.0) | s.sigmoid()
""",
    "reductions": """
x.sum() | x.sum(0) | x.sum(dim=1) | x.sum(-1, keepdim=True) | b.sum((0, 2)) | torch.sum(b, dim=[1, -1]) | s.sum()
x.mean() | x.mean(0) | x.mean(dim=-1, keepdim=True) | b.mean((0, 1)) | x.prod() | x.prod(1) | x.amax(1) | x.amin((0, 1))
x.max() | x.min() | x.median() | x.logsumexp(1) | b.logsumexp((0, 2)) | x.var() | x.var(1) | x.var(0, unbiased=False)
x.var(dim=1, correction=0) | x.std() | x.std(1) | x.std(dim=0, keepdim=True) | x.norm() | x.norm(1) | x.norm(dim=1)
x.norm(p=3) | torch.linalg.norm(x) | torch.linalg.vector_norm(x, dim=1) | x.cumsum(0) | x.cumsum(-1)
(x * 0).max() | x.nansum(1) | torch.mean(b, [1, 2]) | b.var((0, 1)) | b.var(0, False) | b.std((1, 2), False)
""",
    "products": """
x @ v | x @ m | v @ u | b @ c | b @ c[0] | x @ c[:, :3, :] | v @ m | torch.matmul(b, b[0, 0]) | x.mm(m) | x @ x.T
torch.bmm(b, c) | torch.dot(v, u) | torch.outer(v, u) | x.mv(v) | F.linear(x, y) | F.linear(x, y, v[:2])
F.linear(b, c[0, :, :].T) | F.linear(v, x) | F.linear(v, u) | nn.Linear(3, 2).double()(x) | nn.Linear(4, 1).double()(b)
torch.addmm(v[:2], x, m) | torch.addmm(x[:, :2], x, m, beta=0.5, alpha=2) | torch.baddbmm(v, b, c) | torch.inner(v, u)
torch.einsum('ij,jk->ik', x, m) | torch.einsum('ij,ij->', x, y) | torch.einsum('bij,bjk->bik', b, c)
torch.einsum('i,j->ij', v, u) | torch.einsum('ij->ji', x) | torch.einsum('ij,jk,k->i', x, m, s.reshape(1).expand(2))
torch.einsum('ij,jk', x, m) | torch.einsum('ii->i', x @ m)
torch.addmv(v[:2], x, v) | torch.ger(v, u) | torch.vdot(v, u)
""",
    "softmaxes": """
x.softmax(1) | x.softmax(0) | F.softmax(x, dim=-1) | nn.Softmax(dim=1)(b) | F.log_softmax(x, dim=1) | b.log_softmax(1)
F.softmin(x, dim=1) | v.softmax(0) | torch.softmax(b, 2)
""",
    "losses": """
F.mse_loss(x, y) | F.mse_loss(x, y, reduction='sum') | F.mse_loss(x, y, reduction='none') | nn.MSELoss()(x, y.detach())
F.l1_loss(x, y) | F.l1_loss(x, y, reduction='sum') | F.smooth_l1_loss(x, y) | F.smooth_l1_loss(x, y, beta=0.3)
F.huber_loss(x, y, delta=0.4) | F.huber_loss(x, y, reduction='none') | F.binary_cross_entropy(p, q)
F.binary_cross_entropy(p, q.detach(), reduction='sum') | F.binary_cross_entropy(p, q, weight=v.detach().abs())
nn.BCELoss()(p, k.double()) | F.binary_cross_entropy_with_logits(x, q) | nn.BCEWithLogitsLoss()(x, k.double())
F.binary_cross_entropy_with_logits(x, q, pos_weight=v.detach().abs(), reduction='none')
F.binary_cross_entropy_with_logits(x, q, weight=v.detach().abs(), pos_weight=v.detach().abs())
F.binary_cross_entropy_with_logits(x, q, weight=v.detach().abs())
F.kl_div(x, q, reduction='batchmean') | F.kl_div(x, y, log_target=True, reduction='sum')
F.kl_div(x, (q * 0).detach(), reduction='batchmean') | F.poisson_nll_loss(x, (q * 9).detach(), full=True)
F.smooth_l1_loss(x, y, beta=0.9, reduction='none') | F.huber_loss(x, y, delta=0.9, weight=p.detach())
F.mse_loss(x, y, weight=p.detach()) | F.l1_loss(x, y, weight=p.detach(), reduction='sum')
F.poisson_nll_loss(p, (q * 9).detach(), log_input=False, full=True, reduction='none')
F.binary_cross_entropy_with_logits(x, k.double(), v.detach().abs(), reduction='none')
F.poisson_nll_loss(x, q.detach()) | F.poisson_nll_loss(p, q.detach(), log_input=False)
F.soft_margin_loss(x, y.detach())
""",
    "classification": """
F.cross_entropy(x, t) | F.cross_entropy(x, t, reduction='sum') | F.cross_entropy(x, t, reduction='none')
F.cross_entropy(x, t, weight=v.detach().abs()) | F.cross_entropy(x, t, label_smoothing=0.1) | F.cross_entropy(v, t[1])
F.cross_entropy(x, t, label_smoothing=0.2, weight=v.detach().abs()) | F.cross_entropy(x, t, ignore_index=2)
F.cross_entropy(x, t, ignore_index=2, label_smoothing=0.1, weight=v.detach().abs()) | F.cross_entropy(x, q.softmax(1))
F.cross_entropy(x, q, reduction='sum') | F.cross_entropy(x, q, weight=v.detach().abs(), label_smoothing=0.1)
F.cross_entropy(b, torch.tensor([[0, 1, 2, 0], [2, 2, 1, 1]])) | nn.CrossEntropyLoss()(x, t) | F.nll_loss(x, t)
F.nll_loss(x, t, weight=v.detach().abs()) | F.nll_loss(x, t, ignore_index=0) | F.nll_loss(x, t, reduction='none')
F.nll_loss(b, torch.tensor([[0, 1, 2, 0], [2, 2, 1, 1]])) | nn.NLLLoss()(F.log_softmax(x, dim=1), t)
""",
    "convolution": """
F.conv2d(i, w[:, :, 0, :2].reshape(3, 4, 1, 2)) | F.conv2d(i, w, stride=2, padding=1, groups=2)
F.conv1d(line, w[:2, :, 0]) | F.conv1d(line[0], w[:2, :, 0], v[:2])
F.conv1d(line, w[:2, :, 0], padding=(2,), stride=3)
nn.Conv2d(4, 3, 2, padding='same', dilation=2).double()(i[:1]) | nn.Conv2d(4, 2, 3, padding='valid').double()(i)
nn.Conv2d(4, 1, 3, padding=1, padding_mode='circular').double()(i[:1]) | nn.Conv2d(4, 4, 3, groups=4).double()(i)
nn.Conv2d(4, 1, 2, stride=(2, 1), padding=(0, 1), dilation=(1, 2)).double()(i[0])
nn.Conv1d(2, 1, 3, padding='same').double()(line)
nn.Conv3d(1, 2, 2).double()(i[:1, None]) | nn.ConvTranspose1d(2, 3, 3).double()(line)
nn.ConvTranspose2d(4, 2, 3, stride=2, output_padding=1).double()(i[:1])
F.conv_transpose1d(line, w[:2, :, 0], groups=2)
nn.ConvTranspose2d(4, 2, 2, stride=2, padding=1, groups=2, bias=False).double()(i)
F.conv_transpose1d(line[0], w[:2, :, 0], dilation=2)
nn.ConvTranspose3d(1, 1, 2).double()(i[:1, None, :2, :2])
""",
    "pooling": """
F.max_pool2d(i, 2) | F.max_pool2d(i, 3, stride=1, padding=1) | F.max_pool2d(i[0], 2, 1, dilation=2)
nn.MaxPool2d(2, ceil_mode=True)(i)
nn.MaxPool1d(3, stride=1, padding=1)(line) | F.max_pool2d(i, 2, return_indices=True)[0] | F.max_pool2d(i.relu(), (2, 3))
F.max_pool3d(i, 2) | F.max_pool1d(line, 2, return_indices=True)[0] | F.max_pool3d(i, 2, return_indices=True)[0]
F.avg_pool2d(i, 2) | F.avg_pool2d(i, 3, stride=2, padding=1, count_include_pad=False) | F.avg_pool1d(line, 2)
F.avg_pool2d(i, 3, stride=2, padding=1) | F.avg_pool2d(i, 2, ceil_mode=True) | F.avg_pool2d(i, 3, 2, 1, ceil_mode=True)
F.avg_pool2d(i, 2, divisor_override=3) | F.avg_pool3d(i, 2) | nn.AvgPool1d(3, 1, padding=1)(line[0])
nn.AdaptiveAvgPool2d((2, None))(i) | F.adaptive_avg_pool1d(line, 4) | F.adaptive_avg_pool2d(i, 1)
F.adaptive_avg_pool3d(i[None], 2)
F.adaptive_max_pool2d(i, 2) | F.adaptive_max_pool1d(line, 4) | F.adaptive_max_pool2d(i, 3, return_indices=True)[0]
F.adaptive_max_pool3d(i[None], 2) | F.adaptive_max_pool3d(i[None], 2, return_indices=True)[0]
F.adaptive_max_pool1d(line, 4, return_indices=True)[0]
F.lp_pool2d(i.abs(), 2, 2) | F.lp_pool2d(i.abs(), 3, (2, 3), stride=1) | F.fractional_max_pool2d(i, 2, output_size=3)
F.max_unpool2d(*F.max_pool2d(i, 2, return_indices=True), 2, output_size=(5, 5))
""",
    "attention": """
F.scaled_dot_product_attention(b, b, b, is_causal=True) | F.scaled_dot_product_attention(x, y, y)
F.scaled_dot_product_attention(b, b * 2, b + 1, k[:, None, :], scale=0.3) | F.scaled_dot_product_attention(x, m.T, y)
F.scaled_dot_product_attention(b, c.mT, b[:, :, :2], b[:, :, :3])
F.scaled_dot_product_attention(i, i[:, :2], i[:, :2], enable_gqa=True)
F.scaled_dot_product_attention(i[:, :, :3], i[:1, :1], i[:1, :1, :, :2])
nn.MultiheadAttention(4, 2, batch_first=True).double()(b, b, b)[0]
nn.MultiheadAttention(4, 2).double()(b, b, b, need_weights=False)[0]
F.scaled_dot_product_attention(b, b, b, causal)
""",
    "gates": """
F.prelu(x, s.reshape(1)) | nn.PReLU(3).double()(x) | nn.PReLU(4).double()(i) | F.glu(b) | F.glu(c, 1) | nn.GLU(0)(x)
F.hardshrink(x) | F.hardshrink(x, 0.2) | F.softshrink(x, 0.3) | F.rrelu(x) | nn.RReLU(0.1, 0.2).eval()(x)
torch.logit(p)
torch.special.logit(p) | p.logit(0.3)
""",
    "distances": """
F.cosine_similarity(x, y) | F.cosine_similarity(b, b[:1] * 2, dim=2) | nn.CosineSimilarity(dim=0)(v, u)
F.pairwise_distance(x, y) | F.pairwise_distance(x, v) | nn.PairwiseDistance(p=1, keepdim=True)(x, y) | torch.dist(x, y)
torch.dist(x, v, 3) | torch.cdist(x, y) | torch.cdist(b, b[0]) | torch.cdist(x, y, p=1) | torch.cdist(x, x)
F.normalize(x) | F.normalize(b, dim=-1) | F.normalize(x, p=1, dim=0) | F.normalize(x, p=3.0)
""",
    "margins": """
F.margin_ranking_loss(v, u, torch.tensor([1., -1, 1]))
F.margin_ranking_loss(v, u, torch.tensor([1., -1, 1]), margin=2, reduction='sum')
F.hinge_embedding_loss(v, torch.tensor([1., -1, 1]))
F.hinge_embedding_loss(v, torch.tensor([-1., -1, 1]), 0.1, reduction='none')
F.gaussian_nll_loss(x, y, p) | F.gaussian_nll_loss(x, y, p[:, :1], full=True, reduction='sum')
nn.GaussianNLLLoss()(x, y.detach(), p)
F.triplet_margin_loss(x, y, x * y) | F.triplet_margin_loss(x, y, p, swap=True, reduction='none')
F.triplet_margin_loss(v, u, p[0])
F.triplet_margin_loss(x, y, p, margin=0.1, p=1.0, reduction='sum')
F.triplet_margin_loss(y, p, x, margin=3.0, swap=True)
F.cosine_embedding_loss(x, y, torch.tensor([1., -1]))
F.cosine_embedding_loss(x, y, torch.tensor([-1., 1]), margin=0.2, reduction='sum')
F.cosine_embedding_loss(v, u, torch.tensor(-1.)) | F.multi_margin_loss(x, t)
F.multi_margin_loss(x, t, p=2, margin=0.5)
F.multi_margin_loss(x, t, weight=v.detach().abs(), reduction='none') | F.multi_margin_loss(v, t[1], reduction='sum')
F.multilabel_soft_margin_loss(x, k.double())
F.multilabel_soft_margin_loss(x, k.double(), v.detach().abs(), reduction='none')
F.multilabel_margin_loss(x, torch.tensor([[0, 2, -1], [1, -1, 0]]))
F.multilabel_margin_loss(x, torch.tensor([[0, 2, -1], [1, -1, 0]]), reduction='none')
F.multilabel_margin_loss(v, torch.tensor([1, 2, -1]), reduction='sum')
""",
    "patches": """
F.unfold(i, 2) | F.unfold(i, (2, 3), padding=1, stride=2) | F.unfold(i[0], 2, dilation=2) | nn.Unfold(3)(i)
F.fold(b.reshape(1, 12, 2)[:, :, :1], 2, 2) | F.fold(F.unfold(i, 2), 5, 2)
F.fold(F.unfold(i[0], 3, padding=1), (5, 5), 3, padding=1)
b.unfold(2, 2, 1) | v.unfold(0, 2, 1) | b.unfold(1, 1, 2) | F.pixel_shuffle(i, 2)
F.pixel_unshuffle(i[:, :, :4, :4], 2)
F.interpolate(i, scale_factor=2) | F.interpolate(i, size=(7, 3), mode='bilinear')
F.interpolate(line, 4, mode='linear')
F.interpolate(i, scale_factor=1.5, mode='bilinear') | F.interpolate(i, size=3)
F.interpolate(line, scale_factor=0.7, mode='nearest-exact')
F.interpolate(i, size=(9, 4), mode='bilinear', align_corners=True) | nn.Upsample(scale_factor=(2, 1))(i)
F.interpolate(i[None], scale_factor=(2, 1, 1), mode='trilinear')
F.interpolate(i, scale_factor=1.7, recompute_scale_factor=True)
F.embedding_bag(torch.tensor([[0, 1], [1, 1]]), x)
nn.EmbeddingBag(5, 2, mode='max').double()(torch.tensor([[0, 1], [3, 1]]))
F.embedding_bag(torch.tensor([0, 1, 1, 0]), x, torch.tensor([0, 1]), mode='sum')
F.embedding_bag(torch.tensor([[0, 1], [1, 1]]), x, padding_idx=0)
F.embedding_bag(torch.tensor([[0, 1], [1, 1]]), x, mode='sum', per_sample_weights=q.detach()[:, :2])
F.embedding_bag(torch.tensor([0, 1, 1]), x, torch.tensor([0, 1, 3]), include_last_offset=True)
""",
    "scattering": """
x.take(torch.tensor([0, 4])) | torch.take(x, torch.tensor([[5, 4], [4, 0]])) | x.repeat_interleave(2, 1)
x.repeat_interleave(3)
x.repeat_interleave(torch.tensor([1, 3]), 0) | x.index_add(0, torch.tensor([0, 1, 1]), y[[0, 1, 1]])
x.index_add(1, torch.tensor([2, 0]), m.T[:, :2], alpha=0.5) | x.index_fill(1, torch.tensor([0]), 1.0)
x.index_fill(0, torch.tensor([1]), s)
x.index_put((torch.tensor([0]),), v) | b.index_put((torch.tensor([1]), torch.tensor([2])), v[:1])
x.index_copy(1, torch.tensor([2, 0]), y[:, :2])
x.select_scatter(v, 0, 1) | x.slice_scatter(y[:, :2], 1, 0, 2) | x.masked_scatter(k, y)
[z := x * 1, z.index_add_(0, torch.tensor([1]), y[:1])][-1]
""",
    "matrices": """
(x @ m).trace() | torch.linalg.det(x @ m) | (x @ m).det() | torch.linalg.inv(x @ m) | torch.inverse(b[:, :, :3])
torch.linalg.det(b[:, :, :3])
torch.logdet(x @ x.T) | torch.linalg.slogdet(x @ m)[1] | torch.linalg.solve(x @ m, x) | torch.linalg.solve(x @ m, m[0])
torch.linalg.inv(x.T @ x + torch.eye(3)) | torch.linalg.cross(x.T[:, :1], y.T[:, :1], dim=-2)
torch.cross(v, u, dim=0) | torch.linalg.cross(x, y) | torch.linalg.cross(v, u) | torch.slogdet(x @ m)[1]
""",
    "recurrent": """
nn.RNNCell(3, 2).double()(x, m[:2]) | nn.RNNCell(3, 2, nonlinearity='relu').double()(x)
nn.RNNCell(3, 2, bias=False).double()(v, m[0])
nn.GRUCell(3, 2).double()(x, m[:2]) | nn.GRUCell(3, 2).double()(v, m[0])
nn.GRUCell(3, 2, bias=False).double()(x, m[:2])
nn.LSTMCell(3, 2).double()(x, (m[:2], m[1:])) | nn.LSTMCell(3, 2).double()(v, (m[0], m[1]))
nn.LSTMCell(3, 2).double()(x, (m[:2], m[1:]))[0]
nn.LSTMCell(3, 2, bias=False).double()(x, (m[:2], m[1:]))[1]
""",
    "contractions": """
torch.einsum('...i,i->...', b, b[0, 0]) | torch.einsum('...ij,...jk->...ik', b, c) | torch.einsum('...ij,jk', b, c[0])
torch.einsum('b...,b->...', b, s.reshape(1).expand(2)) | torch.einsum(x, [0, 1], y, [0, 1], [0])
torch.einsum('bij,bj->bi', b, b[:, 0])
torch.einsum('i,j,k->ijk', v[:2], u[:2], x[0, :2]) | torch.einsum('ij,ij->', x, x)
torch.einsum('nhld,nhsd->nhls', i, i[:, :, :2])
torch.linalg.multi_dot([x, m, x]) | torch.linalg.multi_dot([v, m, x, u])
torch.inner(x, y) | torch.inner(b, b[0, 0])
torch.tensordot(x, m, 1) | torch.tensordot(b, c, dims=([2], [1])) | torch.tensordot(b, b.permute(1, 2, 0))
torch.linalg.vecdot(x, y)
F.bilinear(x, x, torch.stack([x.T @ x, x.T @ y]), v[:2]) | nn.Bilinear(3, 2, 2, bias=False).double()(x, m[:2])
""",
    "more reductions": """
x.cumprod(1) | x.cumprod(0) | x.logcumsumexp(1) | torch.var_mean(x, 1) | torch.var_mean(x, dim=1, correction=0)
torch.std_mean(x)
x.aminmax() | x.aminmax(dim=1) | x.diff() | b.diff(dim=1) | x.diff(dim=-1) | torch.std_mean(x, 0, keepdim=True)
""",
    "more shapes": """
torch.atleast_2d(v) | x.diag_embed() | v.diag_embed(1) | x.rot90() | b.rot90(2, (1, 2))
torch.column_stack([v, u])
torch.block_diag(x, m) | torch.block_diag(x, v) | torch.hsplit(x, 3) | x.vsplit(2) | torch.hsplit(v, 3) | b.dsplit(2)
torch.meshgrid(v, u[:2], indexing='ij') | torch.meshgrid(v, u[:2], indexing='xy') | torch.atleast_1d(s)
torch.broadcast_tensors(x * 1, v * 1)[1]
torch.atleast_3d(x)
""",
    "norms": """
nn.LayerNorm(3).double()(x) | F.layer_norm(x, (3,), v, u) | F.layer_norm(b, (3, 4)) | F.rms_norm(x, (3,), v)
nn.BatchNorm1d(3).double()(x) | nn.BatchNorm1d(3).double()(b) | nn.BatchNorm1d(3).double().eval()(b)
F.batch_norm(b, None, None, v, u, training=True) | F.batch_norm(b, u.detach(), v.detach().abs(), v, u)
nn.GroupNorm(1, 3).double()(b) | F.group_norm(i, 2) | nn.InstanceNorm1d(3, affine=True).double()(b)
nn.RMSNorm(3, eps=1e-3).double()(x) | nn.BatchNorm2d(4).double()(i)
F.local_response_norm(i, 2) | F.local_response_norm(i, 3, alpha=0.5, beta=0.6, k=2.0)
""",
    "shapes": """
x.view(3, 2) | x.view(-1) | x.reshape(-1, 2) | x.reshape((6,)) | x.flatten() | b.flatten(1) | x.T | x.t() | v.t()
x.transpose(0, 1) | b.transpose(-1, 0) | b.permute(2, 0, 1) | b.permute((1, 0, 2)) | x.expand(4, 2, 3) | s.expand(3)
x[:1].expand(5, -1) | x.squeeze() | x.unsqueeze(0) | x.repeat(2, 1) | v.repeat(2, 3) | x.tile(2) | x.clone()
x.T.contiguous() | x.unflatten(1, (3, 1)) | x.flip(0) | b.flip(0, 2) | x.fliplr() | x.roll(1, 0) | x.roll(2) | b.mT
b.swapaxes(0, 1) | b.movedim(0, 2) | b.narrow(1, 1, 2) | b.select(1, 2) | b.select(-1, -2) | x.view_as(m)
x.reshape_as(m) | x.broadcast_to(2, 2, 3) | v.expand_as(x) | torch.diag(v)
torch.diag(v, 1) | torch.diag(v, -2) | torch.diag(x) | x.tril() | x.triu(1) | x.diagonal() | b.diagonal(1, 0, 2)
F.pad(x, (1, 2), mode='reflect') | F.pad(i, (1, 2, 0, 1), mode='circular') | F.pad(b, (2, 1), mode='replicate')
F.pad(x, (1, 2), value=3.0) | F.pad(x, (-1, 1)) | F.pad(x, (1, 2)) | torch.constant_pad_nd(x, (1, 0))
F.pad(b, (0, 1, 1, 0)) | nn.Flatten()(b) | torch.ravel(b)
x.flipud() | x.fliplr()
b.moveaxis(0, 2) | b.swapdims(1, 2) | b.adjoint()
""",
    "indexing": """
x[0] | x[0, 1] | x[:, 1] | x[..., 0] | x[None] | x[torch.tensor([0, 1, 0])] | x[x > 0] | x[[0, 1]] | x[[0, 0, 1]]
x[torch.tensor([0, 1]), torch.tensor([0, 2])] | x[:, torch.tensor([0, 2])] | b[0:2:2] | b[:, ::2] | x[-1] | b[:, [0, 2]]
x[[0, 1], [2, 0]] | b[:, None] | b[1, ..., :2] | x.gather(1, torch.tensor([[0, 0], [1, 2]]))
x.gather(0, torch.tensor([[0, 1]])) | x.take_along_dim(torch.tensor([[0], [2]]), 1) | x.masked_select(k)
x.index_select(1, torch.tensor([2, 2, 0])) | x.scatter(1, torch.tensor([[0, 1, 2], [1, 0, 2]]), y)
x.scatter(1, torch.tensor([[0], [1]]), 3.5) | x.scatter_add(1, torch.tensor([[0, 0, 1], [1, 2, 2]]), y)
F.embedding(torch.tensor([[0, 1], [1, 1]]), x)
F.embedding(torch.tensor([0, 1, 1]), x, padding_idx=1) | nn.Embedding(4, 2).double()(t) | x.clone().copy_(v)
x[torch.tensor([0, 1]), :] | b[torch.tensor([0, 1]), 1] | b[:, torch.tensor([0, 2]), 1] | b[torch.tensor([0, 1]), :, 1:]
b[..., torch.tensor([0, 2])] | x[0, k[0]] | b[torch.tensor([0, 1]), None, 1:] | b[:, k[0], ::2]
x[np.array([1, 0, 1])] | x[:, np.int64(1)]
[z := b * 1, z.__setitem__((slice(None), torch.tensor([0, 2]), 1), x[:, :2]), z * 2][-1] | b[1, k[1]]
x.clone().zero_() + x | x.clone().fill_(2.0) * x | [z := x * 1, z.__setitem__(0, v), z * 2][-1]
[z := x * 1, z.__setitem__((slice(None), 1), s), z][-1]
[z := x * 1, z.__setitem__(k, 0.0), z * 2][-1] | [z := b * 1, z.__setitem__(1, x.T[:, :1]), z * 2][-1]
""",
    "joining": """
torch.cat([x, y]) | torch.cat([x, x, y], 1) | torch.cat((x, y), dim=-1) | torch.stack([x, y]) | torch.stack([x, x], -1)
x.split(1) | x.split(2, 1) | x.split([1, 2], dim=1) | torch.split(b, 3, 2) | b.chunk(2, 2) | x.unbind() | b.unbind(1)
torch.hstack([x, y]) | torch.vstack([v, u]) | torch.concat([x, y]) | b.tensor_split(2, 1) | torch.hstack([v, u])
torch.dstack([x, y]) | torch.concatenate([v, u])
torch.chunk(x, 3, dim=1)[1] | torch.cat([torch.empty(0, dtype=torch.float64), v])
""",
    "choosing": """
torch.where(k, x, y) | torch.where(k, x, 0.0) | torch.where(x > 0, v, y) | torch.where(k, 1.0, x) | torch.maximum(x, y)
torch.minimum(x, v) | torch.max(x, y) | torch.maximum(x, x * 1) | x.topk(2) | x.topk(1, dim=0)
x.sort(1) | x.sort(descending=True)
x.max(1) | x.min(dim=0) | x.max(dim=1, keepdim=True) | x.median(1) | x.kthvalue(2) | x.cummax(1) | x.clamp(0.1, 0.5)
x.clamp(min=0) | torch.clip(x, -1, 0.5) | x.clamp_min(0.2) | x.clamp_max(0.2)
x.masked_fill(k, -1.0) | x.masked_fill(k, s)
x.cummin(1) | torch.fmax(x, y) | torch.fmin(x, v) | x.nanmedian(1) | x.mode(1)
F.alpha_dropout(x, 0.4, True) | F.feature_alpha_dropout(b, 0.5, True)
F.dropout1d(b, 0.5) | F.dropout2d(i) | F.dropout3d(i[None]) | F.dropout(x, 0.5) | nn.Dropout(0.2)(b)
""",
}
"""By chapter."""

FORWARDS = """
nn.LSTM(3, 2, batch_first=True).double()(b[:, :, :3])[0] | nn.LSTM(3, 2, 2, bidirectional=True).double()(b[:, :, :3])[0]
[state for state in nn.LSTM(3, 2).double()(b[:, :, :3])[1]] | nn.GRU(3, 2).double()(b[:, :, :3])
nn.GRU(3, 2, 2, bidirectional=True, bias=False, batch_first=True).double()(b[:, :, :3])
nn.RNN(3, 2).double()(b[:, :, :3], i[0, :1, :3, :2]) | nn.RNN(3, 2, nonlinearity='relu').double()(b[0, :, :3])
torch.linalg.qr(x @ m) | torch.linalg.qr(b.mT) | torch.linalg.svd(x, full_matrices=False) | torch.linalg.svd(x @ m)
torch.linalg.cholesky(x @ x.T) | torch.linalg.cholesky(b[:, :2] @ b[:, :2].mT) | torch.linalg.eigh(x @ x.T)
torch.linalg.cholesky(x @ x.T, upper=True) | torch.linalg.eigh(x @ x.T, UPLO='U')
F.ctc_loss(b.log_softmax(2), torch.tensor([[1], [2], [1]]), torch.tensor([2, 2, 2]), torch.tensor([1, 1, 1]))
F.ctc_loss(torch.cat([b, b]).log_softmax(2), torch.tensor([1, 1, 2, 3]), (3, 4, 4), (2, 1, 1), reduction='none')
F.ctc_loss(b.log_softmax(2)[:, 0], torch.tensor([2]), (2,), (1,), reduction='sum')
"""
"""Calls of the operations whose results are worked out and whose derivatives are measured."""


def expressions() -> list[tuple[str, str]]:
    """Each sample with its chapter."""
    return [(chapter, expression) for chapter, text in SAMPLES.items() for expression in _split(text)]


def forwards() -> list[tuple[str, str]]:
    """Each sample with its chapter, and those that are worked out forwards only."""
    return [*expressions(), *(("forwards", expression) for expression in _split(FORWARDS))]


_CALLED = re.compile(r"((?:linalg\.|special\.)?\w+)\(|(?<=\s)(\S{1,2})(?=\s)")
"""The functions and signs of a sample."""


def one_of_each_kind() -> list[tuple[str, str]]:
    """The samples with a function or a sign that none before them has."""
    seen: set[str] = set()
    kept = []
    for chapter, expression in forwards():
        called = {next(filter(None, found)) for found in _CALLED.findall(expression)}
        if not called <= seen or not called:
            kept.append((chapter, expression))
        seen |= called
    return kept


def _split(text: str) -> list[str]:
    return [expression.strip() for line in text.strip().splitlines() for expression in line.split(" | ")]
