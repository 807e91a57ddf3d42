#include "harness/plugin/launched_worker.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <optional>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/base/first_readable.h"
#include "harness/plugin/foreign_lines.h"
#include "harness/plugin/host_message.h"
#include "harness/process/affinity.h"
#include "harness/process/handed_over.h"
#include "harness/process/pidfd.h"
#include "harness/process/stop_signals.h"
#include "results/model/json_tree.h"
#include "results/model/json_writer.h"

namespace ipcbench {
namespace {

constexpr int kFirst = kOrdersFd + 1;  // number of the first descriptor that a worker is given

// Returns the process that made the other end of a connection, and its user.
ucred peer_of(const UniqueFd& socket) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(socket.get(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) throw_errno("getsockopt SO_PEERCRED");
  return peer;
}

UniqueFd moved(const UniqueFd& descriptor, int first) {
  UniqueFd copy(::fcntl(descriptor.get(), F_DUPFD_CLOEXEC, first));
  if (!copy) throw_errno("fcntl F_DUPFD_CLOEXEC of descriptor {}", descriptor.get());
  return copy;
}

// Makes a copy of `descriptor` at `number` that survives an execution.
void put_at(int number, const UniqueFd& descriptor) {
  if (::dup2(descriptor.get(), number) < 0) throw_errno("dup2 to descriptor {}", number);
}

// Puts the socket at kOrdersFd and the descriptors behind it. First it moves all of them out of each other's way.
void take_places(UniqueFd& socket, std::vector<UniqueFd>& descriptors) {
  const int end = kFirst + static_cast<int>(descriptors.size());
  socket = moved(socket, end);
  for (UniqueFd& descriptor : descriptors) descriptor = moved(descriptor, end);
  put_at(kOrdersFd, socket);
  for (std::size_t i = 0; i < descriptors.size(); ++i) put_at(kFirst + static_cast<int>(i), descriptors[i]);
}

// Tells the coordinator why there will be no worker, if it still listens.
void send_error(const UniqueFd& socket, std::string_view text) noexcept {
  try {
    JsonWriter json(kCompactJson);
    json.object([&] { json.member("error", text); });
    send_message(socket.get(), {.line = json.take() + '\n'});
  } catch (const std::exception&) {
  }
}

// Returns what the launched process is told before it becomes the worker.
std::string orders(int cpu) { return fmt::format("{{\"protocol\":{},\"cpu\":{}}}\n", kForeignProtocol, cpu); }

void obey(const std::string& line) {
  const json::Json told = json::parse(line, "the coordinator's line");
  const auto protocol = told.find("protocol");
  if (protocol == told.end() || *protocol != kForeignProtocol)
    throw std::runtime_error(fmt::format("the coordinator's protocol isn't {}", kForeignProtocol));
  const auto cpu = told.find("cpu");
  if (cpu == told.end() || !cpu->is_number_integer()) throw std::runtime_error("the coordinator tells no CPU");
  if (cpu->get<int>() >= 0) pin_to(Cpu{cpu->get<int>()});
}

[[noreturn]] void execute(const std::vector<std::string>& command) {
  std::vector<char*> words;
  for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  ::execvp(words.front(), words.data());
  throw_errno("execute {}", command.front());
}

}  // namespace

WorkerListener::WorkerListener(RunDir& run_dir)
    : listener_(SOCK_STREAM, run_dir, "worker", UnixName::Space::path), socket_(listener_.take()) {}

void LaunchedWorker::equip(int cpu, std::vector<UniqueFd> descriptors, std::chrono::milliseconds patience) {
  send_message(socket.get(), {.line = orders(cpu), .descriptors = std::move(descriptors)});
  ForeignLines lines(std::move(socket));
  if (!lines.receive_alone(patience).contains("connected"))
    throw std::runtime_error("what has connected isn't ipcbench worker --connect");
  socket = std::move(lines).take();
}

void LaunchedWorker::kill() const noexcept {
  // While it lives, no other group can have its number.
  const bool leads = kill_by_pidfd(process.get(), 0) == 0 && ::getpgid(pid) == pid;
  if (leads) ::kill(-pid, SIGKILL);
  kill_by_pidfd(process.get());
}

LaunchedWorker WorkerListener::meet(const Child& launcher, std::chrono::milliseconds patience) {
  LaunchedWorker worker{.socket = accepted(launcher, patience)};
  listener_.remove();
  worker.pid = peer_of(worker.socket).pid;
  if (worker.pid == 0)
    throw std::runtime_error("its process can't be seen from here: it has a PID namespace of its own");
  worker.process.reset(pidfd_of(worker.pid));
  if (!worker.process) throw_errno("pidfd_open of a launched worker");
  // It says nothing before it is told something. If it has ended, the pidfd may be of another process.
  if (first_readable({worker.socket.get()}, Deadline())) throw std::runtime_error("it has connected and ended");
  return worker;
}

UniqueFd WorkerListener::accepted(const Child& launcher, std::chrono::milliseconds patience) {
  const Deadline deadline = std::chrono::steady_clock::now() + patience;
  while (true) {
    const auto first = first_readable({stop_now_fd(), socket_.get(), launcher.pidfd()}, deadline);
    if (!first) throw std::runtime_error(fmt::format("it hasn't connected in {} ms", patience.count()));
    if (*first == 0) throw std::runtime_error("it was stopped before it connected");
    if (*first == 2) throw std::runtime_error("its launcher has ended before it connected");
    UniqueFd socket = unix_accept(socket_, listener_.address());
    if (peer_of(socket).uid == ::geteuid()) return socket;
  }
}

void become_launched_worker(const std::string& path, const std::vector<std::string>& command) {
  UniqueFd socket = unix_connect(SOCK_STREAM, UnixAddress::at_path(path));
  if (const uid_t owner = peer_of(socket).uid; owner != ::geteuid())
    throw std::runtime_error(fmt::format("{} is listened to by user {}, and not by this one", path, owner));
  try {
    std::optional<HostMessage> message = receive_message(socket.get());
    if (!message) throw std::runtime_error(fmt::format("nobody is there any more behind {}", path));
    ::setpgid(0, 0);  // what it starts can be ended with it; a session's leader leads its group already
    obey(message->line);
    take_places(socket, message->descriptors);
    send_message(socket.get(), {.line = "{\"connected\":true}\n"});
    execute(command);
  } catch (const std::exception& error) {
    send_error(socket, error.what());
    throw;
  }
}

}  // namespace ipcbench
