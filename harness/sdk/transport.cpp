#include "harness/sdk/transport.h"

#include <algorithm>
#include <stdexcept>

#include <fmt/core.h>

#include "harness/base/descriptor_limit.h"
#include "harness/base/usage_error.h"

namespace ipcbench {

namespace {

constexpr std::size_t kOtherDescriptors = 64;  // of a process, beside those of its channels

std::string_view declared_option(const OptionValues& options, std::string_view name) {
  const auto found = options.find(name);
  if (found == options.end()) throw std::out_of_range(fmt::format("option '{}' is not declared", name));
  return found->second;
}

}  // namespace

std::string_view SessionConfig::option(std::string_view name) const { return declared_option(options, name); }
std::size_t SessionConfig::option_size(std::string_view name) const { return parse_size(option(name), name); }
std::size_t SessionConfig::option_count(std::string_view name) const { return parse_count(option(name), name); }

std::string_view SeatConfig::option(std::string_view name) const { return declared_option(options, name); }
std::size_t SeatConfig::option_size(std::string_view name) const { return parse_size(option(name), name); }
std::size_t SeatConfig::option_count(std::string_view name) const { return parse_count(option(name), name); }

std::optional<std::size_t> asked_size(const OptionValues& options, std::string_view name) {
  const auto found = options.find(name);
  if (found == options.end() || found->second == kSystemDefault) return std::nullopt;
  return parse_size(found->second, name);
}

std::optional<std::size_t> asked_count(const OptionValues& options, std::string_view name) {
  const auto found = options.find(name);
  if (found == options.end() || found->second == kSystemDefault) return std::nullopt;
  return parse_count(found->second, name);
}

MessageLimit Transport::largest_message(const Available& host, const OptionValues& options) const {
  const std::size_t own = capabilities(options).max_message;
  if (host.max_message <= own && host.max_message != kUnlimited) {
    return {host.max_message, host.limit.empty()
                                  ? fmt::format("the largest message here is {}", format_size(host.max_message))
                                  : host.limit};
  }
  if (own == kUnlimited) return {};
  return {own, fmt::format("the largest message of {} is {}", info().name, format_size(own))};
}

std::string Transport::channels_refusal(std::size_t channels, std::size_t /*message_size*/,
                                        const OptionValues& options) const {
  const std::size_t needed = channels * capabilities(options).descriptors + kOtherDescriptors;
  const std::size_t most = most_descriptors();
  if (needed <= most) return "";
  return fmt::format("RLIMIT_NOFILE, ulimit -Hn, is {}, {} channels of {} need {}", most, channels, info().name,
                     needed);
}

std::string size_refusal(const Transport& transport, const Available& host, const OptionValues& options,
                         std::size_t size) {
  const TransportInfo& info = transport.info();
  if (!info.capabilities.carries_payload) return size == 0 ? "" : fmt::format("{} carries no payload", info.name);
  const std::size_t smallest = std::max<std::size_t>(info.capabilities.min_message, 1);
  if (size < smallest) return fmt::format("the smallest message of {} is {}", info.name, format_size(smallest));
  const MessageLimit largest = transport.largest_message(host, options);
  return size > largest.bytes ? fmt::format("{}, the case needs {}", largest.reason, size) : "";
}

}  // namespace ipcbench
