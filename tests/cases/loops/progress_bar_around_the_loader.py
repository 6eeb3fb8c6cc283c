# turns: 4
# graphs: 1
# names: w x y
# updates: w
# loops: epoch=2 batch=2
import torch


class Progress:
    def __init__(self, items, text):
        self.items, self.text = items, text

    def __iter__(self):
        for i, item in enumerate(self.items):
            yield item
            print(f"{self.text}: {i + 1}/{len(self.items)}")


torch.manual_seed(0)
w = torch.zeros(2, requires_grad=True)
optimizer = torch.optim.Adam([w], lr=0.1)
batches = [(torch.randn(3, 2), torch.randn(3)) for _ in range(2)]
epoch = 0
while epoch < 2:
    for x, y in Progress(batches, f"epoch {epoch}"):
        loss = (x @ w - y).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    epoch += 1
