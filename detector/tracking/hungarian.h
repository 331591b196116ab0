// Optimal assignment of rows to columns.
#pragma once

#include <cstddef>
#include <vector>

namespace dualsight {

// The column of each row, or -1. `costs` is row-major, rows x columns. A row and a column whose cost is above `limit`
// (finite), or NaN, are never paired. The result minimises the sum of the pairs' costs where every row left alone costs
// `limit`; so with a limit far above all costs as many rows as possible are paired, and with a lower one a pair is only
// made if it lowers the sum.
//
// Shortest augmenting paths (Jonker and Volgenant 1987, "A shortest augmenting path algorithm for dense and sparse
// linear assignment problems", in Crouse's rectangular form, 2016), O(rows^2 * columns) at worst. Deterministic. Throws
// std::invalid_argument if costs has another size or the limit is not finite. Any thread.
std::vector<int> assign(const std::vector<double>& costs, std::size_t rows, std::size_t columns, double limit);

}  // namespace dualsight
