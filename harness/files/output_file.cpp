#include "harness/files/output_file.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <system_error>

#include <fmt/core.h>

#include "harness/base/error.h"
#include "harness/base/io.h"
#include "harness/base/unique_fd.h"
#include "harness/base/usage_error.h"
#include "harness/files/compression.h"

namespace ipcbench {
namespace {

// A temporary file is "…/.ipcbench-0123456789abcdef.part": nobody can have made it before, and the next write knows it
// by its name.
constexpr std::string_view kPartBegin = ".ipcbench-", kPartEnd = ".part";
constexpr std::size_t kPartDigits = 16;
constexpr int kMostLinks = 40;  // the kernel's own limit

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "./" : path.substr(0, slash + 1);
}

std::optional<struct stat> status_at(const std::string& path, int flags) noexcept {
  struct stat status {};
  if (::fstatat(AT_FDCWD, path.c_str(), &status, flags) != 0) return std::nullopt;
  return status;
}

std::string text_of_link(const std::string& path) {
  std::array<char, PATH_MAX> text{};
  const ssize_t size = ::readlink(path.c_str(), text.data(), text.size());
  if (size < 0) throw_errno("readlink {}", path);
  return {text.data(), static_cast<std::size_t>(size)};
}

bool is_part_name(std::string_view name) noexcept {
  if (name.size() != kPartBegin.size() + kPartDigits + kPartEnd.size()) return false;
  if (!name.starts_with(kPartBegin) || !name.ends_with(kPartEnd)) return false;
  return name.substr(kPartBegin.size(), kPartDigits).find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// Removes a temporary file that nobody writes any more: its writer would hold a lock on it.
void remove_if_dead(int folder, const char* name) noexcept {
  const UniqueFd fd(::openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat status {};
  if (!fd || ::fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode) || status.st_uid != ::geteuid()) return;
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) == 0) ::unlinkat(folder, name, 0);
}

struct CloseFolder {
  void operator()(DIR* folder) const noexcept { ::closedir(folder); }
};

void remove_dead_parts(const std::string& folder) noexcept {
  const std::unique_ptr<DIR, CloseFolder> entries(::opendir(folder.c_str()));
  if (!entries) return;
  while (const dirent* entry = ::readdir(entries.get())) {
    if (is_part_name(entry->d_name)) remove_if_dead(::dirfd(entries.get()), entry->d_name);
  }
}

// Part is a temporary file beside the target, removed with this object unless it has become the target.
class Part {
 public:
  // Throws std::system_error if no file can be made in the folder.
  Part(const std::string& folder, mode_t mode) {
    for (;;) {
      path_ = folder + fresh_name();
      fd_ = UniqueFd(::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode));
      if (!fd_ && errno == EEXIST) continue;
      if (!fd_) throw_errno("create a file in {}", folder);
      // On a file system without locks, those who remove dead files get no lock either.
      ::flock(fd_.get(), LOCK_EX);
      struct stat status {};
      if (::fstat(fd_.get(), &status) == 0 && status.st_nlink > 0) return;
      // It was taken for a dead file before it was locked.
    }
  }
  Part(const Part&) = delete;
  Part& operator=(const Part&) = delete;
  ~Part() {
    if (!path_.empty()) ::unlink(path_.c_str());
  }

  int fd() const noexcept { return fd_.get(); }

  // Returns false, with errno, if it fails.
  bool rename_to(const std::string& target) noexcept {
    if (::rename(path_.c_str(), target.c_str()) != 0) return false;
    path_.clear();
    return true;
  }
  // Network file systems report a failed write only here.
  void close(const std::string& target) {
    if (::close(fd_.release()) != 0 && errno != EINTR) throw_errno("close {}", target);
  }

 private:
  static std::string fresh_name() {
    std::uint64_t number = 0;
    if (::getrandom(&number, sizeof number, 0) != sizeof number) throw_errno("getrandom");
    return fmt::format("{}{:016x}{}", kPartBegin, number, kPartEnd);
  }

  std::string path_;
  UniqueFd fd_;
};

void sync(int fd, const std::string& path) {
  // EINVAL: what can't be synchronised needs no synchronising.
  if (::fsync(fd) != 0 && errno != EINVAL && errno != EROFS) throw_errno("fsync {}", path);
}

void sync_folder(const std::string& folder) {
  const UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd) sync(fd.get(), folder);  // a folder may be writable, and not readable
}

// Gives the new file the old one's mode and, as root, its owner, so that nobody else can read it. ACLs are not kept.
void take_over(int fd, const struct stat& old, const std::string& target) {
  const uid_t owner = ::geteuid() == 0 ? old.st_uid : static_cast<uid_t>(-1);
  // A group that this user isn't in can't be given; the group's permissions are then dropped.
  const bool same_group = ::fchown(fd, owner, old.st_gid) == 0;
  const mode_t mode = old.st_mode & (same_group ? 0777U : 0707U);
  // EPERM: a file system without modes, since the file is this process's own.
  if (::fchmod(fd, mode) != 0 && errno != EPERM) throw_errno("chmod {}", target);
}

