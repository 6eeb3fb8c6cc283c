# turns: 3
# graphs: 1
# names: search.x
# updates: search.x
import torch


class Search:
    def __init__(self, start):
        self.x = torch.tensor(start, requires_grad=True)
        self.steps = 0

    def value(self):
        return (self.x - 2) ** 2 + 1

    def descend(self, rate):
        while self.steps < 3:
            self.value().backward()
            with torch.no_grad():
                self.x -= rate * self.x.grad
            self.x.grad.zero_()
            self.steps += 1


search = Search(5.0)
search.descend(0.3)
print(search.x.item())
