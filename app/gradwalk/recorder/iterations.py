"""The iterations of a recording: which parts of the run the snapshot shows together.

An iteration is one turn of the loop that trains. Outside of such loops a new iteration begins with the first operation
that a gradient could flow through after a backward pass, unless it goes on from the graph of that pass. What comes
before a loop is its setup and in no iteration; a validation is an iteration of its own. All this is decided when the
run is over: only then it is known which loops train.
"""

from bisect import bisect_right
from collections.abc import Iterable
from functools import cached_property
from itertools import groupby

from gradwalk.recorder.calls import COPIES
from gradwalk.recorder.code_loops import Loop
from gradwalk.recorder.hand_training import HandTraining
from gradwalk.recorder.iteration_builder import IterationBuilder
from gradwalk.recorder.iteration_draft import Draft
from gradwalk.recorder.records import EdgeRecord, IterationRecord, LeafRecord, NodeRecord, PassRecord, SegmentRecord
from gradwalk.recorder.training_loops import TrainingLoops, is_inside, runs_around, turn_in
from gradwalk.recorder.turns import LoopRun, Turn


def iterations_of(
    segments: list[SegmentRecord], failed: NodeRecord | None, loops: Iterable[Loop] = ()
) -> list[IterationRecord]:
    """Return the iterations of a run that has ended. `failed`: the operation that raised; it is always shown. `loops`:
    those that are known to train, because these segments are only a part of the run.
    """
    run = _Run([segment for segment in segments if not segment.is_empty], failed, loops)
    drafts = run.drafts()
    _drop_leaves_of_later_drafts(drafts)
    if drafts:
        drafts[0].show_unused(run.unused_parameters(drafts))
    builder = IterationBuilder(run.order, run.into)
    return [builder.build(draft) for draft in drafts]


def is_half(iterations: list[IterationRecord], is_whole: bool) -> bool:
    """Return whether the last iteration, with which a part of the recording ends, lacks what the others have: it
    has neither passes nor updates, or no other turn has as many of both. `is_whole`: no limit has cut it, but an update
    may be missing that only the next turn would have shown.
    """
    if len(iterations) < 2:
        return False
    *others, last = iterations
    made = len(last.passes), len(last.updates)
    made_by_others = {(len(one.passes), len(one.updates)) for one in others}
    if not last.turns:
        # outside of loops iterations may differ, unless all are alike so far
        return not is_whole and len(others) > 1 and len(made_by_others) == 1 and made not in made_by_others
    if made == (0, 0):
        return not is_whole
    return made not in made_by_others


