"""The registry of tensors: the node and output that each comes from, and leaves for those that no recorded call
produced.
"""

from collections.abc import Iterator
from typing import Final
from weakref import ref

import torch

from gradwalk.contract.snapshot import NodeKind
from gradwalk.recorder.autograd_names import argument_names, operation_name
from gradwalk.recorder.autograd_structure import AutogradFunction, AutogradStructure, grad_fn_of, key_of, version_of
from gradwalk.recorder.call_sites import CallLocation
from gradwalk.recorder.deferred_calls import DeferredCall, DeferredCalls, DeferredInput
from gradwalk.recorder.interventions import Interventions
from gradwalk.recorder.leaf_names import find_leaf_name
from gradwalk.recorder.node_names import MOST_SEARCHES, NodeNames
from gradwalk.recorder.recorder_context import RecorderContext
from gradwalk.recorder.records import EdgeRecord, LeafRecord, NodeRecord, PassRecord, Port
from gradwalk.recorder.saved_tensors import MOST_NODES_READ, Binding, SavedReader
from gradwalk.recorder.swapped_tensors import LeafReferences, Reference
from gradwalk.recorder.tensor_capture import Captured, capture
from gradwalk.recorder.transforms import transform_name, transforming, wrapped_by
from gradwalk.recorder.turns import Turn
from gradwalk.recorder.view_writes import view_arguments, viewed_by

_MOST_GRADIENTS: Final = 1_000
"""How many gradients are remembered before those that are gone are forgotten."""

_FEW_BINDINGS: Final = 10_000
"""The number of known tensors up to which nobody looks for those that are gone."""

_MOST_EDGES_OF_ONE: Final = 64
"""The number of edges among which those of the last operation are looked for."""


