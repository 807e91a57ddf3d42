#include "harness/launch/cast_record.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "harness/launch/launch_record.h"
#include "harness/launch/load_record.h"
#include "harness/launch/side_failure.h"
#include "results/figures/fairness.h"
#include "results/figures/statistics.h"

namespace ipcbench {
namespace {

// CastFigures computes what a launch has measured from the logs of its seats.
class CastFigures {
 public:
  CastFigures(const LaunchRequest& request, const LoopSpec& spec, const Cast& cast, CastBlock& block,
              const Stamps& stamps)
      : request_(request), spec_(spec), cast_(cast), logs_(block.logs(cast.pattern)), board_(block.board) {
    if (!has_stamps(spec)) return;
    for (std::size_t i = 0; i < producers().size(); ++i) senders_.push_back(part_of(stamps, i, cast.pattern.producers));
  }

  void fill(LaunchRecord& record) const {
    std::uint64_t first = std::numeric_limits<std::uint64_t>::max(), last = 0;
    for (const SeatLog& log : producers()) first = std::min(first, log.first);
    const bool is_lock = cast_.pattern.is_lock();
    for (const SeatLog& log : cast_.has_answers || is_lock ? producers() : consumers()) last = std::max(last, log.last);
    record.block_ns = static_cast<double>(spec_.clock.to_ns(last - std::min(first, last)));
    for (const SeatLog& log : producers()) record.sent += cast_.to_all ? log.sent * cast_.pattern.consumers : log.sent;
    for (const SeatLog& log : consumers()) record.verified += log.verified;
    if (is_lock) record.verified = board_.guarded.turns;
    // Of notifications that wake consumers after the last, some are counted; no more are verified than were sent.
    if (spec_.message_size == 0 && !is_lock) record.verified = std::min(record.verified, record.sent);
    for (std::size_t role = 0; role < 2; ++role) {
      for (const SeatLog& log : role == 0 ? producers() : consumers())
        add(record.usage[role], usage_between(log.side.before, log.side.after));
    }
    if (spec_.broker != 0) record.broker = usage_between(board_.broker_before, board_.broker_after);
    if (cast_.has_answers) fill_round_trips(record);
    if (is_lock) record.lock = lock_record();
    if (!senders_.empty()) fill_load(record, last);
    record.cast = cast_record(record);
  }

  // Returns why the messages that came are not those that were sent, though each receiver found its own in order; "" if
  // they are.
  std::string mismatch(const LaunchRecord& record, bool may_lose, bool merges) const {
    if (cast_.pattern.is_lock() && record.verified != record.sent)
      return fmt::format("the lock guarded a count of {} after {} turns: several processes had it at once",
                         record.verified, record.sent);
    if (record.block_ns <= 0 || record.verified == 0 || record.verified > record.sent ||
        (record.verified < record.sent && !may_lose && !merges))
      return fmt::format("{} of {} messages came", record.verified, record.sent);
    // Notifications carry no sender.
    if (!divides_messages(cast_) || record.verified < record.sent || spec_.message_size == 0) return "";
    for (std::size_t i = 0; i < producers().size(); ++i) {
      std::uint64_t count = 0, sum = 0, squares = 0, end = 0;
      for (const SeatLog& log : consumers()) {
        count += log.senders[i].count;
        sum += log.senders[i].sum;
        squares += log.senders[i].squares;
        end = std::max(end, log.senders[i].next);
      }
      std::uint64_t expected_sum = 0, expected_squares = 0;
      for (std::uint64_t number = end - count; number < end; ++number) {
        expected_sum += number;
        expected_squares += number * number;
      }
      if (sum != expected_sum || squares != expected_squares)
        return fmt::format("of producer {} some messages came twice and others not at all", i);
    }
    return "";
  }

 private:
  std::span<const SeatLog> producers() const { return logs_.first(cast_.pattern.producers); }
  std::span<const SeatLog> consumers() const { return logs_.subspan(cast_.pattern.producers); }

  static void add(SideUsage& sum, const SideUsage& of_seat) {
    sum.cpu_ns += of_seat.cpu_ns;
    sum.wall_ns = std::max(sum.wall_ns, of_seat.wall_ns);
    sum.voluntary += of_seat.voluntary;
    sum.involuntary += of_seat.involuntary;
    sum.minor_faults += of_seat.minor_faults;
    sum.major_faults += of_seat.major_faults;
  }

  void fill_load(LaunchRecord& record, std::uint64_t end) const {
    const OpenLoop loop = open_loop(spec_.options);
    const std::vector<MessageTimes> messages = message_times(senders_);
    const BlockTimes times{.begin = board_.begin, .planned_end = producers().front().planned_end, .end = end};
    record.load = load_record(messages, times, loop, spec_.clock, record.verified, record.slices_ns);
    double pacers_ns = 0;
    for (const SeatLog& log : producers()) {
      const std::optional<double> ns = pacer_cpu_ns(log.pacer);
      if (!ns) return;
      pacers_ns += *ns;
    }
    record.load->pacer_cpu_ns = pacers_ns / static_cast<double>(messages.size());
  }

  LockRecord lock_record() const {
    const auto all = std::make_unique<Histogram>();
    for (const SeatLog& log : producers()) all->merge(log.handovers);
    LockRecord record{
        .block_ns = static_cast<double>(board_.stamped_ns), .turns = board_.stamped_turns, .handovers = all->count()};
    if (supports_quantile(record.handovers, 0.5)) record.handover_p50_ns = all->quantile(0.5);
    if (supports_quantile(record.handovers, 0.99)) record.handover_p99_ns = all->quantile(0.99);
    return record;
  }

