// Checks ranks that real launchers start: Open MPI, and Slurm with two nodes that are daemons on this machine.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "harness/base/error.h"
#include "harness/base/io.h"
#include "harness/base/unique_fd.h"
#include "harness/files/output_file.h"
#include "harness/process/find_program.h"
#include "harness/process/run_program.h"
#include "program_run.h"

namespace ipcbench {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

// Returns a TCP port that nobody listens on.
int free_port() {
  const UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw_errno("bind to a free port");
  return ntohs(address.sin_port);
}

class Launchers : public ProgramRun {
 protected:
  // Returns a shell's command that becomes a rank. `host` may name variables of the launcher.
  std::vector<std::string> rank(const std::string& host, const std::string& more = "", const std::string& first = "") {
    return {"/bin/sh", "-c",
            fmt::format("{}exec {} run {} --ranked -o {} --host-name {} {}", first, IPCBENCH_PROGRAM, tiny_suite(),
                        path("results"), host, more)};
  }

  // Runs `launcher` with the rank's words behind it and returns its exit code.
  int launch(std::vector<std::string> launcher, const std::vector<std::string>& rank, const Place& place = {}) {
    launcher.insert(launcher.end(), rank.begin(), rank.end());
    return start_words(std::move(launcher), place).wait().code;
  }
};

class OpenMpi : public Launchers {
 protected:
  void SetUp() override {
    mpirun_ = find_program("mpirun");
    if (mpirun_.empty()) GTEST_SKIP() << "mpirun isn't installed";
  }
  // The processes of a machine reach each other by its loopback.
  std::vector<std::string> mpirun() const {
    return {mpirun_,
            "--allow-run-as-root",
            "--oversubscribe",
            "-n",
            "3",
            "--mca",
            "oob_tcp_if_include",
            "lo",
            "--mca",
            "orte_abort_on_non_zero_status",
            "0"};
  }
  std::string mpirun_;
};

TEST_F(OpenMpi, StartsRanksOfWhichOneOfAHostMeasures) {
  EXPECT_EQ(launch(mpirun(), rank("node")), 0) << err();
  EXPECT_THAT(err(), HasSubstr("3 ranks: 1 complete result, 2 on hosts that another rank measures, 0 missing"));
}

TEST_F(OpenMpi, TellsOfEachHostsRank) {
  EXPECT_EQ(launch(mpirun(), rank("node$OMPI_COMM_WORLD_RANK", "--every-rank")), 0) << err();
  EXPECT_THAT(err(), HasSubstr("3 ranks: 3 complete results, 0 on hosts that another rank measures, 0 missing"));
}

TEST_F(OpenMpi, StartsAForeignWorker) {
  const std::string python = find_program("python3");
  if (python.empty()) GTEST_SKIP() << "python3 isn't installed";
  const std::string worker =
      fmt::format("{} --allow-run-as-root --mca oob_tcp_if_include lo -n 1 {} worker --connect {{socket}} -- {} {}",
                  mpirun_, IPCBENCH_PROGRAM, python, own_copy(IPCBENCH_SOURCE_DIR "/examples/workers/worker.py"));
  EXPECT_EQ(run({"--worker", worker, "--transport", "python-pipe", "--scenario", "ping-pong", "--size", "64",
                 "--placement", "same-cpu", "--passes", "1", "-o", output()}),
            0)
      << err();
  EXPECT_THAT(out(), HasSubstr("python-pipe"));
}

// Slurm's daemons and their files are all in the test's folder. They are started and ended by the test.
class Slurm : public Launchers {
 protected:
  void SetUp() override {
    for (const char* program : {"munged", "slurmctld", "slurmd", "srun", "sinfo"}) {
      if (find_program(program).empty()) GTEST_SKIP() << program << " isn't installed";
    }
    if (::geteuid() != 0) GTEST_SKIP() << "Slurm's daemons need root to start programs";
    configure();
    daemons_.push_back(start_words({find_program("munged"), "--force", "--foreground", "--key-file", path("munge.key"),
                                    "--socket", path("munge.socket"), "--pid-file", path("munge.pid"), "--log-file",
                                    path("munge.log"), "--seed-file", path("munge.seed")}));
    for (const char* node : {"node1", "node2"})
      daemons_.push_back(start_words({find_program("slurmd"), "-D", "-N", node, "-f", path("slurm.conf")}));
    daemons_.push_back(start_words({find_program("slurmctld"), "-D", "-f", path("slurm.conf")}));
    const std::string controllers_errors = path("err" + std::to_string(started_));
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    bool is_up = false;
    wait_until(daemons_.back(), [&] {
      is_up = idle_nodes() == "2\n";
      return is_up || std::chrono::steady_clock::now() > deadline;
    });
    if (!is_up) GTEST_SKIP() << "Slurm doesn't come up here: " << last_line(read_file(controllers_errors));
  }

