// Locks on files hand over the turn, three in rotation (transports/parts/lock_rotation.h), or one of them is a lock
// that many take. They are record locks of a process or of an open file description, fcntl(2), or locks of whole files,
// flock(2).

#include <fcntl.h>
#include <sys/file.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <deque>
#include <string>
#include <utility>

#include <fmt/core.h>

#include "harness/base/error.h"
#include "harness/base/unique_fd.h"
#include "harness/memory/memfd.h"
#include "harness/run_dir/owned_path.h"
#include "harness/sdk/lock_endpoint.h"
#include "harness/sdk/simple_transport.h"
#include "scenarios/bind.h"
#include "transports/parts/lock_rotation.h"

namespace ipcbench {
namespace {

std::string path_entry(std::size_t which) { return fmt::format("path-{}", which); }

// Opens a file, in the worker: descriptors that come from one open() share its OFD and flock locks.
UniqueFd open_lock_file(const Ticket& ticket, std::size_t which) {
  const std::string& path = ticket.value(path_entry(which));
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_CLOEXEC));
  if (!fd) throw_errno("open {}", path);
  return fd;
}

template <class Call>
IoStatus until_locked(Call call) noexcept {
  while (call() != 0) {
    // EAGAIN comes from calls that don't wait.
    if (errno != EINTR && errno != EAGAIN) return IoStatus::failed;
  }
  return IoStatus::ok;
}

// RecordLocks has one byte for each lock, with gaps, since neighbours that one owner holds become one lock. A waiter is
// unlisted the moment its byte is released. The kernel's search for deadlocks, which only F_SETLKW has, therefore never
// finds two sides that wait for each other.
template <int kCommand>
class RecordLocks {
 public:
  explicit RecordLocks(const Ticket& ticket) : fd_(open_lock_file(ticket, 0)) {}

  IoStatus lock(std::size_t which) noexcept {
    return until_locked([&]() noexcept { return control(F_WRLCK, which); });
  }
  IoStatus unlock(std::size_t which) noexcept { return control(F_UNLCK, which) == 0 ? IoStatus::ok : IoStatus::failed; }

 private:
  int control(short type, std::size_t which) noexcept {
    struct flock range {};  // its l_pid must be 0 for OFD locks
    range.l_type = type;
    range.l_whence = SEEK_SET;
    range.l_start = static_cast<off_t>(2 * which);
    range.l_len = 1;
    return ::fcntl(fd_.get(), kCommand, &range);
  }

  UniqueFd fd_;
};

// FileLocks has a file for each lock.
template <int kFlags>
class FileLocks {
 public:
  explicit FileLocks(const Ticket& ticket) {
    for (std::size_t which = 0; which < kRotatingLocks; ++which) files_[which] = open_lock_file(ticket, which);
  }

  IoStatus lock(std::size_t which) noexcept {
    return until_locked([&]() noexcept { return ::flock(files_[which].get(), LOCK_EX | kFlags); });
  }
  IoStatus unlock(std::size_t which) noexcept {
    return ::flock(files_[which].get(), LOCK_UN) == 0 ? IoStatus::ok : IoStatus::failed;
  }

 private:
  std::array<UniqueFd, kRotatingLocks> files_;
};

// FileLockEndpoint sees the death of its peer. The kernel frees the locks of a process that dies and tells nobody,
// which looks like a release. The locks therefore guard a number that whoever has the turn counts up before giving it
// away.
template <LockTriple L>
class FileLockEndpoint {
 public:
  FileLockEndpoint(L locks, Role role, std::uint64_t& turns) noexcept
      : rotation_(std::move(locks), role), turns_(turns) {}

  IoStatus notify() noexcept {
    turns_.store(++seen_, std::memory_order_release);
    return rotation_.notify();
  }
  Awaited await() noexcept {
    const Awaited awaited = rotation_.await();
    if (awaited.status != IoStatus::ok) [[unlikely]]
      return awaited;
    if (turns_.load(std::memory_order_acquire) != ++seen_) [[unlikely]]
      return {IoStatus::peer_closed, 0};
    return awaited;
  }

