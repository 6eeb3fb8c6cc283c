# turns: 3
# graphs: 1
# names: model.encoder.0.weight model.decoder.0.bias img
# updates: model.encoder.0.weight model.decoder.0.weight
import torch
from torch import nn
from torch.utils.data import DataLoader


class Autoencoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(4, 2), nn.ReLU())
        self.decoder = nn.Sequential(nn.Linear(2, 4), nn.Sigmoid())

    def forward(self, x):
        return self.decoder(self.encoder(x))


torch.manual_seed(0)
model = Autoencoder()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01, weight_decay=1e-5)
for img in DataLoader(torch.rand(6, 4), batch_size=2):
    recon = model(img)
    loss = nn.functional.mse_loss(recon, img)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
