#pragma once

#include <chrono>
#include <cstddef>
#include <string_view>

#include "results/model/record.h"

namespace ipcbench {

// Describes the progress of a run, enough for one line with an ETA.
struct Progress {
  std::string_view stage;    // "clock", "noise", "floors", "pilot", "pass 3 of 9", "repeats",
                             //   "going on, up to 18 launches"
  std::string_view case_id;  // "" outside launches
  std::size_t done = 0;      // launches
  std::size_t total = 0;
  std::chrono::nanoseconds elapsed{};
  std::chrono::nanoseconds left{};  // planned time, corrected by the launches so far
};

class RunObserver {
 public:
  virtual ~RunObserver() = default;
  // Called before and after each launch; both must return at once.
  virtual void progress(const Progress& progress) = 0;
  virtual void launched(const LaunchRecord& launch, const Progress& progress) = 0;
  virtual void note(std::string_view text) = 0;  // a diagnostic line for stderr
};

}  // namespace ipcbench
