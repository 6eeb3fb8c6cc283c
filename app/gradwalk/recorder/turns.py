"""The turns of the program's loops: which turn of which loop a call is made in, known from where the program is.

Nothing is traced. Each call that is recorded shows the frames that lead to it and the instruction that each of them is
at. Between two calls a frame can only have moved along the ways that its code has: if the new instruction cannot be
reached without going back to the header of a loop, the loop has begun another turn. Where both is possible, the loop's
own variable tells.
"""

from collections.abc import Sequence
from types import CodeType, FrameType
from typing import Any, Final, Literal

from gradwalk.recorder.code_loops import CodeLoops, Loop, loops_in
from gradwalk.recorder.frame_variables import locals_of, release_copy

_VALUES: Final = frozenset({int, float, str, bool})

Marks = tuple[Any, ...]
"""What the variables of a loop hold in one turn, so that two turns can be told apart."""


class LoopRun:
    """One execution of a loop from its beginning to its end. `parent`: the turn of another loop that it runs in.

    `counters`: what the variables held then that only the loop around it binds; null until they were looked at.
    """

    __slots__ = ("code", "counters", "loop", "parent", "turns")

    def __init__(self, code: CodeType, loop: Loop, parent: "Turn | None") -> None:
        # kept alive with the loop, which is known by identity
        self.code = code
        self.loop = loop
        self.parent = parent
        self.turns = 0
        self.counters: Marks | None = None


class Turn:
    """One turn of a loop. `number`: counted from 0 in its run. `value`: what the loop's variable holds, if it is short
    enough to be told.
    """

    __slots__ = ("number", "run", "value")

    def __init__(self, run: LoopRun) -> None:
        self.run = run
        self.number = run.turns
        self.value: int | float | str | bool | None = None
        run.turns += 1

    def chain(self) -> list["Turn"]:
        """Return the turns of all loops around this point, outermost first, this one last."""
        found: list[Turn] = []
        turn: Turn | None = self
        while turn is not None:
            found.append(turn)
            turn = turn.run.parent
        found.reverse()
        return found


class _Activation:
    """One frame that is running. `turns`: those of the loops around its instruction, outermost first.

    `instruction`: where the frame was seen last, and `offset` the same with one place for both tests of a `while`.
    `marks`: by turn, what the loop's variables hold; null while a `for` is still asking for its next value. `moved`:
    the innermost turn has been seen at more than one instruction.
    """

    __slots__ = (
        *("block", "caller", "code", "frame", "ignored", "instruction", "loops", "marks", "moved", "offset", "turns"),
    )

    def __init__(self, frame: FrameType, loops: CodeLoops, caller: Turn | None, ignored: frozenset[Loop]) -> None:
        # by identity: a reference would keep the variables of the program alive
        self.frame = id(frame)
        self.code = frame.f_code
        self.loops = loops
        self.caller = caller
        self.ignored = ignored
        self.instruction = -1
        self.offset = -1
        self.block = -1
        self.turns: list[Turn] = []
        self.marks: list[Marks | None] = []
        self.moved = False

    @property
    def turn(self) -> Turn | None:
        """The innermost turn around the frame's instruction, or around the call of its function."""
        return self.turns[-1] if self.turns else self.caller

    def enter(self, frame: FrameType, kept: int) -> None:
        """Set the frame's position. The turns of the outermost `kept` loops go on, those of the others begin."""
        self.instruction = frame.f_lasti
        self.offset, self.block = self.loops.place_of(self.instruction)
        del self.turns[kept:], self.marks[kept:]
        for loop in self.statements(self.block)[kept:]:
            self._begin(LoopRun(self.code, loop, self.turn))

    def moves_on(self, frame: FrameType) -> bool:
        """Move on within the block, if that is all that the frame has done since it was seen last."""
        if self.frame != id(frame) or self.code is not frame.f_code:
            return False
        instruction = frame.f_lasti
        offset, block = self.loops.place_of(instruction)
        if offset <= self.offset or block != self.block:
            return False
        self.instruction, self.offset, self.moved = instruction, offset, True
        return True

    def is_at_rest(self, frame: FrameType) -> bool:
        """Return whether the frame is at the instruction where it was seen last."""
        return self.instruction == frame.f_lasti and self.frame == id(frame) and self.code is frame.f_code

    def statements(self, block: int) -> Sequence[Loop]:
        """Return the loops around a block that count, outermost first."""
        loops = self.loops.statements_of[block]
        return [loop for loop in loops if loop not in self.ignored] if self.ignored else loops

    def begins_turn(self, frame: FrameType) -> bool:
        """Begin another turn of the outermost loop, if that is certain without a look at any variable: the code leads
        to the new position through its header, and through that of no loop inside it.
        """
        if self.frame != id(frame) or self.code is not frame.f_code or not self.turns:
            return False
        loops, old = self.loops, self.block
        offset, block = loops.place_of(frame.f_lasti)
        forward = loops.after[old] >> block & 1 if block != old else offset >= self.offset
        if forward or loops.innermost_shared(old, block) is not self.turns[0].run.loop:
            return False
        self.begin_turn(frame, 0)
        return True

    def begin_turn(self, frame: FrameType, depth: int) -> None:
        """Begin another turn of the loop number `depth` around the frame's new position."""
        run = self.turns[depth].run
        del self.turns[depth:], self.marks[depth:]
        self._begin(run)
        self.enter(frame, depth + 1)

    def _begin(self, run: LoopRun) -> None:
        self.turns.append(Turn(run))
        self.marks.append(None)
        self.moved = False

    def note_variables(self, frame: FrameType) -> None:
        """Note what the variables of the turns that have just begun hold."""
        if None not in self.marks:
            return
        variables: Any = None
        for depth, turn in enumerate(self.turns):
            run = turn.run
            loop = run.loop
            # at its header a `for` has not bound the next value yet
            if self.marks[depth] is None and (self.block != loop.header or not loop.targets):
                if variables is None:
                    variables = locals_of(frame)
                self.marks[depth] = _held(loop.variables, variables)
                turn.value = _value(loop, variables)
                if run.counters is None and depth and loop in (outer := self.turns[depth - 1].run.loop).counters:
                    run.counters = _held(outer.counters[loop], variables)
        if variables is not None:
            release_copy(frame, variables)


