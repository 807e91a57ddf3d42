#include "harness/plugin/foreign_process.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/process/handed_over.h"
#include "results/model/json_writer.h"

namespace ipcbench {
namespace {

std::string json_of(const Ticket& ticket) {
  JsonWriter json(kCompactJson);
  json.object([&] {
    json.key("text").object([&] {
      for (const auto& [name, text] : ticket.text) json.member(name, text);
    });
    json.key("descriptors").object([&] {
      for (const auto& [name, descriptor] : ticket.descriptors) json.member(name, descriptor.get());
    });
  });
  return json.take();
}

}  // namespace

ForeignProcess::ForeignProcess(const ForeignCommand& command, int cpu, Ticket ticket) {
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
}

ForeignProcess::~ForeignProcess() {
  if (child_.running()) kill();
}

void ForeignProcess::kill() {
  child_.kill();
  reaped();
}

// The group is killed before its leader is reaped: until then no other process can have its number.
ExitStatus ForeignProcess::reaped() {
  if (child_.running()) ::kill(-child_.pid(), SIGKILL);
  return child_.wait();
}

bool ForeignProcess::is_over_in(std::chrono::milliseconds patience) {
  pollfd ended{.fd = child_.pidfd(), .events = POLLIN, .revents = 0};
  return !child_.running() || ::poll(&ended, 1, static_cast<int>(patience.count())) == 1;
}

std::string ForeignProcess::has_ended(std::chrono::milliseconds patience) {
  if (!is_over_in(patience)) return "";
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
