#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "plots/table/language.h"
#include "plots/table/table.h"
#include "results/claims/sources_table.h"

// Shows the articles' table with measured words and numbers beside the articles' words. `result` must be summarised.

namespace ipcbench {

// Returns "comparison/PLACEMENT" for each placement: eight rows, the rank correlation, a sentence for each
// contradiction.
std::vector<Table> sources_tables(std::span<const SourcesTable> all_sources, Language language = Language::english);

// Returns "comparison-variants/PLACEMENT" for each placement: below each row, every way in which its mechanism was
// measured, with words by the rows' bands.
std::vector<Table> sources_variant_tables(std::span<const SourcesTable> all_sources,
                                          Language language = Language::english);

// Holds the notes below a comparison. Both languages have the same number of each.
struct SourcesNotes {
  std::string legend;                       // how to read it
  std::vector<std::string> contradictions;  // a sentence for each contradicting cell
  std::vector<std::string> others;          // bands, what isn't comparable and why, which cases the figures are of
  std::vector<std::string> all() const;     // in this order
};
SourcesNotes sources_notes(const SourcesTable& sources, Language language);

std::string place_text(const SourcesTable& sources, Language language);  // "same-l3, the processes on CPUs 0 and 1"
std::string sources_title(const SourcesTable& sources, Language language);
std::string_view column_title(Criterion criterion, Language language);
// Returns "low", "low*" if the interval crosses an edge, or "no difference" in a column without bands.
std::string word_text(const ComparedColumn& column, const ComparedFigure& figure, Language language);
std::string source_text(std::optional<Word> word, Language language);
// Returns a row's figure, with † if another mechanism was measured in its place.
std::string row_figure_text(const ComparedRow& row, Criterion criterion, Language language);
std::string variant_label(const ComparedVariant& variant);  // "posix-shm wake=sysv-sem"
// Return a column's summary: "τ-b 0.52", and "= 4 ≈ 2 ≠ 2".
std::string correlation_text(const ComparedColumn& column);
std::string agreements_text(const SourcesTable& sources, Criterion criterion);
inline constexpr Bilingual kMechanism = {"mechanism", "IPC机制"};  // title of the rows' column
inline constexpr std::string_view kCorrelation = "Kendall τ-b";

// Return a figure with its unit and what belongs to it ("≥ 1.07 MiB", "4.04 GB/s [3.89, 4.05] at 64 KiB"); the short
// one has no interval.
std::string figure_text(Criterion criterion, const ComparedFigure& figure, Language language);
std::string short_figure_text(Criterion criterion, const ComparedFigure& figure, Language language);
Unit unit_of(Criterion criterion) noexcept;
std::string_view sign_of(Agreement agreement) noexcept;    // "≠"
std::string_view to_string(Agreement agreement) noexcept;  // "contradicts": for data formats

}  // namespace ipcbench