class TurnTracker:
    """The turn that the program is in, call after call. `outermost`: the frame that began to record; the loops around
    the point where it did so are not part of what is recorded.
    """

    def __init__(self, outermost: FrameType | None) -> None:
        self._running: list[_Activation] = []
        self._around: frozenset[Loop] = frozenset()
        self._sees_all = True
        if outermost is not None:
            loops = loops_in(outermost.f_code)
            self._around = frozenset(loops.loops_of[loops.place_of(outermost.f_lasti)[1]])

    def skip_calls(self) -> None:
        """Note that from now on only some calls are shown: a whole turn may lie between one and the next."""
        self._sees_all = False
        for activation in self._running:
            activation.moved = False

    def moves_on(self, frame: FrameType) -> bool:
        """Move on within the turn of the last call, where that is all that the program has done: it goes on in the same
        block of the frame that has made it, and that has the same callers.
        """
        return bool(self._running) and self._running[-1].moves_on(frame)

    def next_turn(self, frame: FrameType) -> Turn | None:
        """Begin and return another turn, where that is all that can have happened: the frame that has made the last
        call, and that has the same callers, goes on with another turn of its loop, the only one. Else return null.
        """
        if not self._running:
            return None
        *callers, last = self._running
        if any(caller.turns for caller in callers) or not last.begins_turn(frame):
            return None
        last.note_variables(frame)
        return last.turn

    def update(self, frames: Sequence[FrameType], direct: bool) -> Turn | None:
        """Return the turn of a call. `frames`: the program's own frames that lead to it, outermost first.

        `direct`: the innermost of them makes the call itself, with no code of a library in between.
        """
        running = self._running
        settled = self._settled(frames)
        if settled == len(frames):
            return running[-1].turn
        caller = running[settled - 1].turn if settled else None
        for at in range(settled, len(frames)):
            frame = frames[at]
            activation = running[at] if at < len(running) else None
            known = (
                activation is not None
                and activation.frame == id(frame)
                and activation.code is frame.f_code
                and activation.caller is caller
            )
            if activation is None or not known or not self._goes_on(at, frames, direct or not self._sees_all):
                del running[at:]
                activation = _Activation(frame, loops_in(frame.f_code), caller, self._around)
                running.append(activation)
                activation.enter(frame, 0)
            activation.note_variables(frame)
            caller = activation.turn
        del running[len(frames) :]
        return caller

    def _settled(self, frames: Sequence[FrameType]) -> int:
        """Return how many frames, from the outermost on, are still in the same turn of the same loops. It is all of
        them where the innermost one has moved on in its block, which is noted: so it is most often.
        """
        running = self._running
        count, last = 0, min(len(frames), len(running)) - 1
        outside_loops = 0
        while count < last and running[count].is_at_rest(frames[count]):
            if outside_loops == count and not running[count].turns:
                outside_loops += 1
            count += 1
        if count == last == len(frames) - 1 and running[last].moves_on(frames[last]):
            del running[last + 1 :]
            return last + 1
        if outside_loops == count or self._is_called_again(count - 1, frames) == "no":
            return count
        return outside_loops

    def _goes_on(self, at: int, frames: Sequence[FrameType], direct: bool) -> bool:
        """Move the frame number `at` to its new position. Return false where it cannot be: the function began anew."""
        activation, frame = self._running[at], frames[at]
        if activation.loops.place_of(frame.f_lasti)[0] != activation.offset:
            # what it called before has returned
            del self._running[at + 1 :]
            return _move(activation, frame, sure=True)
        if at == len(frames) - 1:
            return not direct or _move(activation, frame, sure=True)
        called = self._is_called_again(at, frames)
        return called == "no" or _move(activation, frame, sure=called == "yes")

    def _is_called_again(self, at: int, frames: Sequence[FrameType]) -> Literal["yes", "maybe", "no"]:
        """Return whether the frame number `at`, at the same instruction as before, has made its call again."""
        if at + 1 >= len(self._running):
            return "yes"
        inner, frame = self._running[at + 1], frames[at + 1]
        if inner.frame != id(frame) or inner.code is not frame.f_code:
            return "yes"
        offset, block = inner.loops.place_of(frame.f_lasti)
        if offset == inner.offset:
            # one call may follow the other without another call in between
            return "maybe" if at + 2 >= len(frames) else self._is_called_again(at + 1, frames)
        if offset > inner.offset if block == inner.block else inner.loops.after[inner.block] >> block & 1:
            return "no"
        return "maybe" if inner.loops.innermost_shared(inner.block, block) else "yes"


