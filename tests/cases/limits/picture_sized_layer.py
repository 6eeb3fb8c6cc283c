# cut: no
# turns: 12
import torch
from torch import nn

torch.manual_seed(10)
pictures, digits = torch.rand(12 * 32, 784), torch.randint(0, 10, (12 * 32,))
classifier = nn.Sequential(nn.Linear(784, 100), nn.GELU(), nn.Linear(100, 10))
optimizer = torch.optim.AdamW(classifier.parameters())
for picture, digit in zip(pictures.split(32), digits.split(32)):
    loss = nn.functional.cross_entropy(classifier(picture), digit)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(loss.item())
