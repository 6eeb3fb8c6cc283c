"""What the recorder knows of autograd's graph, and that it does not hold it."""

import weakref

import torch

from gradwalk.recorder import trace


class Saved:
    """What a tensor saved for backward is packed into."""

    def __init__(self, tensor: torch.Tensor) -> None:
        # not the tensor itself, which would hold the graph that holds this
        self.tensor = tensor.detach().clone()


def test_a_graph_lives_no_longer_than_the_program_wants() -> None:
    saved: list[weakref.ref[Saved]] = []

    def pack(tensor: torch.Tensor) -> Saved:
        box = Saved(tensor)
        saved.append(weakref.ref(box))
        return box

    x = torch.ones(3, requires_grad=True)
    # the first of all autograd nodes has the number 0, and would be one of the few that are held
    x.exp()
    with trace() as recording, torch.autograd.graph.saved_tensors_hooks(pack, lambda box: box.tensor):
        for _ in range(3):
            y = x.exp().sin()
            assert saved
            assert [box() is None for box in saved] == [False] * len(saved)
            del y
            assert [box() is None for box in saved] == [True] * len(saved)
            saved.clear()
    assert len(recording.snapshot().graphs[0].nodes) == 7


def test_an_operation_lists_its_autograd_nodes_in_the_order_in_which_backward_runs_them() -> None:
    x, w = torch.ones(2, 3), torch.ones(4, 3, requires_grad=True)
    with trace() as recording:
        torch.nn.functional.linear(x, w, torch.zeros(4)).sum()
    linear = next(n for n in recording.snapshot().graphs[0].nodes if n.op == "linear")
    assert [node.name for node in linear.autograd] == ["AddmmBackward0", "TBackward0"]
    assert "mat1" in linear.autograd[0].saved
