"""The loop statements of a code object, read from its bytecode."""

import dis
from collections.abc import Iterable
from itertools import pairwise
from types import CodeType
from typing import Any, Final

from gradwalk.recorder.once_per_code import once_per_code

_SIZE: Final = 2
"""Bytes of an instruction. Offsets are even."""

_UNCONDITIONAL: Final = frozenset(
    {"JUMP_FORWARD", "JUMP_BACKWARD", "JUMP_BACKWARD_NO_INTERRUPT", "RETURN_VALUE", "RETURN_CONST", "RAISE_VARARGS"}
    | {"RERAISE"}
)
_APPENDING: Final = frozenset({"LIST_APPEND", "SET_ADD", "MAP_ADD"})
_STORES: Final = frozenset({"STORE_NAME", "STORE_FAST", "STORE_GLOBAL", "STORE_DEREF"})


Place = tuple[int, int]
"""An offset that is the same for the first test of a `while` as for the later ones, and the number of its block."""


class Loop:
    """One loop of a code object, as a natural loop: its header and the blocks that lead back to it.

    `line`: the line of its header. `variables`: the names that each turn of a `for` binds and nothing else in the loop
    does. `counters`: of a `while`, by loop inside it, the names that it binds outside of that loop alone, as `epoch` in
    `epoch += 1`. `statement`: it is a `for` or `while` statement, and not a comprehension. `blocks`: a set of block
    numbers, as the bits of an integer.
    """

    __slots__ = ("blocks", "counters", "header", "line", "statement", "targets", "variables")

    def __init__(self, header: int, blocks: int) -> None:
        self.header = header
        self.blocks = blocks
        self.line = 0
        self.statement = True
        self.targets: list[str] = []
        self.variables: list[str] = []
        self.counters: dict[Loop, list[str]] = {}


