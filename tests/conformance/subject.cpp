#include "tests/conformance/subject.h"

#include <cctype>
#include <cstdlib>
#include <set>
#include <system_error>
#include <tuple>

#include "harness/plan/refusal.h"
#include "harness/process/affinity.h"
#include "tests/support/test_workers.h"

namespace ipcbench {
namespace {

namespace fs = std::filesystem;

}  // namespace

CpuPair two_cpus() {
  const std::vector<int> cpus = allowed_cpus();
  return {.producer = cpus.front(), .consumer = cpus.back()};
}

OptionValues Subject::options() const {
  OptionValues values;
  if (!option.empty()) values.emplace(option, value);
  for (const OptionInfo& known : info().options) values.emplace(known.name, known.default_value);
  return values;
}

bool Subject::offers(Scenario scenario) const {
  return scenario == Scenario::ping_pong ? info().no_ping_pong.empty() : info().no_streaming.empty();
}

std::ostream& operator<<(std::ostream& out, const Subject& subject) {
  out << subject.entry->name << " with " << to_string(subject.wait);
  return subject.option.empty() ? out : out << " and " << subject.option << '=' << subject.value;
}

std::string test_name_of(const ::testing::TestParamInfo<Subject>& param) {
  const Subject& subject = param.param;
  std::string name(subject.entry->name);
  if (subject.entry->transport != nullptr) name += '_' + std::string(to_string(subject.wait));
  if (!subject.option.empty()) name += '_' + subject.option + '_' + subject.value;
  std::replace_if(
      name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

std::vector<Subject> all_subjects() {
  std::vector<Subject> subjects;
  std::set<std::tuple<std::string_view, Shape, std::string_view>> shared;  // options by part, shape and name
  for (const RegisteredTransport& entry : registered_transports()) {
    if (entry.transport == nullptr) {
      subjects.push_back({.entry = &entry});
      continue;
    }
    const TransportInfo& info = entry.transport->info();
    if (info.hidden) continue;
    for (const WaitStrategy wait : info.waits) subjects.push_back({.entry = &entry, .wait = wait});
    for (const OptionInfo& option : info.options) {
      const bool is_first = shared.emplace(option.part, info.capabilities.shape, option.name).second;
      if (!option.part.empty() && !is_first) continue;
      for (const std::string_view value : option.values) {
        if (value == option.default_value) continue;
        subjects.push_back({.entry = &entry,
                            .wait = info.waits.front(),
                            .option = std::string(option.name),
                            .value = std::string(value)});
      }
    }
  }
  return subjects;
}

std::vector<Subject> subjects_where(Applies applies) {
  std::vector<Subject> subjects = all_subjects();
  std::erase_if(subjects,
                [&](const Subject& subject) { return subject.entry->transport == nullptr || !applies(subject); });
  return subjects;
}

std::uint64_t few(const Subject& subject, std::uint64_t ops) {
  const bool turns_by_tick = subject.wait != WaitStrategy::block && allowed_cpus().size() == 1;
  return turns_by_tick ? std::min<std::uint64_t>(ops, 3) : ops;
}

void Conformance::SetUp() {
  if (subject().entry->transport == nullptr) GTEST_SKIP() << "not built: " << subject().entry->missing_reason;
  const Availability availability = subject().transport().probe();
  if (const auto* unavailable = std::get_if<Unavailable>(&availability)) GTEST_SKIP() << unavailable->reason;
  if (const std::string why = workers_refusal(test_workers(), subject().info()); !why.empty()) GTEST_SKIP() << why;
  here_ = std::get<Available>(availability);
  limit_ = subject().transport().largest_message(*here_, subject().options()).bytes;
  const auto refusal = [&](std::size_t size) {
    return subject().transport().option_refusal(subject().wait, size, subject().options());
  };
  std::size_t fits = can().min_message;
  if (const std::string reason = refusal(fits); !reason.empty()) GTEST_SKIP() << reason;
  if (can().carries_payload && !refusal(largest()).empty()) {
    for (std::size_t too_large = largest(); too_large - fits > 1;) {
      const std::size_t middle = fits + (too_large - fits) / 2;
      (refusal(middle).empty() ? fits : too_large) = middle;
    }
    limit_ = fits;
  }

  std::string shape = (fs::temp_directory_path() / "ipcbench-test-XXXXXX").string();
  if (::mkdtemp(shape.data()) == nullptr) throw std::system_error(errno, std::generic_category(), "mkdtemp " + shape);
  folder_ = shape;
  runs_ = folder_ / "ipcbench";
  ::setenv("XDG_RUNTIME_DIR", folder_.c_str(), 1);
}

Conformance::~Conformance() {
  std::error_code ignored;
  if (!folder_.empty()) fs::remove_all(folder_, ignored);
}

LaunchRecord Conformance::run(const Job& job) const {
  RunDir run_dir = RunDir::create();
  return run(job, run_dir);
}

LaunchRecord Conformance::run(const Job& job, RunDir& run_dir) const {
  constexpr std::size_t kBytes = 8 << 20;  // per block
  const std::uint64_t suitable =
      few(subject(), std::clamp<std::uint64_t>(kBytes / std::max({job.size, job.reply, kCacheLine}), 3, 50));
  CaseSpec spec{.scenario = job.scenario,
                .transport = std::string(subject().entry->name),
                .wait = subject().wait,
                .size = can().carries_payload ? job.size : 0,
                .placement = Placement::unpinned};
  if (!subject().option.empty()) set_option(spec, subject().info(), subject().option, subject().value);
  for (const auto& [name, value] : job.options) set_option(spec, subject().info(), name, value);
  if (job.reply != 0) set_option(spec, subject().info(), kReplyOption, std::to_string(job.reply));
  return launch({.spec = spec,
                 .cpus = job.pinned ? two_cpus() : CpuPair{},
                 .payload = PayloadMode::full,
                 .seed = job.seed,
                 .block_ops = job.ops != 0 ? job.ops : suitable,
                 .warmup_ops = 2,
                 .counts_calls = job.counts_calls,
                 .deadline = kLaunchDeadline,
                 .hybrid_spin = std::chrono::microseconds(50),
                 .clock = {},
                 .workers = test_workers()},
                run_dir)
      .record;
}

}  // namespace ipcbench
