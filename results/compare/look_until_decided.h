#pragma once

#include <concepts>
#include <ranges>
#include <utility>

namespace ipcbench {

// Decides something that goes on at a few numbers of values alone, fixed beforehand: calls `look(n)` for each of
// `looks` up to `reached`, ascending, until it returns true, which means decided. Values beyond that look are not more
// chances; each look has an equal part of the error (tail_of_look(), docs/method.md).
template <std::ranges::input_range Looks, std::integral N, std::predicate<std::ranges::range_value_t<Looks>> Look>
void look_until_decided(const Looks& looks, N reached, Look look) {
  for (const auto n : looks) {
    if (std::cmp_greater(n, reached) || look(n)) return;
  }
}

}  // namespace ipcbench
