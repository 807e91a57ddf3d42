#include "harness/conformance/trial.h"

#include <variant>

#include "harness/launch/launch.h"
#include "harness/plan/refusal.h"
#include "harness/sdk/uring.h"

namespace ipcbench {
namespace {

Available available_here(const Subject& subject, Workers workers) {
  if (subject.entry->transport == nullptr)
    throw CheckSkipped(fmt::format("not built: {}", subject.entry->missing_reason));
  const Availability availability = subject.transport().probe();
  if (const auto* unavailable = std::get_if<Unavailable>(&availability)) throw CheckSkipped(unavailable->reason);
  if (const std::string why = workers_refusal(workers, subject.info()); !why.empty()) throw CheckSkipped(why);
  if (const std::string why = waiting_refusal(subject.wait); !why.empty()) throw CheckSkipped(why);
  return std::get<Available>(availability);
}

}  // namespace

Trial::Trial(const Subject& subject, const TrialSettings& settings)
    : subject_(subject),
      settings_(settings),
      here_(available_here(subject, settings.workers)),
      limit_(subject.transport().largest_message(here_, subject.options()).bytes) {
  limit_ = limit_by_options();
}

// Returns the largest message that the option lets through, at most limit_.
std::size_t Trial::limit_by_options() const {
  const auto refusal = [&](std::size_t size) {
    return subject_.transport().option_refusal(subject_.wait, size, subject_.options());
  };
  std::size_t fits = can().min_message;
  if (const std::string reason = refusal(fits); !reason.empty()) throw CheckSkipped(reason);
  if (!can().carries_payload || refusal(largest()).empty()) return limit_;
  for (std::size_t too_large = largest(); too_large - fits > 1;) {
    const std::size_t middle = fits + (too_large - fits) / 2;
    (refusal(middle).empty() ? fits : too_large) = middle;
  }
  return fits;
}

std::vector<Scenario> Trial::scenarios() const {
  std::vector<Scenario> offered;
  for (const Scenario scenario : {Scenario::ping_pong, Scenario::streaming}) {
    if (subject_.offers(scenario)) offered.push_back(scenario);
  }
  return offered;
}

void Trial::need_loop() const {
#if !defined(IPCBENCH_TESTS)
  if (subject_.is_built_in())
    throw CheckSkipped("its loop for built-in transports is in builds with tests alone (IPCBENCH_TESTS)");
#endif
}

LaunchRecord Trial::run(const Job& job) const {
  RunDir run_dir = RunDir::create();
  return run(job, run_dir);
}

LaunchRecord Trial::run(const Job& job, RunDir& run_dir) const {
  constexpr std::size_t kBytes = 8 << 20;  // per block
  const std::uint64_t suitable =
      few(subject_, std::clamp<std::uint64_t>(kBytes / std::max({job.size, job.reply, kCacheLine}), 3, 50));
  CaseSpec spec{.scenario = job.scenario,
                .transport = std::string(subject_.entry->name),
                .wait = subject_.wait,
                .size = can().carries_payload ? job.size : 0,
                .placement = Placement::unpinned};
  if (!subject_.option.empty()) set_option(spec, subject_.info(), subject_.option, subject_.value);
  for (const auto& [name, value] : job.options) set_option(spec, subject_.info(), name, value);
  if (job.reply != 0) set_option(spec, subject_.info(), kReplyOption, std::to_string(job.reply));
  return launch({.spec = spec,
                 .cpus = job.pinned ? two_cpus() : CpuPair{},
                 .payload = subject_.payload(),
                 .seed = 1,
                 .block_ops = job.ops != 0 ? job.ops : suitable,
                 .warmup_ops = 2,
                 .counts_calls = job.counts_calls,
                 .deadline = settings_.deadline,
                 .hybrid_spin = std::chrono::microseconds(50),
                 .clock = {},
                 .workers = settings_.workers},
                run_dir)
      .record;
}

}  // namespace ipcbench
