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

// The sources' table, measured: one for each placement of a result. Everything in it is copied from the result.

namespace ipcbench {

// A figure of one transport in one column.
struct ComparedFigure {
  std::string case_id;             // what it was measured with; "" without a figure
  std::string transport;           // that of the case
  std::uint64_t size = 0;          // of its messages
  Figure figure;                   // ns, bytes/s, CPU-ns per round trip, bytes
  bool is_mean = false;            // latency: in place of a median for which the clock is too coarse
  AtLeast at_least = AtLeast::no;  // memory: it is a lower bound
  std::optional<Interval> bounds;  // memory: what it lies between, in place of an interval over launches
  bool carries_nothing = false;    // throughput: there are notifications alone
  Figure notifications_per_s;      // then
  std::string limit;               // throughput: why larger messages were not sent, as the result says; "" if they were
  Phrase limits;                   // of the host, that changed what it was measured with: then it has no word
  Phrase largest;                  // of the case at its largest, if there is one: what was asked, and what sets it
  bool is_at_largest = false;      // the figure is of that case
  std::optional<Word> word;
  bool crosses_edge = false;  // its interval has ends in different bands

  bool is_limited() const noexcept { return !limits.english.empty(); }
};

struct ComparedCell {
  ComparedFigure measured;
  std::optional<Word> source;
  Agreement agreement = Agreement::not_comparable;
};

// What stands below a row, with words on the bands of the rows.
struct ComparedVariant {
  std::string transport, wait;
  std::vector<std::pair<std::string, std::string>> options;
  std::array<ComparedFigure, kCriteria.size()> figures;
};

struct ComparedRow {
  const SourceRow* source = nullptr;
  std::string transport;  // that fills it; "": none was measured
  std::array<ComparedCell, kCriteria.size()> cells;
  std::vector<ComparedVariant> variants;  // those that block first
};

struct ComparedColumn {
  std::optional<Bands> bands;  // none: no difference measurable; memory's are fixed
  std::optional<double> tau_b;
  std::size_t rows = 0;                   // with a word of each kind
  std::size_t smallest = 0, largest = 0;  // rows, of those whose figures can be compared
};

struct Comparison {
  std::string placement;
  std::array<int, 2> cpus{-1, -1};
  std::string state;              // canary state of its figures; "" if there are none
  std::vector<ComparedRow> rows;  // the eight
  std::array<ComparedColumn, kCriteria.size()> columns;
};

// In the order in which the result has the placements. A placement at which fewer than two of the rows were measured
// has no table. The result is summarised.
std::vector<Comparison> compare_with_sources(const Result& result);

}  // namespace ipcbench
