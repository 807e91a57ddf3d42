#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "plots/tables/sources_table.h"

// Explains what the table's cells can't: a surprising word by the figures that it comes from.

namespace ipcbench {
namespace {

constexpr Bilingual kLegend = {
    "how to read: measured word, sign, the sources' word. = agrees, ≈ one step off, ≠ contradicts, · not comparable; "
    "* the interval crosses a band's edge; the figure is the median of launches [95 %]; every row blocks",
    "读法：实测用词、符号、来源用词。= 一致，≈ 差一级，≠ 矛盾，· 不可比；* 置信区间跨越分级边界；"
    "数值为各次启动的中位数 [95 %置信区间]；各行均为阻塞等待"};
constexpr Bilingual kContradiction = {"{} {}, {}: the sources say {}, which is {} here; measured {}, {}: {} ({})",
                                      "{} {}的{}：来源说“{}”（此处即{}），实测{}，为“{}”：{}（{}）"};
constexpr Bilingual kNearSmallest = {"×{} of the smallest, {}'s {}", "是最小值（{}的{}）的{}倍"};
constexpr Bilingual kNearLargest = {"×{} of the largest, {}'s {}", "是最大值（{}的{}）的{}倍"};
constexpr Bilingual kBands = {"bands of {}, from {}'s to {}'s figure, ×{}: {}", "{}的分级（{}至{}，{}倍）：{}"};
constexpr Bilingual kNextBand = {"; ", "；"};
constexpr Bilingual kBand = {"{} to {}", "{}至{}"};
constexpr Bilingual kFixedBands = {"bands of {}, the same for every result: {}", "{}的分级（所有结果相同）：{}"};
constexpr Bilingual kFirstBand = {"under {}", "{}以下"};
constexpr Bilingual kLastBand = {"from {} on", "{}以上"};
constexpr Bilingual kUnseen = {
    "at least: part of what it holds lies in kernel objects, which only a memory control group shows; so no word",
    "仅为下限：其占用的一部分在内核对象中，只有内存控制组才能看到；因此不给用词"};
constexpr Bilingual kUnknownAbove = {"at least: it would take more; so no word",
                                     "仅为下限：还能容纳更多；因此不给用词"};
constexpr Bilingual kNoDifferenceOf = {
    "{}: no difference measurable, the largest of the rows is under twice the smallest",
    "{}：测不出差别，各行的最大值不到最小值的两倍"};
constexpr Bilingual kNotComparable = {"· {}, {}: {}", "· {}的{}：{}"};
constexpr Bilingual kNoFigure = {"no figure: {}", "没有数值：{}"};
constexpr Bilingual kCarriesNothing = {
    "it carries nothing but notifications, and the sources have no word for it either",
    "只传递通知，不携带数据；来源也写N/A"};
constexpr Bilingual kLimited = {"‡ {}, {}: no word and no verdict: {}", "‡ {}的{}：不给用词也不作判断：{}"};
constexpr Bilingual kNextColumn = {", ", "、"};
constexpr Bilingual kStandIn = {"† {}, {}: measured with {}, {} a message", "† {}的{}：用{}测量，每条消息{}"};
constexpr Bilingual kLimit = {"{}, {}: larger messages than {} were not sent: {}", "{}的{}：没有发送大于{}的消息：{}"};
constexpr Bilingual kLargest = {"§ {}, {}: {}", "§ {}的{}：{}"};
constexpr Bilingual kLargestOfVariants = {
    "§ of a variant: it is measured with its largest message; the table of what was measured at its largest says why",
    "§ 变体：以其最大消息测量；原因见“以上限测量”一表"};
constexpr Bilingual kNotMeasured = {"not measured here: {}", "此处未测量：{}"};
constexpr Bilingual kTau = {
    "τ-b: Kendall's rank correlation of the measured order with the sources': 1 the same order, 0 unrelated, -1 the "
    "opposite; figures whose intervals overlap are tied",
    "τ-b：实测次序与来源次序的Kendall等级相关：1表示次序相同，0表示无关，-1表示相反；置信区间重叠者视为并列"};
constexpr Bilingual kMemory = {
    "memory: of one channel, both directions, when it is full (idle if it carries nothing); it is a slope, with "
    "that slope's error",
    "内存：一条通道（双向）装满时所占（不携带数据者为空闲时）；数值为斜率，带有该斜率的误差"};
constexpr Bilingual kState = {"launches in canary state {} only", "只用处于{}状态的启动"};

class Notes {
 public:
  Notes(const SourcesTable& sources, Language language) : sources_(sources), language_(language) {}