  // Rule 4: clients stamp each request, so that a server has no mean without stamps.
  void fill_round_trips(LaunchRecord& record) const {
    const auto all = std::make_unique<Histogram>();
    double ns = 0;
    for (const SeatLog& log : producers()) {
      all->merge(log.times);
      ns += static_cast<double>(spec_.clock.to_ns(log.last - log.first));
    }
    record.histogram = sparse(*all);
    record.mean_stamped_ns = ns / static_cast<double>(record.sent);
    double longest = 0;
    for (const SeatLog& log : producers()) longest = std::max(longest, largest(log.times));
    record.max_ns = longest;
  }

  // Returns the middle of the bucket of the longest time.
  static double largest(const Histogram& times) { return times.count() == 0 ? 0 : times.quantile(1); }

  // Returns the times of a producer's sends or requests; in an open loop those of its messages, which it has if the
  // rate was sustained.
  Histogram times_of(std::size_t producer, const LaunchRecord& record) const {
    if (!record.load) return producers()[producer].times;
    Histogram times{};
    if (!record.load->is_paced() || record.load->overloaded) return times;
    const OpenLoop loop = open_loop(spec_.options);
    for (const MessageTimes& message : message_times(std::span(&senders_[producer], 1))) {
      if (message.received != 0) times.record(counted_ns(message, board_.begin, loop, spec_.clock));
    }
    return times;
  }

  CastRecord cast_record(const LaunchRecord& launch) const {
    CastRecord record;
    const std::vector<Seat> seats = seats_of(cast_.pattern);
    for (std::size_t place = 0; place < seats.size(); ++place) {
      const SeatLog& log = logs_[place];
      const bool produces = seats[place].role == Role::producer;
      SeatRecord seat{.role = std::string(to_string(seats[place].role)),
                      .index = seats[place].index,
                      .cpu = request_.seat_cpus.empty() ? -1 : request_.seat_cpus[place],
                      .ops = produces ? log.sent : log.verified,
                      .cpu_ns = usage_between(log.side.before, log.side.after).cpu_ns};
      if (produces) {
        const Histogram times = times_of(place, launch);
        if (supports_quantile(times.count(), 0.5)) seat.p50_ns = times.quantile(0.5);
        if (supports_quantile(times.count(), 0.99)) seat.p99_ns = times.quantile(0.99);
        if (times.count() != 0) seat.max_ns = largest(times);
      }
      record.seats.push_back(std::move(seat));
    }
    const std::vector<double> shares = shares_of_producers();
    record.fairness = jains_index(shares);
    if (record.fairness) record.worst_ratio = *std::ranges::min_element(shares) / mean(shares);
    return record;
  }

  static double mean(const std::vector<double>& values) {
    double sum = 0;
    for (const double value : values) sum += value;
    return sum / static_cast<double>(values.size());
  }

  // Rule 29: returns what came of each producer in the slices in which all still had something to send.
  std::vector<double> shares_of_producers() const {
    const std::size_t count = producers().size();
    if (cast_.pattern.is_lock()) return turns_of_producers();
    std::vector<std::uint64_t> total(count), came(count);
    for (std::size_t i = 0; i < count; ++i) {
      for (const SeatLog& log : consumers()) total[i] += log.senders[i].count;
    }
    std::vector<double> shares;
    for (std::size_t slice = 0; slice < kSlices; ++slice) {
      for (std::size_t i = 0; i < count; ++i) {
        for (const SeatLog& log : consumers()) came[i] += log.senders[i].slices[slice];
      }
      const auto has_work = [&](std::size_t i) { return came[i] < total[i]; };
      bool all_have_work = true;
      for (std::size_t i = 0; i < count; ++i) all_have_work = all_have_work && has_work(i);
      if (!all_have_work && slice > 0) break;
      shares.assign(came.begin(), came.end());
    }
    return shares;
  }

  // All want the lock until the last turn.
  std::vector<double> turns_of_producers() const {
    std::vector<double> turns;
    for (const SeatLog& log : producers()) turns.push_back(static_cast<double>(log.sent));
    return turns;
  }

  const LaunchRequest& request_;
  const LoopSpec& spec_;
  const Cast& cast_;
  std::span<const SeatLog> logs_;
  const Board& board_;
  std::vector<Stamps> senders_;  // of an open loop, by the producer's index
};

}  // namespace

void finish_record(const LaunchRequest& request, const LoopSpec& spec, CastBlock& block, const Stamps& stamps,
                   const WorkersEnd& end, LaunchRecord& record) {
  const Cast cast = cast_of(spec);
  record.coordinator_cpu_ns = end.coordinator.cpu_ns;
  record.coordinator_wall_ns = end.coordinator.wall_ns;
  if (!judge(end, record)) return;
  if (spec.pilot_ns != 0) return;
  if (request.cpus.producer != request.cpus.consumer) record.canary_ns = block.canary_ns;
  record.bytes_per_op = spec.message_size;
  const CastFigures figures(request, spec, cast, block, stamps);
  figures.fill(record);
  const bool may_lose =
      !transport_of(request).capabilities(option_values(request.spec, transport_of(request).info())).reliable;
  if (const std::string why = figures.mismatch(record, may_lose, spec.merges); !why.empty())
    broke(record, Status::invalid, Phase::done, why);
}

}  // namespace ipcbench
