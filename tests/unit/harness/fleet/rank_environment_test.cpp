#include "harness/fleet/rank_environment.h"

#include <map>
#include <string>

#include <gmock/gmock.h>

#include "harness/base/usage_error.h"

namespace ipcbench {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

using Variables = std::map<std::string, std::string>;

Rank rank_with(const Variables& variables, std::string_view launcher = "") {
  return rank_from(
      [&](const char* name) {
        const auto found = variables.find(name);
        return found == variables.end() ? nullptr : found->second.c_str();
      },
      launcher);
}

std::string refusal_of(const Variables& variables, std::string_view launcher = "") {
  try {
    rank_with(variables, launcher);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "not refused";
}

struct Launched {
  std::string launcher;
  Variables variables;
  std::uint32_t number;
  std::optional<std::uint32_t> size, local;
  std::string job;
};

TEST(RankEnvironment, EachLauncherTellsWhatItKnows) {
  const std::vector<Launched> all = {
      {"openmpi",
       {{"OMPI_COMM_WORLD_RANK", "5"},
        {"OMPI_COMM_WORLD_SIZE", "8"},
        {"OMPI_COMM_WORLD_LOCAL_RANK", "1"},
        {"PMIX_RANK", "5"},
        {"PMIX_NAMESPACE", "prterun-a@1"}},
       5,
       8,
       1,
       "prterun-a_1"},
      {"pmix", {{"PMIX_RANK", "2"}, {"PMIX_NAMESPACE", "7"}}, 2, {}, {}, "7"},
      {"pmi", {{"PMI_RANK", "3"}, {"PMI_SIZE", "4"}, {"MPI_LOCALRANKID", "0"}}, 3, 4, 0, ""},
      {"slurm",
       {{"SLURM_PROCID", "0"},
        {"SLURM_NTASKS", "500"},
        {"SLURM_LOCALID", "0"},
        {"SLURM_JOB_ID", "81"},
        {"SLURM_STEP_ID", "2"},
        {"SLURM_RESTART_COUNT", "1"}},
       0,
       500,
       0,
       "81.2.1"},
      {"flux",
       {{"FLUX_TASK_RANK", "6"}, {"FLUX_JOB_SIZE", "7"}, {"FLUX_TASK_LOCAL_ID", "2"}, {"FLUX_JOB_ID", "f4"}},
       6,
       7,
       2,
       "f4"},
      {"kubernetes", {{"JOB_COMPLETION_INDEX", "9"}}, 9, {}, {}, ""},
  };
  for (const Launched& launched : all) {
    for (const std::string& launcher : {std::string(), launched.launcher}) {
      const Rank rank = rank_with(launched.variables, launcher);
      EXPECT_EQ(rank.number, launched.number) << launched.launcher;
      EXPECT_EQ(rank.size, launched.size) << launched.launcher;
      EXPECT_EQ(rank.local, launched.local) << launched.launcher;
      EXPECT_EQ(rank.job, launched.job) << launched.launcher;
    }
  }
  EXPECT_EQ(all.size(), launcher_names().size());
}

TEST(RankEnvironment, GarbageIsRefusedByName) {
  for (const std::string value : {"", "x", "-1", "+1", " 1", "1 ", "0x1", "1.5", "99999999999", "10000001"}) {
    EXPECT_THAT(refusal_of({{"SLURM_PROCID", value}}), AllOf(HasSubstr("SLURM_PROCID"), HasSubstr("'" + value + "'")));
    EXPECT_THAT(refusal_of({{"SLURM_PROCID", "1"}, {"SLURM_LOCALID", value}}), HasSubstr("SLURM_LOCALID is '"));
  }
  EXPECT_THAT(refusal_of({{"PMI_RANK", "4"}, {"PMI_SIZE", "4"}}), HasSubstr("PMI_RANK is 4, but PMI_SIZE is 4"));
  EXPECT_THAT(refusal_of({{"PMI_RANK", "0"}, {"PMI_SIZE", "0"}}), HasSubstr("PMI_SIZE is 0"));
}

TEST(RankEnvironment, WithoutALauncherTheNamesAreSaid) {
  EXPECT_THAT(refusal_of({}),
              AllOf(HasSubstr("PMIX_RANK"), HasSubstr("OMPI_COMM_WORLD_RANK"), HasSubstr("PMI_RANK"),
                    HasSubstr("SLURM_PROCID"), HasSubstr("FLUX_TASK_RANK"), HasSubstr("JOB_COMPLETION_INDEX")));
  // An allocation's shell knows the number of tasks and is none of them.
  EXPECT_THAT(refusal_of({{"SLURM_NTASKS", "4"}}), HasSubstr("SLURM_PROCID"));
  EXPECT_THAT(refusal_of({{"PMI_RANK", "1"}}, "slurm"), HasSubstr("SLURM_PROCID is not set"));
}

TEST(RankEnvironment, LaunchersThatDisagreeAreNamedUnlessOneIsChosen) {
  const Variables nested = {{"OMPI_COMM_WORLD_RANK", "3"},
                            {"OMPI_COMM_WORLD_SIZE", "8"},
                            {"SLURM_PROCID", "0"},
                            {"SLURM_NTASKS", "8"},
                            {"SLURM_JOB_ID", "81"}};
  EXPECT_THAT(refusal_of(nested),
              AllOf(HasSubstr("OMPI_COMM_WORLD_RANK is 3 and SLURM_PROCID is 0"), HasSubstr("--launcher")));
  EXPECT_EQ(rank_with(nested, "openmpi").number, 3U);
  EXPECT_EQ(rank_with(nested, "slurm").number, 0U);
  EXPECT_THAT(refusal_of({{"PMI_RANK", "1"}, {"PMI_SIZE", "2"}, {"SLURM_PROCID", "1"}, {"SLURM_NTASKS", "3"}}),
              HasSubstr("PMI_SIZE is 2 and SLURM_NTASKS is 3"));
}

TEST(RankEnvironment, PartsOfFileNamesAreSafe) {
  EXPECT_EQ(file_name_part("node-7.rack_2"), "node-7.rack_2");
  EXPECT_EQ(file_name_part("../etc"), "_._etc");
  EXPECT_EQ(file_name_part("-o a\n"), "_o_a_");
  EXPECT_EQ(file_name_part(std::string(1000, 'a')).size(), 100U);
}

}  // namespace
}  // namespace ipcbench
