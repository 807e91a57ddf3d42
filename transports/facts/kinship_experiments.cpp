// Claim 7: can a process use a pipe or a FIFO of which it has inherited nothing? pipe(7), fifo(7), unix(7) on
// SCM_RIGHTS.

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "harness/base/error.h"
#include "harness/run_dir/owned_path.h"
#include "transports/facts/ends.h"
#include "transports/facts/experiment.h"

namespace ipcbench {
namespace {

// Wire is the connection to a stranger, a process that is older than what it is asked to use. It carries text, and
// perhaps a descriptor.
class Wire {
 public:
  Wire() {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) throw_errno("socketpair");
    ours_.reset(ends[0]);
    theirs_.reset(ends[1]);
  }

  void tell(std::string text, int fd = -1) const {
    iovec part{.iov_base = text.data(), .iov_len = text.size()};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> room{};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    if (fd >= 0) {
      message.msg_control = room.data();
      message.msg_controllen = room.size();
      cmsghdr* header = CMSG_FIRSTHDR(&message);
      header->cmsg_level = SOL_SOCKET;
      header->cmsg_type = SCM_RIGHTS;
      header->cmsg_len = CMSG_LEN(sizeof fd);
      std::memcpy(CMSG_DATA(header), &fd, sizeof fd);
    }
    if (::sendmsg(ours_.get(), &message, MSG_NOSIGNAL) < 0) throw_errno("sendmsg");
  }

  struct Told {
    std::string text;
    UniqueFd fd;
  };
  Told hear() const {
    Told told{.text = std::string(256, '\0'), .fd = {}};
    iovec part{.iov_base = told.text.data(), .iov_len = told.text.size()};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> room{};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = room.data();
    message.msg_controllen = room.size();
    const ssize_t size = ::recvmsg(theirs_.get(), &message, MSG_CMSG_CLOEXEC);
    if (size < 0) throw_errno("recvmsg");
    told.text.resize(static_cast<std::size_t>(size));
    if (const cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr && header->cmsg_type == SCM_RIGHTS) {
      int fd = -1;
      std::memcpy(&fd, CMSG_DATA(header), sizeof fd);
      told.fd.reset(fd);
    }
    return told;
  }

 private:
  UniqueFd ours_;
  UniqueFd theirs_;
};

Finding kinship_of_pipe(RunDir& run) {
  const Wire wire;
  Child stranger = experimenter(run, [&] {
    // To a stranger its number says nothing. It is looked at first, since the descriptor that comes may get the same
    // number.
    const int number = std::stoi(wire.hear().text);
    if (::fcntl(number, F_GETFD) >= 0) send_to(number, "n");
    const Wire::Told told = wire.hear();
    if (told.fd) send_to(told.fd.get(), "d");
  });
  const Ends pipe = pipe_ends();
  Child heir = experimenter(run, [&] { send_to(pipe.sender.get(), "h"); });
  expect_clean_end(heir);
  wire.tell(std::to_string(pipe.sender.get()));
  wire.tell("descriptor", pipe.sender.get());
  expect_clean_end(stranger);

  const std::string wrote = receive_from(pipe.receiver.get(), 8);
  if (wrote == "hd") {
    return {.answer = "once it is handed the descriptor",
            .evidence = "a child wrote into it; a stranger only through a descriptor passed to it (SCM_RIGHTS)",
            .agreement = FactAgreement::partly};
  }
  const bool stranger_wrote = wrote.find('n') != std::string::npos;
  return yes_or_no(
      stranger_wrote, false,
      stranger_wrote ? "a stranger wrote into it by number" : "a child wrote into it, a stranger couldn't");
}

Finding kinship_of_fifo(RunDir& run) {
  const Wire wire;
  Child stranger = experimenter(run, [&] {
    const std::string path = wire.hear().text;
    const UniqueFd end(::open(path.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC));
    if (!end) throw_errno("open {}", path);
    send_to(end.get(), "p");
  });
  const OwnedPath path(run.claim_name(RunDir::Kind::file, "facts"));
  if (::mkfifo(path.c_str(), 0600) != 0) throw_errno("mkfifo {}", path.str());
  const UniqueFd reader(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!reader) throw_errno("open {}", path.str());
  wire.tell(path.str());
  const ExitStatus end = end_of(stranger);
  if (!end.clean()) return yes_or_no(false, true, "a stranger " + describe(end));
  return yes_or_no(receive_from(reader.get(), 1) == "p", true, "a stranger wrote into it, told nothing but its path");
}

}  // namespace

std::vector<Experiment> kinship_experiments() {
  constexpr const char* kQuestion = "Can a process use it that was there before it?";
  return {{"7", "pipe", kQuestion, kinship_of_pipe}, {"7", "fifo", kQuestion, kinship_of_fifo}};
}

}  // namespace ipcbench
