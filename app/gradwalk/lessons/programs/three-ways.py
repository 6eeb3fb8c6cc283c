import torch

x = torch.tensor([0.1, -0.2, 0.4])
w = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)


def f(w):
    return torch.exp(w @ x)


# automatic: once forward and once back, however many weights there are
loss = f(w)
loss.backward()

with torch.no_grad():
    # symbolic: worked out on paper
    symbolic = f(w) * x

    # numerical: twice forward for each weight
    h = 0.01
    numerical = []
    for i in range(3):
        step = h * torch.eye(3)[i]
        right, left = f(w + step), f(w - step)
        slope = (right - left) / (2 * h)
        numerical.append(slope.item())

print('automatic:', [round(number, 4) for number in w.grad.tolist()])
print('symbolic: ', [round(number, 4) for number in symbolic.tolist()])
print('numerical:', [round(number, 4) for number in numerical])
