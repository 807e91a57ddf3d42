#pragma once

#include "harness/base/usage_error.h"

namespace ipcbench {

// A stored file can't be read: "FILE: cases[3].summary: …".
class ResultError : public UsageError {
 public:
  using UsageError::UsageError;
};

}  // namespace ipcbench
