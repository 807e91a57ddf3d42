#pragma once

#include <string>
#include <vector>

#include "plots/language.h"
#include "plots/table.h"
#include "results/measured_table.h"
#include "results/record.h"

// The sources' table, measured, for people: words and numbers beside the sources' words. The result is summarised.

namespace ipcbench {

// One for each placement, "comparison/PLACEMENT": eight rows, the rank correlation, a sentence for each contradiction.
std::vector<Table> comparison_tables(const Result& result, Language language = Language::english);

// One for each placement, "comparison-variants/PLACEMENT": below each row every way in which its mechanism was
// measured, with words on the rows' bands.
std::vector<Table> comparison_variant_tables(const Result& result, Language language = Language::english);

// What stands below a comparison: how to read it, which measurement contradicts, what can't be compared and why.
std::vector<std::string> comparison_notes(const Comparison& comparison, Language language);

// A figure with its unit and what belongs to it ("≥ 1.07 MiB", "4.04 GB/s [3.89, 4.05] at 64 KiB"), and without its
// interval.
std::string figure_text(Criterion criterion, const ComparedFigure& figure, Language language);
std::string short_figure_text(Criterion criterion, const ComparedFigure& figure, Language language);
Unit unit_of(Criterion criterion) noexcept;
std::string_view sign_of(Agreement agreement) noexcept;  // "≠"
std::string_view key_of(Agreement agreement) noexcept;   // "contradicts": for data formats

}  // namespace ipcbench
