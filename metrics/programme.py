"""One small face for integer programmes solved by HiGHS: built once, solved again under other bounds."""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
import numpy.typing as npt
from scipy.sparse import csc_array

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Solution:
    """The values found, what they are worth, and the proven relative distance to the best there could be."""

    values: Floats
    objective: float
    gap: float


class Programme:
    """Minimise cost @ x with row_lower <= matrix @ x <= row_upper, lower <= x <= upper, some x whole.

    Whole variables come back as exact whole numbers. A bound of plus or minus infinity is none. ``interior``
    solves the relaxation by an interior point, several times faster on tens of thousands of rows.

    >>> sack = Programme(cost=[-6, -5, -4], matrix=[[4, 3, 2]], row_lower=[-np.inf], row_upper=[5],
    ...                  lower=[0, 0, 0], upper=[1, 1, 1], whole=[True] * 3)
    >>> sack.solve().values.tolist()
    [0.0, 1.0, 1.0]
    >>> sack.solve(row_lower=np.array([10.0])) is None
    True
    """

    def __init__(
        self,
        *,
        cost: npt.ArrayLike,
        matrix: npt.ArrayLike | csc_array,
        row_lower: npt.ArrayLike,
        row_upper: npt.ArrayLike,
        lower: npt.ArrayLike,
        upper: npt.ArrayLike,
        whole: npt.ArrayLike,
        gap: float = 0.0,
        seconds: float = 20.0,
        interior: bool = False,
    ) -> None:
        sparse = csc_array(matrix)
        self._whole = np.asarray(whole, dtype=bool)
        self._row_lower = np.asarray(row_lower, dtype=np.float64)
        self._row_upper = np.asarray(row_upper, dtype=np.float64)
        self._lower = np.asarray(lower, dtype=np.float64)
        self._upper = np.asarray(upper, dtype=np.float64)
        model = highspy.HighsLp()
        model.num_row_, model.num_col_ = sparse.shape
        model.col_cost_ = np.asarray(cost, dtype=np.float64)
        model.row_lower_, model.row_upper_ = self._row_lower, self._row_upper
        model.col_lower_, model.col_upper_ = self._lower, self._upper
        model.a_matrix_.start_ = sparse.indptr
        model.a_matrix_.index_ = sparse.indices
        model.a_matrix_.value_ = sparse.data.astype(np.float64)
        kinds = highspy.HighsVarType
        model.integrality_ = [kinds.kInteger if one else kinds.kContinuous for one in self._whole]
        self._highs = highspy.Highs()
        # The feasibility jump costs several times more than the whole rest on programmes this small.
        for option, value in {
            "output_flag": False,
            "threads": 1,
            "random_seed": 0,
            "mip_heuristic_run_feasibility_jump": False,
            "mip_rel_gap": gap,
            "mip_abs_gap": 0.0 if gap == 0 else 1e-6,
            "time_limit": seconds,
            "mip_lp_solver": "ipx" if interior else "choose",
        }.items():
            self._highs.setOptionValue(option, value)
        self._highs.passModel(model)

    def solve(
        self,
        *,
        row_lower: Floats | None = None,
        row_upper: Floats | None = None,
        lower: Floats | None = None,
        upper: Floats | None = None,
        start: Floats | None = None,
    ) -> Solution | None:
        """Solve under the bounds given (the first ones where none are); None where nothing satisfies them.

        ``start`` is a solution known already, so that something better or as good is found in any time.
        Raises ``TimeoutError`` where the time ended before anything was found.
        """
        rows, columns = len(self._row_lower), len(self._lower)
        self._highs.changeRowsBounds(  # type: ignore[attr-defined]  # missing from its stubs
            rows,
            np.arange(rows, dtype=np.int32),
            self._row_lower if row_lower is None else row_lower,
            self._row_upper if row_upper is None else row_upper,
        )
        self._highs.changeColsBounds(
            columns,
            np.arange(columns, dtype=np.int32),
            self._lower if lower is None else lower,
            self._upper if upper is None else upper,
        )
        self._highs.clearSolver()  # so that equal optima are not chosen by what was solved before
        if start is not None:
            known = highspy.HighsSolution()
            known.col_value = list(start)
            self._highs.setSolution(known)
        self._highs.run()
        status = self._highs.getModelStatus()
        if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
            return None
        info = self._highs.getInfo()
        if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            raise TimeoutError("no solution within the time given")
        values = np.array(self._highs.getSolution().col_value)
        values[self._whole] = np.rint(values[self._whole])
        gap = info.mip_gap if self._whole.any() else 0.0
        return Solution(values=values, objective=info.objective_function_value, gap=max(0.0, gap))
