#include "harness/fleet/rank_environment.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/base/usage_error.h"

namespace ipcbench {
namespace {

constexpr std::uint32_t kMostRanks = 10'000'000;

// Launcher names the variables that one launcher sets; nullptr: it sets none of this kind.
struct Launcher {
  const char* name;
  const char* rank;
  const char* size;
  const char* local;
  std::array<const char*, 3> job;  // those that are set name the job together
};

// PMI is what the mpiexec of MPICH and Intel MPI speaks. An Indexed Job of Kubernetes tells its index alone.
constexpr std::array kLaunchers = {
    Launcher{"openmpi",
             "OMPI_COMM_WORLD_RANK",
             "OMPI_COMM_WORLD_SIZE",
             "OMPI_COMM_WORLD_LOCAL_RANK",
             {"PMIX_NAMESPACE", "OMPI_MCA_ess_base_jobid", nullptr}},
    Launcher{"pmix", "PMIX_RANK", nullptr, nullptr, {"PMIX_NAMESPACE", nullptr, nullptr}},
    Launcher{"pmi", "PMI_RANK", "PMI_SIZE", "MPI_LOCALRANKID", {}},
    Launcher{"slurm",
             "SLURM_PROCID",
             "SLURM_NTASKS",
             "SLURM_LOCALID",
             {"SLURM_JOB_ID", "SLURM_STEP_ID", "SLURM_RESTART_COUNT"}},
    Launcher{"flux", "FLUX_TASK_RANK", "FLUX_JOB_SIZE", "FLUX_TASK_LOCAL_ID", {"FLUX_JOB_ID", nullptr, nullptr}},
    Launcher{"kubernetes", "JOB_COMPLETION_INDEX", nullptr, nullptr, {}},
};

// Told is a number and the variable that it comes from.
struct Told {
  std::uint32_t value;
  const char* variable;
};

std::optional<Told> told_by(const Environment& environment, const char* variable) {
  const char* const text = variable == nullptr ? nullptr : environment(variable);
  if (text == nullptr) return std::nullopt;
  const std::string_view whole = text;
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(whole.data(), whole.data() + whole.size(), value);
  if (error != std::errc() || end != whole.data() + whole.size() || value > kMostRanks) {
    throw UsageError(fmt::format("--ranked: {} is '{}', which is no whole number from 0 to {}; the launcher sets it",
                                 variable, whole, kMostRanks));
  }
  return Told{value, variable};
}

// Keeps the first of several values. Throws UsageError if the next one differs.
void keep(std::optional<Told>& kept, const std::optional<Told>& next) {
  if (!kept) {
    kept = next;
  } else if (next && next->value != kept->value) {
    throw UsageError(
        fmt::format("--ranked: {} is {} and {} is {}; say by --launcher which launcher started this process: {}",
                    kept->variable, kept->value, next->variable, next->value, fmt::join(launcher_names(), ", ")));
  }
}

std::string job_of(const Environment& environment, const Launcher& launcher) {
  std::string job;
  for (const char* const variable : launcher.job) {
    const char* const part = variable == nullptr ? nullptr : environment(variable);
    if (part == nullptr || *part == '\0') continue;
    if (!job.empty()) job += '.';
    job += part;
  }
  return file_name_part(job);
}

std::optional<std::uint32_t> value_of(const std::optional<Told>& told) {
  return told ? std::optional(told->value) : std::nullopt;
}

void check(const Told& rank, const std::optional<Told>& size, const std::optional<Told>& local) {
  if (!size) return;
  for (const Told& number : {rank, local.value_or(rank)}) {
    if (number.value >= size->value) {
      throw UsageError(fmt::format("--ranked: {} is {}, but {} is {}: ranks are counted from 0", number.variable,
                                   number.value, size->variable, size->value));
    }
  }
}

}  // namespace

std::vector<std::string> launcher_names() {
  std::vector<std::string> names;
  for (const Launcher& launcher : kLaunchers) names.emplace_back(launcher.name);
  return names;
}

Rank rank_from(const Environment& environment, std::string_view launcher) {
  std::optional<Told> rank, size, local;
  std::string job;
  std::vector<std::string> looked_for;
  for (const Launcher& one : kLaunchers) {
    if (!launcher.empty() && launcher != one.name) continue;
    looked_for.emplace_back(one.rank);
    const std::optional<Told> number = told_by(environment, one.rank);
    if (!number) continue;
    keep(rank, number);
    keep(size, told_by(environment, one.size));
    keep(local, told_by(environment, one.local));
    if (job.empty()) job = job_of(environment, one);
  }
  if (!rank) {
    throw UsageError(
        fmt::format("--ranked: no launcher has told this process its rank: {} {} not set; start it by srun, mpirun or "
                    "another launcher, or leave out --ranked",
                    fmt::join(looked_for, ", "), looked_for.size() == 1 ? "is" : "are"));
  }
  check(*rank, size, local);
  return {.number = rank->value, .size = value_of(size), .local = value_of(local), .job = std::move(job)};
}

std::string file_name_part(std::string_view text) {
  constexpr std::size_t kLongest = 100;
  constexpr std::string_view kSafe = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
  std::string part(text.substr(0, kLongest));
  std::ranges::replace_if(
      part, [&](char c) { return kSafe.find(c) == std::string_view::npos; }, '_');
  if (part.starts_with('.') || part.starts_with('-')) part.front() = '_';
  return part;
}

}  // namespace ipcbench
