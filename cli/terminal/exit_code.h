#pragma once

namespace ipcbench {

// The program's exit codes, which scripts rely on. Comparisons of builds or results add 1, a regression
// (results/gate/job_outcome.h).
inline constexpr int kExitNoRate = 1;         // of find-rate
inline constexpr int kExitNotConforming = 1;  // of conform
inline constexpr int kExitSlowHost = 1;       // of fleet, with --fail
inline constexpr int kExitUsage = 2;
inline constexpr int kExitTooNoisy = 3;
inline constexpr int kExitInvalid = 4;
inline constexpr int kExitNotComparable = 5;
inline constexpr int kExitInternal = 70;
inline constexpr int kExitAllSkipped = 77;
inline constexpr int kExitInterrupted = 130;

}  // namespace ipcbench
