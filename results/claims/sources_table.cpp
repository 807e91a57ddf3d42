#include "results/claims/sources_table.h"

#include <algorithm>
#include <utility>

#include "results/compare/comparability.h"
#include "results/figures/capability.h"
#include "results/figures/summary.h"
#include "results/model/limits.h"
#include "results/rows/at_largest.h"

namespace ipcbench {
namespace {

constexpr std::uint64_t kTableSize = 64;  // bytes of a message in the table's round trips

using Options = std::vector<std::pair<std::string, std::string>>;

// The transport, wait and options that a row or variant is measured with.
struct Subject {
  std::string transport;
  WaitName wait;
  Options options;
  friend bool operator==(const Subject&, const Subject&) = default;
};

Subject subject_of(const CaseRecord& c) { return {c.transport, c.wait, c.options}; }

std::string why_not(const Result& result, const std::string& transport) {
  const TransportRecord* record = find_transport_record(result, transport);
  return record != nullptr && !record->available ? record->reason : "not measured";
}

// Selects the cases of one placement that stand in its table.
class Cases {
 public:
  Cases(const Result& result, PlacementName placement) : result_(result), placement_(std::move(placement)) {
    for (const CaseRecord& c : result.cases) {
      if (c.placement == placement_ && may_be_ranked(c)) cases_.push_back(&c);
    }
  }

  const std::vector<const CaseRecord*>& all() const noexcept { return cases_; }

  ComparedFigure figure_of(Criterion criterion, const Subject& subject) const {
    return criterion == Criterion::throughput ? throughput_of(subject) : round_trip_of(criterion, subject);
  }

  bool has(const Subject& subject) const {
    return std::ranges::any_of(cases_, [&](const CaseRecord* c) { return is_measured(*c, subject); });
  }

 private:
  static bool is_measured(const CaseRecord& c, const Subject& subject) {
    return c.status == Status::ok && (c.scenario == Scenario::ping_pong || c.scenario == Scenario::streaming) &&
           subject_of(c) == subject;
  }

  ComparedFigure round_trip_of(Criterion criterion, const Subject& subject) const {
    const std::uint64_t size = table_size_of(subject.transport);
    ComparedFigure found{.transport = subject.transport};
    found.figure.reason = why_not(result_, subject.transport);
    for (const CaseRecord* c : cases_) {
      if (c->scenario != Scenario::ping_pong || !is_for_size(*c, size) || subject_of(*c) != subject) continue;
      if (c->status != Status::ok) {
        found.figure.reason = c->reason;
        continue;
      }
      if (criterion == Criterion::memory) {
        const MemoryFigure memory = memory_figure(result_, *c);
        found.figure = *memory.figure;
        found.at_least = memory.at_least;
        found.bounds = memory.bounds;
        found.limits = memory_limits_of(*c);
      } else {
        found.figure = criterion == Criterion::latency ? headline_rtt(c->summary) : c->summary.cpu_ns_per_op;
        found.limits = launch_limits_of(*c);
      }
      found.is_mean = criterion == Criterion::latency && c->summary.p50_from_mean;
      found.size = c->size;
      found.is_at_largest = c->size != size;
      if (found.is_at_largest) found.largest = at_largest_text(*c);
      if (found.figure.median) found.case_id = c->id;
    }
    return found;
  }

  ComparedFigure throughput_of(const Subject& subject) const {
    ComparedFigure best{.transport = subject.transport};
    best.figure.reason = why_not(result_, subject.transport);
    const CaseRecord* refused = nullptr;  // the smallest size that was skipped
    for (const CaseRecord* c : cases_) {
      if (c->scenario != Scenario::streaming || subject_of(*c) != subject) continue;
      if (c->status != Status::ok) {
        if (c->status == Status::skipped && (refused == nullptr || c->size < refused->size)) refused = c;
        if (best.case_id.empty()) best.figure.reason = c->reason;
        continue;
      }
      // If one size was changed by a limit, the best of all sizes may be another one without it.
      if (is_limited(*c)) best.limits = launch_limits_of(*c);
      const Figure& figure = c->summary.bytes_per_s;
      if (c->at_largest) best.largest = at_largest_text(*c);
      if (!carries_payload(*c)) {
        best.carries_nothing = true;
        best.notifications_per_s = c->summary.notifications_per_s;
        best.figure = figure;
      } else if (figure.median && (!best.figure.median || *figure.median > *best.figure.median)) {
        best.figure = figure;
        best.case_id = c->id;
        best.size = c->size;
        best.is_at_largest = !has_asked_size(*c);
      }
    }
    if (refused != nullptr && best.figure.median && refused->size > best.size) best.limit = refused->reason;
    return best;
  }

  // Returns the table's message size, or the only size that the transport has.
  std::uint64_t table_size_of(const std::string& transport) const {
    const TransportRecord* record = find_transport_record(result_, transport);
    if (record == nullptr) return kTableSize;
    const auto least = capability_number(*record, "min_message");
    const auto most = capability_number(*record, "max_message");
    return least && least == most && *least >= 0 ? static_cast<std::uint64_t>(*least) : kTableSize;
  }

