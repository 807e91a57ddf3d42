#include "harness/launch/channel_levels.h"

#include <linux/membarrier.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/plan/launch_limits.h"
#include "results/model/limits.h"

namespace ipcbench {
namespace {

using namespace std::chrono_literals;
using Step = ChannelStep;

constexpr std::uint64_t kMostPayload = 1 << 20;  // bytes put into a channel, but at least one message

// Waits until the kernel can free unmapped regions: once no CPU can use them any more, which membarrier(2) waits for.
// What it frees later still, such as page tables of ended processes, is kept away by measure_channel().
void wait_for_late_frees() noexcept {
  for (int i = 0; i < 2; ++i) ::syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0);
}

// Called when the sessions' memory has been measured: tickets are no part of a channel.
WorkerTickets tickets_of_all(const std::vector<std::unique_ptr<Session>>& sessions) {
  WorkerTickets tickets(2);
  for (const auto& session : sessions) {
    try {
      WorkerTickets pair = tickets_of(*session);
      for (std::size_t side = 0; side < 2; ++side) tickets[side].push_back(std::move(pair[side].front()));
    } catch (const std::system_error& error) {
      throw ChannelsRefused{.channels = static_cast<std::uint32_t>(tickets[1].size()), .why = error.what()};
    }
  }
  return tickets;
}

std::string why_unlike(const ChannelReply& reply) {
  const std::string limits = limits_text(limits_behind({&reply.unlike, 1}));
  return fmt::format("only {} channels have buffers of one size{}{}", reply.alike, limits.empty() ? "" : ": ", limits);
}

}  // namespace

ChannelMeter::ChannelMeter(const LaunchRequest& request, const Transport& transport, RunDir& run_dir,
                           const MemoryGroup* group, std::atomic<std::uint32_t>& steps)
    : transport_(transport),
      group_(group),
      config_(session_config(request, run_dir)),
      request_(request),
      spec_{.scenario = Scenario::fill_channel,
            .payload = request.payload,
            .seed = request.seed,
            .message_size = request.spec.size,
            .block_ops = std::max<std::uint64_t>(kMostPayload / std::max<std::size_t>(request.spec.size, 1), 1),
            .clock = request.clock},
      steps_(steps) {
  config_.quiet = 5ms;  // nothing is in transit when channels are drained
}

template <class Part>
MemoryLevels ChannelMeter::levels(std::span<const pid_t> participants, std::uint32_t parts, Part do_part) {
  const double origin = used(participants);
  MemoryLevels levels;
  for (std::uint32_t index = 0; index < parts; ++index) {
    do_part(index);
    levels.add(used(participants) - origin);
    ++steps_;
  }
  return levels;
}

ChannelLevels ChannelMeter::measure(std::uint32_t channels, std::uint32_t parts, bool loads) {
  ChannelLevels found;
  parts = std::min(parts, channels);
  found.channels = channels - channels % parts;
  const std::uint32_t part = found.channels / parts;

  Sessions sessions;
  sessions.reserve(found.channels);
  const std::array here{::getpid()};
  wait_for_late_frees();
  MemoryLevels made = levels(here, parts, [&](std::uint32_t index) { create(sessions, (index + 1) * part); });

  std::vector<pid_t> everyone{::getpid()};
  for (const auto& session : sessions) {
    if (session->broker() == 0) continue;
    everyone.push_back(session->broker());
    found.has_broker = true;
  }
  const LaunchMemory cells(found.channels * sizeof(Rendezvous::PairCells), request_.workers);
  WorkerTickets tickets = tickets_of_all(sessions);
  const double before = used_by_kernel();
  Pair workers{worker(Role::producer, tickets, cells), worker(Role::consumer, tickets, cells)};
  tickets.clear();  // a worker must see the end of its peer
  const auto both = [&](const ChannelOrder& order) { carry_out(workers, order); };
  both({Step::open, 0});  // waits until both have started
  everyone.insert(everyone.end(), {workers[0].pid(), workers[1].pid()});
  wait_for_late_frees();
  found.forked = used_by_kernel() - before;
  found.idle = levels(everyone, parts, [&](std::uint32_t index) {
    both({Step::open, (index + 1) * part});
    for (std::uint32_t i = index * part; i < (index + 1) * part; ++i) sessions[i]->attached();
    wait_for_late_frees();
  });
  for (std::size_t i = 0; i < parts; ++i) found.idle.bytes[i] += made.bytes[i];
  if (loads) load(found, workers, everyone, parts);
  return found;
}

