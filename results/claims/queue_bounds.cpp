#include "results/claims/queue_bounds.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <system_error>
#include <variant>

#include <fmt/format.h>

#include "harness/base/usage_error.h"
#include "results/claims/head_to_head.h"
#include "results/model/limits.h"
#include "results/rows/at_largest.h"

namespace ipcbench {
namespace {

std::optional<std::uint64_t> number_in(const std::string& text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

// Returns the case with the largest message that any of these transports carried.
const CaseRecord* largest_carried(const Result& result, const CaseFilter& filter) {
  const CaseRecord* largest = nullptr;
  for (const CaseRecord& c : result.cases) {
    if (c.status != Status::ok || (c.scenario != Scenario::ping_pong && c.scenario != Scenario::streaming) ||
        !filter(c))
      continue;
    if (largest == nullptr || c.size > largest->size) largest = &c;
  }
  return largest;
}

// Returns the transport's channel that was filled to measure its memory.
const ChannelRecord* filled_channel(const Result& result, std::string_view transport) {
  for (const CaseRecord& c : result.cases) {
    if (c.transport == transport && c.options.empty() && c.channel && c.channel->payload_bytes) return &*c.channel;
  }
  return nullptr;
}

std::string shown_size(double bytes) { return format_size(static_cast<std::size_t>(bytes)); }

}  // namespace

std::string stated_limit(const Result& result, std::string_view name) {
  for (const auto& [key, value] : result.machine.limits) {
    if (key != name) continue;
    if (const std::string* text = std::get_if<std::string>(&value)) return *text;
    if (const std::int64_t* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  }
  return "";
}

const CaseRecord* queue_at_largest(const Result& result, const BoundsQuery& query) {
  const auto found = std::ranges::find_if(result.cases, [&](const CaseRecord& c) {
    return c.transport == query.queue && c.at_largest &&
           c.at_largest->limit.find(query.message_limit) != std::string::npos;
  });
  return found == result.cases.end() ? nullptr : &*found;
}

QueueBound bound_of_message(const Result& result, const BoundsQuery& query) {
  const auto refused = std::ranges::find_if(result.cases, [&](const CaseRecord& c) {
    return c.transport == query.queue && c.status == Status::skipped &&
           c.reason.find(query.message_limit) != std::string::npos;
  });
  if (refused != result.cases.end()) {
    const std::string size = format_size(refused->size);
    return {true, {fmt::format("a message of {} was refused", size), fmt::format("{}的消息被拒绝", size)}};
  }
  if (const CaseRecord* largest = queue_at_largest(result, query)) {
    const BilingualString text = at_largest_text(*largest);
    return {true, {fmt::format("a message had {}", text.english), fmt::format("消息为{}", text.chinese)}};
  }
  const CaseRecord* other = largest_carried(result, any_of(query.others));
  const CaseRecord* own = largest_carried(result, any_of({query.queue}));
  const std::optional<std::uint64_t> largest = number_in(stated_limit(result, query.message_limit));
  if (other == nullptr) return {};
  const std::string theirs = format_size(other->size);
  if (largest && *largest < other->size) {
    return {true,
            {fmt::format("{} is under the {} that {} carried", query.message_limit, theirs, other->transport),
             fmt::format("{}小于{}传输过的{}", query.message_limit, other->transport, theirs)}};
  }
  if (own == nullptr || own->size < other->size || own->size < query.size) return {};
  return {false,
          {fmt::format("the queue carried messages of {}, {} none larger", format_size(own->size), other->transport),
           fmt::format("队列传输了{}的消息，{}没有传输更大的", format_size(own->size), other->transport)}};
}

QueueBound bound_of_queue(const Result& result, const BoundsQuery& query) {
  const ChannelRecord* queue = filled_channel(result, query.queue);
  const ChannelRecord* other = filled_channel(result, query.beside);
  if (queue == nullptr || other == nullptr) return {};
  for (const ChannelRecord* channel : {queue, other}) {
    if (!channel->limits_met.empty())
      return {.is_met = {}, .why = {}, .limits = bilingual_text(channel->limits_met.front())};
  }
  const bool is_met = !queue->capped && *queue->payload_bytes < *other->payload_bytes;
  const std::string held = (queue->capped ? "≥ " : "") + shown_size(*queue->payload_bytes);
  const std::string theirs = shown_size(*other->payload_bytes);
  return {
      is_met,
      {fmt::format("a full queue held {}, a full {} {}", held, query.beside, theirs),
       fmt::format("装满的队列容纳{}，装满的{}容纳{}", held, query.beside == "pipe" ? "管道" : query.beside, theirs)}};
}

}  // namespace ipcbench
