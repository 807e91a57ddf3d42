#include "harness/suite/option_value.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>
#include <vector>

#include <fmt/core.h>

#include "harness/base/usage_error.h"
#include "harness/sdk/transport.h"
#include "harness/suite/duration.h"
#include "scenarios/list/scenario.h"

namespace ipcbench {
namespace {

constexpr std::uint32_t kLeastNumber = 2;  // of a choice that takes one

std::optional<std::uint32_t> whole_number(std::string_view text) {
  std::uint32_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  return error == std::errc{} && rest == end ? std::optional(value) : std::nullopt;
}

// Returns "burst-" of "burst-K", "" for a choice that takes no number.
std::string_view stem_of(std::string_view choice) {
  return choice.ends_with(kCounted) ? choice.substr(0, choice.size() - 1) : "";
}

struct Choice {
  std::size_t place;
  std::uint32_t number = 0;  // of one that takes a number
};

std::optional<Choice> find_choice(const OptionInfo& option, std::string_view value) {
  for (std::size_t place = 0; place < option.values.size(); ++place) {
    const std::string_view known = option.values[place], stem = stem_of(known);
    if (stem.empty()) {
      if (value == known) return Choice{place};
    } else if (value.starts_with(stem)) {
      const std::optional<std::uint32_t> number = whole_number(value.substr(stem.size()));
      if (number) return Choice{place, *number};
    }
  }
  return std::nullopt;
}

// Returns the valid values. If `given` ends in a number, choices that take one have the same, so that a misspelt name
// is found.
std::vector<std::string> valid_choices(const OptionInfo& option, std::string_view given) {
  const std::size_t dash = given.rfind('-');
  const bool has_number = dash != std::string_view::npos && whole_number(given.substr(dash + 1));
  std::vector<std::string> valid;
  for (const std::string_view known : option.values) {
    const std::string_view stem = stem_of(known);
    valid.push_back(!stem.empty() && has_number ? fmt::format("{}{}", stem, given.substr(dash + 1))
                                                : std::string(known));
  }
  return valid;
}

std::string canonical_choice(const OptionInfo& option, std::string_view value, std::string_view owner) {
  const std::optional<Choice> choice = find_choice(option, value);
  if (!choice) {
    throw UsageError(fmt::format("option '{}' of {} can't be '{}'{}", option.name, owner, value,
                                 suggestion(value, valid_choices(option, value))));
  }
  const std::string_view known = option.values[choice->place], stem = stem_of(known);
  if (stem.empty()) return std::string(known);
  if (choice->number < kLeastNumber || choice->number > option.most) {
    throw UsageError(fmt::format("option '{}' of {} can't be '{}': K of {} is from {} to {}", option.name, owner, value,
                                 known, kLeastNumber, option.most));
  }
  return fmt::format("{}{}", stem, choice->number);
}

std::size_t count_in(const OptionInfo& option, std::string_view value) {
  const std::size_t count = parse_count(value, option.name);
  if (option.most != 0 && count > option.most)
    throw UsageError(fmt::format("{}: {} is more than {}", option.name, count, option.most));
  return count;
}

std::chrono::nanoseconds duration_in(const OptionInfo& option, std::string_view value) {
  const std::chrono::nanoseconds time = parse_short_duration(value, option.name);
  if (option.most == 0 || static_cast<std::uint64_t>(time.count()) <= option.most) return time;
  const std::chrono::nanoseconds longest(static_cast<std::int64_t>(option.most));
  throw UsageError(fmt::format("{}: {} is longer than {}", option.name, exact_duration(time), exact_duration(longest)));
}

std::string canonical_number(const OptionInfo& option, std::string_view value) {
  if (value == "0" && option.default_value == "0") return "0";
  switch (option.kind) {
    case OptionInfo::Kind::choice:
      break;
    case OptionInfo::Kind::size:
      return std::to_string(parse_size(value, option.name));
    case OptionInfo::Kind::count:
      return std::to_string(count_in(option, value));
    case OptionInfo::Kind::duration:
      return exact_duration(duration_in(option, value));
    case OptionInfo::Kind::rate:
      return std::to_string(parse_rate(value, option.name));
  }
  return std::string(value);
}

// Returns the canonical form of a number, or of the word that may replace it.
std::string canonical_demand(const OptionInfo& option, std::string_view value, std::string_view meaning) {
  const std::string_view word = option.default_value;
  if (value == word) return std::string(value);
  std::string demand;
  try {
    demand = canonical_number(option, value);
  } catch (const UsageError& error) {
    throw UsageError(fmt::format("{}; or {}: {}", error.what(), word, meaning));
  }
  if (demand == "0") throw UsageError(fmt::format("{}: at least 1, or {}", option.name, word));
  return demand;
}

}  // namespace

std::string_view meaning_of_default(const OptionInfo& option) {
  if (!option.meaning.empty()) return option.meaning;
  if (option.default_value == kSystemDefault) return "what the system gives";
  return option.default_value == kSameSize ? "the size of the message" : "";
}

std::string canonical_value(const OptionInfo& option, std::string_view value, std::string_view owner) {
  if (option.kind == OptionInfo::Kind::choice) return canonical_choice(option, value, owner);
  const std::string_view meaning = meaning_of_default(option);
  return meaning.empty() ? canonical_number(option, value) : canonical_demand(option, value, meaning);
}

std::uint64_t loop_number(const OptionInfo& option, std::string_view value) {
  if (option.kind == OptionInfo::Kind::choice) {
    const std::optional<Choice> choice = find_choice(option, value);
    return choice ? numbered_choice(choice->place, choice->number) : option.values.size();
  }
  if (value == "0" || (value == option.default_value && !meaning_of_default(option).empty())) return 0;
  switch (option.kind) {
    case OptionInfo::Kind::size:
      return parse_size(value, option.name);
    case OptionInfo::Kind::duration:
      return static_cast<std::uint64_t>(duration_in(option, value).count());
    case OptionInfo::Kind::rate:
      return parse_rate(value, option.name);
    default:
      return count_in(option, value);
  }
}

}  // namespace ipcbench
