#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>

#include "results/figures/catalogue.h"
#include "results/figures/pass_values.h"
#include "results/model/record.h"

// A row of reference: figures are shown as multiples of its figures.

namespace ipcbench {

// How many times a reference's figure another figure is, with a 95 % interval.
struct Ratio {
  std::optional<double> median;  // none: too few launches
  std::optional<Interval> interval;
  std::size_t n = 0;    // pairs of launches; unpaired: launches of the side that has fewer
  bool paired = false;  // launches of one pass were compared with each other
};

// Compares pass by pass: the median of the ratios within a pass, and its exact order-statistic interval. Under
// kLeastForInterval common passes it is the ratio of the medians, with the interval of bootstrap_difference(); with
// fewer launches than that on one side there is no ratio. Values that aren't positive don't count.
Ratio ratio_of(std::span<const PassValue> values, std::span<const PassValue> reference);
// Of the used launches of two cases. None for a figure that doesn't come from timed launches.
Ratio ratio_of(const CaseRecord& c, const CaseRecord& reference, const FigureInfo& figure);

// The rows that a name stands for: a case's id is that very case; a transport has a row in each table.
class Reference {
 public:
  // Throws UsageError, with the nearest name, for what is neither the id of a measured case of `result` nor a transport
  // with one. `which` is what the message calls the result, which must outlive this.
  Reference(const Result& result, std::string name, std::string_view which = "this result");

  const std::string& name() const noexcept { return name_; }
  // The case named by its id; nullptr if a transport is named.
  const CaseRecord* only_case() const noexcept { return case_; }

  // The row that `c` is compared with, nullptr if there is none. A case stands beside those of its scenario that carry
  // payload as it does. Of a transport it is the case with its default options and with c's scenario, placement, size,
  // answers and wait, else with the transport's first wait.
  const CaseRecord* row_for(const CaseRecord& c) const;

 private:
  // Scenario, placement, size, answers and wait.
  using Key = std::tuple<std::string_view, std::string_view, std::uint64_t, std::string_view, std::string_view>;
  static Key key_of(const CaseRecord& c, std::string_view wait) noexcept;

  std::string name_;
  const CaseRecord* case_ = nullptr;
  std::map<Key, const CaseRecord*> rows_;  // of a transport
  std::string first_wait_ = "block";
};

}  // namespace ipcbench
