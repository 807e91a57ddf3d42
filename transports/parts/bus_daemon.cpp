#include "transports/parts/bus_daemon.h"

#include <fcntl.h>
#include <pwd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>

#include "harness/base/error.h"
#include "harness/base/first_readable.h"
#include "harness/files/output_file.h"
#include "harness/process/find_program.h"

namespace ipcbench {
namespace {

constexpr const char* kName = "dbus-daemon";

// max_incoming_bytes bounds what a sender has under way: its messages count until the receiver has been sent them. A
// receiver's queue has room for that and for the largest message that may exceed it. max_outgoing_bytes, at which the
// daemon would drop signals and refuse calls, is therefore never reached. The daemon lets in this user alone, and its
// socket is in a folder that is ours alone. Any number of processes of a launch may connect.
constexpr const char* kConfiguration =
    R"(<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>{}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*"/>
    <allow receive_sender="*"/>
    <allow own="*"/>
  </policy>
  <limit name="max_incoming_bytes">1048576</limit>
  <limit name="max_outgoing_bytes">1000000000</limit>
  <limit name="max_message_size">134217728</limit>
  <limit name="max_completed_connections">100000</limit>
  <limit name="max_incomplete_connections">100000</limit>
  <limit name="max_connections_per_user">100000</limit>
</busconfig>
)";

// Returns a path as a D-Bus address holds it: every byte but the plainest as %XX, which suits XML too.
std::string address_of(std::string_view path) {
  std::string address = "unix:path=";
  for (const char c : path) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("-_/.").find(c) != std::string_view::npos;
    address += plain ? std::string(1, c) : fmt::format("%{:02x}", static_cast<unsigned char>(c));
  }
  return address;
}

}  // namespace

std::string bus_daemon_program() { return find_program(kName); }

std::string bus_daemon_refusal() {
  if (bus_daemon_program().empty()) return fmt::format("{} is not in PATH: install the package {}", kName, kName);
  if (::getpwuid(::geteuid()) == nullptr) {
    return fmt::format("{} turns away users without an entry in /etc/passwd, as user {} is", kName, ::geteuid());
  }
  return "";
}

BusDaemon::BusDaemon(RunDir& run_dir, Cpu cpu, std::chrono::milliseconds patience)
    : socket_(run_dir.claim_name(RunDir::Kind::file, "bus")) {
  const std::string program = bus_daemon_program();
  if (program.empty()) {
    errno = ENOENT;
    throw_errno("look for {} in PATH", kName);
  }
  const OwnedPath configuration(run_dir.claim_name(RunDir::Kind::file, "bus-conf"));
  write_file_atomically(configuration.str(), fmt::format(kConfiguration, address_of(socket_.str())));

  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw_errno("pipe2 for the address of {}", kName);
  const UniqueFd address_in(ends[0]);
  UniqueFd address_out(ends[1]);
  const auto set_up = [&] {
    if (cpu.number >= 0) pin_to(cpu);
    ::fcntl(address_out.get(), F_SETFD, 0);
  };
  process_ = start_program({.words = {program, "--config-file=" + configuration.str(),
                                      fmt::format("--print-address={}", address_out.get()), "--nofork", "--nosyslog"},
                            .set_up = set_up},
                           log_.fd(), log_.fd());
  address_out.reset();
  pid_ = process_.pid();
  run_dir.note_process(pid_);
  address_ = answer(address_in, patience);
}

std::optional<ExitStatus> BusDaemon::end(std::chrono::milliseconds grace) {
  if (process_.running()) first_readable({process_.pidfd()}, std::chrono::steady_clock::now() + grace);
  return process_.poll();
}

// Returns the daemon's address, which it prints when it listens there.
std::string BusDaemon::answer(const UniqueFd& address_in, std::chrono::milliseconds patience) {
  const Deadline deadline = std::chrono::steady_clock::now() + patience;
  std::string line;
  while (true) {
    if (!first_readable({address_in.get()}, deadline)) {
      errno = ETIMEDOUT;
      throw_errno("{} has not answered for {} ms{}", kName, patience.count(), saying(log_.text()));
    }
    std::array<char, 256> piece;
    const ssize_t size = ::read(address_in.get(), piece.data(), piece.size());
    if (size < 0) continue;
    if (size == 0) {
      process_.kill();  // it has closed the pipe, and is about to end if it hasn't
      const ExitStatus end = process_.wait();
      errno = ECONNREFUSED;
      throw_errno("{} {}{}", kName, describe(end), saying(log_.text()));
    }
    line.append(piece.data(), static_cast<std::size_t>(size));
    if (line.back() == '\n') return line.substr(0, line.size() - 1);
  }
}

}  // namespace ipcbench
