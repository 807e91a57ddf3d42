// Locks on files hand over the turn, three in rotation (transports/parts/lock_rotation.h). They are record locks of a
// process or of an open file description, fcntl(2), or locks of whole files, flock(2).

#include <fcntl.h>
#include <sys/file.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>

#include "harness/base/error.h"
#include "harness/base/unique_fd.h"
#include "harness/memory/mapping.h"
#include "harness/run_dir/owned_path.h"
#include "harness/sdk/transport.h"
#include "scenarios/bind.h"
#include "transports/parts/lock_rotation.h"

namespace ipcbench {
namespace {

// Opens a file, in the worker: descriptors that come from one open() share its OFD and flock locks.
UniqueFd open_file(const OwnedPath& path) {
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_CLOEXEC));
  if (!fd) throw_errno("open {}", path.str());
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
  explicit RecordLocks(UniqueFd fd) noexcept : fd_(std::move(fd)) {}

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
  using Files = std::array<UniqueFd, kRotatingLocks>;
  explicit FileLocks(Files files) noexcept : files_(std::move(files)) {}

  IoStatus lock(std::size_t which) noexcept {
    return until_locked([&]() noexcept { return ::flock(files_[which].get(), LOCK_EX | kFlags); });
  }
  IoStatus unlock(std::size_t which) noexcept {
    return ::flock(files_[which].get(), LOCK_UN) == 0 ? IoStatus::ok : IoStatus::failed;
  }

 private:
  Files files_;
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
  explicit FileLockSession(const SessionConfig& config) : wait_(config.wait), kind_(config.option("lock")) {
    for (std::size_t i = 0; i < (kind_ == "flock" ? kRotatingLocks : 1); ++i) {
      const std::string path = config.run_dir.claim_name(RunDir::Kind::file, "lock");
      const UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
      if (!fd) throw_errno("open {}", path);
      files_[i] = std::make_unique<OwnedPath>(path);
    }
  }

  std::unique_ptr<Endpoint> open(Role role) override {
    const bool blocks = wait_ == WaitStrategy::block;
    if (kind_ == "fcntl") return blocks ? open_record<F_SETLKW>(role) : open_record<F_SETLK>(role);
    if (kind_ == "ofd") return blocks ? open_record<F_OFD_SETLKW>(role) : open_record<F_OFD_SETLK>(role);
    return blocks ? open_whole<0>(role) : open_whole<LOCK_NB>(role);
  }

  void attached() noexcept override {
    for (const auto& file : files_) {
      if (file) file->remove();
    }
    place_.leave();
  }

 private:
  template <int kCommand>
  std::unique_ptr<Endpoint> open_record(Role role) {
    return bind(RecordLocks<kCommand>(open_file(*files_[0])), role);
  }
  template <int kFlags>
  std::unique_ptr<Endpoint> open_whole(Role role) {
    typename FileLocks<kFlags>::Files files;
    for (std::size_t i = 0; i < kRotatingLocks; ++i) files[i] = open_file(*files_[i]);
    return bind(FileLocks<kFlags>(std::move(files)), role);
  }
  template <LockTriple L>
  std::unique_ptr<Endpoint> bind(L locks, Role role) {
    LockRotation<L>::take_first(locks, role, place_);
    return bind_endpoint<FileLockEndpoint<L>>(std::move(locks), role, *reinterpret_cast<std::uint64_t*>(turns_.data()));
  }

  WaitStrategy wait_;
  std::string kind_;
  std::array<std::unique_ptr<OwnedPath>, kRotatingLocks> files_;  // the first alone, or all
  Mapping turns_ = Mapping::shared_anonymous(kCacheLine);
  RendezvousPlace place_;
};

class FileLockTransport final : public Transport {
 public:
  const TransportInfo& info() const noexcept override {
    static const TransportInfo info{
        .name = "file-lock",
        .family = "lock",
        .row = "",
        .summary = "locks on files, handed over in turn; carries nothing",
        .man = "fcntl(2)",
        .capabilities = {.shape = Shape::notify,
                         .direction = Direction::two_way,
                         .persistence = Persistence::file_system,
                         .rendezvous = Rendezvous::path,
                         .min_message = 0,
                         .max_message = 0,
                         .carries_payload = false,
                         .many_to_many = true,
                         .access_control = true,
                         .sees_peer_close = true},
        .waits = {WaitStrategy::block, WaitStrategy::spin},
        .options = {{.name = "lock",
                     .default_value = "fcntl",
                     .values = {"fcntl", "ofd", "flock"},
                     .summary = "record locks of a process or of an open file, or locks of whole files"}},
        .no_streaming =
            "a lock has no one-way form: who has released it must wait until it has been taken and released"};
    return info;
  }
  Availability probe() const override { return Available{}; }
  std::unique_ptr<Session> create(const SessionConfig& config) const override {
    return std::make_unique<FileLockSession>(config);
  }
};

}  // namespace

const Transport& transport_file_lock() {
  static const FileLockTransport transport;
  return transport;
}

}  // namespace ipcbench