class _Run:
    """The segments of a run, and an index of their operations.

    `order`: by operation, its number in the run. `into`: by operation, the edges that lead into it.
    """

    def __init__(self, segments: list[SegmentRecord], failed: NodeRecord | None, loops: Iterable[Loop]) -> None:
        self._segments = segments
        self._failed = failed
        self.order: dict[NodeRecord, int] = {}
        self.into: dict[NodeRecord, list[EdgeRecord]] = {}
        self._firsts: list[int] = []
        for segment in segments:
            self._firsts.append(len(self.order))
            for node in segment.nodes:
                if node.leaf is None:
                    self.order[node] = len(self.order)
            for edge in segment.edges:
                self.into.setdefault(edge.target, []).append(edge)
        self._loops = self._training_loops(loops)

    def _turn_at(self, node: NodeRecord) -> Turn | None:
        """Return the turn in which an operation was run."""
        at = self.order.get(node)
        return None if at is None else self._segments[bisect_right(self._firsts, at) - 1].turn

    def _training_loops(self, known: Iterable[Loop]) -> TrainingLoops:
        loops = TrainingLoops()
        for loop in known:
            loops.mark(loop)
        passes: list[tuple[PassRecord, Turn | None]] = []
        for segment in self._segments:
            for each in segment.passes:
                loops.note_pass(each, segment.turn)
                passes.append((each, segment.turn))
            for update in segment.updates:
                loops.note_update(update, segment.turn)
        self._mark_loops_without_updates(loops, passes)
        self._by_hand = HandTraining(self.into, by_transforms=bool(passes))
        self._by_hand.mark_loops(loops, self._segments)
        return loops

    def _mark_loops_without_updates(self, loops: TrainingLoops, passes: list[tuple[PassRecord, Turn | None]]) -> None:
        """Mark the innermost loop around each pass that no update follows, if its turns stand on their own."""
        waiting = [(each, turn, runs_around(turn)) for each, turn in passes if loops.turn_of(turn) is None]
        while waiting := [one for one in waiting if one[2] and loops.turn_of(one[1]) is None]:
            runs = {around[-1] for _, _, around in waiting}
            for run in sorted(runs, key=lambda one: -len(runs_around(one.parent))):
                if self._turns_are_separate(run, passes):
                    loops.mark(run.loop)
            waiting = [(each, turn, around[:-1]) for each, turn, around in waiting]

    def _turns_are_separate(self, run: LoopRun, passes: list[tuple[PassRecord, Turn | None]]) -> bool:
        """Return whether no pass outside the loop goes through its turns, and no two of its turns share a graph that
        was made before it.
        """
        seen: dict[NodeRecord, Turn | None] = {}
        for each, turn in passes:
            inside = is_inside(turn, run)
            for node, _ in each.gradients:
                if node.leaf is not None:
                    continue
                made_inside = is_inside(self._turn_at(node), run)
                if made_inside and not inside:
                    return False
                if inside and not made_inside and seen.setdefault(node, turn_in(turn, run)) is not turn_in(turn, run):
                    return False
        return True

    # ------------------------------------------------------------------ cutting

    def drafts(self) -> list[Draft]:
        """Return the parts of the run that are iterations, in order."""
        turn_of = self._loops.turn_of
        parts = [(turn, list(group)) for turn, group in groupby(self._segments, key=lambda s: turn_of(s.turn))]
        trained = {run for turn, _ in parts for run in runs_around(turn)}
        any_loop = any(turn is not None for turn, _ in parts)
        drafts: list[Draft] = []
        seen_loop = False
        for turn, segments in parts:
            if turn is not None:
                seen_loop = True
                drafts += self._turn_drafts(turn, segments)
            elif not any_loop or any(segment.passes for segment in segments):
                straight = _merge_shared(list(_cut_at_passes(segments, self.into)), self.into)
                last = max((i for i, draft in enumerate(straight) if draft.passes), default=-1)
                for i, draft in enumerate(straight):
                    if draft.passes or not any_loop or (i > last and self._is_shown(draft)) or i < last:
                        draft.kind = "training" if draft.passes or draft.updates or not drafts else "evaluation"
                        drafts.append(draft)
            else:
                drafts += self._evaluations(segments, trained, drafts if seen_loop else [])
        return [draft for draft in drafts if draft.nodes or draft.passes or draft.updates]

    def unused_parameters(self, drafts: list[Draft]) -> list[NodeRecord]:
        """Return what the program created to learn in a part that is shown nowhere, and never used. What no variable
        holds is left out.
        """
        used = {edge.source[0].leaf for edges in self.into.values() for edge in edges}
        created = (node for segment in self._segments for node in segment.nodes if node.kind == "parameter")
        return [
            node
            for node in created
            if node.name and node.leaf not in used and all(node not in one.members for one in drafts)
        ]

    def _is_shown(self, draft: Draft) -> bool:
        return self._failed in draft.nodes or self._is_validation(draft.nodes)

    def _evaluations(self, segments: list[SegmentRecord], trained: set[LoopRun], drafts: list[Draft]) -> list[Draft]:
        """Return the validations among segments outside the training: one for each turn of a loop of their own, else of
        the loop that they are in, such as that of the epochs.

        What they update, such as weights that are loaded after a loop, is told by the last of `drafts` that trains.
        """

        def own_turn(segment: SegmentRecord) -> Turn | None:
            chain = segment.turn.chain() if segment.turn is not None else []
            return next((turn for turn in chain if turn.run not in trained), segment.turn)

        last = next((one for one in reversed(drafts) if one.passes), None)
        found: list[Draft] = []
        for turn, group in groupby(segments, key=own_turn):
            draft = Draft("evaluation", turn.chain() if turn is not None else [])
            for segment in group:
                draft.add_segment(segment)
            if last is not None:
                last.take_updates(draft)
            if (drafts and self._is_validation(draft.nodes)) or self._failed in draft.nodes:
                found.append(draft)
        return found

    def _turn_drafts(self, turn: Turn, segments: list[SegmentRecord]) -> list[Draft]:
        """Return the iteration of one turn, and the validations that were made in it."""
        draft = Draft("training", turn.chain())
        for segment in segments:
            draft.add_segment(segment)
        if all(_is_inside_transform(each) for each in draft.passes):
            self._by_hand.add_updates(draft)
        if not draft.passes and not draft.updates and self._failed not in draft.nodes:
            # the pass of a later turn may go through this one: truncated backpropagation
            draft.kind = "evaluation" if self._passed.isdisjoint(draft.nodes) else "training"
            return [draft] if any(node.leaf is None for node in draft.nodes) else []
        apart = self._validations_in(draft)
        if not apart:
            draft.looks = self._looks_in(draft)
            return [draft]
        before, after = Draft("evaluation", draft.turns), Draft("evaluation", draft.turns)
        first = min((self.order[node] for node in draft.nodes if node.leaf is None and node not in apart), default=0)
        for node in draft.take(apart):
            (before if self.order[node] < first else after).add(node, self.into.get(node, ()))
        draft.looks = self._looks_in(draft)
        return [one for one in (before, draft, after) if one.nodes or one.passes]

    def _validations_in(self, draft: Draft) -> set[NodeRecord]:
        """Return the operations of one turn that have nothing to do with its training: a validation's."""
        trained = {node for each in draft.passes for node, _ in (*each.gradients, *each.roots) if node.leaf is None}
        if all(node in trained for node in draft.nodes if node.leaf is None):
            return set()
        apart: set[NodeRecord] = set()
        for part in _connected_parts(draft, trained, self.into):
            if not draft.passes or not part.isdisjoint(trained) or self._failed in part:
                continue
            if self._carried_on.isdisjoint(map(_site, part)) and self._is_validation(part):
                apart |= part
        return apart

    def _looks_in(self, draft: Draft) -> set[NodeRecord]:
        """Return the operations of one turn from which nothing leads to its passes, its updates or a later turn."""
        needed = {node for each in draft.passes for node, _ in (*each.gradients, *each.roots)}
        for node in reversed(draft.nodes):
            if node in needed or node in draft.steps_by_hand or _site(node) in self._carried_on or node is self._failed:
                needed.add(node)
                needed.update(edge.source[0] for edge in self.into.get(node, ()))
        return {node for node in draft.nodes if node.leaf is None and node not in needed}

    @cached_property
    def _passed(self) -> set[NodeRecord]:
        """The operations that passes go through."""
        return {
            node
            for segment in self._segments
            for each in segment.passes
            for node, _ in each.gradients
            if node.leaf is None
        }

    @cached_property
    def _carried_on(self) -> set[tuple[int | None, str | None]]:
        """The places of operations whose results are used in a later turn: an average of weights is no validation."""
        turn_of = self._loops.turn_of
        found: set[tuple[int | None, str | None]] = set()
        for segment in self._segments:
            turn = turn_of(segment.turn)
            for edge in segment.edges:
                source = edge.source[0]
                if source.leaf is None and turn_of(self._turn_at(source)) is not turn:
                    found.add(_site(source))
        return found

    def _is_validation(self, nodes: Iterable[NodeRecord]) -> bool:
        """Return whether a network is run here: a module, or operations on what is trained and on other tensors.

        A norm of the weights is only a look at them.
        """
        operations = {node for node in nodes if node.leaf is None}
        if any(node.group is not None for node in operations):
            return True
        if all(node.op in COPIES for node in operations):
            return False
        sources = {edge.source[0] for node in operations for edge in self.into.get(node, ())} - operations
        if any(source.leaf is not None and source.leaf.is_gradient for source in sources):
            # what is computed from a gradient prepares an update
            return False
        trained = any(
            source.kind == "parameter"
            or (source.leaf is None and self._loops.turn_of(self._turn_at(source)) is not None)
            for source in sources
        )
        return trained and len(sources) > 1


