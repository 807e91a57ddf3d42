#include "cli/commands/ranked_run.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iterator>
#include <memory>
#include <set>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/options/command_line.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/progress.h"
#include "cli/terminal/terminal.h"
#include "harness/base/error.h"
#include "harness/base/fnv1a.h"
#include "harness/base/io.h"
#include "harness/base/unique_fd.h"
#include "harness/base/usage_error.h"
#include "harness/files/input_file.h"
#include "harness/fleet/rank_environment.h"
#include "harness/fleet/rank_folder.h"
#include "harness/host/host_id.h"
#include "harness/process/stop_signals.h"
#include "harness/run/stored_run.h"
#include "harness/suite/duration.h"
#include "results/compare/comparability.h"
#include "results/files/journal.h"
#include "results/files/store.h"
#include "results/model/utf8.h"

namespace ipcbench {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;
using WaitClock = std::chrono::steady_clock;

constexpr const char* kRanked = "On many hosts at once (docs/fleet.md)";
constexpr std::chrono::nanoseconds kPoll = 200ms;
// A network file system may show another host's file up to a minute late.
constexpr std::chrono::nanoseconds kUntilShared = 60s;

void refuse_flags(const RunFlags& flags) {
  const std::string& output = flags.arguments.output_given();
  if (output.empty() || flags.arguments.writes_to_stdout())
    throw UsageError("--ranked: each host's result goes into a folder; name it with --output DIR");
  const auto refuse = [](bool given, const char* flag, const char* instead) {
    if (given) throw UsageError(fmt::format("--ranked: {} is of a single run; {}", flag, instead));
  };
  refuse(!flags.resume.empty(), "--resume", "the same command again goes on with what is in the folder");
  refuse(flags.report, "--report", "ipcbench report makes the page of one result, ipcbench fleet compares them");
  refuse(!flags.path_file.empty(), "--path-file", "the results are in the folder");
}

Rank rank_of(const RankedFlags& flags) {
  Rank rank = rank_from([](const char* name) { return std::getenv(name); }, flags.launcher);
  if (flags.ranks && rank.size && *rank.size != *flags.ranks)
    throw UsageError(fmt::format("--ranks {}: the launcher says that there are {}", *flags.ranks, *rank.size));
  if (flags.ranks) rank.size = flags.ranks;
  if (rank.size && rank.number >= *rank.size)
    throw UsageError(fmt::format("--ranks {}: this is rank {}, and ranks are counted from 0", *rank.size, rank.number));
  if (!flags.job.empty()) rank.job = file_name_part(flags.job);
  if (rank.job.empty()) {
    throw UsageError(
        "--ranked: the launcher doesn't name the job; give --job NAME, the same to all ranks and a new one for "
        "each start, so that nobody waits for files of an earlier one");
  }
  return rank;
}

// HostName names a host in files and messages.
struct HostName {
  std::string name;  // "node7"
  std::string stem;  // "node7-0123456789abcdef", by which other hosts of that name have another
  std::string boot;  // differs between hosts, even if all else is equal
};

HostName host_name(const std::string& given) {
  constexpr std::size_t kDigits = 16;
  HostName host;
  host.name = given.empty() ? read_line("/proc/sys/kernel/hostname").value_or("") : given;
  host.stem = file_name_part(host.name);
  if (host.stem.empty()) host.stem = "host";
  if (const std::optional<std::string> id = host_id()) host.stem += "-" + id->substr(0, kDigits);
  host.boot = fmt::format("{:016x}", fnv1a_64(read_line("/proc/sys/kernel/random/boot_id").value_or("")));
  return host;
}

// Log takes what a rank would write to stderr: 500 ranks would fill rank 0's terminal.
class Log {
 public:
  explicit Log(const std::string& path) : stderr_(::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)) {
    const UniqueFd log(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0666));
    if (!log) throw_errno("open {}", path);
    if (!stderr_ || ::dup2(log.get(), STDERR_FILENO) < 0) throw_errno("dup2 stderr");
  }
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;
  ~Log() { ::dup2(stderr_.get(), STDERR_FILENO); }

 private:
  UniqueFd stderr_;
};

std::string what_code_means(int code, const std::string& log) {
  switch (code) {
    case kExitInvalid:
      return "a case of its result is invalid, crashed or timed out";
    case kExitAllSkipped:
      return "no case can be measured on this host";
    case kExitInterrupted:
      return "stopped by a signal; the same command again goes on";
    default:
      return fmt::format("exit code {}; see {}", code, log);
  }
}

