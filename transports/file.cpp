// A regular file serves as a ring of messages, pread(2) and pwrite(2). Every message goes through the page cache, and
// none is ever synced. A side that finds nothing sleeps on inotify(7), or looks again.
//
// Each side writes two files and reads the peer's two. One holds its messages, each behind its length. The other holds
// two positions: how far it has written its messages, which the peer may read, and how far it has taken the peer's,
// which the peer may overwrite. A message therefore takes two writes and, while the reader knows of no more, two reads.
// One of each isn't enough:
//
// - A read takes no lock on most file systems. It may meet a half-finished write, in any order of bytes if the
//   processor keeps none. Only a call that begins after another has returned sees all of it. So the messages are
//   written first and the position after them, by a call of its own; the reader reads the position first, and then
//   the messages.
// - The position itself may be read half written. Its check shows that: the write is then not through, and its event is
//   still to come.
// - A watch is on a file, not on a part of it. Positions in the file of the messages would wake the reader twice.
//
// No wake is missed, and no look is wasted. An event is queued after its write, and a look follows the taking of
// events. Whatever the last look has not seen therefore has an event that still waits.

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <fmt/core.h>

#include "harness/base/error.h"
#include "harness/base/page_size.h"
#include "harness/base/usage_error.h"
#include "harness/ipc/inotify.h"
#include "harness/measure/splitmix64.h"
#include "harness/run_dir/file_space.h"
#include "harness/run_dir/owned_path.h"
#include "harness/sdk/simple_transport.h"
#include "scenarios/bind.h"
#include "transports/parts/file_place.h"

namespace ipcbench {
namespace {

constexpr std::size_t kLength = sizeof(std::uint64_t);  // in front of a message
constexpr std::size_t kPositionsFile = 4096;            // bytes; those written are fewer

// Returns what a message takes in the ring: lengths are aligned, so that the ring's end cuts none.
constexpr std::uint64_t record_bytes(std::uint64_t message) noexcept {
  return (kLength + message + kLength - 1) / kLength * kLength;
}

// Positions are those of one side, in bytes since the beginning.
struct Positions {
  std::uint64_t written = 0;  // of its own messages
  std::uint64_t taken = 0;    // of its peer's
  std::uint64_t check = 0;

  std::uint64_t right_check() const noexcept { return mix64(written + mix64(taken + kGoldenGamma)); }
};

// Files are one side's files, open.
struct Files {
  UniqueFd messages;
  UniqueFd positions;
};

template <WaitStrategy kWait>
class FileEndpoint {
 public:
  // `watch` is on the peer's positions, if this side blocks.
  FileEndpoint(Files mine, Files theirs, std::uint64_t capacity, std::optional<FileWatch> watch)
      : my_files_(std::move(mine)), their_files_(std::move(theirs)), capacity_(capacity), watch_(std::move(watch)) {
    if (!look()) throw_errno("pread of positions");
  }

  IoStatus send(ConstBytes message) noexcept {
    const std::uint64_t record = record_bytes(message.size());
    if (record > capacity_ / 2) {
      errno = EMSGSIZE;
      return IoStatus::failed;
    }
    while (capacity_ - (mine_.written - theirs_.taken) < record) {
      if (!wait_and_look()) return IoStatus::failed;
    }
    if (!write(message)) return IoStatus::failed;
    mine_.written += record;
    return publish();
  }

  Received receive(Bytes buffer) noexcept {
    while (theirs_.written == mine_.taken) {
      if (!wait_and_look()) return {IoStatus::failed, 0};
    }
    const std::optional<std::uint64_t> size = read(buffer);
    if (!size) return {IoStatus::failed, 0};
    mine_.taken += record_bytes(*size);
    // A sender waits for half of the ring at most, so it need not hear of every message; the peer's answers report it,
    // too.
    if (mine_.taken - taken_told_ >= capacity_ / 4) {
      const IoStatus status = publish();
      if (status != IoStatus::ok) return {status, 0};
    }
    return {IoStatus::ok, *size};
  }

 private:
  bool wait_and_look() noexcept {
    if constexpr (kWait == WaitStrategy::block) watch_->wait();
    return look();
  }

  bool look() noexcept {
    Positions seen;
    if (::pread(their_files_.positions.get(), &seen, sizeof seen, 0) != sizeof seen) return false;
    if (seen.check == seen.right_check()) theirs_ = seen;
    return true;
  }

  IoStatus publish() noexcept {
    mine_.check = mine_.right_check();
    taken_told_ = mine_.taken;
    const ssize_t put = ::pwrite(my_files_.positions.get(), &mine_, sizeof mine_, 0);
    return put == sizeof mine_ ? IoStatus::ok : IoStatus::failed;
  }