def _is_inside_transform(record: PassRecord) -> bool:
    """Return whether torch.func has made a pass, which has no leaf that an optimizer could update."""
    return all("inside" in (node.arguments or {}) for node, _ in record.roots)


def _site(node: NodeRecord) -> tuple[int | None, str | None]:
    """Return the place of an operation in the program."""
    return node.line, node.op


def _cut_at_passes(segments: list[SegmentRecord], into: dict[NodeRecord, list[EdgeRecord]]) -> Iterable[Draft]:
    """Yield the iterations of a program without a loop that trains.

    After a backward pass a new one begins with the first differentiable operation, or with any operation after the
    update that followed. A call that continues a graph that backward has kept begins none, nor does one that only
    measures it.
    """
    draft = Draft("training", [])
    for segment in segments:
        if segment.passes:
            roots = {node for each in segment.passes for node, _ in each.roots}
            if draft.ended and not any(node in draft.members for node in roots):
                yield draft
                draft = Draft("training", [])
            draft.add_segment(segment)
            if not all(each.differentiable for each in segment.passes):
                draft.end()
            continue
        for node in segment.nodes:
            if draft.ended and draft.is_over_before(node, into):
                yield draft
                draft = Draft("training", [])
                if not node.requires_grad and any(edge.source[0].requires_grad for edge in into.get(node, ())):
                    # a validation: the next differentiable operation is no part of it
                    draft.end()
            draft.add(node, into.get(node, ()))
        draft.updates += segment.updates
        draft.add_steps(segment)
    yield draft


