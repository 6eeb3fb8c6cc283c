# turns: 3
# graphs: 1
# names: input_img content style net.weight
# updates: input_img
import torch
from torch import nn


def gram(features):
    flat = features.flatten(1)
    return flat @ flat.T / flat.numel()


torch.manual_seed(0)
net = nn.Conv2d(1, 2, 3, padding=1).requires_grad_(False)
content_img, style_img = torch.rand(1, 1, 4, 4), torch.rand(1, 1, 4, 4)
content, style = net(content_img).detach(), gram(net(style_img)[0]).detach()
input_img = content_img.clone().requires_grad_(True)
optimizer = torch.optim.Adam([input_img], lr=0.05)
for step in range(3):
    features = net(input_img)
    loss = nn.functional.mse_loss(features, content) + 10 * nn.functional.mse_loss(gram(features[0]), style)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    with torch.no_grad():
        input_img.clamp_(0, 1)
