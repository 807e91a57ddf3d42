#pragma once

#include <ipcbench/transport.h>

#include <string>
#include <vector>

#include "harness/plugin/plugin_facts.h"
#include "harness/run_dir/run_dir.h"
#include "harness/sdk/rendezvous.h"
#include "harness/sdk/ticket.h"

namespace ipcbench {

// PluginProgram is the ipcbench_program that a plug-in's function gets, for one call. What the call may not do, because
// `run_dir`, `ticket` or `rendezvous` is null, fails with -EINVAL.
class PluginProgram {
 public:
  struct Means {
    RunDir* run_dir = nullptr;               // of names
    Ticket* written = nullptr;               // of put_text() and put_descriptor()
    Ticket* read = nullptr;                  // of get_text() and take_descriptor()
    const Rendezvous* rendezvous = nullptr;  // of publish() and await_peer()
    Seat seat = {};                          // who publishes
  };
  explicit PluginProgram(const Means& means);
  PluginProgram(const PluginProgram&) = delete;

  const ipcbench_program* get() const noexcept { return &functions_.program; }
  // Returns the text of fail(), "" if it wasn't called.
  const std::string& text() const noexcept { return text_; }

 private:
  // The structure that the plug-in has, from which its functions find this object.
  struct Functions {
    ipcbench_program program;
    PluginProgram* self;
  };
  static PluginProgram& of(const ipcbench_program* program) noexcept;

  int claim_name(std::uint32_t object, const char* stem, char* name, std::size_t room);
  int put_text(const char* name, const char* text);
  int put_descriptor(const char* name, int descriptor);
  int take_descriptor(const char* name);
  const char* await_peer();

  Means means_;
  Functions functions_;
  std::string text_;
  std::string from_peer_;
};

// PluginOptions are the values of a launch's options in the form that a plug-in gets; `options` must outlive it.
class PluginOptions {
 public:
  explicit PluginOptions(const OptionValues& options);
  const ipcbench_option_value* data() const noexcept { return values_.data(); }
  std::size_t size() const noexcept { return values_.size(); }

 private:
  std::vector<ipcbench_option_value> values_;
};

}  // namespace ipcbench