 private:
  LockRotation<L> rotation_;
  std::atomic_ref<std::uint64_t> turns_;  // shared; outlives the endpoint
  std::uint64_t seen_ = 0;
};

class FileLockSession final : public Session {
 public:
  explicit FileLockSession(const SessionConfig& config) {
    for (std::size_t i = 0; i < (config.option("lock") == "flock" ? kRotatingLocks : 1); ++i) {
      const std::string path = config.run_dir.claim_name(RunDir::Kind::file, "lock");
      const UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
      if (!fd) throw_errno("open {}", path);
      files_.emplace_back(path);
    }
  }

  Ticket ticket(Seat) override {
    Ticket ticket = Ticket{}.with("memory", copy_of(turns_.descriptor()));
    for (std::size_t i = 0; i < files_.size(); ++i) ticket.text[path_entry(i)] = files_[i].str();
    return ticket;
  }
  void attached() noexcept override {
    for (OwnedPath& file : files_) file.remove();
    turns_.remove();
  }

 private:
  std::deque<OwnedPath> files_;  // one for all locks, or one for each
  Memfd turns_{kCacheLine};
};

class FileLockTransport final : public SimpleTransport<FileLockSession> {
 public:
  FileLockTransport()
      : SimpleTransport(
            {.name = "file-lock",
             .family = "lock",
             .row = "",
             .summary = "locks on files, handed over in turn; carries nothing",
             .man = "fcntl(2)",
             .capabilities = {.shape = Shape::notify,
                              .direction = Direction::two_way,
                              .persistence = Persistence::file_system,
                              .rendezvous = FoundBy::path,
                              .min_message = 0,
                              .max_message = 0,
                              .carries_payload = false,
                              .many_to_many = true,
                              .locks = true,
                              .access_control = true,
                              .sees_peer_close = true},
             .waits = {WaitStrategy::block, WaitStrategy::spin},
             .options = {{.name = "lock",
                          .default_value = "fcntl",
                          .values = {"fcntl", "ofd", "flock"},
                          .summary = "record locks of a process or of an open file, or locks of whole files"}},
             .no_streaming =
                 "a lock has no one-way form: who has released it must wait until it has been taken and released"}) {}

  Availability probe() const override { return available_unless(Why::not_supported, memfd_refusal()); }
  std::unique_ptr<Endpoint> join(Ticket ticket, const SeatConfig& config) const override {
    const bool blocks = config.wait == WaitStrategy::block;
    const auto bind = [&]<LockTriple L>(L locks) -> std::unique_ptr<Endpoint> {
      if (config.pattern.is_lock()) return bind_lock<SoleLock<L>>(std::move(locks));
      Mapping memory = Memfd::open(ticket.take("memory"));
      LockRotation<L>::take_first(locks, config.seat, config.rendezvous);
      auto& turns = *reinterpret_cast<std::uint64_t*>(memory.data());
      return keeping(bind_endpoint<FileLockEndpoint<L>>(std::move(locks), config.seat.role, turns), std::move(memory));
    };
    if (config.option("lock") == "fcntl") {
      return blocks ? bind(RecordLocks<F_SETLKW>(ticket)) : bind(RecordLocks<F_SETLK>(ticket));
    }
    if (config.option("lock") == "ofd") {
      return blocks ? bind(RecordLocks<F_OFD_SETLKW>(ticket)) : bind(RecordLocks<F_OFD_SETLK>(ticket));
    }
    return blocks ? bind(FileLocks<0>(ticket)) : bind(FileLocks<LOCK_NB>(ticket));
  }
};

}  // namespace

const Transport& transport_file_lock() { return the_only<FileLockTransport>(); }

}  // namespace ipcbench