class TensorRegistry:
    """The port of every tensor of the program, and the nodes made for tensors that nothing has shown yet."""

    def __init__(self, context: RecorderContext, interventions: Interventions) -> None:
        self._recording = context.recording
        self._modules = context.modules
        self._locate = context.locate
        self._interventions = interventions
        self._names = NodeNames(context.recording, context.modules, interventions)
        self._perturber = interventions.perturber
        self._bindings: dict[int, Binding] = {}
        self._bound_at_most = _FEW_BINDINGS
        self._returned: dict[int, tuple[ref[torch.Tensor], PassRecord | None]] = {}
        self._saved = SavedReader()
        self._leaf_references = LeafReferences()
        self.structure = AutogradStructure(self._known_leaf_port)
        # a deferred call counts against no limit: most of them are never recorded
        self.deferred = DeferredCalls(self.find_port, lambda tensor: capture(tensor, self._recording.limits))

    # ------------------------------------------------------------------ lookup

    def port(self, tensor: torch.Tensor, location: CallLocation) -> Port:
        """Return the port of this tensor. A tensor that was never seen before becomes a node now."""
        function = grad_fn_of(tensor)
        key = None if function is None else key_of(function)
        binding = self._bindings.get(id(tensor))
        if binding is not None and binding[1] == key and binding[0]() is tensor:
            bound = binding[3]
            node = bound[0]
            if node.leaf is not None:
                return self._leaf_port(tensor, node, binding, location)
            if binding[2] == version_of(tensor):
                names = self._names
                if (
                    not node.name_searched
                    and (node.name is None or node.name_searches > 0)
                    and not names.is_in_between(node, location, binding[5])
                ):
                    names.search(tensor, node, location)
                if not node.is_carried and function is None and self._recording.current.turn is not binding[5]:
                    names.name_carried(tensor, bound, location)
                return bound
            if function is None and not tensor.requires_grad and self._recording.current.turn is binding[5]:
                return self._add_written_view(tensor, location) or self._add_rewrite(tensor, bound, location)
        if function is not None:
            port = self.structure.port(function, tensor.output_nr, key)
            if port is not None:
                # another Python object, or another version, of a tensor that is known
                self.bind(tensor, port)
                return port
            deferred = self.deferred.find(tensor)
            if deferred is not None:
                return self._add_deferred(deferred, tensor, location)
            return self._add_written_view(tensor, location) or self._add_hidden_operation(tensor, function, location)
        return self.add_leaf(tensor, None, location), 0

    def _leaf_port(self, tensor: torch.Tensor, node: NodeRecord, binding: Binding, location: CallLocation) -> Port:
        """Return the port of a leaf that is known. It gets another record when it holds something else by now."""
        leaf = node.leaf
        assert leaf is not None
        may_be_owned = node.group is None and self._modules.group is not None
        if leaf.searches < MOST_SEARCHES and (may_be_owned or not leaf.name_is_final):
            self._names.complete_leaf(tensor, node, location)
        if self._perturber.active and self._interventions.change_leaf(node.name, tensor, None):
            return self._add_value(tensor, node), 0
        if (
            binding[2] == version_of(tensor)
            and binding[4] == memory_of(tensor)
            # batch norm moves its running statistics without autograd's knowledge
            and (node.kind != "buffer" or self._recording.capture(tensor) == node.values[0])
        ):
            return binding[3]
        unseen_write = 0 <= binding[2] != version_of(tensor) and not tensor.requires_grad and node.kind == "input"
        # between two turns of a loop the program may write into its data: that is another value of the leaf
        if unseen_write and self._recording.current.turn is binding[5]:
            return self._add_written_view(tensor, location) or self._add_rewrite(tensor, binding[3], location)
        return self._add_value(tensor, node), 0

    def root_port(self, tensor: torch.Tensor, location: CallLocation) -> Port:
        """Return the port of a tensor that a backward pass starts from. A tensor with a graph is never a leaf."""
        function = grad_fn_of(tensor)
        if function is None or self.structure.port(function, tensor.output_nr) is not None:
            return self.port(tensor, location)
        return self._add_hidden_operation(tensor, function, location)

    def find_node(self, tensor: torch.Tensor) -> NodeRecord | None:
        """Return the node that the tensor comes from, whatever was written into it since; null if there is none."""
        binding = self._bindings.get(id(tensor))
        return binding[3][0] if binding is not None and binding[0]() is tensor else None

    def find_port(self, tensor: torch.Tensor) -> Port | None:
        """Return the port of a tensor that is known and that nothing was written into since; null for all others."""
        binding = self._bindings.get(id(tensor))
        known = binding is not None and binding[0]() is tensor and binding[2] == version_of(tensor)
        return binding[3] if binding is not None and known else None

    def note_gradients(self, gradients: list[torch.Tensor], record: PassRecord | None) -> None:
        """Note that the program got these gradients: from the autograd.grad of a pass, or as a `.grad` (null)."""
        if len(self._returned) > _MOST_GRADIENTS:
            self._returned = {key: one for key, one in self._returned.items() if one[0]() is not None}
        for gradient in gradients:
            self._returned[id(gradient)] = ref(gradient), record

    def forget_value(self, tensor: torch.Tensor) -> None:
        """Note that a leaf holds something else now, which its version does not tell."""
        binding = self._bindings.get(id(tensor))
        if binding is not None and binding[0]() is tensor and binding[3][0].leaf is not None:
            self._bindings[id(tensor)] = (*binding[:2], -1, *binding[3:])

    def forget(self) -> None:
        """Forget all tensors: those that are used from now on are as if nothing had ever seen them."""
        self._bindings = {}
        self._bound_at_most = _FEW_BINDINGS
        self._returned = {}
        self.structure.forget()
        self.deferred.forget()

    # ------------------------------------------------------------------ binding

    def bind(self, tensor: torch.Tensor, port: Port) -> None:
        """Note that `tensor` is the output of `port`."""
        function = grad_fn_of(tensor)
        self._bind(tensor, function, None if function is None else key_of(function), port)

    def _bind(self, tensor: torch.Tensor, function: AutogradFunction | None, key: int | None, port: Port) -> None:
        """Note that `tensor`, whose grad_fn is known by `key`, is the output of `port`, and so is that of autograd."""
        self._note(tensor, key, port)
        # a leaf's autograd node is registered when an operation's graph leads to it
        if function is not None and key is not None:
            self.structure.set_output_port(function, key, tensor.output_nr, port)

    def _note(self, tensor: torch.Tensor, key: int | None, port: Port) -> None:
        """Note that `tensor`, whose grad_fn is known by `key`, is the output of `port`."""
        if port[0].leaf is None:
            reference: Reference = ref(tensor)
            memory = 0
        else:
            reference = self._leaf_references.make(tensor)
            memory = memory_of(tensor)
        self._bindings[id(tensor)] = reference, key, version_of(tensor), port, memory, self._recording.current.turn
        if len(self._bindings) > self._bound_at_most:
            self._bindings = {key: one for key, one in self._bindings.items() if one[0]() is not None}
            self._bound_at_most = max(2 * len(self._bindings), _FEW_BINDINGS)

    # ------------------------------------------------------------------ making nodes

    def add_leaf(self, tensor: torch.Tensor, name: str | None, location: CallLocation) -> NodeRecord:
        """Add and return a node for a tensor that no recorded operation produced."""
        base = self._known_wrapped_leaf(tensor, location) if transforming() else None
        if base is not None:
            return base
        self._leaf_references.look_at(location.frame)
        owner = self._modules.owner(tensor, location)
        trainable = bool(tensor.requires_grad) and tensor.is_leaf
        kind: NodeKind = "parameter" if trainable else "input"
        group = None
        leaf = LeafRecord()
        returned = self._returned.get(id(tensor))
        if returned is not None and returned[0]() is tensor:
            leaf.is_gradient, leaf.given_by = True, returned[1]
        # where the program itself binds the leaf, at the outermost level, no better name will come
        leaf.name_is_final = name is not None and name.isidentifier() and not location.path
        if owner is not None:
            name, leaf.name_is_final = owner.path
            kind, group = owner.kind, owner.group
        elif name is None:
            found = find_leaf_name(tensor, location.scopes())
            name, leaf.name_is_final = found or (None, False)
        self._interventions.change_leaf(name, tensor, None)
        record = NodeRecord(kind, None, location.line, location.path, group)
        record.name = name
        record.leaf = leaf
        leaf.nodes.append(record)
        record.requires_grad = bool(tensor.requires_grad)
        record.values = (self._recording.capture(tensor),)
        if trainable:
            self._recording.note_new_leaf(record)
        self.bind(tensor, (record, 0))
        return record

    def _add_value(self, tensor: torch.Tensor, before: NodeRecord) -> NodeRecord:
        """Add a record for a leaf that holds something else than before."""
        assert before.leaf is not None
        kind = before.kind
        if kind != "buffer":
            kind = "parameter" if tensor.requires_grad and tensor.is_leaf else "input"
        record = NodeRecord(kind, None, before.line, before.path, before.group)
        record.name = before.name
        record.leaf = before.leaf
        record.number = len(before.leaf.nodes)
        before.leaf.nodes.append(record)
        record.requires_grad = bool(tensor.requires_grad)
        record.values = (self._recording.capture(tensor),)
        self.bind(tensor, (record, 0))
        return record

    def add_operation(self, op: str, location: CallLocation) -> NodeRecord:
        """Add and return a node for an operation that is about to be finished."""
        record = NodeRecord("operation", op, location.line, location.path, self._modules.group)
        record.site, record.frame = location.site, id(location.frame)
        recording = self._recording
        recording.segment().nodes.append(record)
        record.number = recording.steps
        if self._perturber.active:
            self._perturber.operation_begins(record)
        return record

    def finish_operation(
        self, record: NodeRecord, sources: list[tuple[str, Port]], results: list[torch.Tensor]
    ) -> None:
        """Set an operation's values, edges and autograd nodes, and bind its results to it."""
        edges = [EdgeRecord(port, record, argument) for argument, port in sources]
        recording, structure = self._recording, self.structure
        functions: list[AutogradFunction] = []
        values: list[Captured] = []
        if self._perturber.active:
            self._perturber.operation_finished(record, results, self._alive_tensors())
        transformed = transforming()
        for number, tensor in enumerate(results):
            values.append(recording.capture(tensor))
            port: Port = record, number
            function = grad_fn_of(tensor) if tensor.requires_grad else None
            if function is None:
                self._note(tensor, None, port)
                continue
            key = key_of(function)
            if transformed:
                structure.set_output_port(function, key, tensor.output_nr, port)
            else:
                # an input may have come out as another object: broadcast_tensors leaves the largest tensor as it is
                port = structure.add_result(function, key, tensor.output_nr, port)
            if port[0] is record:
                functions.append(function)
            self._note(tensor, key, port)
        record.outputs = len(results)
        record.values = tuple(values)
        if transformed:
            functions += self._note_transforms(record, results)
        if functions:
            record.requires_grad = True
            claimed = structure.claim(record, functions, edges, self._find_leaf_port)
            recording.operations_since_pass += 1
            if recording.operations_since_pass < MOST_NODES_READ:
                record.saved = self._saved.read(claimed, results, transformed, self._bindings, structure)
        recording.current.edges += edges
        recording.add_step(record)

    def _alive_tensors(self) -> Iterator[torch.Tensor]:
        """Yield all tensors of this iteration that the program can still reach."""
        return (tensor for binding in self._bindings.values() if (tensor := binding[0]()) is not None)

    def _note_transforms(self, record: NodeRecord, results: list[torch.Tensor]) -> list[AutogradFunction]:
        """Bind the tensors inside the results of a call that ran in torch.func. Return their autograd nodes.

        Inside torch.func a tensor is a wrapper: for a batch of others (vmap), or to follow its gradient (grad). The
        value shown is that of the wrapped tensor, the wrapped tensor is what comes out at the end, and each layer has
        autograd nodes of its own.
        """
        record.arguments = {**(record.arguments or {}), "inside": transform_name()}
        functions = []
        for number, tensor in enumerate(results):
            for wrapped in wrapped_by(tensor):
                function = grad_fn_of(wrapped)
                self._bind(wrapped, function, None if function is None else key_of(function), (record, number))
                if function is not None:
                    functions.append(function)
        return functions

    def _known_wrapped_leaf(self, tensor: torch.Tensor, location: CallLocation) -> NodeRecord | None:
        """Return the leaf inside a wrapper of torch.func, if it is known or a variable holds it. All wrappers around it
        are bound to it too.
        """
        layers = [tensor, *wrapped_by(tensor)]
        known = next((layer for layer in layers[1:] if self.find_node(layer) is not None), None)
        if known is None and len(layers) > 1 and find_leaf_name(layers[-1], location.scopes()) is not None:
            # a variable of the program that is used first inside the transform
            known = layers[-1]
            self.add_leaf(known, None, location)
        node = None if known is None else self.find_node(known)
        if known is not None and node is not None:
            if node.leaf is None and not node.is_carried and self._recording.current.turn is not self._turn_of(known):
                self._names.name_carried(known, self._bindings[id(known)][3], location)
            for layer in layers:
                self.bind(layer, (node, 0))
        return node

    def _turn_of(self, tensor: torch.Tensor) -> Turn | None:
        """Return the turn in which a tensor became known."""
        return self._bindings[id(tensor)][5]

    def add_derived_operation(self, function: AutogradFunction, gradients: list[torch.Tensor]) -> None:
        """Add an operation of a differentiable pass, which ran `function` and computed these gradients.

        A later pass goes through it. If it only hands on a known tensor, it is no operation. This works on the CPU
        only: there a pass runs in the program's own thread, and its nodes are numbered with those of the forward pass.
        """
        seen = self.structure.find
        made = [g for g in gradients if g.is_cpu and (f := grad_fn_of(g)) is not None and seen(f) is None]
        if made:
            record = self.add_operation(type(function).__name__, self._locate())
            record.derived = True
            self.finish_operation(record, [], made)

    def _add_hidden_operation(self, tensor: torch.Tensor, function: AutogradFunction, location: CallLocation) -> Port:
        """Add an operation that no torch call showed, read from autograd's graph: a custom autograd.Function, a write
        through a view.

        A Function returns the very tensor that its `forward` computed, unseen by autograd, with a new history: the edge
        from there has a value and never a contribution. It was called where the frame of `forward` came from.
        """
        inner = self._bindings.get(id(tensor))
        forward = inner[3] if inner is not None and inner[0]() is tensor and inner[1] is None else None
        record = self.add_operation(operation_name(function), location)
        self.finish_operation(record, [] if forward is None else [("forward", forward)], [tensor])
        self._name_edges(record, function)
        record.name = location.variable(tensor)
        if forward is not None and forward[0].path:
            *record_path, caller = forward[0].path
            record.path, record.line = tuple(record_path), caller.line
        return record, 0

    def _add_written_view(self, tensor: torch.Tensor, location: CallLocation) -> Port | None:
        """Add an operation for a view of a known tensor that was written since the view was made: it shows what was
        written. Return null for any other tensor.
        """
        base = viewed_by(tensor)
        port = None if base is None else self.find_port(base)
        function = grad_fn_of(tensor)
        if port is None or not (function is None or operation_name(function) == "as_strided"):
            return None
        record = self.add_operation("as_strided", location)
        record.arguments = view_arguments(tensor)
        self.finish_operation(record, [("self", port)], [tensor])
        record.name = location.variable(tensor)
        return record, 0

    def extend_operation(self, record: NodeRecord, result: torch.Tensor) -> None:
        """Let an operation that is finished end with a newer version of its only result: the autograd nodes up to there
        belong to it as well, and its value and its edges remain.
        """
        function = grad_fn_of(result) if result.requires_grad else None
        if function is not None:
            self.structure.release(record, function)
        self._bind(result, function, None if function is None else key_of(function), (record, 0))
        if function is not None:
            every = self._recording.current.edges
            edges = [edge for edge in every[-_MOST_EDGES_OF_ONE:] if edge.target is record]
            count = len(edges)
            claimed = self.structure.claim(record, [function], edges, self._find_leaf_port)
            every += edges[count:]
            record.requires_grad = True
            if record.saved is not None:
                record.saved = self._saved.read(claimed, [result], transforming(), self._bindings, self.structure)

    def _name_edges(self, record: NodeRecord, function: AutogradFunction) -> None:
        """Name the edges into a hidden operation after the arguments that autograd's node has a way out for.

        A scripted function has many autograd nodes, and its inputs are numbered.
        """
        owned = self.structure.find(function)
        if owned is not None and owned.owner is record:
            for edge, name in zip(owned.slots, argument_names(function, record.op or ""), strict=False):
                if edge is not None and not edge.argument:
                    edge.argument = name
        latest = self._recording.current.edges[-_MOST_EDGES_OF_ONE:]
        unnamed = [edge for edge in latest if edge.target is record and not edge.argument]
        for number, edge in enumerate(unnamed):
            edge.argument = f"inputs[{number}]"

    def _add_deferred(self, call: DeferredCall, tensor: torch.Tensor | None, location: CallLocation) -> Port:
        """Add the operation of a call that was deferred, after those that its inputs come from. `tensor`: its result;
        null when the program has dropped it, and then no gradient flows through it. `location`: where it is used.
        """
        sources = [(i.argument, self._deferred_input_port(i, location)) for i in call.inputs]
        record = self.add_operation(call.op, call.location)
        record.arguments, record.name, record.group = call.arguments, call.name, None
        if tensor is not None:
            self.finish_operation(record, sources, [tensor])
        else:
            record.values = (call.value,)
            self._recording.current.edges += [EdgeRecord(port, record, argument) for argument, port in sources]
            self._recording.add_step(record)
        return record, 0

    def _deferred_input_port(self, used: DeferredInput, location: CallLocation) -> Port:
        tensor = used.unchanged()
        known = None if tensor is None else self.find_port(tensor)
        if known is not None:
            return known
        if used.call is not None:
            return self._add_deferred(used.call, tensor, location)
        if tensor is not None:
            return self.port(tensor, location)
        if used.port is not None:
            return used.port
        record = NodeRecord("input", None, location.line, location.path, None)
        record.leaf = LeafRecord()
        record.leaf.nodes.append(record)
        record.values = () if used.value is None else (used.value,)
        return record, 0

    def _add_rewrite(self, tensor: torch.Tensor, before: Port, location: CallLocation) -> Port:
        """Add an operation for a tensor outside autograd that was written through a tensor with the same memory."""
        record = self.add_operation("written_through_view", location)
        self.finish_operation(record, [("self", before)], [tensor])
        record.name = location.variable(tensor)
        return record, 0

    def _known_leaf_port(self, function: AutogradFunction) -> Port | None:
        """Return the port of the leaf that an autograd node accumulates into; null if the leaf is not known."""
        variable = getattr(function, "variable", None)
        if not isinstance(variable, torch.Tensor):
            return None
        binding = self._bindings.get(id(variable))
        port = binding[3] if binding is not None and binding[0]() is variable else None
        # inside torch.func a leaf may be a wrapper around the result of an operation
        return port if port is not None and (port[0].leaf is not None or transforming()) else None

    def _find_leaf_port(self, function: AutogradFunction) -> Port | None:
        """Return the port of the leaf that an autograd node accumulates into. A leaf that only autograd knows becomes a
        node now.
        """
        known = self._known_leaf_port(function)
        if known is not None:
            return known
        variable = getattr(function, "variable", None)
        return (self.add_leaf(variable, None, self._locate()), 0) if isinstance(variable, torch.Tensor) else None


def memory_of(tensor: torch.Tensor) -> int:
    """Return the address of the tensor's numbers; 0 where it has none."""
    try:
        return tensor.data_ptr()
    except RuntimeError:
        return 0
