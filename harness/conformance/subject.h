#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/host/topology.h"
#include "harness/sdk/registry.h"
#include "harness/sdk/transport.h"
#include "scenarios/list/scenario.h"

namespace ipcbench {

// Subject is what a check runs on: a registered transport with one of its waits, or with one value of one option.
struct Subject {
  const RegisteredTransport* entry = nullptr;  // valid until the next register_transport()
  WaitStrategy wait = WaitStrategy::block;
  std::string option = "";  // "" for the defaults, whose capabilities are in info()
  std::string value = "";

  const Transport& transport() const { return *entry->transport; }
  const TransportInfo& info() const { return entry->transport->info(); }
  bool offers(Scenario scenario) const;  // ping_pong or streaming
  Capabilities can() const { return transport().capabilities(options()); }
  OptionValues options() const;  // all options
  // Returns "block", or "block window=4".
  std::string variant() const;

  bool is_built_in() const { return info().foreign.library.empty(); }
  // Returns whether both of its workers run loops of this program: a foreign worker has loops of its own.
  bool has_own_workers() const { return info().foreign.command.empty(); }
  // Returns how its messages are written and checked: every byte, where both of its sides can.
  PayloadMode payload() const { return info().foreign.touches_payload ? PayloadMode::full : PayloadMode::header; }
};

// Returns every registered transport except hidden ones. Each comes with each of its waits, then with its table wait
// and each other value of each option (OptionInfo::values). One that was not built comes once. An option of a part that
// transports share (OptionInfo::part) comes only with the first one of each shape, since the code is the same.
std::vector<Subject> all_subjects();

// Returns the first and the last CPU that this process may use: the same one where there is no other.
CpuPair two_cpus();

// Returns a smaller number of ops for waits that are slow: on one CPU, a spinner yields to the peer only at the
// scheduler's tick.
std::uint64_t few(const Subject& subject, std::uint64_t ops);

}  // namespace ipcbench
