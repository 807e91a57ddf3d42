#pragma once

#include <cstdint>

#include "harness/measure/run_log.h"

namespace ipcbench {

// RunBatch is a reference to a function that runs a batch of ops. It is called once a batch, never in a measured loop.
class RunBatch {
 public:
  template <class F>
  RunBatch(const F& run) noexcept
      : run_(&run),
        call_([](const void* object, std::uint64_t ops) noexcept { return (*static_cast<const F*>(object))(ops); }) {}
  bool operator()(std::uint64_t ops) const noexcept { return call_(run_, ops); }

 private:
  const void* run_;
  bool (*call_)(const void*, std::uint64_t) noexcept;
};

// Measures how long an op takes, in batches of a growing number of ops until one lasts LoopSpec::pilot_ns. The producer
// sets each batch's length; both sides run it with run_batch(ops), which leaves block_begin and block_end in the log.
void run_pilot(Role role, const LoopSpec& spec, RunLog& log, RunBatch run_batch) noexcept;

}  // namespace ipcbench
