"""Leave out what no result depends on."""

from symfnn.export.program import Program, operands


def prune(program: Program) -> Program:
    """The program without assignments that no output needs."""
    wanted = set(program.outputs)
    kept = []
    for assignment in reversed(program.assignments):
        if assignment.target in wanted:
            kept.append(assignment)
            wanted.update(operands(assignment.operation))
    return Program(program.inputs, tuple(reversed(kept)), program.outputs)


def restricted(program: Program, outputs: tuple[str, ...]) -> Program:
    """The part of the program that leads to these names; inputs that it does not read are left out."""
    part = prune(Program(program.inputs, program.assignments, outputs))
    read = {name for assignment in part.assignments for name in operands(assignment.operation)}
    return Program(tuple(given for given in part.inputs if given[0] in read), part.assignments, outputs)
