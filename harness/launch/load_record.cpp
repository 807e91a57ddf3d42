#include "harness/launch/load_record.h"

#include <algorithm>
#include <memory>

#include "harness/measure/histogram.h"
#include "results/figures/statistics.h"

namespace ipcbench {
namespace {

constexpr double kSustained = 0.01;  // of the messages may be lost, or add to the backlog

std::uint64_t between(std::uint64_t begin, std::uint64_t end, const Clock& clock) noexcept {
  return end > begin ? clock.to_ns(end - begin) : 0;
}

// Collects a kind of time over a block.
class Times {
 public:
  explicit Times(const Clock& clock) : clock_(clock), histogram_(std::make_unique<Histogram>()) {}

  // Adds the time between two readings. Clocks that are in order, but not equal, may let it begin after its end.
  std::uint64_t add(std::uint64_t begin, std::uint64_t end) noexcept { return add_ns(between(begin, end, clock_)); }
  std::uint64_t add_ns(std::uint64_t ns) noexcept {
    histogram_->record(ns);
    max_ns_ = std::max(max_ns_, ns);
    return ns;
  }
  std::uint64_t max_ns() const noexcept { return max_ns_; }
  SparseHistogram histogram() const { return sparse(*histogram_); }
  const Histogram& dense() const noexcept { return *histogram_; }

 private:
  Clock clock_;
  std::unique_ptr<Histogram> histogram_;
  std::uint64_t max_ns_ = 0;
};

void fill_times(std::span<const MessageTimes> messages, const BlockTimes& times, const OpenLoop& loop,
                const Clock& clock, LoadRecord& record, std::vector<double>& slices_ns) {
  Times response(clock), service(clock), lateness(clock);
  const std::size_t ops = messages.size();
  std::uint64_t late = 0, max_at = 0;
  std::size_t i = 0;
  for (std::size_t slice = 0; slice < kSlices; ++slice) {
    Times in_slice(clock);
    for (const std::size_t last = slice_end(ops, slice); i < last; ++i) {
      const auto [planned, ready, sent, received] = messages[i];
      const std::uint64_t due = times.begin + planned;
      if (lateness.add(std::max(due, ready), sent) > kLateNs) ++late;
      if (received == 0) continue;  // lost
      const std::uint64_t longest = response.max_ns();
      if (response.add(due, received) > longest) max_at = planned;
      service.add(sent, received);
      in_slice.add_ns(counted_ns(messages[i], times.begin, loop, clock));
    }
    if (in_slice.dense().count() != 0) slices_ns.push_back(in_slice.dense().quantile(0.5));
  }
  record.response = response.histogram();
  record.service = service.histogram();
  record.lateness = lateness.histogram();
  record.response_max_ns = static_cast<double>(response.max_ns());
  record.response_max_at_ns = static_cast<double>(clock.to_ns(max_at));
  record.service_max_ns = static_cast<double>(service.max_ns());
  record.lateness_max_ns = static_cast<double>(lateness.max_ns());
  record.late_ratio = static_cast<double>(late) / static_cast<double>(ops);
}

template <class Counts>
double median_of(const Counts& counts, std::size_t first, std::size_t last) {
  std::vector<double> values;
  for (std::size_t slice = first; slice <= last; ++slice) values.push_back(static_cast<double>(counts(slice)));
  return median(values);
}

}  // namespace

std::vector<MessageTimes> message_times(std::span<const Stamps> senders) {
  std::vector<MessageTimes> messages;
  for (const Stamps& stamps : senders) {
    std::uint64_t ready = 0;
    for (std::size_t i = 0; i < stamps.planned.size(); ++i) {
      messages.push_back(
          {.planned = stamps.planned[i], .ready = ready, .sent = stamps.sent[i], .received = stamps.received[i]});
      ready = stamps.ready[i];
    }
  }
  if (senders.size() > 1) std::ranges::stable_sort(messages, {}, &MessageTimes::planned);
  return messages;
}

std::uint64_t counted_ns(const MessageTimes& message, std::uint64_t begin, const OpenLoop& loop, const Clock& clock) {
  return between(loop.pacing == Pacing::sleep ? message.sent : begin + message.planned, message.received, clock);
}

std::optional<double> pacer_cpu_ns(const PacerLog& pacer) {
  if (pacer.alone_sleeps == 0) return std::nullopt;
  const SideUsage alone = usage_between(pacer.alone_before, pacer.alone_after);
  return alone.cpu_ns / static_cast<double>(pacer.alone_sleeps) * static_cast<double>(pacer.block_sleeps);
}

Backlog backlog_of(std::span<const MessageTimes> messages, const BlockTimes& times) {
  std::vector<std::uint64_t> received, planned;
  for (const MessageTimes& message : messages) {
    planned.push_back(message.planned);
    if (message.received != 0) received.push_back(message.received - std::min(message.received, times.begin));
  }
  std::ranges::sort(received);  // notifications and answers come in order; datagrams need not
  Backlog backlog;
  for (std::size_t slice = 0; slice < kSlices; ++slice) {
    const std::uint64_t end = slice_end(times.planned_end, slice);
    const auto until = [end](std::span<const std::uint64_t> sorted) {
      return static_cast<std::uint64_t>(std::ranges::upper_bound(sorted, end) - sorted.begin());
    };
    backlog.due[slice] = until(planned);
    backlog.received[slice] = until(received);
  }
  return backlog;
}

bool grows(const Backlog& backlog) {
  const auto pending = [&](std::size_t slice) { return backlog.at(slice); };
  const auto due = [&](std::size_t slice) { return backlog.due[slice]; };
  const double added = median_of(pending, 15, 19) - median_of(pending, 5, 9);
  return added > kSustained * (median_of(due, 15, 19) - median_of(due, 5, 9));
}

LoadRecord load_record(std::span<const MessageTimes> messages, const BlockTimes& times, const OpenLoop& loop,
                       const Clock& clock, std::uint64_t verified, std::vector<double>& slices_ns) {
  constexpr double kSecond = 1e9;
  const double ops = static_cast<double>(messages.size());
  const std::uint64_t lasted = std::max(times.planned_end, times.end - std::min(times.end, times.begin));
  LoadRecord record{.achieved_per_s = static_cast<double>(verified) * kSecond /
                                      static_cast<double>(std::max<std::uint64_t>(clock.to_ns(lasted), 1))};
  if (!loop.is_paced()) return record;
  if (loop.silence_ns != 0) {
    record.silence_ns = static_cast<double>(loop.silence_ns);
    fill_times(messages, times, loop, clock, record, slices_ns);
    slices_ns.clear();  // single messages have no course over time
    return record;
  }
  record.offered_per_s =
      ops * kSecond / static_cast<double>(std::max<std::uint64_t>(clock.to_ns(times.planned_end), 1));
  const Backlog backlog = backlog_of(messages, times);
  for (std::size_t slice = 0; slice < kSlices; ++slice) record.backlog.push_back(backlog.at(slice));
  record.overloaded = grows(backlog) || static_cast<double>(verified) < (1 - kSustained) * ops;
  if (!record.overloaded) fill_times(messages, times, loop, clock, record, slices_ns);
  return record;
}

}  // namespace ipcbench
