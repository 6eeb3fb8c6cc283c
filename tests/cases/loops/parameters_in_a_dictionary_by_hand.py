# turns: 3
# graphs: 1
# passes: 0
# names: X Y params['W'] params['b']
# updates: params['W'] params['b']
# by hand: params['W'] params['b']
import torch


def forward(X, params):
    return torch.sigmoid(X @ params["W"] + params["b"])


def backward(X, Y, A):
    m = X.shape[0]
    dZ = A - Y
    return {"dW": X.T @ dZ / m, "db": dZ.sum(0) / m}


torch.manual_seed(2)
X = torch.randn(6, 2)
Y = torch.tensor([[1.0], [0.0], [1.0], [1.0], [0.0], [0.0]])
params = {"W": torch.randn(2, 1) * 0.1, "b": torch.zeros(1)}
for i in range(3):
    A = forward(X, params)
    cost = -(Y * A.log() + (1 - Y) * (1 - A).log()).mean()
    grads = backward(X, Y, A)
    params["W"] = params["W"] - 0.5 * grads["dW"]
    params["b"] = params["b"] - 0.5 * grads["db"]
    print(f"cost after iteration {i}: {cost:.4f}")