  void configure() {
    std::array<char, 65> host{};
    ASSERT_EQ(::gethostname(host.data(), host.size() - 1), 0);
    const std::string name = std::string(host.data()).substr(0, std::string_view(host.data()).find('.'));
    write_file_atomically(path("munge.key"), std::string(128, 'k'));
    ASSERT_EQ(::chmod(path("munge.key").c_str(), 0600), 0);
    ASSERT_TRUE(std::filesystem::create_directory(path("state")));
    write_file_atomically(path("slurm.conf"),
                          fmt::format(R"(ClusterName=ipcbench
SlurmctldHost={0}(127.0.0.1)
SlurmctldPort={1}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={4}/munge.socket
CredType=cred/munge
StateSaveLocation={4}/state
SlurmdSpoolDir={4}/spool-%n
SlurmctldPidFile={4}/slurmctld.pid
SlurmdPidFile={4}/slurmd-%n.pid
SlurmctldLogFile={4}/slurmctld.log
SlurmdLogFile={4}/slurmd-%n.log
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SelectType=select/cons_tres
SwitchType=switch/none
MpiDefault=none
ReturnToService=2
KillOnBadExit=0
NodeName=node1 NodeHostname={0} NodeAddr=127.0.0.1 Port={2} CPUs=2 RealMemory=64
NodeName=node2 NodeHostname={0} NodeAddr=127.0.0.1 Port={3} CPUs=2 RealMemory=64
PartitionName=all Nodes=ALL Default=YES State=UP
)",
                                      name, free_port(), free_port(), free_port(), folder_.string()));
  }

  std::string idle_nodes() const {
    start_words({find_program("sinfo"), "-h", "-t", "idle", "-o", "%D"}, of_cluster_).wait();
    return out();
  }
  int srun(const std::vector<std::string>& rank) {
    return launch({find_program("srun"), "-N", "2", "-n", "4", "--overcommit"}, rank, of_cluster_);
  }

  Place of_cluster_ = [this] { ::setenv("SLURM_CONF", path("slurm.conf").c_str(), 1); };
  std::vector<Child> daemons_;
};

TEST_F(Slurm, StartsRanksAndTheSameCommandFillsInTheHostOfAKilledOne) {
  const std::string host = "$SLURMD_NODENAME";
  srun(rank(host, "--wait-ranks 5s", "test $SLURMD_NODENAME = node1 || kill -KILL $$; "));
  EXPECT_THAT(err(), AllOf(HasSubstr("4 ranks: 1 complete result, 1 on hosts that another rank measures, 2 missing"),
                           HasSubstr("told nothing")));
  EXPECT_EQ(srun(rank(host)), 0) << err();
  EXPECT_THAT(err(), AllOf(HasSubstr("complete, kept"),
                           HasSubstr("4 ranks: 2 complete results, 2 on hosts that another rank measures, 0 missing")));
}

}  // namespace
}  // namespace ipcbench
