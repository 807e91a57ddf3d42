#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "results/model/bilingual.h"

// The sources' table of words, which no number stands behind: five articles in Chinese compare eight mechanisms in four
// columns. Here it is as data, with what this program fills each row with.

namespace ipcbench {

enum class Word : std::uint8_t { very_low, low, medium, high, very_high };
enum class Criterion : std::uint8_t { latency, throughput, cpu, memory };

inline constexpr std::array kCriteria = {Criterion::latency, Criterion::throughput, Criterion::cpu, Criterion::memory};

Term term_of(Word word) noexcept;             // "very low", "极低"
Term term_of(Criterion criterion) noexcept;   // "latency", "延迟"
std::string_view key_of(Criterion) noexcept;  // "latency", "throughput", "cpu", "memory": for data formats
std::string_view key_of(Word) noexcept;       // "very low": as term_of() in English
std::size_t word_count(Criterion) noexcept;   // of the source's column: 4, of throughput 5
bool more_is_better(Criterion) noexcept;      // of throughput

// A row in the order of the source.
struct SourceRow {
  std::string_view row;  // TransportRecord::row of all that stand in or under it
  Term name;
  std::array<std::optional<Word>, kCriteria.size()> words;  // by Criterion; none: N/A
  // What fills it: the call of the source's own sample, and what to take in its place where that can't run.
  std::span<const std::string_view> transports;
  // The same for throughput alone, where another transport has to stand in; empty: `transports`.
  std::span<const std::string_view> streams = {};
};

std::span<const SourceRow> source_table() noexcept;

}  // namespace ipcbench