  // Writes a message with its length; a part that doesn't fit before the ring's end goes to its beginning.
  bool write(ConstBytes message) noexcept {
    const std::uint64_t at = mine_.written % capacity_;
    const std::size_t first = std::min<std::uint64_t>(message.size(), capacity_ - at - kLength);
    std::uint64_t size = message.size();
    const std::array<iovec, 2> parts{{{.iov_base = &size, .iov_len = kLength},
                                      {.iov_base = const_cast<std::byte*>(message.data()), .iov_len = first}}};
    const int fd = my_files_.messages.get();
    if (::pwritev(fd, parts.data(), 2, static_cast<off_t>(at)) != static_cast<ssize_t>(kLength + first)) return false;
    const ConstBytes rest = message.subspan(first);
    return rest.empty() || ::pwrite(fd, rest.data(), rest.size(), 0) == static_cast<ssize_t>(rest.size());
  }

  // Reads the next message, which is there, and returns its size. What is read behind a shorter one is ignored.
  std::optional<std::uint64_t> read(Bytes buffer) noexcept {
    const std::uint64_t there = theirs_.written - mine_.taken;
    const std::uint64_t at = mine_.taken % capacity_;
    const std::size_t first = std::min<std::uint64_t>({buffer.size(), there - kLength, capacity_ - at - kLength});
    std::uint64_t size = 0;
    const std::array<iovec, 2> parts{
        {{.iov_base = &size, .iov_len = kLength}, {.iov_base = buffer.data(), .iov_len = first}}};
    const int fd = their_files_.messages.get();
    if (::preadv(fd, parts.data(), 2, static_cast<off_t>(at)) != static_cast<ssize_t>(kLength + first)) return {};
    if (record_bytes(size) > there) {
      errno = EBADMSG;
      return {};
    }
    const std::size_t wanted = std::min<std::uint64_t>(size, buffer.size());
    if (wanted > first) {
      const Bytes rest = buffer.subspan(first, wanted - first);
      if (::pread(fd, rest.data(), rest.size(), 0) != static_cast<ssize_t>(rest.size())) return {};
    }
    return size;
  }

  Files my_files_, their_files_;
  std::uint64_t capacity_;
  std::optional<FileWatch> watch_;
  Positions mine_, theirs_;
  std::uint64_t taken_told_ = 0;  // mine_.taken as the peer may know it
};

// FilledFile is a file under a name of its own, filled with zeros: its space is allocated and its pages are cached.
class FilledFile {
 public:
  FilledFile(std::string path, std::size_t size) : path_(std::move(path)) {
    const UniqueFd fd(::open(path_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!fd) {
      path_.disown();  // what exists there is another's
      throw_errno("open {}", path_.str());
    }
    take_space(fd.get(), size, path_.str());
    const std::vector<std::byte> zeros(std::min<std::size_t>(size, 1 << 20));
    for (std::size_t done = 0; done < size;) {
      const ssize_t n = ::write(fd.get(), zeros.data(), std::min(zeros.size(), size - done));
      if (n < 0) throw_errno("write {}", path_.str());
      done += static_cast<std::size_t>(n);
    }
  }

  const std::string& path() const noexcept { return path_.str(); }
  void remove() noexcept { path_.remove(); }

 private:
  OwnedPath path_;
};

std::size_t capacity_of(const OptionValues& options) {
  return parse_size(options.find("capacity")->second, "capacity") / kLength * kLength;
}
std::size_t bytes_needed(const OptionValues& options) { return 2 * (capacity_of(options) + kPositionsFile); }

// Returns the largest message: with its length it may take half of the ring, and must fit into one call.
MessageLimit largest_of(const OptionValues& options) {
  const std::size_t capacity = capacity_of(options);
  const std::size_t half = capacity / 2 / kLength * kLength;
  if (half > largest_transfer()) {
    return {largest_transfer() - kLength,
            fmt::format("one pwrite moves at most {} bytes, the message's length among them", largest_transfer())};
  }
  return {half - std::min(half, kLength),
          fmt::format("capacity is {} bytes, of which a message and its length may take half", capacity)};
}

std::string size_refusal(std::size_t size, const OptionValues& options) {
  const MessageLimit largest = largest_of(options);
  return size > largest.bytes ? fmt::format("{}, the case needs {}", largest.reason, size) : "";
}

class FileSession final : public Session {
 public:
  explicit FileSession(const SessionConfig& config) : sides_{Side(config), Side(config)} {}

  Ticket ticket(Seat seat) override {
    const Side& out = sides_[static_cast<std::size_t>(seat.role)];
    const Side& in = sides_[static_cast<std::size_t>(other(seat.role))];
    return Ticket{}
        .with("out-messages", out.messages.path())
        .with("out-positions", out.positions.path())
        .with("in-messages", in.messages.path())
        .with("in-positions", in.positions.path());
  }
  void attached() noexcept override {
    for (Side& side : sides_) {
      side.messages.remove();
      side.positions.remove();
    }
  }