def _move(activation: _Activation, frame: FrameType, *, sure: bool) -> bool:
    """Move to the frame's new position. Return false where its code has no way there: it is another call.

    `sure`: it does not only seem to be at the same instruction again.
    """
    loops, old, offset = activation.loops, activation.block, activation.offset
    here, new = loops.place_of(frame.f_lasti)
    if new == old and here > offset:
        activation.instruction, activation.offset, activation.moved = frame.f_lasti, here, True
        return True
    if activation.begins_turn(frame):
        return True
    statements = activation.statements(new)
    common = sum(1 for loop in activation.statements(old) if loop.blocks >> new & 1)
    forward = new != old and bool(loops.after[old] >> new & 1)
    again = here == offset
    turned = _changed(activation, frame, common)
    if turned is None and again:
        tells = not sure or not common or statements[common - 1].variables or activation.moved
        turned = None if tells else common - 1
    elif turned is None and not forward:
        innermost = loops.innermost_shared(old, new)
        if innermost is None:
            return False
        # a comprehension begins anew without any statement doing so
        turned = common - 1 if innermost.statement and innermost not in activation.ignored else None
    if turned is not None:
        activation.begin_turn(frame, turned)
    else:
        activation.enter(frame, common)
        activation.moved = activation.moved or not again
    return True


def _changed(activation: _Activation, frame: FrameType, common: int) -> int | None:
    """Return the number of the outermost loop whose variables hold something else than in its turn."""
    if not any(turn.run.loop.variables or turn.run.counters for turn in activation.turns[:common]):
        return None
    variables = locals_of(frame)
    changed = None
    for depth in range(common):
        marks = activation.marks[depth]
        if marks is not None and marks != _held(activation.turns[depth].run.loop.variables, variables):
            changed = depth
            break
        inner = activation.turns[depth + 1].run if depth + 1 < common else None
        # within one execution of a loop nothing outside of it is bound
        if inner is not None and inner.counters:
            names = activation.turns[depth].run.loop.counters[inner.loop]
            if inner.counters != _held(names, variables):
                changed = depth
                break
    release_copy(frame, variables)
    return changed


def _held(names: Sequence[str], variables: Any) -> Marks:
    # Python may write the next number of a range into the very object of the last one
    return tuple([value if type(value) in _VALUES else id(value) for value in map(variables.get, names)])


def _value(loop: Loop, variables: Any) -> int | float | str | bool | None:
    value = variables.get(loop.variables[0]) if loop.variables else None
    return value if type(value) in _VALUES and (type(value) is not str or len(value) <= 40) else None