class CodeLoops:
    """The loops of one code object, and the order in which its instructions can run.

    `loops_of`: by block, the loops around it, outermost first; `statements_of`: those that are statements. `after`: by
    block, the blocks that can run after it before any loop around it begins another turn, as the bits of an integer.
    """

    def __init__(self, code: CodeType) -> None:
        # kept alive, so that no other code object gets the identity that this one is known by
        self.code = code
        self._blocks = _Blocks(code)
        loops = self._blocks.loops()
        self.after = self._blocks.forward_closure(loops)
        if _is_comprehension(code):
            loops = []
        loops.sort(key=lambda loop: -loop.blocks.bit_count())
        self._places = list(zip(self._blocks.canonical, self._blocks.number_at, strict=True))
        count = len(self._blocks.starts)
        self.loops_of = [tuple(loop for loop in loops if loop.blocks >> block & 1) for block in range(count)]
        self.statements_of = [tuple(loop for loop in around if loop.statement) for around in self.loops_of]

    def innermost_shared(self, one: int, other: int) -> Loop | None:
        """Return the innermost loop, statement or comprehension, around both blocks; null where there is none."""
        for loop in reversed(self.loops_of[one]):
            if loop.blocks >> other & 1:
                return loop
        return None

    def place_of(self, offset: int) -> Place:
        """Return the place of the instruction at `offset`."""
        return self._places[offset // _SIZE]


@once_per_code
def loops_in(code: CodeType) -> CodeLoops:
    """Return the loops of a code object. Each code object is read once."""
    return CodeLoops(code)


def _is_comprehension(code: CodeType) -> bool:
    """Return whether the code is a comprehension or a generator expression, whose turns are no turns of a statement."""
    return code.co_name in ("<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>")


class _Blocks:
    """The basic blocks of a code object. Block 0 is the first, and every jump leads to the start of a block.

    An instruction that a `try` protects may lead to the handler: for the order of blocks the handler follows the
    protected blocks.
    """

    def __init__(self, code: CodeType) -> None:
        self._instructions = [i for i in dis.get_instructions(code) if i.opname != "CACHE"]
        self._past_nops = _offsets_past_nops(self._instructions)
        self.canonical = self._join_tests(code)
        joined = {at for at in range(0, len(code.co_code), _SIZE) if self.canonical[at // _SIZE] != at}
        self._own = [(at, i) for at, i in enumerate(self._instructions) if i.offset not in joined]
        self._lines = _lines(code)
        self._begins = _columns(code)
        handlers = [(entry.start, entry.end, entry.target) for entry in _exception_table(code)]
        self.starts = self._find_starts(handlers)
        self.number_at = self._number(len(code.co_code) // _SIZE)
        self._followers = self._find_followers(handlers)
        self._order = self._reverse_postorder()
        self._leading = self._find_leading()
        self._dominators = self._find_dominators()
        self._columns = self._find_columns()

    def _join_tests(self, code: CodeType) -> list[int]:
        """Return by instruction its offset; for the first test of a `while`, that of the same instruction in the later
        tests.

        Python compiles the test of a `while` twice: before the loop, and at the end of each turn. It is where a turn
        begins.
        """
        canonical = [number * _SIZE for number in range(len(code.co_code) // _SIZE)]
        positions = list(code.co_positions())
        index = {instruction.offset: at for at, instruction in enumerate(self._instructions)}
        for at, instruction in enumerate(self._instructions):
            target = self._target(instruction)
            if target is None or target > instruction.offset or instruction.opname in ("FOR_ITER", "SEND"):
                continue
            last, first = at, index[target] - 1
            while instruction.opname == "JUMP_BACKWARD" and self._instructions[last].opname in ("JUMP_BACKWARD", "NOP"):
                # an unconditional jump behind the conditional one that leaves the loop
                last -= 1
            while first >= 0 and self._instructions[first].opname == "NOP":
                first -= 1
            pairs: list[tuple[dis.Instruction, dis.Instruction]] = []
            while first >= 0 and last > index[target]:
                one, other = self._instructions[first], self._instructions[last]
                if positions[one.offset // _SIZE] != positions[other.offset // _SIZE] or _kind(one) != _kind(other):
                    break
                pairs.append((one, other))
                first, last = first - 1, last - 1
            if any(_kind(one) == "jump" for one, _ in pairs):
                for one, other in pairs:
                    # while a Python function runs, its caller is at one of the cache entries behind the instruction
                    following = self._instructions[index[one.offset] + 1].offset
                    for offset in range(one.offset, following, _SIZE):
                        canonical[offset // _SIZE] = other.offset + offset - one.offset
        return canonical

    def _find_starts(self, handlers: list[tuple[int, int, int]]) -> list[int]:
        found = {0, *(target for at, target in enumerate(self.canonical) if at * _SIZE != target)}
        for at, instruction in self._own:
            target = self._target(instruction)
            if target is not None:
                found.add(target)
            if (target is not None or instruction.opname in _UNCONDITIONAL) and at + 1 < len(self._instructions):
                found.add(self._instructions[at + 1].offset)
        for (_, before), (_, instruction) in pairwise(self._own):
            # behind a `break` the program may go on without a jump
            one, other = self._lines.get(before.offset), self._lines.get(instruction.offset)
            if one is not None and other is not None and self._begins.get(other, 0) < self._begins.get(one, 0):
                found.add(instruction.offset)
        for start, end, target in handlers:
            found |= {start, end, target}
        offsets = {0, *(i.offset for _, i in self._own)}
        return sorted(found & offsets)

    def _target(self, instruction: dis.Instruction) -> int | None:
        """Return the offset that the instruction may jump to; null when it is no jump."""
        if instruction.opcode not in dis.hasjrel and instruction.opcode not in dis.hasjabs:
            return None
        return self._past_nops.get(int(instruction.argval), int(instruction.argval))

    def _number(self, count: int) -> list[int]:
        numbers = [0] * count
        bounds = [*self.starts, count * _SIZE]
        for number, (start, end) in enumerate(pairwise(bounds)):
            for position in range(start // _SIZE, end // _SIZE):
                numbers[position] = number
        return [numbers[target // _SIZE] for target in self.canonical]

    def _find_followers(self, handlers: list[tuple[int, int, int]]) -> list[set[int]]:
        followers: list[set[int]] = [set() for _ in self.starts]
        for at, instruction in self._own:
            block = self.number_at[instruction.offset // _SIZE]
            target = self._target(instruction)
            if target is not None:
                followers[block].add(self.number_at[target // _SIZE])
            if at + 1 < len(self._instructions) and instruction.opname not in _UNCONDITIONAL:
                following = self.number_at[self._instructions[at + 1].offset // _SIZE]
                if following != block:
                    followers[block].add(following)
        for start, end, target in handlers:
            for position in range(start // _SIZE, end // _SIZE):
                followers[self.number_at[position]].add(self.number_at[target // _SIZE])
        return followers

    def _reverse_postorder(self) -> list[int]:
        order: list[int] = []
        seen = {0}
        pending = [(0, iter(sorted(self._followers[0], reverse=True)))]
        while pending:
            block, following = pending[-1]
            fresh = next((f for f in following if f not in seen), None)
            if fresh is None:
                order.append(block)
                pending.pop()
            else:
                seen.add(fresh)
                pending.append((fresh, iter(sorted(self._followers[fresh], reverse=True))))
        order.reverse()
        return order

    def _find_leading(self) -> list[list[int]]:
        """Return by block the blocks that lead to it."""
        leading: list[list[int]] = [[] for _ in self.starts]
        for block in self._order:
            for follower in self._followers[block]:
                leading[follower].append(block)
        return leading

    def _find_dominators(self) -> list[int]:
        """Return by block the blocks that every way to it leads through, as bits (Aho et al., Compilers, 9.6)."""
        everything = (1 << len(self.starts)) - 1
        dominators = [everything] * len(self.starts)
        dominators[0] = 1
        leading = self._leading
        changed = True
        while changed:
            changed = False
            for block in self._order[1:]:
                common = everything
                for before in leading[block]:
                    common &= dominators[before]
                common |= 1 << block
                if common != dominators[block]:
                    dominators[block] = common
                    changed = True
        return dominators

    def _is_back_edge(self, block: int, follower: int) -> bool:
        return bool(self._dominators[block] >> follower & 1)

    def forward_closure(self, loops: list[Loop]) -> list[int]:
        """Return by block the blocks that can run after it before any loop around both begins another turn.

        What follows a loop follows each of its turns: the loop may end in a later one.
        """
        ends = {
            loop.header: [
                (block, one)
                for block in self._members(loop.blocks)
                for one in self._followers[block]
                if not loop.blocks >> one & 1
            ]
            for loop in loops
        }

        def ways(block: int, follower: int) -> set[int]:
            if not self._is_back_edge(block, follower):
                return {follower}
            return set().union(*(ways(*end) for end in ends.get(follower, ())))

        after = [
            set().union(*(ways(block, one) for one in self._followers[block])) for block in range(len(self.starts))
        ]
        closure = [0] * len(self.starts)
        changed = True
        while changed:
            changed = False
            for block in reversed(self._order):
                reached = closure[block]
                for follower in after[block]:
                    reached |= 1 << follower | closure[follower]
                if reached != closure[block]:
                    closure[block] = reached
                    changed = True
        return closure

    def loops(self) -> list[Loop]:
        """Return the natural loops: for each header, the blocks from which it is reached again."""
        leading = self._leading
        found: dict[int, int] = {}
        for block in self._order:
            for header in self._followers[block]:
                if self._is_back_edge(block, header):
                    found[header] = found.get(header, 1 << header) | self._blocks_between(header, block, leading)
        loops = [self._describe(Loop(header, self._with_ends(header, blocks))) for header, blocks in found.items()]
        loops.sort(key=lambda loop: loop.blocks.bit_count())
        for instruction in self._instructions:
            if instruction.opname in _APPENDING:
                block = self.number_at[instruction.offset // _SIZE]
                # the list lies on the stack below one iterator for each `for` of the comprehension; that of `[*a, b]`
                # lies on top
                depth = (instruction.arg or 1) - 1
                for loop in [loop for loop in loops if loop.blocks >> block & 1][:depth]:
                    loop.statement = False
        self._find_counters(loops)
        return loops

    def _find_counters(self, loops: list[Loop]) -> None:
        stored = [(self.number_at[i.offset // _SIZE], str(i.argval)) for i in self._instructions if i.opname in _STORES]
        for outer in [loop for loop in loops if loop.statement and not loop.targets]:
            names = {name for block, name in stored if outer.blocks >> block & 1}
            for inner in loops:
                if inner is not outer and inner.blocks & ~outer.blocks == 0:
                    inside = {name for block, name in stored if inner.blocks >> block & 1}
                    outer.counters[inner] = sorted(names - inside)

    def _with_ends(self, header: int, blocks: int) -> int:
        """Return the blocks of a loop with those that stand in its body and lead out of it: the end of a turn that a
        `break` or a `return` ends.
        """
        columns = self._columns
        first = min((line for block in self._members(blocks) for line, _ in columns[block]), default=0)
        body = min((at for block in self._members(blocks) for line, at in columns[block] if line > first), default=None)
        if body is None:
            return blocks
        ends = blocks
        for block in self._order:
            if not ends >> block & 1 and self._dominators[block] >> header & 1 and columns[block]:
                inside = all(line > first and at >= body for line, at in columns[block])
                # what follows the loop is reached from its header too, where the turns end without a `break`
                left = [before for before in self._leading[block] if blocks >> before & 1]
                by_body = all(self._last_line(before) > first for before in left)
                if inside and by_body and all(ends >> before & 1 for before in self._leading[block]):
                    ends |= 1 << block
        return ends

    def _members(self, blocks: int) -> list[int]:
        return [block for block in range(len(self.starts)) if blocks >> block & 1]

    def _last_line(self, block: int) -> int:
        """Return the line of the instruction that leads out of a block."""
        end = self.starts[block + 1] if block + 1 < len(self.starts) else len(self.number_at) * _SIZE
        lines = (self._lines.get(at) for at in range(end - _SIZE, self.starts[block] - _SIZE, -_SIZE))
        return next((line for line in lines if line is not None), 0)

    def _find_columns(self) -> list[set[tuple[int, int]]]:
        """Return by block the lines of its instructions, each with the column at which the line begins."""
        found: list[set[tuple[int, int]]] = [set() for _ in self.starts]
        for _, instruction in self._own:
            line = self._lines.get(instruction.offset)
            if line in self._begins:
                found[self.number_at[instruction.offset // _SIZE]].add((line, self._begins[line]))
        return found

    @staticmethod
    def _blocks_between(header: int, last: int, leading: list[list[int]]) -> int:
        blocks = 1 << header
        pending = [last]
        while pending:
            block = pending.pop()
            if not blocks >> block & 1:
                blocks |= 1 << block
                pending += leading[block]
        return blocks

    def _describe(self, loop: Loop) -> Loop:
        inside = [i for i in self._instructions if loop.blocks >> self.number_at[i.offset // _SIZE] & 1]
        in_header = (i for i in inside if self.number_at[i.offset // _SIZE] == loop.header)
        first = next(i for i in in_header if i.opname != "EXTENDED_ARG")
        loop.line = self._lines.get(first.offset, 0)
        if first.opname == "FOR_ITER":
            loop.targets = self._targets_after(first)
            stored = [str(i.argval) for i in inside if i.opname in _STORES]
            loop.variables = [name for name in loop.targets if stored.count(name) == 1]
        return loop

    def _targets_after(self, iterating: dis.Instruction) -> list[str]:
        at = next(n for n, i in enumerate(self._instructions) if i.offset == iterating.offset) + 1
        names: list[str] = []
        left = 1
        while left > 0 and at < len(self._instructions):
            instruction = self._instructions[at]
            at += 1
            if instruction.opname == "UNPACK_SEQUENCE":
                left += int(instruction.arg or 0) - 1
            elif instruction.opname in _STORES:
                names.append(str(instruction.argval))
                left -= 1
            elif instruction.opname not in ("NOP", "EXTENDED_ARG"):
                break
        return names


def _kind(instruction: dis.Instruction) -> str:
    return "jump" if "JUMP" in instruction.opname else str(instruction.opname)


def _offsets_past_nops(instructions: list[dis.Instruction]) -> dict[int, int]:
    """Return by the offset of a NOP the offset of the next instruction that does something.

    `while True:` is a NOP, to which `continue` jumps and the end of the loop does not.
    """
    past: dict[int, int] = {}
    for instruction, following in zip(reversed(instructions), [None, *reversed(instructions)], strict=False):
        if instruction.opname == "NOP" and following is not None:
            past[instruction.offset] = past.get(following.offset, following.offset)
    return past


def _exception_table(code: CodeType) -> Iterable[Any]:
    # dis reads the table, and gives it to nobody in public
    entries: Iterable[Any] = vars(dis)["_parse_exception_table"](code)
    return entries


def _columns(code: CodeType) -> dict[int, int]:
    """Return by line the column at which its first instruction begins."""
    found: dict[int, int] = {}
    for line, _, column, _ in code.co_positions():
        if line is not None and column is not None:
            found[line] = min(column, found.get(line, column))
    return found


def _lines(code: CodeType) -> dict[int, int]:
    """Return the line of each instruction by its offset."""
    return {
        offset: line for start, end, line in code.co_lines() if line is not None for offset in range(start, end, _SIZE)
    }
