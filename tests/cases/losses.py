import torch
import torch.nn.functional as F

torch.manual_seed(0)
logits = torch.randn(4, 3, requires_grad=True)
target = torch.tensor([0, 2, 1, 0])
a = F.nll_loss(F.log_softmax(logits, dim=1), target)
b = F.cross_entropy(logits, target, label_smoothing=0.1, ignore_index=1)
c = F.binary_cross_entropy_with_logits(logits, F.one_hot(target, 3).float())
d = F.kl_div(logits.log_softmax(-1), logits.detach().softmax(-1).roll(1, 0), reduction="batchmean")
e = F.smooth_l1_loss(logits, torch.zeros(4, 3)) + F.huber_loss(logits, torch.ones(4, 3))
f = F.cosine_embedding_loss(logits, logits.detach() + 1, torch.ones(4))
loss = a + b + c + d + e + f
loss.backward()
print(round(loss.item(), 4))
