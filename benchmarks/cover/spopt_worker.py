"""Solve one problem with spopt, in an environment that has it and nothing of qamtu."""

from __future__ import annotations

import json
import sys

import numpy as np
import pulp
from spopt.locate import LSCP, MCLP


def main() -> None:
    problem = np.load(sys.argv[1])
    offset, demand, weight = problem["offset"], problem["demand"], problem["weight"]
    sites = offset.size - 1
    far = np.ones((weight.size, sites))
    far[demand, np.repeat(np.arange(sites), np.diff(offset))] = 0.0
    count = int(problem["count"])
    if count < 0:
        model = LSCP.from_cost_matrix(far, 0.5)
    else:
        model = MCLP.from_cost_matrix(far, weight, 0.5, count)
    solver = pulp.PULP_CBC_CMD(msg=False, timeLimit=float(sys.argv[2]), threads=1)
    model.solve(solver, results=False)
    chosen = [j for j, v in enumerate(model.fac_vars) if (v.value() or 0.0) > 0.5]
    status = pulp.LpSolution[model.problem.sol_status]  # "status" says Optimal at a time limit too
    print(json.dumps({"chosen": chosen, "status": f"CBC: {status}"}))


if __name__ == "__main__":
    main()
