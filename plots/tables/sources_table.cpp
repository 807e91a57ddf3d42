#include "plots/tables/sources_table.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "harness/base/usage_error.h"
#include "plots/table/cells.h"
#include "plots/tables/figure_cells.h"
#include "results/model/limits.h"

namespace ipcbench {
namespace {

constexpr std::array<Bilingual, kCriteria.size()> kColumnTitles = {
    {{"latency, RTT of 64 B", "延迟，64 B往返"},
     {"throughput, at its best size", "吞吐量，最佳消息大小"},
     {"CPU overhead, per RTT", "CPU开销，每次往返"},
     {"memory overhead", "内存开销，每条通道"}}};
constexpr std::array<std::string_view, kCriteria.size()> kValueKeys = {"latency_ns", "throughput_bytes_per_s",
                                                                       "cpu_ns_per_rtt", "memory_bytes"};

constexpr Bilingual kTransport = {"transport", "传输方式"};
constexpr Bilingual kWait = {"wait", "等待方式"};
constexpr Bilingual kNoDifference = {"no difference", "无差别"};
constexpr Bilingual kAtSize = {"{} at {}", "{} @ {}"};
constexpr std::string_view kAtLargest = " §";
constexpr Bilingual kLargestOf = {"§ {}: {}", "§ {}：{}"};
constexpr Bilingual kMean = {"{} (mean)", "{}（均值）"};
constexpr Bilingual kNotifications = {"notifies {}", "通知{}"};
constexpr Bilingual kTitle = {"The sources' table, measured: {}", "来源文章的性能比较表（实测）：{}"};
constexpr Bilingual kVariantsTitle = {"Every variant, on the bands of the sources' eight rows: {}",
                                      "各种变体（按八行的分级）：{}"};
constexpr Bilingual kOneCpu = {"{}, both processes take turns on CPU {}", "{}，两个进程轮流使用CPU {}"};
constexpr Bilingual kTwoCpus = {"{}, the processes on CPUs {} and {}", "{}，两个进程分别在CPU {}和CPU {}上"};

std::string with_mark(std::string text, const ComparedFigure& figure) {
  return figure.is_limited() ? fmt::format("{} {}", text, kLimitMark) : text;
}

// Returns "very low ≠ medium", and below it the figure.
Cell compared_cell(const SourcesTable& sources, const ComparedRow& row, Criterion criterion, Language language) {
  const auto at = static_cast<std::size_t>(criterion);
  const ComparedCell& compared = row.cells[at];
  Cell result = cell(compared.measured.figure);
  result.shown = fmt::format("{} {} {}", word_text(sources.columns[at], compared.measured, language),
                             sign_of(compared.agreement), source_text(compared.source, language));
  result.below = {row_figure_text(row, criterion, language)};
  return result;
}

// Adds the columns that only data formats have.
void add_data_columns(std::vector<Column>& columns, Criterion criterion) {
  for (const char* part : {"word", "source_word", "agreement", "crosses_edge", "at_least", "case", "limit"}) {
    const std::string key = fmt::format("{}_{}", to_string(criterion), part);
    columns.push_back({.key = key, .title = key, .audience = Audience::data});
  }
  const std::string tau = fmt::format("{}_tau_b", to_string(criterion));
  columns.push_back({.key = tau, .title = tau, .unit = Unit::number, .audience = Audience::data});
}

std::string to_string(const std::optional<Word>& word) { return word ? std::string(to_string(*word)) : ""; }

Cell yes_or_no(bool yes) { return cell(std::string(yes ? "yes" : "no")); }

void add_data_cells(std::vector<Cell>& row, const ComparedCell& compared) {
  const ComparedFigure& measured = compared.measured;
  row.insert(row.end(), {cell(to_string(measured.word)), cell(to_string(compared.source)),
                         cell(std::string(to_string(compared.agreement))), yes_or_no(measured.crosses_edge),
                         yes_or_no(measured.at_least != AtLeast::no), cell(measured.case_id),
                         cell(measured.limits.english), Cell{}});
}

// Adds the size, and a mark if the case has its transport's largest message.
std::string at_size(const std::string& text, const ComparedFigure& figure, Language language) {
  if (!figure.is_at_largest)
    return format_in(language, kAtSize, text, human(Unit::bytes, static_cast<double>(figure.size)));
  return format_in(language, kAtSize, text, format_size(figure.size)) + std::string(kAtLargest);
}

std::vector<Cell> tau_row(const SourcesTable& sources) {
  std::vector<Cell> row = {cell(std::string(kCorrelation)), Cell{}};
  for (const Criterion criterion : kCriteria) {
    const ComparedColumn& column = sources.columns[static_cast<std::size_t>(criterion)];
    Cell shown;
    shown.shown = correlation_text(column);
    shown.below = {agreements_text(sources, criterion)};
    row.push_back(std::move(shown));
    row.insert(row.end(), 7, Cell{});
    row.push_back(cell(column.tau_b));
  }
  return row;
}

Table sources_table(const SourcesTable& sources, Language language) {
  Table table{.id = fmt::format("comparison/{}", to_string(sources.placement)),
              .title = sources_title(sources, language),
              .columns = {{.key = "mechanism", .title = std::string(in(language, kMechanism))},
                          {.key = "transport", .title = "transport", .audience = Audience::data}},
              .parts = {TablePart{}},
              .notes = sources_notes(sources, language).all()};
  for (const Criterion criterion : kCriteria) {
    const auto at = static_cast<std::size_t>(criterion);
    table.columns.push_back({.key = std::string(kValueKeys[at]),
                             .title = std::string(column_title(criterion, language)),
                             .unit = unit_of(criterion),
                             .has_interval = true,
                             .left = true});
    add_data_columns(table.columns, criterion);
  }
  for (const ComparedRow& row : sources.rows) {
    Cell name = cell(std::string(in(language, row.source->name)));
    if (!row.transport.empty()) name.below = {row.transport};
    std::vector<Cell> cells = {std::move(name), cell(row.transport)};
    for (const Criterion criterion : kCriteria) {
      cells.push_back(compared_cell(sources, row, criterion, language));
      add_data_cells(cells, row.cells[static_cast<std::size_t>(criterion)]);
    }
    table.parts[0].rows.push_back(std::move(cells));
  }
  table.parts[0].rows.push_back(tau_row(sources));
  return table;
}

// Returns, for example, "5.14 µs very low".
Cell variant_cell(const ComparedColumn& column, Criterion criterion, const ComparedFigure& figure, Language language) {
  Cell result = cell(figure.figure);
  result.shown = short_figure_text(criterion, figure, language);
  if (figure.word) result.shown += fmt::format(" {}", word_text(column, figure, language));
  if (figure.is_at_largest && figure.figure.median) result.shown += kAtLargest;
  return result;
}

std::vector<Cell> variant_row(const SourcesTable& sources, const ComparedVariant& variant, Language language) {
  std::vector<Cell> row = {cell(variant_label(variant)), cell(variant.wait)};
  for (const Criterion criterion : kCriteria) {
    const auto at = static_cast<std::size_t>(criterion);
    const ComparedFigure& figure = variant.figures[at];
    row.push_back(variant_cell(sources.columns[at], criterion, figure, language));
    row.insert(row.end(), {cell(to_string(figure.word)), yes_or_no(figure.at_least != AtLeast::no),
                           cell(figure.case_id), cell(figure.limits.english)});
  }
  return row;
}

Table variant_table(const SourcesTable& sources, Language language) {
  Table table{.id = fmt::format("comparison-variants/{}", to_string(sources.placement)),
              .title = format_in(language, kVariantsTitle, place_text(sources, language)),
              .columns = {{.key = "transport", .title = std::string(in(language, kTransport))},
                          {.key = "wait", .title = std::string(in(language, kWait))}},
              .parts = {},
              .notes = {}};
  for (const Criterion criterion : kCriteria) {
    const auto at = static_cast<std::size_t>(criterion);
    table.columns.push_back({.key = std::string(kValueKeys[at]),
                             .title = std::string(in(language, bilingual_name(criterion))),
                             .unit = unit_of(criterion),
                             .has_interval = true,
                             .left = true});
    for (const char* part : {"word", "at_least", "case", "limit"}) {
      const std::string key = fmt::format("{}_{}", to_string(criterion), part);
      table.columns.push_back({.key = key, .title = key, .audience = Audience::data});
    }
  }
  for (const ComparedRow& row : sources.rows) {
    if (row.transport.empty()) continue;
    TablePart part{std::string(in(language, row.source->name)), {}};
    ComparedVariant itself{row.transport, WaitStrategy::block, {}, {}};
    for (std::size_t i = 0; i < kCriteria.size(); ++i) {
      // A figure measured with another mechanism belongs to that mechanism's line.
      if (row.cells[i].measured.transport == row.transport) itself.figures[i] = row.cells[i].measured;
    }
    part.rows.push_back(variant_row(sources, itself, language));
    for (const ComparedVariant& variant : row.variants) {
      part.rows.push_back(variant_row(sources, variant, language));
      for (const ComparedFigure& figure : variant.figures) {
        if (!figure.is_at_largest || !figure.figure.median) continue;
        std::string note = format_in(language, kLargestOf, variant_label(variant), in(language, figure.largest));
        if (std::ranges::find(table.notes, note) == table.notes.end()) table.notes.push_back(std::move(note));
      }
    }
    table.parts.push_back(std::move(part));
  }
  return table;
}

std::vector<Table> tables_of(std::span<const SourcesTable> all_sources, Language language,
                             Table (*build)(const SourcesTable&, Language)) {
  std::vector<Table> tables;
  for (const SourcesTable& sources : all_sources) tables.push_back(build(sources, language));
  return tables;
}

}  // namespace

Unit unit_of(Criterion criterion) noexcept {
  switch (criterion) {
    case Criterion::throughput:
      return Unit::bytes_per_s;
    case Criterion::memory:
      return Unit::bytes;
    default:
      return Unit::ns;
  }
}

std::string_view sign_of(Agreement agreement) noexcept {
  constexpr std::array<std::string_view, 4> kSigns = {"=", "≈", "≠", "·"};
  return kSigns[static_cast<std::size_t>(agreement)];
}

std::string_view to_string(Agreement agreement) noexcept {
  constexpr std::array<std::string_view, 4> kKeys = {"agrees", "one step off", "contradicts", "not comparable"};
  return kKeys[static_cast<std::size_t>(agreement)];
}

std::string place_text(const SourcesTable& sources, Language language) {
  const auto [first, second] = sources.cpus;
  const std::string_view placement = to_string(sources.placement);
  if (first < 0) return std::string(placement);
  if (first == second) return format_in(language, kOneCpu, placement, first);
  return format_in(language, kTwoCpus, placement, first, second);
}

std::string sources_title(const SourcesTable& sources, Language language) {
  return format_in(language, kTitle, place_text(sources, language));
}

std::string_view column_title(Criterion criterion, Language language) {
  return in(language, kColumnTitles[static_cast<std::size_t>(criterion)]);
}

std::string word_text(const ComparedColumn& column, const ComparedFigure& figure, Language language) {
  if (figure.carries_nothing) return "N/A";
  if (!figure.figure.median) return std::string(kNothing);
  if (!column.bands) return std::string(in(language, kNoDifference));
  if (!figure.word) return std::string(kNothing);
  std::string text(in(language, bilingual_name(*figure.word)));
  return figure.crosses_edge ? text + "*" : text;
}

std::string source_text(std::optional<Word> word, Language language) {
  return word ? std::string(in(language, bilingual_name(*word))) : "N/A";
}

std::string row_figure_text(const ComparedRow& row, Criterion criterion, Language language) {
  const ComparedFigure& measured = row.cells[static_cast<std::size_t>(criterion)].measured;
  const bool is_anothers = !row.transport.empty() && measured.transport != row.transport && measured.figure.median;
  return figure_text(criterion, measured, language) + (is_anothers ? " †" : "");
}

std::string variant_label(const ComparedVariant& variant) {
  std::string label = variant.transport;
  for (const auto& [name, value] : variant.options) label += fmt::format(" {}={}", name, value);
  return label;
}

std::string correlation_text(const ComparedColumn& column) {
  return column.tau_b ? fmt::format("τ-b {:.2f}", *column.tau_b) : std::string(kNothing);
}

std::string agreements_text(const SourcesTable& sources, Criterion criterion) {
  std::string counts;
  for (const Agreement agreement : kAgreements) {
    const auto count = std::ranges::count_if(sources.rows, [&](const ComparedRow& row) {
      return row.cells[static_cast<std::size_t>(criterion)].agreement == agreement;
    });
    if (count > 0) counts += fmt::format("{}{} {}", counts.empty() ? "" : "  ", sign_of(agreement), count);
  }
  return counts;
}

std::string short_figure_text(Criterion criterion, const ComparedFigure& figure, Language language) {
  if (figure.carries_nothing) {
    const std::optional<double> rate = figure.notifications_per_s.median;
    return rate ? format_in(language, kNotifications, human(Unit::per_s, *rate)) : std::string(kNothing);
  }
  if (!figure.figure.median) return std::string(kNothing);
  std::string text = bounded_text(unit_of(criterion), *figure.figure.median, figure.at_least);
  if (figure.is_mean) text = format_in(language, kMean, text);
  return with_mark(std::move(text), figure);
}

std::string figure_text(Criterion criterion, const ComparedFigure& figure, Language language) {
  if (!figure.figure.median || !figure.figure.ci95) {
    std::string text = short_figure_text(criterion, figure, language);
    if ((criterion != Criterion::throughput && !figure.is_at_largest) || !figure.figure.median) return text;
    return at_size(text, figure, language);
  }
  std::string text = human(unit_of(criterion), *figure.figure.median, *figure.figure.ci95);
  if (figure.is_mean) text = format_in(language, kMean, text);
  text = with_mark(std::move(text), figure);
  if (criterion != Criterion::throughput && !figure.is_at_largest) return text;
  return at_size(text, figure, language);
}

std::vector<Table> sources_tables(std::span<const SourcesTable> all_sources, Language language) {
  return tables_of(all_sources, language, sources_table);
}

std::vector<Table> sources_variant_tables(std::span<const SourcesTable> all_sources, Language language) {
  return tables_of(all_sources, language, variant_table);
}

}  // namespace ipcbench
