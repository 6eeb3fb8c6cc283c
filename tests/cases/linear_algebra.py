import torch

torch.manual_seed(0)
a = torch.randn(3, 3, dtype=torch.float64, requires_grad=True)
spd = a @ a.mT + 3 * torch.eye(3, dtype=torch.float64)
lower = torch.linalg.cholesky(spd)
values, vectors = torch.linalg.eigh(spd)
u, s, vh = torch.linalg.svd(a)
solved = torch.linalg.solve(spd, torch.ones(3, dtype=torch.float64))
loss = lower.logdet() + values.log().sum() + s.sum() + solved.norm() + torch.linalg.det(spd).log()
loss.backward()
print(f"{loss.item():.6f}", vectors.shape, u.shape, vh.shape)