// Writes in place, which isn't atomic; space is allocated first, so that a full disk leaves the old text.
void write_in_place(const std::string& target, std::string_view content) {
  const UniqueFd fd(::open(target.c_str(), O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (!fd) throw_errno("open {}", target);
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) throw_errno("fstat {}", target);
  const auto size = static_cast<off_t>(content.size());
  const bool has_room = size == 0 || ::fallocate(fd.get(), FALLOC_FL_KEEP_SIZE, 0, size) == 0;
  if (!has_room && (errno == ENOSPC || errno == EDQUOT || errno == EFBIG)) throw_errno("write {}", target);
  write_all(fd.get(), content, target);
  if (::ftruncate(fd.get(), size) != 0) throw_errno("ftruncate {}", target);
  sync(fd.get(), target);
}

void write_to_special(const std::string& target, std::string_view content) {
  const UniqueFd fd(::open(target.c_str(), O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (!fd) throw_errno("open {}", target);
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) throw_errno("fstat {}", target);
  if (S_ISREG(status.st_mode)) {  // somebody has put another file there since it was looked at
    errno = EAGAIN;
    throw_errno("open {}, which has changed", target);
  }
  // The open doesn't block; writes do, once a reader of a FIFO is known.
  ::fcntl(fd.get(), F_SETFL, ::fcntl(fd.get(), F_GETFL) & ~O_NONBLOCK);
  write_all(fd.get(), content, target);
}

bool takes_no_file(const std::system_error& error) noexcept {
  const int code = error.code().value();
  return code == EACCES || code == EPERM || code == EROFS;
}

void replace(const std::string& target, const std::optional<struct stat>& old, std::string_view content) {
  const std::string folder = folder_of(target);
  remove_dead_parts(folder);
  std::optional<Part> part;
  try {
    part.emplace(folder, old ? 0600 : 0666);
  } catch (const std::system_error& error) {
    if (!old || !takes_no_file(error)) throw std::system_error(error.code(), "write " + target);
    return write_in_place(target, content);
  }
  write_all(part->fd(), content, target);
  if (old) take_over(part->fd(), *old, target);
  sync(part->fd(), target);
  part->close(target);
  if (part->rename_to(target)) return sync_folder(folder);
  if (errno == EBUSY && old) return write_in_place(target, content);  // a mount point
  throw_errno("rename to {}", target);
}

}  // namespace

bool is_stdout(std::string_view path) noexcept {
  constexpr std::array<std::string_view, 4> kNames = {"-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"};
  return std::find(kNames.begin(), kNames.end(), path) != kNames.end();
}

std::string output_target(const std::string& path) {
  std::string target = path;
  for (int links = 0; links < kMostLinks; ++links) {
    const auto status = status_at(target, AT_SYMLINK_NOFOLLOW);
    if (!status || !S_ISLNK(status->st_mode)) return target;
    if (status->st_uid != ::geteuid() && status->st_uid != 0)
      throw UsageError(fmt::format("{}: {} is another user's link; name the file that you mean", path, target));
    // The links in /proc are open files, whose text may be no path ("pipe:[4711]").
    if (const auto end = status_at(target, 0); end && !S_ISREG(end->st_mode) && !S_ISDIR(end->st_mode)) return target;
    const std::string text = text_of_link(target);
    target = text.starts_with('/') ? text : folder_of(target) + text;
  }
  errno = ELOOP;
  throw_errno("open {}", path);
}

bool is_anothers(const std::string& path) noexcept {
  const uid_t me = ::geteuid();
  const auto file = status_at(path, 0), folder = status_at(folder_of(path), 0);
  if (me == 0 || !file || !folder || file->st_uid == me) return false;
  return (folder->st_mode & S_ISVTX) != 0 && folder->st_uid != me;
}

void check_output(const std::string& path) {
  constexpr std::string_view kAdvice = "name a file in a folder that can be written to";
  const std::string target = output_target(path);
  const auto old = status_at(target, 0);
  if (path.ends_with('/') || (old && S_ISDIR(old->st_mode)))
    throw UsageError(fmt::format("{}: this is a folder; name a file in it", path));
  if (old && !S_ISREG(old->st_mode))
    throw UsageError(fmt::format("{}: this is no regular file; {}, or - for stdout", path, kAdvice));
  if (is_anothers(target))
    throw UsageError(
        fmt::format("{}: another user's file in a folder where only he may replace it; {}", path, kAdvice));
  try {
    const Part probe(folder_of(target), 0600);
  } catch (const std::system_error& error) {
    const bool in_place = old && takes_no_file(error) && ::faccessat(AT_FDCWD, target.c_str(), W_OK, AT_EACCESS) == 0;
    if (!in_place) throw UsageError(fmt::format("{}: {}; {}", path, error.what(), kAdvice));
  }
  // A file may be bind-mounted read-only in a folder that takes other files.
  if (old && ::faccessat(AT_FDCWD, target.c_str(), W_OK, AT_EACCESS) != 0 && errno == EROFS)
    throw UsageError(fmt::format("{}: {}; {}", path, std::generic_category().message(EROFS), kAdvice));
}

void write_file_atomically(const std::string& path, std::string_view text, Packing packing) {
  const std::string compressed = names_compressed_file(path) ? compress(text, packing) : "";
  const std::string_view content = compressed.empty() ? text : compressed;
  const std::string target = output_target(path);
  const auto old = status_at(target, 0);
  if (old && !S_ISREG(old->st_mode)) return write_to_special(target, content);
  replace(target, old, content);
}

}  // namespace ipcbench