  SourcesNotes take() {
    SourcesNotes notes{.legend = std::string(name(kLegend)), .contradictions = {}, .others = {}};
    for (const ComparedRow& row : sources_.rows) {
      for (const Criterion criterion : kCriteria) add_contradiction(row, criterion);
    }
    notes.contradictions = std::exchange(notes_, {});
    for (const Criterion criterion : kCriteria) add_bands(criterion);
    for (const ComparedRow& row : sources_.rows) {
      for (const Criterion criterion : kCriteria) add_what_is_missing(row, criterion);
      add_limits(row);
    }
    add_largest_of_variants();
    add_not_measured();
    add(kMemory);
    add(kTau);
    if (!sources_.state.empty()) add(kState, sources_.state);
    notes.others = std::move(notes_);
    return notes;
  }

 private:
  template <class... Values>
  void add(const Bilingual& text, const Values&... values) {
    notes_.push_back(format_in(language_, text, values...));
  }

  std::string_view name(const Bilingual& text) const { return in(language_, text); }
  const ComparedColumn& column_of(Criterion criterion) const {
    return sources_.columns[static_cast<std::size_t>(criterion)];
  }
  const ComparedFigure& figure_of(const ComparedRow& row, Criterion criterion) const {
    return row.cells[static_cast<std::size_t>(criterion)].measured;
  }

  void add_contradiction(const ComparedRow& row, Criterion criterion) {
    const ComparedCell& cell = row.cells[static_cast<std::size_t>(criterion)];
    if (cell.agreement != Agreement::contradicts) return;
    const Bands& bands = *column_of(criterion).bands;
    const auto said = static_cast<std::size_t>(*cell.source);
    const Unit unit = unit_of(criterion);
    add(kContradiction, sign_of(cell.agreement), name(row.source->name), name(bilingual_name(criterion)),
        name(bilingual_name(*cell.source)), band_text(bands, said, unit),
        figure_text(criterion, cell.measured, language_), name(bilingual_name(*cell.measured.word)),
        relation_of(cell, criterion), cell.measured.case_id);
  }

  // Relates a figure to the row at the column's end that it lies nearer to than the articles have it.
  std::string relation_of(const ComparedCell& cell, Criterion criterion) const {
    const ComparedColumn& column = column_of(criterion);
    const bool is_lower = *cell.measured.word < *cell.source;
    const ComparedRow& end = sources_.rows[is_lower ? column.smallest : column.largest];
    const ComparedFigure& figure = figure_of(end, criterion);
    const std::string ratio = human(Unit::number, *cell.measured.figure.median / *figure.figure.median);
    const std::string value = short_figure_text(criterion, figure, language_);
    const Bilingual& text = is_lower ? kNearSmallest : kNearLargest;
    if (language_ == Language::chinese) return format_in(language_, text, name(end.source->name), value, ratio);
    return format_in(language_, text, ratio, name(end.source->name), value);
  }

  std::string band_text(const Bands& bands, std::size_t n, Unit unit) const {
    const std::string begin = human(unit, bands.edge(n));
    const std::string end = human(unit, bands.edge(n + 1));
    if (bands.are_fixed() && n == 0) return format_in(language_, kFirstBand, end);
    if (bands.are_fixed() && n + 1 == bands.words()) return format_in(language_, kLastBand, begin);
    return format_in(language_, kBand, begin, end);
  }

