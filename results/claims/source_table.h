#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "results/model/bilingual.h"

// Holds the articles' table of words as data: five Chinese articles rate eight mechanisms in four columns, without
// numbers. Each row names the transports that are measured for it.

namespace ipcbench {

enum class Word : std::uint8_t { very_low, low, medium, high, very_high };
enum class Criterion : std::uint8_t { latency, throughput, cpu, memory };

inline constexpr std::array kCriteria = {Criterion::latency, Criterion::throughput, Criterion::cpu, Criterion::memory};

Bilingual bilingual_name(Word word) noexcept;            // "very low", "极低"
Bilingual bilingual_name(Criterion criterion) noexcept;  // "latency", "延迟"
std::string_view to_string(Criterion) noexcept;          // "latency", "throughput", "cpu", "memory": for data formats
std::string_view to_string(Word) noexcept;               // "very low": as bilingual_name() in English
std::size_t word_count(Criterion) noexcept;              // words in the article's column: 4, for throughput 5
bool more_is_better(Criterion) noexcept;                 // true for throughput

// Describes a row; rows have the order of the article.
struct SourceRow {
  std::string_view row;  // equals TransportRecord::row of all transports in this row or below it
  Bilingual name;
  std::array<std::optional<Word>, kCriteria.size()> words;  // by Criterion; none: N/A
  // Transports that fill the row: the call of the article's own sample first, then substitutes where that can't run.
  std::span<const std::string_view> transports;
  // Transports for the throughput column, if a substitute is needed there; empty: `transports`.
  std::span<const std::string_view> streams = {};
};

std::span<const SourceRow> source_table() noexcept;
// Returns whether the article's own sample for a row is this transport.
bool is_sources_sample(std::string_view transport) noexcept;

}  // namespace ipcbench