  const Result& result_;
  PlacementName placement_;
  std::vector<const CaseRecord*> cases_;
};

Subject plain(std::string_view transport) { return {std::string(transport), WaitStrategy::block, {}}; }

// Returns the first transport that was measured, else the first.
Subject filler_of(const Cases& cases, std::span<const std::string_view> transports) {
  const auto found = std::ranges::find_if(transports, [&](std::string_view name) { return cases.has(plain(name)); });
  return plain(found == transports.end() ? transports.front() : *found);
}

std::vector<ComparedVariant> variants_of(const Result& result, const Cases& cases, const SourceRow& row,
                                         const Subject& filler) {
  std::vector<Subject> subjects;
  for (const CaseRecord* c : cases.all()) {
    if (c->status != Status::ok || (c->scenario != Scenario::ping_pong && c->scenario != Scenario::streaming)) continue;
    const TransportRecord* record = find_transport_record(result, c->transport);
    if (record == nullptr || record->row != row.row) continue;
    const Subject subject = subject_of(*c);
    if (subject == filler || std::ranges::find(subjects, subject) != subjects.end()) continue;
    subjects.push_back(subject);
  }
  std::stable_partition(subjects.begin(), subjects.end(),
                        [](const Subject& subject) { return subject.wait == WaitStrategy::block; });
  std::vector<ComparedVariant> variants;
  for (const Subject& subject : subjects) {
    ComparedVariant variant{subject.transport, subject.wait, subject.options, {}};
    for (const Criterion criterion : kCriteria) {
      variant.figures[static_cast<std::size_t>(criterion)] = cases.figure_of(criterion, subject);
    }
    variants.push_back(std::move(variant));
  }
  return variants;
}

ComparedRow row_of(const Result& result, const Cases& cases, const SourceRow& source) {
  ComparedRow row{.source = &source};
  const Subject filler = filler_of(cases, source.transports);
  if (cases.has(filler)) row.transport = filler.transport;
  for (const Criterion criterion : kCriteria) {
    const bool another = criterion == Criterion::throughput && !source.streams.empty();
    ComparedCell& cell = row.cells[static_cast<std::size_t>(criterion)];
    cell.measured = cases.figure_of(criterion, another ? filler_of(cases, source.streams) : filler);
    cell.source = source.words[static_cast<std::size_t>(criterion)];
  }
  row.variants = variants_of(result, cases, source, filler);
  return row;
}

// Returns the interval that a figure is compared by. None: it can't be compared.
const std::optional<Interval>& interval_of(const ComparedFigure& figure) noexcept {
  return figure.bounds ? figure.bounds : figure.figure.ci95;
}

void rate(ComparedFigure& figure, const std::optional<Bands>& bands) {
  if (!bands || !figure.figure.median || figure.at_least == AtLeast::kernel_objects || figure.is_limited()) return;
  const std::optional<Interval>& interval = interval_of(figure);
  const Word word = bands->word_of(*figure.figure.median);
  // A lower bound has a word only if every larger value has the same one.
  if (figure.at_least != AtLeast::no && (!interval || bands->word_of(interval->low) != bands->last_word())) return;
  figure.word = word;
  figure.crosses_edge = interval && bands->crosses_edge(*interval);
}

void rate_column(SourcesTable& table, Criterion criterion) {
  const auto at = static_cast<std::size_t>(criterion);
  ComparedColumn& column = table.columns[at];
  std::vector<double> values;
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const ComparedFigure& measured = table.rows[i].cells[at].measured;
    const std::optional<double> value = measured.figure.median;
    if (!value || measured.at_least == AtLeast::kernel_objects || measured.is_limited()) continue;
    values.push_back(*value);
    const auto figure_of = [&](std::size_t n) { return *table.rows[n].cells[at].measured.figure.median; };
    if (values.size() == 1 || *value < figure_of(column.smallest)) column.smallest = i;
    if (values.size() == 1 || *value > figure_of(column.largest)) column.largest = i;
  }
  column.bands = criterion == Criterion::memory ? memory_bands() : Bands::over(values, word_count(criterion));
  std::vector<RankedWord> ranked;
  for (ComparedRow& row : table.rows) {
    ComparedCell& cell = row.cells[at];
    rate(cell.measured, column.bands);
    cell.agreement = agreement(cell.measured.word, cell.source);
    for (ComparedVariant& variant : row.variants) rate(variant.figures[at], column.bands);
    const std::optional<Interval>& interval = interval_of(cell.measured);
    if (cell.measured.word && cell.source && interval) {
      ranked.push_back({*cell.source, *cell.measured.figure.median, interval});
    }
  }
  column.rows = ranked.size();
  column.tau_b = kendall_tau_b(ranked);
}

}  // namespace

std::vector<SourcesTable> compare_with_sources(const Result& result) {
  std::vector<SourcesTable> tables;
  for (const CaseRecord& c : result.cases) {
    // Cases of the scenario setup don't belong in the table.
    if (c.status != Status::ok || (c.scenario != Scenario::ping_pong && c.scenario != Scenario::streaming)) continue;
    if (std::ranges::find(tables, c.placement, &SourcesTable::placement) != tables.end()) continue;
    tables.push_back({.placement = c.placement, .cpus = c.cpus, .state = c.summary.state_used});
  }
  for (SourcesTable& table : tables) {
    const Cases cases(result, table.placement);
    for (const SourceRow& row : source_table()) table.rows.push_back(row_of(result, cases, row));
    for (const Criterion criterion : kCriteria) rate_column(table, criterion);
  }
  std::erase_if(tables, [](const SourcesTable& table) {
    return std::ranges::count_if(table.rows, [](const ComparedRow& row) { return !row.transport.empty(); }) < 2;
  });
  return tables;
}

}  // namespace ipcbench
