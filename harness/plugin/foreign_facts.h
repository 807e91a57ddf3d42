#pragma once

#include <string>
#include <vector>

#include "harness/plugin/foreign_command.h"
#include "harness/sdk/transport.h"

namespace ipcbench {

// ForeignFacts are what a foreign worker says of itself, checked.
struct ForeignFacts {
  std::string name;     // lower case, digits and '-': "python"
  std::string version;  // of the worker
  std::string subject;  // what is measured: "CPython 3.11.2"
  std::string language;
  std::vector<std::string> transports;  // of this program, that it can open the consumer's side of
  std::vector<WaitStrategy> waits;
  bool touches_payload = true;  // false: it writes and checks the first word of a message alone
};

// Starts the worker, asks it to describe itself, and waits for its end. Throws std::runtime_error that says what is
// wrong with it or with what it says, and std::system_error.
ForeignFacts described(const ForeignCommand& command);

}  // namespace ipcbench
