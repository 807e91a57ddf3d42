#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/plugin/host_message.h"
#include "harness/plugin/plugin_facts.h"
#include "harness/process/child.h"
#include "harness/run_dir/run_dir.h"
#include "harness/sdk/ticket.h"

namespace ipcbench {

// PluginHost is the process that has loaded a plug-in and owns its objects, seen from the coordinator. Each function
// asks the host and waits for its answer, at most kHostPatience. All throw std::runtime_error that names the plug-in's
// function and what became of it: an error, a signal, an exit, silence. After an error that the plug-in returned the
// host lives on; after silence it has been killed.
inline constexpr std::chrono::seconds kHostPatience{10};

class PluginHost {
 public:
  // Forks the host, which loads the library at `path`. `run_dir`, where names are claimed, may be null for a host that
  // only answers facts().
  PluginHost(const std::string& path, RunDir* run_dir);
  PluginHost(const PluginHost&) = delete;
  ~PluginHost();  // kills it, and what it has left running

  // Returns what the library says of its transports, and what their probe() says.
  std::vector<PluginFacts> facts();

  // What create() is asked for.
  struct Asked {
    std::string transport;
    std::uint64_t message_size = 0;
    WaitStrategy wait = WaitStrategy::block;
    OptionValues options = {};
  };
  // Makes the objects of a session; returns the pid of its broker, or 0.
  pid_t create(const Asked& asked);
  Ticket ticket(Seat seat);
  void attached();
  // Removes the objects; fails also if the plug-in leaves descriptors or processes behind.
  void destroy();

  bool runs();  // false: it has died since the last call

 private:
  // Returns what the transport's probe() says against running here; "" if nothing.
  std::string probe(const std::string& transport);
  HostMessage ask(std::string_view function, HostMessage request);
  [[noreturn]] void fail(std::string_view function, const std::string& what);
  void end();

  std::string path_;
  UniqueFd socket_;
  Child child_;
};

}  // namespace ipcbench
