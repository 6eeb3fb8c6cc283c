"""The names of recorded nodes, looked for when their tensors are used: of results that no line has named, of results
that another turn uses, and better ones for leaves.
"""

from typing import Final

import torch

from gradwalk.recorder.call_sites import CallLocation
from gradwalk.recorder.interventions import Interventions
from gradwalk.recorder.leaf_names import find_item, find_leaf_name, find_variable
from gradwalk.recorder.modules import ModuleScope
from gradwalk.recorder.recording import Recording
from gradwalk.recorder.records import NodeRecord, Port
from gradwalk.recorder.turns import Turn

MOST_SEARCHES: Final = 3
"""How often the name of a tensor is looked for: it may be used before a variable holds it."""


class NodeNames:
    """A search for the names of nodes whose tensors are used, among the program's variables and running modules."""

    def __init__(self, recording: Recording, modules: ModuleScope, interventions: Interventions) -> None:
        self._recording = recording
        self._modules = modules
        self._interventions = interventions

    def is_in_between(self, node: NodeRecord, location: CallLocation, turn: Turn | None) -> bool:
        """Return whether the call here is a part of the very expression that made the node: no variable holds the
        result yet. `turn`: the turn in which it was made.
        """
        site, frame = node.site, node.frame
        if site is None or location.site is None or frame != id(location.frame):
            return False
        if location.follows_within_expression(site):
            return self._recording.current.turn is turn
        return location.site is site and self._modules.holds(node.group, frame)

    def search(self, tensor: torch.Tensor, node: NodeRecord, location: CallLocation) -> None:
        """Look for a variable of an operation that its line gave no name: its result may now be assigned."""
        node.name_searches += 1
        node.name_searched = True
        if node.outputs == 1:
            scopes = location.scopes()
            found = find_variable(tensor, scopes)
            if (found is None or not found.is_final) and node.in_library and not node.requires_grad:
                # a loader has put together what the program takes from its batch
                found = find_item(tensor, scopes) or found
            if found is not None:
                node.name, node.name_searched = found.text, found.is_final or node.name_searches >= MOST_SEARCHES

    def name_carried(self, tensor: torch.Tensor, port: Port, location: CallLocation) -> None:
        """Look for the name of a result that another turn uses: there it is a leaf, and named like one."""
        node, output = port
        parts = node.parts_as_leaves
        if parts is not None and output in parts:
            return
        found = find_leaf_name(tensor, location.scopes())
        name = None if found is None else found.text
        changed = self._interventions.change_result(name or node.name, tensor)
        value = self._recording.capture(tensor) if changed else None
        if node.outputs == 1:
            node.is_carried, node.name_as_leaf, node.value_as_leaf = True, name, value
        else:
            node.parts_as_leaves = {**(parts or {}), output: (name, value)}

    def complete_leaf(self, tensor: torch.Tensor, node: NodeRecord, location: CallLocation) -> None:
        """Look for the module that a leaf belongs to, and for a better name than it had when it was seen first."""
        leaf = node.leaf
        assert leaf is not None
        leaf.searches += 1
        owner = self._modules.owner(tensor, location)
        if owner is not None:
            leaf.name_is_final = owner.path.is_final
            for one in leaf.nodes:
                one.name, one.group, one.line, one.path = owner.path.text, owner.group, location.line, location.path
            node.kind = owner.kind
        elif not leaf.name_is_final:
            found = find_leaf_name(tensor, location.scopes())
            if found is not None:
                leaf.name_is_final = found.is_final
                for one in leaf.nodes:
                    one.name = found.text
        if node.name is not None and self._interventions.change_leaf(node.name, tensor, node):
            node.values = (self._recording.capture(tensor),)
