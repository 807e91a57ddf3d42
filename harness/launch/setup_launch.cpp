#include "harness/launch/setup_launch.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <memory>
#include <new>
#include <optional>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/base/first_readable.h"
#include "harness/base/fixed_text.h"
#include "harness/floors/canary.h"
#include "harness/floors/run_pair.h"
#include "harness/host/tracer.h"
#include "harness/launch/control_block.h"
#include "harness/launch/launch_memory.h"
#include "harness/launch/launch_record.h"
#include "harness/launch/setup_side.h"
#include "harness/launch/side_failure.h"
#include "harness/launch/start_worker.h"
#include "harness/launch/workers_end.h"
#include "harness/plan/launch_limits.h"
#include "harness/process/affinity.h"
#include "harness/process/stop_signals.h"
#include "harness/process/wait_with_deadline.h"
#include "results/figures/statistics.h"

namespace ipcbench {
namespace {

constexpr int kWarmUpChannels = 2;
constexpr int kPilotChannels = 5;

class ChannelMaker {
 public:
  ChannelMaker(const LaunchRequest& request, const Transport& transport, RunDir& run_dir, const LaunchMemory& memory)
      : request_(request),
        transport_(transport),
        clock_(request.clock),
        config_(session_config(request, run_dir)),
        memory_(memory),
        board_(*reinterpret_cast<SetupBoard*>(memory.data())),
        told_(::eventfd(0, EFD_CLOEXEC)) {
    if (!told_) throw_errno("eventfd");
  }

  void make(std::uint64_t channels) {
    canary(0);
    for (int i = 0; i < kWarmUpChannels; ++i) make_one();
    is_timed_ = true;
    std::vector<double> create, connect, teardown;
    const std::uint64_t begin = clock_.begin();
    for (std::uint64_t i = 0; i < channels; ++i) {
      const SetupRecord channel = make_one();
      create.push_back(channel.create_ns);
      connect.push_back(channel.connect_ns);
      teardown.push_back(channel.teardown_ns);
    }
    board_.channel_ns = ns(clock_.end() - begin) / static_cast<double>(channels);
    canary(1);
    if (const std::string why = why_traced(); !why.empty()) {
      board_.traced = true;
      throw std::runtime_error(why);
    }
    board_.times = {median(create), median(connect), median(teardown)};
    board_.done = true;
  }

 private:
  // Rule 18: records the state of the two CPUs. It uses separate processes, since each channel's workers end with it;
  // meanwhile this one sleeps.
  void canary(std::size_t which) {
    const auto [producer, consumer] = request_.cpus;
    if (producer == consumer || request_.pilot.count() != 0) return;
    run_pair("canary", producer, consumer, [&](Role role) {
      const CanaryResult result = run_canary(board_.canary_lines[which], role, clock_, kLaunchCanaryNs);
      if (role == Role::producer) board_.canary_ns[which] = result.rtt_ns;
    });
  }

  double ns(std::uint64_t ticks) const { return static_cast<double>(clock_.to_ns(ticks)); }

  SetupRecord make_one() {
    board_.gate = 0;
    board_.rendezvous = {};
    const std::uint64_t made_begin = clock_.begin();
    std::unique_ptr<Session> session = transport_.create(config_);
    WorkerTickets tickets = tickets_of(*session);
    const std::uint64_t made_end = clock_.end();

    std::array<Child, 2> workers{start(Role::producer, tickets), start(Role::consumer, tickets)};
    tickets.clear();
    wait_for_both(*session, workers);
    set_gate(board_, SetupGate::open);
    wait_for_both(*session, workers);
    const std::uint64_t attached_begin = clock_.begin();
    session->attached();
    const std::uint64_t attached_end = clock_.end();
    set_gate(board_, SetupGate::close);
    wait_for_both(*session, workers);
    set_gate(board_, SetupGate::leave);
    for (Child& worker : workers) {
      if (!worker.wait().clean()) fail(*session, workers);
    }
    const std::uint64_t removed_begin = clock_.begin();
    session.reset();
    const std::uint64_t removed_end = clock_.end();

    const auto& [producer, consumer] = board_.sides;
    return {.create_ns = ns(made_end - made_begin),
            .connect_ns = ns(std::max(producer.open_end, consumer.open_end) -
                             std::min(producer.open_begin, consumer.open_begin) + attached_end - attached_begin),
            .teardown_ns = ns(std::max(producer.close_end, consumer.close_end) -
                              std::min(producer.close_begin, consumer.close_begin) + removed_end - removed_begin)};
  }

