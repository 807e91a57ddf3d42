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

// Chooses reference rows: figures are shown as multiples of a reference's figures.

namespace ipcbench {

// Holds a figure divided by a reference's figure, with a 95 % interval.
struct Ratio {
  std::optional<double> median;  // none: too few launches
  std::optional<Interval> interval;
  std::size_t n = 0;    // pairs of launches; unpaired: launches of the smaller side
  bool paired = false;  // launches of the same pass were compared
};

// Returns the median of the ratios within a pass and its exact order-statistic interval. Below kLeastForInterval common
// passes it is the ratio of the medians, with the interval of bootstrap_difference(). With fewer launches than that on
// a side there is no ratio. Values that aren't positive are skipped.
Ratio ratio_of(std::span<const PassValue> values, std::span<const PassValue> reference);
// Compares the used launches of two cases. None for a figure that doesn't come from timed launches.
Ratio ratio_of(const CaseRecord& c, const CaseRecord& reference, const FigureInfo& figure);

// Finds the rows that a name stands for. A case's id stands for that case; a transport has a row in each table.
class Reference {
 public:
  // Throws UsageError, with the nearest name, unless `name` is the id of a measured case or a transport with one.
  // `which` is what the message calls `result`, which must outlive this.
  Reference(const Result& result, std::string name, std::string_view which = "this result");

  const std::string& name() const noexcept { return name_; }
  // Returns the case named by its id; nullptr if a transport is named.
  const CaseRecord* only_case() const noexcept { return case_; }

  // Returns the row that `c` is compared with, or nullptr. A named case is compared with cases of its scenario that
  // carry payload as it does. A transport's row has default options and c's scenario, placement, size, answer and wait,
  // or else the transport's first wait.
  const CaseRecord* row_for(const CaseRecord& c) const;

 private:
  // Scenario, placement, size, answer and wait.
  using Key = std::tuple<ScenarioName, PlacementName, std::uint64_t, std::string_view, WaitName>;
  static Key key_of(const CaseRecord& c, const WaitName& wait);

  std::string name_;
  const CaseRecord* case_ = nullptr;
  std::map<Key, const CaseRecord*> rows_;  // of a transport
  WaitName first_wait_ = WaitStrategy::block;
};

}  // namespace ipcbench