def _merge_shared(drafts: list[Draft], into: dict[NodeRecord, list[EdgeRecord]]) -> list[Draft]:
    """Merge iterations that a later pass goes through on its way: the inner steps of MAML belong to the outer one.

    A pass through nothing but an earlier graph has an iteration of its own.
    """
    merged: list[Draft] = []
    for draft in drafts:
        reached = {node for each in draft.passes for node, _ in each.gradients if node.leaf is None}
        if not reached.isdisjoint(draft.members):
            given_by = _passes_behind(reached, into)
            first = next(
                (
                    i
                    for i, one in enumerate(merged)
                    if not reached.isdisjoint(one.members) or not given_by.isdisjoint(one.passes)
                ),
                len(merged),
            )
            for earlier in reversed(merged[first:]):
                draft.prepend(earlier)
            del merged[first:]
        merged.append(draft)
    return merged


def _passes_behind(nodes: set[NodeRecord], into: dict[NodeRecord, list[EdgeRecord]]) -> set[PassRecord]:
    """Return the passes whose gradients these operations were computed from."""
    found: set[PassRecord] = set()
    pending, seen = list(nodes), set(nodes)
    while pending:
        for edge in into.get(pending.pop(), ()):
            source = edge.source[0]
            if source.leaf is not None:
                if source.leaf.given_by is not None:
                    found.add(source.leaf.given_by)
            elif source not in seen:
                seen.add(source)
                pending.append(source)
    return found


def _connected_parts(
    draft: Draft, trained: set[NodeRecord], into: dict[NodeRecord, list[EdgeRecord]]
) -> list[set[NodeRecord]]:
    """Return the operations of a draft, and those that its passes go through, in parts between which no tensor
    flows.
    """
    members = (*trained, *(node for node in draft.nodes if node.leaf is None))
    parent: dict[NodeRecord, NodeRecord] = {node: node for node in members}

    def find(node: NodeRecord) -> NodeRecord:
        while parent[node] is not node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for node in parent:
        for edge in into.get(node, ()):
            if edge.source[0] in parent:
                parent[find(edge.source[0])] = find(node)
    parts: dict[NodeRecord, set[NodeRecord]] = {}
    for node in parent:
        parts.setdefault(find(node), set()).add(node)
    return list(parts.values())


def _drop_leaves_of_later_drafts(drafts: list[Draft]) -> None:
    """Drop the leaves that the program created at the end of one iteration for the next ones."""
    used_later: set[LeafRecord] = set()
    for draft in reversed(drafts):
        used = {edge.source[0].leaf for edge in draft.edges if edge.source[0].leaf is not None}
        used |= {node.leaf for each in draft.passes for node, _ in each.gradients if node.leaf is not None}
        used |= {update.node.leaf for update in draft.updates if update.node.leaf is not None}
        unused = {n for n in draft.nodes if n.leaf is not None and n.leaf not in used and n.leaf in used_later}
        if unused:
            draft.take(unused)
        used_later |= used