  Child start(Role role, WorkerTickets& tickets) {
    WorkerOrders orders = orders_for(request_, role);
    orders.task = WorkerTask::set_up;
    orders.is_timed = is_timed_;
    return start_worker(
        request_.workers, orders, tickets,
        {.memory = memory_.data(), .memory_fd = memory_.descriptor(), .told = told_.get(), .socket = -1});
  }

  void wait_for_both(Session& session, std::array<Child, 2>& workers) {
    for (eventfd_t told = 0; told == 0;) {
      const auto first = first_readable({workers[0].pidfd(), workers[1].pidfd(), told_.get()}, std::nullopt);
      if (first < 2u) fail(session, workers);
      if (::eventfd_read(told_.get(), &told) != 0) throw_errno("read of an eventfd");
    }
  }

  [[noreturn]] void fail(Session& session, std::array<Child, 2>& workers) const {
    const std::string reason = reason_of(workers);
    const std::string broker = session.broker_end();
    throw std::runtime_error(broker.empty() ? reason : fmt::format("{}; {}", broker, reason));
  }

  std::string reason_of(std::array<Child, 2>& workers) const {
    const WorkersEnd end = end_of_pair(workers, {&board_.logs[0], &board_.logs[1]});
    const WorkerEnd* const cause = cause_of(end);
    if (cause == nullptr) return "a worker has ended early";
    const std::string said = describe_failure(*cause->side, cause->message_size);
    return said.empty() ? fmt::format("{} {}", cause->name, describe(*cause->exit))
                        : fmt::format("{}: {}", cause->name, said);
  }

  const LaunchRequest& request_;
  const Transport& transport_;
  const Clock& clock_;
  SessionConfig config_;
  const LaunchMemory& memory_;
  SetupBoard& board_;
  UniqueFd told_;  // an eventfd: both workers are at a gate
  bool is_timed_ = false;
};

int make_channels(const LaunchRequest& request, const Transport& transport, RunDir& run_dir, const LaunchMemory& memory,
                  std::uint64_t channels) {
  try {
    ::close(run_dir.lock_fd());
    if (request.cpus.producer >= 0) pin_to(Cpu{request.cpus.producer});
    ChannelMaker(request, transport, run_dir, memory).make(channels);
  } catch (const std::exception& error) {
    copy_text(reinterpret_cast<SetupBoard*>(memory.data())->failure, error.what());
    return 1;
  }
  return 0;
}

}  // namespace

LaunchOutcome launch_setup(const LaunchRequest& request, RunDir& run_dir) {
  const Transport& transport = transport_of(request);
  const bool pilot = request.pilot.count() != 0;
  LaunchOutcome outcome{.record = start_record(request)};
  LaunchRecord& record = outcome.record;
  record.warmup_ops = kWarmUpChannels;
  const MemoryLimitWatch memory_limits;
  const LaunchMemory memory(sizeof(SetupBoard), request.workers);
  auto& board = *new (memory.data()) SetupBoard;  // trivial: keeps the mapping's zeros
  const std::uint64_t channels = pilot ? kPilotChannels : request.block_ops;
  Child maker =
      Child::spawn("ipcbench-setup", [&] { return make_channels(request, transport, run_dir, memory, channels); });
  run_dir.note_process(maker.pid());
  const bool ended = wait_with_deadline(maker, request.deadline);
  outcome.interrupted = stop_now();
  add_buffers(board.buffers, record);
  add_memory_limits(memory_limits.hit(), record.limits_met);
  if (!board.done) {
    record.status = board.traced ? Status::invalid : ended ? Status::crashed : Status::timed_out;
    record.reason = board.failure[0] != '\0' ? board.failure.data() : ended ? "it died" : "channels took too long";
    record.phase = Phase::setup;
    return outcome;
  }
  record.verified = channels;
  record.setup = board.times;
  if (request.cpus.producer != request.cpus.consumer && !pilot) record.canary_ns = board.canary_ns;
  outcome.pilot_op_ns = pilot ? board.channel_ns : 0;
  return outcome;
}

}  // namespace ipcbench
