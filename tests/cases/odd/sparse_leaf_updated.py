import torch

places = torch.tensor([[0, 1], [1, 0]])
with torch.sparse.check_sparse_tensor_invariants():
    p = torch.sparse_coo_tensor(places, torch.tensor([1.0, 2.0]), (2, 2)).requires_grad_()
    loss = torch.sparse.sum(p * 3.0)
    loss.backward()
    p.data += p.data
    p.data = p.data * 0.5
    with torch.no_grad():
        p.mul_(2)
    print(p.to_dense(), p.grad.to_dense())
