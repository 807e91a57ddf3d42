#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/host/topology.h"
#include "harness/ipc/buffer_size.h"
#include "harness/measure/clock.h"
#include "harness/run_dir/run_dir.h"
#include "harness/sdk/capabilities.h"
#include "harness/sdk/endpoint.h"

namespace ipcbench {

struct TransportInfo {
  std::string_view name;     // "unix-stream": lower case, digits and '-'
  std::string_view family;   // groups variants: "pipe", "shared memory"
  std::string_view row;      // the sources' table row it stands in or under: "UNIX domain socket"; "" for none
  std::string_view summary;  // one line
  std::string_view man;      // "unix(7)"
  bool hidden = false;       // tests the harness; never in a suite
  Capabilities capabilities;
  std::vector<WaitStrategy> waits;  // supported, table wait first
  std::vector<OptionInfo> options = {};
  std::string_view no_streaming = "";  // why it has no one-way form; "" if it has
  std::string_view no_ping_pong = "";
  // How often a message's bytes are copied on their way, or what takes as long: for the time that a plan expects before
  // anything was measured. 0 where a message is read where it was built.
  double copies = 2;
};

// Every option of the transport, defaults filled in, values checked against OptionInfo by the caller.
using OptionValues = std::map<std::string, std::string, std::less<>>;

// The default of an option that sets the size of a kernel object: the object is as the system makes it.
inline constexpr std::string_view kSystemDefault = "default";
// The bytes, or the count, that such an option asks for; nothing at its default, or if the option isn't there.
std::optional<std::size_t> asked_size(const OptionValues& options, std::string_view name);
std::optional<std::size_t> asked_count(const OptionValues& options, std::string_view name);

struct SessionConfig {
  RunDir& run_dir;  // where names are claimed before they are created; outlives the session
  WaitStrategy wait = WaitStrategy::block;
  std::size_t message_size = 0;  // bytes, the largest that will be sent
  OptionValues options = {};
  std::chrono::nanoseconds hybrid_spin{0};                         // how long `hybrid` spins before it blocks
  Clock clock = {};                                                // what it measures that time with
  CpuPair cpus = {};                                               // where the workers will run
  std::chrono::nanoseconds quiet = std::chrono::milliseconds(10);  // see IoStatus::timed_out

  // Throws std::out_of_range for an option that the transport hasn't declared.
  std::string_view option(std::string_view name) const;
  std::size_t option_size(std::string_view name) const;   // bytes
  std::size_t option_count(std::string_view name) const;  // at least 1
};

// The kernel objects of one launch. Made by the coordinator before the fork, inherited by both workers.
class Session {
 public:
  virtual ~Session() = default;  // in the coordinator: removes them; safe after a worker has died
  virtual std::unique_ptr<Endpoint> open(Role role) = 0;  // in the worker, after the fork; throws std::system_error
  // In the coordinator, when both sides are open and before anything is measured: drop the descriptors that only
  // workers need (else a dead peer is never seen in band) and unlink names nobody will look up again.
  virtual void attached() noexcept {}
  // The sizes that this side's buffers have, in its worker, once open() has returned: those that hold what it sends,
  // and those of its own for what it receives. They are stored with the launch. Throws std::system_error.
  virtual BufferSizes buffers(Role /*role*/) const { return {}; }
  // A third process that every message goes through, a child of the coordinator: its CPU time is part of every op's. 0:
  // there is none.
  virtual pid_t broker() const noexcept { return 0; }
  // In the coordinator, of a launch that broke: "dbus-daemon killed by SIGKILL" if the broker has ended, else "". May
  // wait for that a moment: connections are closed before their process has ended.
  virtual std::string broker_end() { return ""; }
};

// The largest message that a transport carries, and what says so.
struct MessageLimit {
  std::size_t bytes = kUnlimited;
  std::string reason = {};  // "/proc/sys/kernel/msgmax is 8192"; "" where nothing limits it
};

// One mechanism. Stateless, lives as long as the program.
class Transport {
 public:
  virtual ~Transport() = default;
  virtual const TransportInfo& info() const noexcept = 0;
  // What it is with these option values (all of them), where one of them changes what info() says of the defaults.
  virtual Capabilities capabilities(const OptionValues&) const { return info().capabilities; }
  virtual Availability probe() const = 0;  // no side effects
  // The buffers that a session with these option values would get now, where a limit of the host may make them other
  // than they should be: plans and lists warn of that. No side effects.
  virtual BufferSizes buffers_here(std::size_t /*message_size*/, const OptionValues&) const { return {}; }
  // Says how large a message may be here with these option values (all of them): by what the mechanism is, and by
  // settings of this host. `host` is what probe() says. What is free at the moment, of memory or of space in a folder,
  // is no part of it: option_refusal() speaks of that. No side effects.
  virtual MessageLimit largest_message(const Available& host, const OptionValues& options) const;
  // Returns the bytes of memory that its objects take for messages of this size with these option values, in all
  // processes together: rings, files in memory, copies that a library makes. The loops' own buffers are not among them.
  // 0: little, whatever the size.
  virtual std::size_t memory_needed(std::size_t /*message_size*/, const OptionValues&) const { return 0; }
  // Why a case can't run here although the transport can: these option values (all of them, defaults filled in), with
  // this wait strategy and message size. "" if it can. No side effects.
  virtual std::string option_refusal(WaitStrategy, std::size_t /*message_size*/, const OptionValues&) const {
    return "";
  }
  virtual std::unique_ptr<Session> create(
      const SessionConfig& config) const = 0;  // before the fork; throws std::system_error
};

// Why a message of this size can't be sent here with these option values (all of them), "" if it can. `host` is what
// probe() says.
std::string size_refusal(const Transport& transport, const Available& host, const OptionValues& options,
                         std::size_t size);

}  // namespace ipcbench
