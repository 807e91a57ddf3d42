#include "transports/parts/bus_daemon.h"

#include <fcntl.h>
#include <poll.h>
#include <pwd.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>
#include <system_error>
#include <utility>

#include "harness/base/error.h"
#include "harness/base/io.h"
#include "harness/files/output_file.h"
#include "harness/process/find_program.h"

namespace ipcbench {
namespace {

constexpr const char* kName = "dbus-daemon";

// max_incoming_bytes bounds what a sender has under way: its messages count until the receiver has been sent them. A
// receiver's queue has room for that and for the largest message that may exceed it. max_outgoing_bytes, at which the
// daemon would drop signals and refuse calls, is therefore never reached. The daemon lets in this user alone, and its
// socket is in a folder that is ours alone.
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

UniqueFd unnamed_file() {
  UniqueFd file(::memfd_create("ipcbench", MFD_CLOEXEC));
  if (!file) throw_errno("memfd_create for the output of {}", kName);
  return file;
}

// Executes the program in the child; returns only if that fails.
int execute(std::array<const char*, 6> words, Cpu cpu, int log, int address_out) {
  ::dup2(::open("/dev/null", O_RDONLY | O_CLOEXEC), STDIN_FILENO);
  ::dup2(log, STDOUT_FILENO);
  ::dup2(log, STDERR_FILENO);
  try {
    if (cpu.number >= 0) pin_to(cpu);
    ::fcntl(address_out, F_SETFD, 0);
    ::execv(words[0], const_cast<char* const*>(words.data()));
    throw_errno("execute {}", words[0]);
  } catch (const std::system_error& error) {
    write_all(STDERR_FILENO, error.what(), "stderr");
  }
  return 127;
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
    : socket_(run_dir.claim_name(RunDir::Kind::file, "bus")), log_(unnamed_file()) {
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
  process_ = start(program, configuration.str(), cpu, UniqueFd(ends[1]));
  pid_ = process_.pid();
  run_dir.note_process(pid_);
  address_ = answer(address_in, patience);
}

std::optional<ExitStatus> BusDaemon::end(std::chrono::milliseconds grace) {
  pollfd fd{.fd = process_.pidfd(), .events = POLLIN, .revents = 0};
  if (process_.running()) ::poll(&fd, 1, static_cast<int>(grace.count()));
  return process_.poll();
}

Child BusDaemon::start(const std::string& program, const std::string& configuration, Cpu cpu, UniqueFd address_out) {
  const std::string config_file = "--config-file=" + configuration;
  const std::string print_address = fmt::format("--print-address={}", address_out.get());
  return Child::spawn(kName, [&] {
    return execute({program.c_str(), config_file.c_str(), print_address.c_str(), "--nofork", "--nosyslog", nullptr},
                   cpu, log_.get(), address_out.get());
  });
}

// Returns the daemon's address, which it prints when it listens there.
std::string BusDaemon::answer(const UniqueFd& address_in, std::chrono::milliseconds patience) {
  using Time = std::chrono::steady_clock;
  const auto deadline = Time::now() + patience;
  std::string line;
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Time::now());
    pollfd fd{.fd = address_in.get(), .events = POLLIN, .revents = 0};
    const int ready = left.count() <= 0 ? 0 : ::poll(&fd, 1, static_cast<int>(left.count()));
    if (ready < 0 && errno != EINTR) throw_errno("poll for the address of {}", kName);
    if (ready == 0) {
      errno = ETIMEDOUT;
      throw_errno("{} has not answered for {} ms{}", kName, patience.count(), said());
    }
    std::array<char, 256> piece;
    const ssize_t size = ready < 0 ? -1 : ::read(address_in.get(), piece.data(), piece.size());
    if (size < 0) continue;
    if (size == 0) {
      process_.kill();  // it has closed the pipe, and is about to end if it hasn't
      const ExitStatus end = process_.wait();
      errno = ECONNREFUSED;
      throw_errno("{} {}{}", kName, describe(end), said());
    }
    line.append(piece.data(), static_cast<std::size_t>(size));
    if (line.back() == '\n') return line.substr(0, line.size() - 1);
  }
}

// Returns ", saying …" with the last line of the daemon's output.
std::string BusDaemon::said() const {
  std::array<char, 256> text;
  const off_t end = ::lseek(log_.get(), 0, SEEK_END);
  const off_t begin = std::max<off_t>(0, end - static_cast<off_t>(text.size()));
  const ssize_t size = ::pread(log_.get(), text.data(), text.size(), begin);
  if (size <= 0) return "";
  std::string_view line(text.data(), static_cast<std::size_t>(size));
  if (line.back() == '\n') line.remove_suffix(1);
  return fmt::format(", saying '{}'", line.substr(line.rfind('\n') + 1));
}

}  // namespace ipcbench
