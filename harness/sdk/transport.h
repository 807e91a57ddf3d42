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
#include "harness/sdk/rendezvous.h"
#include "harness/sdk/ticket.h"
#include "scenarios/list/cast.h"

namespace ipcbench {

// Foreign says what a plug-in or a foreign worker measures, and by what. All texts are "" of a transport that is built
// in.
struct Foreign {
  std::string_view library;       // the path of its library, or of a worker's code, on this host
  std::string_view sha256;        // of that file
  std::string_view version;       // of the plug-in or worker
  std::string_view subject;       // "libzmq 4.3.4"
  std::string_view language;      // of the subject
  std::string_view command = "";  // that starts a foreign worker; "": a plug-in
  bool touches_payload = true;    // false: its side of a case runs with PayloadMode::header alone
};

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
  // Copies of a message's bytes on their way, or work that takes as long; 0 if a message is read where it was built.
  // The plan estimates times from it before anything was measured.
  double copies = 2;
  Foreign foreign = {};
};

// OptionValues holds every option of a transport, defaults included. The caller has checked the values against
// OptionInfo.
using OptionValues = std::map<std::string, std::string, std::less<>>;

// kSystemDefault is the default of an option that sets the size of a kernel object: the object stays as the system
// makes it.
inline constexpr std::string_view kSystemDefault = "default";
// Return the bytes, or the count, that such an option asks for; nothing if it is at its default or absent. Throw
// UsageError for a value that can't be parsed.
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
  // The seats of the session. Unless it is a pair, nothing goes from consumers to producers, and there is one object.
  Pattern pattern = {};
  // Where the first session of a launch leaves what the others use as well, such as a daemon. Null: there is one
  // session.
  std::shared_ptr<void>* common = nullptr;

  // Throw std::out_of_range for an option that the transport hasn't declared.
  std::string_view option(std::string_view name) const;
  std::size_t option_size(std::string_view name) const;   // bytes
  std::size_t option_count(std::string_view name) const;  // at least 1
};

// SeatConfig is what a worker knows of its launch when it opens its side, beside its ticket.
struct SeatConfig {
  Seat seat = {};
  Pattern pattern = {};  // of the session
  WaitStrategy wait = WaitStrategy::block;
  std::size_t message_size = 0;  // bytes, the largest that will be sent
  OptionValues options = {};
  Clock clock = {};                                                // what hybrid_spin is measured with
  std::chrono::nanoseconds hybrid_spin{0};                         // how long `hybrid` spins before it blocks
  std::chrono::nanoseconds quiet = std::chrono::milliseconds(10);  // see IoStatus::timed_out
  Rendezvous rendezvous;                                           // of the launch; outlives the endpoint

  // Throw std::out_of_range for an option that the transport hasn't declared.
  std::string_view option(std::string_view name) const;
  std::size_t option_size(std::string_view name) const;   // bytes
  std::size_t option_count(std::string_view name) const;  // at least 1
};

// SessionFault says what a session's end has against a launch whose workers did their part; `text` is "" if there is
// nothing.
struct SessionFault {
  std::string text;
  bool has_died = false;  // the process that owns its objects: a crash; else the session has left something behind
};

// A Session owns the kernel objects of one launch. Only the coordinator has it; workers open their sides from tickets.
class Session {
 public:
  virtual ~Session() = default;  // removes the objects; safe after a worker has died
  // Returns what the worker at `seat` needs to open its side. Called once for each seat, before its worker is started;
  // descriptors that only workers need are moved into the ticket, or a peer's death would not be seen in band. Throws
  // std::system_error.
  virtual Ticket ticket(Seat seat) = 0;
  // Called when all sides are open, before anything is measured. It unlinks names nobody will look up again.
  virtual void attached() noexcept {}
  // Returns the pid of the broker, a process that every message goes through; 0 if there is none. Its CPU time is part
  // of every op's.
  virtual pid_t broker() const noexcept { return 0; }
  // Says how the broker has ended, in the coordinator after a launch broke: "dbus-daemon killed by SIGKILL"; "" if it
  // runs. It may wait a moment, since a process closes its connections before it has ended.
  virtual std::string broker_end() { return ""; }
  // Called when all workers have ended, before the session is destroyed.
  virtual SessionFault end() { return {}; }
};

// MessageLimit is the largest message that a transport carries, and what limits it.
struct MessageLimit {
  std::size_t bytes = kUnlimited;
  std::string reason = {};  // "/proc/sys/kernel/msgmax is 8192"; "" where nothing limits it
};

// A Transport is one mechanism. It is stateless and lives as long as the program.
class Transport {
 public:
  virtual ~Transport() = default;
  virtual const TransportInfo& info() const noexcept = 0;
  // Returns the capabilities with these option values (all of them). Overridden if an option changes what info() says
  // of the defaults.
  virtual Capabilities capabilities(const OptionValues&) const { return info().capabilities; }
  virtual Availability probe() const = 0;  // no side effects
  // Returns the buffers that a session with these option values would get now, if a limit of the host may change them:
  // plans and lists warn of that. No side effects.
  virtual BufferSizes buffers_here(std::size_t /*message_size*/, const OptionValues&) const { return {}; }
  // Returns the largest message here with these option values (all of them), by the mechanism and by settings of this
  // host. `host` is what probe() says. What memory or disk space is free at the moment doesn't count; option_refusal()
  // checks that. No side effects.
  virtual MessageLimit largest_message(const Available& host, const OptionValues& options) const;
  // Returns the bytes of memory that its objects take for messages of this size, in all processes together: rings,
  // files in memory, copies that a library makes. The loops' own buffers don't count. 0: little, whatever the size.
  virtual std::size_t memory_needed(std::size_t /*message_size*/, const OptionValues&) const { return 0; }
  // Says why a case can't run here although the transport can: with these option values (all of them, defaults filled
  // in), this wait strategy and message size. "" if it can. No side effects.
  virtual std::string option_refusal(WaitStrategy, std::size_t /*message_size*/, const OptionValues&) const {
    return "";
  }
  // Says why a launch can't have so many one-way channels at once with these option values (all of them): a limit of
  // the host and its value. "" if it can. No side effects.
  virtual std::string channels_refusal(std::size_t channels, std::size_t message_size, const OptionValues&) const;
  // Makes the objects of a launch, in the coordinator. Throws std::system_error.
  virtual std::unique_ptr<Session> create(const SessionConfig& config) const = 0;
  // Opens the side of one seat, in its worker, from nothing but its ticket. May sleep until the peer opens its side.
  // Throws std::system_error, and std::out_of_range for a ticket that lacks something.
  virtual std::unique_ptr<Endpoint> join(Ticket ticket, const SeatConfig& config) const = 0;
};

// Says why a message of this size can't be sent here with these option values (all of them); "" if it can. `host` is
// what probe() says.
std::string size_refusal(const Transport& transport, const Available& host, const OptionValues& options,
                         std::size_t size);

}  // namespace ipcbench
