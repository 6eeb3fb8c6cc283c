import torch
import warnings

warnings.simplefilter("ignore")
x = torch.randn(3)
q = torch.quantize_per_tensor(x, 0.1, 0, torch.qint8)
print(q.dequantize(), q.int_repr())
w = torch.randn(3, requires_grad=True)
f = torch.fake_quantize_per_tensor_affine(w, 0.1, 0, -128, 127)
f.sum().backward()
print(w.grad)
net = torch.ao.quantization.quantize_dynamic(torch.nn.Sequential(torch.nn.Linear(3, 2)), {torch.nn.Linear}, dtype=torch.qint8)
print(net(x))
