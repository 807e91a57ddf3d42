#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "results/claims/rating.h"
#include "results/claims/source_table.h"
#include "results/figures/memory_figure.h"
#include "results/model/bilingual.h"
#include "results/model/record.h"

// Builds the articles' table with measured words, once for each placement of a result. It copies all that it needs.

namespace ipcbench {

// Holds a figure of one transport in one column.
struct ComparedFigure {
  std::string case_id;             // id of the measured case; "" without a figure
  std::string transport;           // that of the case
  std::uint64_t size = 0;          // of its messages
  Figure figure;                   // ns, bytes/s, CPU-ns per round trip, bytes
  bool is_mean = false;            // latency: the mean replaces a median that is too short for the clock
  AtLeast at_least = AtLeast::no;  // memory: it is a lower bound
  std::optional<Interval> bounds;  // memory: bounds of the figure, which has no interval over launches
  bool carries_nothing = false;    // throughput: only notifications can be sent
  Figure notifications_per_s;      // if carries_nothing
  std::string limit;       // throughput: why larger messages were not sent, in the result's words; "" if they were
  BilingualString limits;  // limits of the host that changed what was measured: the figure has no word then
  BilingualString
      largest;  // if the case has its transport's largest message: which sizes were asked for, and what limits it
  bool is_at_largest = false;  // the figure is that case's
  std::optional<Word> word;
  bool crosses_edge = false;  // its interval has ends in different bands

  bool is_limited() const noexcept { return !limits.english.empty(); }
};

struct ComparedCell {
  ComparedFigure measured;
  std::optional<Word> source;
  Agreement agreement = Agreement::not_comparable;
};

// Describes a further row below a row of the table, rated by the same bands.
struct ComparedVariant {
  std::string transport;
  WaitName wait;
  std::vector<std::pair<std::string, std::string>> options;
  std::array<ComparedFigure, kCriteria.size()> figures;
};

struct ComparedRow {
  const SourceRow* source = nullptr;
  std::string transport;  // the transport that fills the row; "": none was measured
  std::array<ComparedCell, kCriteria.size()> cells;
  std::vector<ComparedVariant> variants;  // blocking ones first
};

struct ComparedColumn {
  std::optional<Bands> bands;  // none: no difference measurable; memory's are fixed
  std::optional<double> tau_b;
  std::size_t rows = 0;                   // rows with a measured word and an article's word
  std::size_t smallest = 0, largest = 0;  // indices of rows, among those with comparable figures
};

struct SourcesTable {
  PlacementName placement;
  std::array<int, 2> cpus{-1, -1};
  std::string state;              // canary state of its figures; "" if there are none
  std::vector<ComparedRow> rows;  // the eight
  std::array<ComparedColumn, kCriteria.size()> columns;
};

// Returns a table for each placement at which at least two of the rows were measured, in the order of the result.
// `result` must be summarised.
std::vector<SourcesTable> compare_with_sources(const Result& result);

// Holds a result with its sources' tables, which its tables, its charts and its page have in common.
struct ComparedResult {
  // NOLINTNEXTLINE(google-explicit-constructor,hicpp-explicit-conversions): whoever makes one thing needs none to share
  ComparedResult(const Result& one) : result(one), sources(compare_with_sources(one)) {}

  const Result& result;  // summarised; must outlive this
  std::vector<SourcesTable> sources;
};

}  // namespace ipcbench
