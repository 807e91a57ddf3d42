// ipcbench worker: what a launcher starts where a foreign worker shall run.

#include <exception>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "cli/options/subcommands.h"
#include "harness/base/usage_error.h"
#include "harness/plugin/launched_worker.h"

namespace ipcbench {
namespace {

constexpr const char* kWorkerExamples = R"(Example:
  ipcbench run --transport python-pipe --worker 'mpirun -n 1 ipcbench worker --connect {socket} -- python3 worker.py'

A launcher closes the descriptors that a foreign worker inherits. This fetches them, and becomes the worker.)";

struct WorkerArguments {
  std::string path;
  std::vector<std::string> command;
};

int become_worker(const WorkerArguments& arguments) {
  try {
    become_launched_worker(arguments.path, arguments.command);
  } catch (const std::exception& error) {
    throw UsageError(fmt::format("worker --connect {}: {}", arguments.path, error.what()));
  }
}

}  // namespace

Subcommand add_worker(CLI::App& program, const Globals&) {
  CLI::App* app = program.add_subcommand("worker", "becomes a foreign worker that a launcher, as mpirun, starts");
  app->footer(kWorkerExamples);
  auto arguments = std::make_shared<WorkerArguments>();
  app->add_option("--connect", arguments->path, "the socket of the run, which --worker puts in the place of {socket}")
      ->required()
      ->option_text("PATH");
  app->add_option("command", arguments->command, "the worker's program and its arguments, behind a --")
      ->required()
      ->option_text("COMMAND...");
  return {.app = app, .run = [arguments] { return become_worker(*arguments); }, .knows_transports = false};
}

}  // namespace ipcbench