// Refuses to take for this command's result what another one has measured. Blocks that were fitted to another budget
// are no difference.
void refuse_other_options(const RunArguments& arguments, const Result& stored, const std::string& file) {
  std::vector<std::string> apart;
  const auto compare = [&](std::string_view what, const std::string& there, const std::string& here) {
    if (there != here) apart.push_back(fmt::format("{} {}, not {}", what, printable(there), here));
  };
  compare("suite", stored.suite, arguments.suite_name());
  if (apart.empty()) {
    const Plan plan = arguments.plan(Topology::of_this_machine());
    compare("payload", std::string(stored.payload.name()), std::string(to_string(arguments.payload())));
    compare("--passes", fmt::format("{}", stored.passes), fmt::format("{}", plan.passes));
    compare("--precision", fmt::format("{}", stored.precision.value_or(0)),
            fmt::format("{}", plan.precision.value_or(0)));
    if (arguments.seed_given())
      compare("--seed", fmt::format("{}", stored.seed), fmt::format("{}", *arguments.seed_given()));
    std::set<std::string> there, here;
    for (const CaseRecord& c : stored.cases) there.insert(fmt::format("{} {}", c.id, known_workers(c.workers)));
    for (const PlannedCase& c : plan.cases) here.insert(fmt::format("{} {}", c.spec.id(), to_string(c.workers)));
    std::vector<std::string> more, fewer;
    std::ranges::set_difference(there, here, std::back_inserter(more));
    std::ranges::set_difference(here, there, std::back_inserter(fewer));
    if (!more.empty()) apart.push_back(fmt::format("the case {}", printable(more.front())));
    if (!fewer.empty()) apart.push_back(fmt::format("not the case {}", fewer.front()));
  }
  if (apart.empty()) return;
  throw UsageError(fmt::format("{}: it was measured with other options: {}; name another folder by --output", file,
                               fmt::join(apart, "; ")));
}

class RankedRun {
 public:
  RankedRun(const MeasuringCommand& command, RunFlags flags, const RankedFlags& ranked, const Globals& globals)
      : command_(command),
        flags_(std::move(flags)),
        globals_(globals),
        every_rank_(ranked.every_rank),
        wait_(parse_duration(ranked.wait, "--wait-ranks")),
        rank_(rank_of(ranked)),
        host_(host_name(ranked.host_name)),
        folder_name_(flags_.arguments.output_given()),
        folder_(folder_name_, rank_.job, rank_.number) {
    flags_.ranked = true;
    flags_.host_name = ranked.host_name;
    const std::string stem = every_rank_ ? fmt::format("{}-rank{}", host_.stem, rank_.number) : host_.stem;
    result_ = fmt::format("{}/{}.ipcbench.json", folder_name_, stem);
    log_ = fmt::format("{}/{}.log", folder_name_, stem);
    if (!is_first()) command_.text = [](const Result&, bool) { return std::string(); };
  }

  int run() {
    install_stop_signals();
    const int code = is_first() ? take_part() : take_part_silently();
    if (!is_first()) return code;
    if (code == kExitInterrupted) return code;
    return wait_for_others(code);
  }

 private:
  bool is_first() const noexcept { return rank_.number == 0; }
  void say(const std::string& line) const {
    tell(fmt::format("ipcbench: rank {} ({}): {}", rank_.number, host_.name, line));
  }

  int take_part();
  int take_part_silently();
  bool is_anothers_host() const;
  int measure();
  int wait_for_others(int code) const;
  int end(int code, const RankReports& reports, const RankAccount& account) const;
  void report(RankState state, std::string text = "") const {
    folder_.tell({.state = state, .host = host_.stem, .text = std::move(text)});
  }

  MeasuringCommand command_;
  RunFlags flags_;
  const Globals& globals_;
  bool every_rank_;
  std::chrono::nanoseconds wait_;
  Rank rank_;
  HostName host_;
  std::string folder_name_;
  RankFolder folder_;
  std::string result_, log_;
  std::string failure_;  // why take_part() has failed; "": it hasn't
};

// Returns whether another rank measures this host. Throws UsageError if it has only the same name as another one.
bool RankedRun::is_anothers_host() const {
  if (every_rank_) return false;
  if (rank_.local && *rank_.local > 0) return true;
  const RankFolder::Owner owner = folder_.own(host_.stem, host_.boot);
  if (owner.rank == rank_.number) return false;
  if (owner.boot == host_.boot) return true;
  throw UsageError(fmt::format(
      "the host of rank {} is called {} as well and has the same machine id; give each a name of its own by "
      "--host-name, or a machine id (man machine-id)",
      owner.rank, host_.stem));
}

// Goes on with what an earlier start has left in the folder.
int RankedRun::measure() {
  flags_.arguments.set_output(result_);
  const std::string journal = journal_path(result_);
  if (fs::exists(journal) && is_torn_header(read_input(journal))) fs::remove(journal);
  const bool stored = fs::exists(result_);
  if (!stored && !fs::exists(journal)) return measure_run(command_, flags_, globals_);
  const std::string file = stored ? result_ : journal;
  const Result result = load_result(file);
  refuse_other_options(flags_.arguments, result, file);
  if (stored && result.complete) {
    tell(fmt::format("{}: complete, kept", result_));
    return exit_code_of(result);
  }
  flags_.resume = file;
  return measure_run(command_, flags_, globals_);
}

