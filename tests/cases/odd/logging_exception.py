import logging
import torch

try:
    torch.ones(2) @ torch.ones(3)
except RuntimeError:
    logging.exception("no")
