#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Ranks of a job tell each other what they do by small files in a folder that all hosts share. Nothing listens, nobody
// asks: a rank writes its own file, and rank 0 reads those of all.

namespace ipcbench {

enum class RankState : std::uint8_t {
  started,
  done,    // its host's result is complete
  left,    // another rank measures its host
  failed,  // it has ended without a valid result
};

// RankReport is what a rank has told last.
struct RankReport {
  RankState state = RankState::started;
  std::string host = {};
  std::string text = {};  // why it has failed; one line
};
using RankReports = std::map<std::uint32_t, RankReport>;

// RankFolder is the folder FOLDER/.ranks/JOB. Jobs have folders of their own, so that nobody reads an earlier job's
// files.
class RankFolder {
 public:
  // Makes the folder. Throws UsageError, naming `folder`, if that fails.
  RankFolder(const std::string& folder, const std::string& job, std::uint32_t rank);

  // Replaces this rank's report. Throws std::system_error.
  void tell(const RankReport& report) const;
  // Makes this rank the owner of a host unless another rank was first, and returns the owner. `boot` tells
  // apart hosts of the same name. A rank that has told of another host since, or that owned it before tell_end(), is
  // none any more. Throws std::system_error.
  struct Owner {
    std::uint32_t rank = 0;
    std::string boot = {};
  };
  Owner own(const std::string& host, const std::string& boot) const;

  // Returns what all ranks have told, as far as this host sees it. Leaves out files that aren't reports, and who had
  // not ended well when tell_end() was called: if the job starts again under its name, those have yet to start.
  RankReports reports() const;
  // Tells that the job has ended without all of its results; failures are ignored.
  void tell_end() const noexcept;
  // Removes the folder once nobody needs it; failures are ignored.
  void remove() const noexcept;

 private:
  bool is_of_an_earlier_start(const std::string& path) const;
  bool is_owner_gone(const Owner& owner, const std::string& host, const std::string& path) const;

  std::string parent_;
  std::string folder_;
  std::uint32_t rank_;
};

// RankAccount says what has become of the ranks 0 to SIZE - 1.
struct RankAccount {
  std::size_t done = 0, left = 0;
  std::vector<std::uint32_t> silent;      // have told nothing
  std::vector<std::uint32_t> unfinished;  // have started and not ended
  std::vector<std::uint32_t> failed;

  bool is_waiting() const noexcept { return !silent.empty() || !unfinished.empty(); }
  bool all_well() const noexcept { return !is_waiting() && failed.empty(); }
};
RankAccount account_of(const RankReports& reports, std::uint32_t size);

// Tells whether a rank of another host than `host` has told anything: the folder is shared, then.
bool hears_another_host(const RankReports& reports, std::string_view host);

// Formats the account in lines for people, which name the ranks that have no result.
std::vector<std::string> account_lines(const RankAccount& account, const RankReports& reports);

}  // namespace ipcbench
