#include "harness/plugin/foreign_process.h"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/base/first_readable.h"
#include "harness/process/affinity.h"
#include "harness/process/handed_over.h"
#include "harness/process/pidfd.h"
#include "harness/process/stop_signals.h"
#include "results/model/json_writer.h"

namespace ipcbench {
namespace {

using namespace std::chrono_literals;

constexpr auto kLaunch = 30s;        // until a launcher's worker has connected
constexpr auto kEquipped = 10s;      // until it has taken what it is given
constexpr auto kLauncherEnd = 10s;   // of a launcher whose worker has ended
constexpr auto kLauncherGrace = 1s;  // of one whose worker was killed, to tidy up
constexpr auto kKilled = 10s;        // until the kernel has ended a killed process

// Returns the texts and the descriptors' numbers: those that they have here, or from `first` on.
std::string json_of(const Ticket& ticket, std::optional<int> first = std::nullopt) {
  JsonWriter json(kCompactJson);
  json.object([&] {
    json.key("text").object([&] {
      for (const auto& [name, text] : ticket.text) json.member(name, text);
    });
    json.key("descriptors").object([&] {
      for (const auto& [name, descriptor] : ticket.descriptors) {
        json.member(name, first ? *first : descriptor.get());
        if (first) ++*first;
      }
    });
  });
  return json.take();
}

bool ends_in(int pidfd, std::chrono::milliseconds patience, OnStop on_stop = OnStop::kill) {
  const int stop = on_stop == OnStop::kill ? stop_now_fd() : -1;
  return first_readable({pidfd, stop}, std::chrono::steady_clock::now() + patience) == 0u;
}

// A launcher closes what it doesn't know, and with it the pipe that stands for a pidfd where there are none.
void require_pidfds() {
  if (!UniqueFd(pidfd_of(::getpid()))) throw_errno("pidfd_open, which a worker behind a launcher needs");
}

}  // namespace

ForeignProcess::ForeignProcess(const ForeignCommand& command, int cpu, Ticket ticket, RunDir& run_dir)
    : ForeignProcess() {
  if (command.socket_word == 0) {
    start(command, cpu, std::move(ticket), run_dir);
  } else {
    launch(command, cpu, std::move(ticket), run_dir);
  }
}

void ForeignProcess::start(const ForeignCommand& command, int cpu, Ticket ticket, RunDir& run_dir) {
  HandedOver handed_over;
  for (auto& [name, descriptor] : ticket.descriptors) handed_over.add(descriptor);
  ticket_json_ = json_of(ticket);
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) throw_errno("socketpair");
  socket_ = UniqueFd(ends[0]);
  const UniqueFd far(ends[1]);
  const auto set_up = [&] {
    ::setpgid(0, 0);  // what it starts can be ended with it
    if (cpu >= 0) pin_to(Cpu{cpu});
    handed_over.take_over(far.get());
  };
  child_ = start_program({.words = command.words, .set_up = set_up}, output_.fd(), output_.fd());
  run_dir.note_process(child_.pid());
}

void ForeignProcess::launch(const ForeignCommand& command, int cpu, Ticket ticket, RunDir& run_dir) {
  require_pidfds();
  ticket_json_ = json_of(ticket, kOrdersFd + 1);
  std::vector<UniqueFd> descriptors;
  for (auto& [name, descriptor] : ticket.descriptors) descriptors.push_back(std::move(descriptor));
  WorkerListener listener(run_dir);
  std::vector<std::string> words = command.words;
  std::string& word = words[command.socket_word];
  word.replace(word.find(kSocketWord), kSocketWord.size(), listener.path());
  const auto set_up = [] { ::setpgid(0, 0); };
  child_ = start_program({.words = std::move(words), .set_up = set_up}, output_.fd(), output_.fd());
  run_dir.note_process(child_.pid());
  try {
    worker_ = listener.meet(child_, kLaunch);
    run_dir.note_process(worker_.pid);
    worker_.equip(cpu, std::move(descriptors), kEquipped);
  } catch (const std::runtime_error& error) {
    throw with_end(error, 0ms);
  }
  socket_ = std::move(worker_.socket);
}

std::runtime_error ForeignProcess::with_end(const std::runtime_error& error, std::chrono::milliseconds patience) {
  const std::string end = has_ended(patience);
  return std::runtime_error(end.empty() ? error.what() : fmt::format("{}; it {}", error.what(), end));
}

ForeignProcess::~ForeignProcess() {
  if (child_.running()) kill();
}

void ForeignProcess::kill() {
  if (worker_.process) {
    worker_.kill();
    if (ends_in(worker_.process.get(), kKilled, OnStop::wait)) ends_in(child_.pidfd(), kLauncherGrace, OnStop::wait);
  }
  child_.kill();
  reaped();
}

// The group is killed before its leader is reaped: until then no other process can have its number.
ExitStatus ForeignProcess::reaped() {
  if (child_.running()) ::kill(-child_.pid(), SIGKILL);
  return child_.wait();
}

bool ForeignProcess::is_over_in(std::chrono::milliseconds patience) {
  if (!child_.running()) return true;
  if (!worker_.process) return ends_in(child_.pidfd(), patience);
  if (!ends_in(worker_.process.get(), patience)) return false;
  if (!ends_in(child_.pidfd(), kLauncherEnd)) {
    launcher_stays_ = true;
    kill();
  }
  return true;
}

std::string ForeignProcess::has_ended(std::chrono::milliseconds patience) {
  if (!is_over_in(patience)) return "";
  if (launcher_stays_) return fmt::format("has ended, but its launcher runs on {} s later", kLauncherEnd.count());
  return fmt::format("{}{}", describe(reaped()), saying(output_.text()));
}

std::string ForeignProcess::has_failed(std::chrono::milliseconds patience) {
  const std::string ended = has_ended(patience);
  return ended.empty() || reaped().clean() ? "" : ended;
}

std::string ForeignProcess::end(std::chrono::milliseconds patience) {
  if (!is_over_in(patience)) {
    kill();
    return fmt::format("has not ended {} ms after descriptor 3 was closed", patience.count());
  }
  return has_failed(patience);
}

}  // namespace ipcbench
