#include "harness/plugin/plugin_facts.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "harness/plugin/checked_text.h"

namespace ipcbench {
namespace {

constexpr std::size_t kMostTransports = 16, kMostOptions = 16, kMostValues = 16;
constexpr std::uint32_t kAllWaits = IPCBENCH_BLOCK | IPCBENCH_SPIN | IPCBENCH_POLL | IPCBENCH_HYBRID;
constexpr std::uint32_t kAllTraits = IPCBENCH_MAY_LOSE | IPCBENCH_MERGES | IPCBENCH_SEES_PEER_CLOSE |
                                     IPCBENCH_POLLABLE | IPCBENCH_CROSSES_HOSTS | IPCBENCH_ACCESS_CONTROL |
                                     IPCBENCH_TWO_WAY_OBJECT;
constexpr std::array<std::pair<std::uint32_t, WaitStrategy>, 4> kWaits{{{IPCBENCH_BLOCK, WaitStrategy::block},
                                                                        {IPCBENCH_SPIN, WaitStrategy::spin},
                                                                        {IPCBENCH_POLL, WaitStrategy::poll},
                                                                        {IPCBENCH_HYBRID, WaitStrategy::hybrid}}};

PluginOption option_from(const ipcbench_option& option, const std::string& member) {
  PluginOption facts{.name = name_from(option.name, member + ".name"),
                     .default_value = name_from(option.default_value, member + ".default_value"),
                     .summary = line_from(option.summary, member + ".summary")};
  if (facts.name == kThreadsOption) refuse("{}.name '{}' is an option that every plug-in has", member, facts.name);
  if (option.values == nullptr) refuse("{}.values is missing", member);
  for (const char* const* value = option.values; *value != nullptr; ++value) {
    if (facts.values.size() == kMostValues) refuse("{}.values has more than {} values", member, kMostValues);
    facts.values.push_back(name_from(*value, member + ".values"));
  }
  if (std::ranges::count(facts.values, facts.default_value) != 1)
    refuse("{}.default_value '{}' is not one of its values", member, facts.default_value);
  return facts;
}

// Names the operations of each shape.
void check_operations(const ipcbench_endpoint_ops* ops, std::uint32_t shape, std::uint32_t traits) {
  if (ops == nullptr) refuse("ops is missing");
  if (ops->size < sizeof *ops) refuse("ops.size is {}, and ABI 1 has {}", ops->size, sizeof *ops);
  const auto need = [](bool is_there, const char* name) {
    if (!is_there) refuse("ops.{} is missing, which its shape requires", name);
  };
  switch (shape) {
    case IPCBENCH_STREAM:
      need(ops->write_some != nullptr, "write_some");
      need(ops->read_some != nullptr, "read_some");
      break;
    case IPCBENCH_MESSAGE:
      need(ops->send != nullptr, "send");
      need(ops->receive != nullptr, "receive");
      break;
    case IPCBENCH_LOAN:
      need(ops->loan != nullptr, "loan");
      need(ops->publish != nullptr, "publish");
      need(ops->acquire != nullptr, "acquire");
      need(ops->release != nullptr, "release");
      break;
    case IPCBENCH_NOTIFY:
      need(ops->notify != nullptr, "notify");
      need(ops->await != nullptr, "await");
      break;
    default:
      refuse("info.shape {} is none of this ABI", shape);
  }
  if ((traits & IPCBENCH_POLLABLE) != 0) need(ops->watched != nullptr, "watched");
}

PluginFacts facts_from(const ipcbench_transport* transport, const std::string& version) {
  if (transport == nullptr) refuse("a transport is NULL");
  if (transport->size < sizeof *transport)
    refuse("a transport's size is {}, and ABI 1 has {}", transport->size, sizeof *transport);
  const ipcbench_info* info = transport->info;
  if (info == nullptr) refuse("info is missing");
  if (info->size < sizeof *info) refuse("info.size is {}, and ABI 1 has {}", info->size, sizeof *info);
  PluginFacts facts{.name = name_from(info->name, "info.name"),
                    .summary = line_from(info->summary, "info.summary"),
                    .family = info->family == nullptr ? "plug-in" : line_from(info->family, "info.family"),
                    .subject = line_from(info->subject, "info.subject"),
                    .language = line_from(info->language, "info.language"),
                    .version = version,
                    .shape = info->shape,
                    .waits = info->waits,
                    .traits = info->traits,
                    .largest_message = info->largest_message};
  check_operations(transport->ops, facts.shape, facts.traits);
  if (facts.waits == 0 || (facts.waits & ~kAllWaits) != 0) refuse("info.waits {:#x} is none of this ABI", facts.waits);
  if ((facts.traits & ~kAllTraits) != 0) refuse("info.traits {:#x} is none of this ABI", facts.traits);
  if ((facts.traits & IPCBENCH_MAY_LOSE) != 0 && facts.shape != IPCBENCH_MESSAGE)
    refuse("info.traits has IPCBENCH_MAY_LOSE, which is for IPCBENCH_MESSAGE alone");
  if ((facts.traits & IPCBENCH_MERGES) != 0 && facts.shape != IPCBENCH_NOTIFY)
    refuse("info.traits has IPCBENCH_MERGES, which is for IPCBENCH_NOTIFY alone");
  if (!(info->copies >= 0 && info->copies <= 1000)) refuse("info.copies {} is no number of copies", info->copies);
  facts.copies = info->copies == 0 && facts.shape != IPCBENCH_LOAN ? 2 : info->copies;
  if (info->option_count > kMostOptions)
    refuse("info.option_count is {}, of at most {}", info->option_count, kMostOptions);
  if (info->option_count != 0 && info->options == nullptr) refuse("info.options is missing");
  for (std::size_t i = 0; i < info->option_count; ++i)
    facts.options.push_back(option_from(info->options[i], fmt::format("info.options[{}]", i)));
  for (const auto& [function, name] :
       {std::pair(transport->create != nullptr, "create"), std::pair(transport->destroy != nullptr, "destroy"),
        std::pair(transport->join != nullptr, "join"), std::pair(transport->close != nullptr, "close")}) {
    if (!function) refuse("{}() is missing, which is required", name);
  }
  return facts;
}

Capabilities capabilities_of(const PluginFacts& facts) {
  const auto has = [&](std::uint32_t trait) { return (facts.traits & trait) != 0; };
  Capabilities can;
  switch (facts.shape) {
    case IPCBENCH_STREAM:
      can.shape = Shape::byte_stream;
      break;
    case IPCBENCH_MESSAGE:
      can.shape = Shape::message;
      can.keeps_boundaries = true;
      break;
    case IPCBENCH_LOAN:
      can.shape = Shape::loan;
      can.keeps_boundaries = true;
      break;
    default:
      can.shape = Shape::notify;
      can.carries_payload = false;
      can.min_message = can.max_message = 0;
      break;
  }
  can.direction = has(IPCBENCH_TWO_WAY_OBJECT) ? Direction::two_way : Direction::one_way;
  can.rendezvous = FoundBy::name;
  if (facts.largest_message != 0 && can.carries_payload) can.max_message = facts.largest_message;
  can.reliable = !has(IPCBENCH_MAY_LOSE);
  can.when_full = has(IPCBENCH_MAY_LOSE) ? WhenFull::loses : has(IPCBENCH_MERGES) ? WhenFull::merges : WhenFull::blocks;
  can.crosses_hosts = has(IPCBENCH_CROSSES_HOSTS);
  can.access_control = has(IPCBENCH_ACCESS_CONTROL);
  can.pollable = has(IPCBENCH_POLLABLE);
  can.sees_peer_close = has(IPCBENCH_SEES_PEER_CLOSE);
  return can;
}

}  // namespace

std::vector<PluginFacts> facts_of(const ipcbench_library* library) {
  if (library == nullptr) refuse("ipcbench_plugin() returned NULL");
  if (library->abi != IPCBENCH_ABI)
    refuse("its ABI is {}, and that of this program {}: build it with this program's ipcbench/transport.h",
           library->abi, IPCBENCH_ABI);
  const std::string version = line_from(library->version, "version");
  if (library->count == 0 || library->count > kMostTransports || library->transports == nullptr)
    refuse("it has {} transports, of 1 to {}", library->count, kMostTransports);
  std::vector<PluginFacts> all;
  for (std::uint32_t i = 0; i < library->count; ++i) all.push_back(facts_from(library->transports[i], version));
  return all;
}

TransportInfo info_from(const PluginFacts& facts) {
  TransportInfo info{.name = facts.name,
                     .family = facts.family,
                     .row = "",
                     .summary = facts.summary,
                     .man = "",
                     .capabilities = capabilities_of(facts),
                     .copies = facts.copies};
  for (const auto& [bit, wait] : kWaits) {
    if ((facts.waits & bit) != 0) info.waits.push_back(wait);
  }
  for (const PluginOption& option : facts.options) {
    info.options.push_back({.name = option.name,
                            .default_value = option.default_value,
                            .values = {option.values.begin(), option.values.end()},
                            .summary = option.summary});
  }
  info.options.push_back({.name = kThreadsOption,
                          .default_value = kThreadsStay,
                          .values = {kThreadsStay, kThreadsFree},
                          .summary = "threads that the plug-in starts: on their worker's CPU, or on any"});
  return info;
}

std::uint32_t bit_of(WaitStrategy wait) noexcept {
  for (const auto& [bit, known] : kWaits) {
    if (known == wait) return bit;
  }
  return IPCBENCH_BLOCK;
}

}  // namespace ipcbench
