import torch
import torch.nn.functional as F

# one image of one channel, dark on the left and bright on the right
image = torch.tensor([[[[0.0, 2.0, 2.0],
                        [0.0, 2.0, 2.0],
                        [1.0, 1.0, 0.0]]]])
kernel = torch.tensor([[[[-1.0, 1.0],
                         [-1.0, 1.0]]]], requires_grad=True)

out = F.conv2d(image, kernel)
edges = F.relu(out)
loss = edges.sum()
loss.backward()

print(out.tolist())
print(kernel.grad.tolist())