  void add_bands(Criterion criterion) {
    const ComparedColumn& column = column_of(criterion);
    const bool any = std::ranges::any_of(
        sources_.rows, [&](const ComparedRow& row) { return figure_of(row, criterion).figure.median.has_value(); });
    if (!any) return;
    if (!column.bands) return add(kNoDifferenceOf, name(bilingual_name(criterion)));
    std::string text;
    const Unit unit = unit_of(criterion);
    for (std::size_t n = 0; n < column.bands->words(); ++n) {
      if (n > 0) text += name(kNextBand);
      text += fmt::format("{} {}", name(bilingual_name(static_cast<Word>(n))), band_text(*column.bands, n, unit));
    }
    if (column.bands->are_fixed()) return add(kFixedBands, name(bilingual_name(criterion)), text);
    add(kBands, name(bilingual_name(criterion)), name(sources_.rows[column.smallest].source->name),
        name(sources_.rows[column.largest].source->name),
        human(Unit::number, column.bands->edge(column.bands->words()) / column.bands->edge(0)), text);
  }

  void add_what_is_missing(const ComparedRow& row, Criterion criterion) {
    if (row.transport.empty()) return;
    const ComparedFigure& figure = figure_of(row, criterion);
    const std::string_view mechanism = name(row.source->name);
    const std::string_view column = name(bilingual_name(criterion));
    const std::string size = human(Unit::bytes, static_cast<double>(figure.size));
    if (figure.carries_nothing) return add(kNotComparable, mechanism, column, name(kCarriesNothing));
    if (!figure.figure.median) {
      return add(kNotComparable, mechanism, column, format_in(language_, kNoFigure, figure.figure.reason));
    }
    if (figure.at_least == AtLeast::kernel_objects) add(kNotComparable, mechanism, column, name(kUnseen));
    if (figure.at_least == AtLeast::capped && !figure.word) {
      add(kNotComparable, mechanism, column, name(kUnknownAbove));
    }
    if (figure.transport != row.transport) add(kStandIn, mechanism, column, figure.transport, size);
    if (!figure.limit.empty()) add(kLimit, mechanism, column, size, figure.limit);
    if (const std::string& largest = in(language_, figure.largest); !largest.empty()) {
      add(kLargest, mechanism, column, largest);
    }
  }

  void add_largest_of_variants() {
    const auto is_at_largest = [](const ComparedFigure& figure) {
      return figure.is_at_largest && figure.figure.median;
    };
    const bool any = std::ranges::any_of(sources_.rows, [&](const ComparedRow& row) {
      return std::ranges::any_of(row.variants, [&](const ComparedVariant& variant) {
        return std::ranges::any_of(variant.figures, is_at_largest);
      });
    });
    if (any) add(kLargestOfVariants);
  }

  // Adds one note for all columns that the same limits changed.
  void add_limits(const ComparedRow& row) {
    std::vector<std::pair<std::string, std::string>> columns_by_limits;
    for (const Criterion criterion : kCriteria) {
      const ComparedFigure& figure = figure_of(row, criterion);
      if (!figure.is_limited() || !figure.figure.median) continue;
      const std::string& limits = in(language_, figure.limits);
      const auto known = std::ranges::find(columns_by_limits, limits, &std::pair<std::string, std::string>::first);
      if (known == columns_by_limits.end()) {
        columns_by_limits.emplace_back(limits, name(bilingual_name(criterion)));
      } else {
        known->second += fmt::format("{}{}", name(kNextColumn), name(bilingual_name(criterion)));
      }
    }
    for (const auto& [limits, columns] : columns_by_limits) add(kLimited, name(row.source->name), columns, limits);
  }

  void add_not_measured() {
    std::string missing;
    for (const ComparedRow& row : sources_.rows) {
      if (!row.transport.empty()) continue;
      const std::string& reason = figure_of(row, Criterion::latency).figure.reason;
      missing += fmt::format("{}{} ({})", missing.empty() ? "" : "; ", name(row.source->name), reason);
    }
    if (!missing.empty()) add(kNotMeasured, missing);
  }

  const SourcesTable& sources_;
  Language language_;
  std::vector<std::string> notes_;
};

}  // namespace

std::vector<std::string> SourcesNotes::all() const {
  std::vector<std::string> notes = {legend};
  notes.insert(notes.end(), contradictions.begin(), contradictions.end());
  notes.insert(notes.end(), others.begin(), others.end());
  return notes;
}

SourcesNotes sources_notes(const SourcesTable& sources, Language language) { return Notes(sources, language).take(); }

}  // namespace ipcbench