 private:
  struct Side {
    explicit Side(const SessionConfig& config)
        : messages(config.run_dir.claim_name(file_kind(config.options), "messages"), capacity_of(config.options)),
          positions(config.run_dir.claim_name(file_kind(config.options), "positions"), kPositionsFile) {}

    FilledFile messages;
    FilledFile positions;
  };

  std::array<Side, 2> sides_;  // by Role
};

// Opens the files of the side `side` of a ticket: "in" or "out". Throws std::system_error.
Files open_files(const Ticket& ticket, std::string_view side, int flags) {
  const auto open = [&](std::string_view which) {
    const std::string& path = ticket.value(fmt::format("{}-{}", side, which));
    UniqueFd fd(::open(path.c_str(), flags | O_NOFOLLOW | O_CLOEXEC));
    if (!fd) throw_errno("open {}", path);
    return fd;
  };
  return {.messages = open("messages"), .positions = open("positions")};
}

class FileTransport final : public SimpleTransport<FileSession> {
 public:
  FileTransport()
      : SimpleTransport({.name = "file",
                         .family = "file",
                         .row = "",
                         .summary = "regular file as a ring, written and read by system calls",
                         .man = "pwrite(2)",
                         .capabilities = {.shape = Shape::message,
                                          .direction = Direction::two_way,
                                          .persistence = Persistence::file_system,
                                          .rendezvous = FoundBy::path,
                                          .in_flight_bytes = std::size_t{16} << 20,
                                          .keeps_boundaries = true,
                                          .self_synchronising = false,
                                          .access_control = true},
                         .waits = {WaitStrategy::block, WaitStrategy::spin},
                         .options = {{.name = "capacity",
                                      .kind = OptionInfo::Kind::size,
                                      .default_value = "16MiB",
                                      .values = {"64KiB"},
                                      .summary = "bytes of the file that holds a direction's messages"},
                                     fs_option()},
                         .copies = 3}) {}

  Capabilities capabilities(const OptionValues& options) const override {
    Capabilities can = info().capabilities;
    can.in_flight_bytes = capacity_of(options);
    return can;
  }

  Availability probe() const override {
    OptionValues defaults;
    for (const OptionInfo& option : info().options) defaults.emplace(option.name, option.default_value);
    const auto refused = place_refusal(defaults);
    if (refused) return *refused;
    return Available{};
  }

  MessageLimit largest_message(const Available&, const OptionValues& options) const override {
    return largest_of(options);
  }

  std::size_t memory_needed(std::size_t, const OptionValues& options) const override {
    return file_kind(options) == RunDir::Kind::memory_file ? bytes_needed(options) : 0;
  }

  std::string option_refusal(WaitStrategy wait, std::size_t size, const OptionValues& options) const override {
    if (const auto refused = place_refusal(options)) return refused->reason;
    if (std::string refused = size_refusal(size, options); !refused.empty()) return refused;
    return wait == WaitStrategy::block ? file_watch_refusal(2) : "";  // one for each side
  }

  std::unique_ptr<Session> create(const SessionConfig& config) const override {
    if (const std::string refusal = size_refusal(config.message_size, config.options); !refusal.empty()) {
      throw std::system_error(EMSGSIZE, std::generic_category(), refusal);
    }
    return std::make_unique<FileSession>(config);
  }
  std::unique_ptr<Endpoint> join(Ticket ticket, const SeatConfig& config) const override {
    const std::uint64_t capacity = capacity_of(config.options);
    Files out = open_files(ticket, "out", O_WRONLY);
    Files in = open_files(ticket, "in", O_RDONLY);
    std::optional<FileWatch> watch;
    if (config.wait == WaitStrategy::block) watch.emplace(ticket.value("in-positions"));
    const auto sizes = [capacity, role = config.seat.role] {
      BufferSizes own{};
      own.add(plain_size(Buffer::file, role == Role::producer ? BufferDirection::forward : BufferDirection::backward,
                         capacity));
      return own;
    };
    return with_buffers(
        bind_by_wait<FileEndpoint>(config.wait, std::move(out), std::move(in), capacity, std::move(watch)), sizes);
  }

 private:
  static std::optional<Unavailable> place_refusal(const OptionValues& options) {
    auto place = file_room(options);
    if (auto* unavailable = std::get_if<Unavailable>(&place)) return std::move(*unavailable);
    const auto& [bytes, limit] = std::get<FileRoom>(place);
    const std::size_t needed = bytes_needed(options);
    if (bytes >= needed) return std::nullopt;
    return Unavailable{Why::no_resource, fmt::format("{}, the two directions need {}", limit, needed)};
  }
};

}  // namespace

const Transport& transport_file() { return the_only<FileTransport>(); }

}  // namespace ipcbench