int RankedRun::take_part() {
  int code = EXIT_SUCCESS;
  try {
    if (is_anothers_host()) {
      tell(fmt::format("rank {}: another rank measures this host", rank_.number));
      report(RankState::left);
      return code;
    }
    report(RankState::started);
    code = measure();
    if (code != EXIT_SUCCESS) failure_ = what_code_means(code, log_);
  } catch (const UsageError& error) {
    code = kExitUsage;
    failure_ = error.what();
  } catch (const std::exception& error) {
    code = kExitInternal;
    failure_ = error.what();
  }
  report(failure_.empty() ? RankState::done : RankState::failed, failure_);
  if (!failure_.empty()) say(failure_);
  return code;
}

int RankedRun::take_part_silently() {
  int code = EXIT_SUCCESS;
  {
    const Log log(log_);
    code = take_part();
    if (!folder_.reports().contains(0)) {
      tell(fmt::format("rank 0 has written nothing into {}: it hasn't started, or its host doesn't share the folder",
                       folder_name_));
    }
  }
  if (!failure_.empty()) say(failure_);
  return code;
}

int RankedRun::wait_for_others(int code) const {
  if (!rank_.size) {
    say("the launcher doesn't tell how many ranks there are, and nobody is waited for; --ranks N does");
    return code;
  }
  const WaitClock::time_point start = WaitClock::now();
  for (bool said = false;;) {
    const RankReports reports = folder_.reports();
    const RankAccount account = account_of(reports, *rank_.size);
    const std::chrono::nanoseconds waited = WaitClock::now() - start;
    const bool alone = !account.silent.empty() && !hears_another_host(reports, host_.stem);
    if (!account.is_waiting() || waited >= wait_ || stop_requested()) return end(code, reports, account);
    if (alone && waited >= kUntilShared) return end(code, reports, account);
    if (!said) {
      say(fmt::format("waiting for {} of {} ranks, at most {}", account.silent.size() + account.unfinished.size(),
                      *rank_.size, format_duration(wait_)));
    }
    said = true;
    std::this_thread::sleep_for(std::min(kPoll, wait_ - waited));
  }
}

int RankedRun::end(int code, const RankReports& reports, const RankAccount& account) const {
  for (const std::string& line : account_lines(account, reports)) tell(line);
  if (!account.silent.empty() && !hears_another_host(reports, host_.stem)) {
    tell(fmt::format("no other host has written into {}: it isn't a folder that the hosts share, or none has started",
                     folder_name_));
  }
  if (account.all_well()) {
    folder_.remove();
    return code;
  }
  folder_.tell_end();
  tell("the same command again measures what is missing");
  if (stop_requested() && account.is_waiting()) return kExitInterrupted;
  return code == EXIT_SUCCESS ? kExitInvalid : code;
}

}  // namespace

void add_ranked_to(CLI::App& app, RankedFlags& flags) {
  CLI::Option* ranked =
      app.add_flag("--ranked", flags.ranked,
                   "as one rank of a job that srun, mpirun or another launcher has started: a result of "
                   "each host into the folder --output")
          ->group(kRanked);
  app.add_option("--wait-ranks", flags.wait,
                 "how long rank 0 waits for the other ranks once it has ended; default: 10min")
      ->check(not_empty())
      ->option_text("DURATION")
      ->needs(ranked)
      ->group(kRanked);
  app.add_option("--launcher", flags.launcher, "whose variables count, if two launchers have set some that differ")
      ->check(one_of(launcher_names()))
      ->option_text("NAME")
      ->needs(ranked)
      ->group(kRanked);
  app.add_option("--ranks", flags.ranks, "how many there are, if the launcher doesn't tell")
      ->check(CLI::Range(1, 10'000'000))
      ->option_text("N")
      ->needs(ranked)
      ->group(kRanked);
  app.add_option("--job", flags.job, "a name that no earlier job has had, if the launcher gives none")
      ->check(not_empty())
      ->option_text("NAME")
      ->needs(ranked)
      ->group(kRanked);
  app.add_option("--host-name", flags.host_name,
                 "of this host, in the result and its file's name: a pod isn't its node")
      ->check(not_empty())
      ->option_text("NAME")
      ->needs(ranked)
      ->group(kRanked);
  app.add_flag("--every-rank", flags.every_rank, "all ranks of a host measure, beside each other; default: one")
      ->needs(ranked)
      ->group(kRanked);
}

int measure_ranked(const MeasuringCommand& command, const RunFlags& run_flags, const RankedFlags& flags,
                   const Globals& globals) {
  refuse_flags(run_flags);
  return RankedRun(command, run_flags, flags, globals).run();
}

}  // namespace ipcbench