void ChannelMeter::load(ChannelLevels& found, Pair& workers, std::span<const pid_t> everyone, std::uint32_t parts) {
  const std::uint32_t part = found.channels / parts;
  std::uint64_t messages = 0;
  const auto tell = [&](ChannelWorker& worker, const ChannelOrder& order) {
    worker.send(order);
    const ChannelReply reply = worker.receive();
    if (reply.failed) throw ChannelsRefused{.channels = 0, .why = reply.text.data()};
    if (order.step != Step::weigh) note(worker, reply);
    return reply;
  };
  const auto queued = [&] {
    std::uint64_t bytes = 0;
    for (ChannelWorker& worker : workers) bytes += tell(worker, {Step::weigh, found.channels}).queued;
    return bytes;
  };
  const std::uint64_t before = queued();
  found.loaded = levels(everyone, parts, [&](std::uint32_t index) {
    const ChannelReply filled = tell(workers[0], {Step::fill, (index + 1) * part});
    messages = filled.messages;
    found.capped = !filled.full;
    tell(workers[1], {Step::open, found.channels});  // only to learn what has arrived
  });
  const Capabilities capabilities = transport_.capabilities(config_.options);
  const std::uint64_t lying = queued();
  if (!capabilities.reliable) {
    messages = tell(workers[1], {Step::drain, found.channels}).messages;
    found.capped = false;
  }
  found.seen_growth = found.loaded.last();
  for (std::size_t i = 0; i < parts; ++i) found.loaded.bytes[i] += found.idle.bytes[i];
  found.payload = payload_of(found, messages, lying - std::min(before, lying), capabilities.shape);
}

// Returns the payload in the channels. A sender that stopped in the middle of a message has stored a part of it; in a
// stream, that is what lies beyond the whole messages.
std::optional<double> ChannelMeter::payload_of(const ChannelLevels& found, std::uint64_t messages, std::uint64_t lying,
                                               Shape shape) const {
  const auto size = static_cast<std::uint64_t>(spec_.message_size);
  const std::uint64_t whole = messages * size;
  const bool offered_one = spec_.block_ops == 1;  // some channels may have taken all of it, others a part
  if (shape == Shape::byte_stream && (!found.capped || offered_one)) {
    if (offered_one) return static_cast<double>(std::clamp(lying, whole, found.channels * size));
    return static_cast<double>(std::max(whole, std::min(lying, whole + found.channels * size)));
  }
  if (messages == 0) return std::nullopt;
  return static_cast<double>(whole);
}

ChannelWorker ChannelMeter::worker(Role role, WorkerTickets& tickets, const LaunchMemory& cells) const {
  WorkerOrders orders = orders_for(request_, role);
  orders.task = WorkerTask::hold_channels;
  orders.cpu = -1;
  orders.quiet = config_.quiet;
  // Looking at a descriptor takes about 2 KiB of kernel memory, which a control group would count.
  orders.sees_buffers = group_ == nullptr;
  orders.channels = static_cast<std::uint32_t>(tickets[static_cast<std::size_t>(role)].size());
  orders.spec = spec_;
  return {request_.workers, orders, tickets, cells};
}

void ChannelMeter::create(Sessions& sessions, std::uint32_t until) const {
  while (sessions.size() < until) {
    try {
      sessions.push_back(transport_.create(config_));
    } catch (const std::system_error& error) {
      throw ChannelsRefused{.channels = static_cast<std::uint32_t>(sessions.size()), .why = error.what()};
    }
  }
}

// Lets both act at once, since each may need the other. If one fails, the other would wait forever.
void ChannelMeter::carry_out(Pair& workers, const ChannelOrder& order) {
  for (ChannelWorker& worker : workers) worker.send(order);
  std::array<pollfd, 2> fds{{{.fd = workers[0].fd(), .events = POLLIN, .revents = 0},
                             {.fd = workers[1].fd(), .events = POLLIN, .revents = 0}}};
  for (int left = 2; left > 0;) {
    if (::poll(fds.data(), fds.size(), -1) < 0 && errno != EINTR) throw_errno("poll on two workers");
    for (std::size_t side = 0; side < 2; ++side) {
      if (fds[side].revents == 0) continue;
      const ChannelReply reply = workers[side].receive();
      if (reply.failed) throw ChannelsRefused{.channels = order.channels / 2, .why = reply.text.data()};
      if (reply.alike < order.channels) throw ChannelsRefused{.channels = reply.alike, .why = why_unlike(reply)};
      buffers_[side] = reply.buffers;
      note(workers[side], reply);
      fds[side] = {.fd = -1, .events = 0, .revents = 0};
      --left;
    }
  }
}

void ChannelMeter::note(const ChannelWorker& worker, const ChannelReply& reply) {
  kernel_bytes_[worker.pid()] = reply.kernel_bytes;
}

double ChannelMeter::used(std::span<const pid_t> participants) {
  if (group_ != nullptr) return static_cast<double>(group_->bytes());
  std::uint64_t sum = 0;
  for (const pid_t pid : participants) sum += proportional_data_size(pid) + kernel_bytes_[pid];
  return static_cast<double>(sum);
}

// Returns the kernel memory in use; 0 without a control group.
double ChannelMeter::used_by_kernel() const {
  return group_ == nullptr ? 0 : static_cast<double>(group_->usage().kernel);
}

}  // namespace ipcbench
