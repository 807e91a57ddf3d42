#include "results/model/limits.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace ipcbench {
namespace {

constexpr std::string_view kPipeBudget = "fs.pipe-user-pages-soft";

std::string number_text(const std::optional<std::uint64_t>& number) {
  return number ? fmt::format("{}", *number) : "unknown";
}

void join(BilingualString& all, const BilingualString& one) {
  if (one.english.empty()) return;
  all.english += (all.english.empty() ? "" : "; ") + one.english;
  all.chinese += (all.chinese.empty() ? "" : "；") + one.chinese;
}

std::size_t used_launches(const CaseRecord& c) noexcept {
  return static_cast<std::size_t>(std::ranges::count_if(c.launches, &LaunchRecord::used));
}

bool is_met_by_launches(const CaseRecord& c, const LimitRecord& limit) {
  return std::ranges::any_of(c.summary.limits_met, [&](const CaseLimit& known) { return known.met == limit; });
}

std::string range_text(const BufferRange& buffer) {
  if (buffer.least == buffer.most) return fmt::format("{}", buffer.least);
  return fmt::format("{} to {}", buffer.least, buffer.most);
}

bool has_same_range(const BufferRange& a, const BufferRange& b) noexcept {
  return a.name == b.name && a.least == b.least && a.most == b.most;
}

}  // namespace

void summarise_limits(const CaseRecord& c, CaseSummary& summary) {
  summary.buffers.clear();
  summary.limits_met.clear();
  for (const LaunchRecord& launch : c.launches) {
    if (!launch.used) continue;
    for (const BufferRecord& buffer : launch.buffers) {
      const auto known = std::ranges::find_if(summary.buffers, [&](const BufferRange& range) {
        return range.name == buffer.name && range.direction == buffer.direction;
      });
      if (known == summary.buffers.end()) {
        summary.buffers.push_back({buffer.name, buffer.direction, buffer.size, buffer.size});
      } else {
        known->least = std::min(known->least, buffer.size);
        known->most = std::max(known->most, buffer.size);
      }
    }
    for (const LimitRecord& limit : launch.limits_met) {
      const auto known = std::ranges::find(summary.limits_met, limit, &CaseLimit::met);
      if (known == summary.limits_met.end()) {
        summary.limits_met.push_back({limit, 1});
      } else {
        ++known->launches;
      }
    }
  }
}

bool has_limited_memory(const CaseRecord& c) noexcept { return c.channel && !c.channel->limits_met.empty(); }

bool is_limited(const CaseRecord& c) noexcept { return !c.summary.limits_met.empty(); }

BilingualString bilingual_text(const LimitRecord& limit) {
  if (limit.effect == kMemoryTakenBack) {
    return {fmt::format("{} of the control group, {} bytes, was hit: memory was taken back meanwhile", limit.limit,
                        limit.value),
            fmt::format("控制组的{}（{}字节）被触及：期间内存被回收", limit.limit, limit.value)};
  }
  const bool is_budget = limit.limit == kPipeBudget;
  BilingualString text = {
      fmt::format("{} is {}{}: {} is {}", limit.limit, limit.value, is_budget ? ", used up by this user's pipes" : "",
                  limit.buffer, number_text(limit.got)),
      fmt::format("{}为{}{}：{}为{}", limit.limit, limit.value, is_budget ? "，已被该用户的管道用尽" : "", limit.buffer,
                  number_text(limit.got))};
  const std::string wanted = number_text(limit.wanted);
  if (limit.effect == "clamped" || limit.effect == "raised") {
    text.english += fmt::format(", {} was asked for", wanted);
    text.chinese += fmt::format("，要求的是{}", wanted);
  } else {
    text.english += fmt::format(", by the kernel's default {}", wanted);
    text.chinese += fmt::format("，内核默认为{}", wanted);
  }
  return text;
}

BilingualString bilingual_text(const CaseLimit& limit, std::size_t of) {
  BilingualString text = bilingual_text(limit.met);
  if (static_cast<std::size_t>(limit.launches) >= of) return text;
  text.english += fmt::format(" (in {} of {} launches)", limit.launches, of);
  text.chinese += fmt::format("（{}次启动中的{}次）", of, limit.launches);
  return text;
}

BilingualString launch_limits_of(const CaseRecord& c) {
  BilingualString all;
  for (const CaseLimit& limit : c.summary.limits_met) join(all, bilingual_text(limit, used_launches(c)));
  return all;
}

BilingualString limits_of(const CaseRecord& c) {
  BilingualString all = launch_limits_of(c);
  if (!c.channel) return all;
  for (const LimitRecord& limit : c.channel->limits_met) {
    if (is_met_by_launches(c, limit)) continue;
    const BilingualString text = bilingual_text(limit);
    join(all, {"its channel: " + text.english, "其通道：" + text.chinese});
  }
  return all;
}

BilingualString memory_limits_of(const CaseRecord& c) {
  BilingualString all;
  if (!c.channel) return all;
  for (const LimitRecord& limit : c.channel->limits_met) join(all, bilingual_text(limit));
  return all;
}

std::string limits_text(const std::vector<LimitRecord>& limits) {
  BilingualString all;
  for (const LimitRecord& limit : limits) join(all, bilingual_text(limit));
  return all.english;
}

std::string buffers_text(const std::vector<BufferRange>& buffers) {
  std::string text;
  for (auto buffer = buffers.begin(); buffer != buffers.end(); ++buffer) {
    const auto is_alike = [&](const BufferRange& other) { return has_same_range(other, *buffer); };
    if (std::any_of(buffers.begin(), buffer, is_alike)) continue;
    const auto named = std::ranges::count(buffers, buffer->name, &BufferRange::name);
    const bool is_alone = named == std::ranges::count_if(buffers, is_alike);
    text += fmt::format("{}{}{} {}", text.empty() ? "" : ", ", buffer->name, is_alone ? "" : " " + buffer->direction,
                        range_text(*buffer));
  }
  return text;
}

}  // namespace ipcbench
