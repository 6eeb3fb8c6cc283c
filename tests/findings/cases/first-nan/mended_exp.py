import torch

w = torch.tensor([1.0, 100.0], requires_grad=True)
log_p = torch.log_softmax(w, dim=0)
p = log_p.exp()
loss = -log_p[0]
loss.backward()
print(p, loss)
