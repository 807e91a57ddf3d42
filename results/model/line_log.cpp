#include "results/model/line_log.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

#include <fmt/core.h>

#include "harness/base/error.h"
#include "harness/files/compression.h"
#include "harness/files/input_file.h"
#include "harness/files/output_file.h"

namespace ipcbench {
namespace {

// Returns `path` unless it names a compressed file, in which a killed process wouldn't leave whole lines.
std::string plain(std::string path, const std::string& kind) {
  if (!names_compressed_file(path)) return path;
  const std::string without = path.substr(0, path.rfind('.'));
  throw UsageError(
      fmt::format("{} {}: these are written line by line, which a compressed file can't take; name it {}, and "
                  "compress it when it is finished",
                  kind, path, without));
}

}  // namespace

LineLog::LineLog(std::string path, std::string kind, int open_flags)
    : path_(plain(std::move(path), kind)),
      kind_(std::move(kind)),
      fd_(::open(path_.c_str(), open_flags | O_RDWR | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC,
                 0666)) {
  if (!fd_ && errno == ELOOP) throw UsageError(fmt::format("{} {}: this is a link; remove it", kind_, path_));
  if (!fd_) throw_errno("open {} {}", kind_, path_);
  refuse_what_is_not_ours();
  struct flock whole {};
  whole.l_type = F_WRLCK;
  whole.l_whence = SEEK_SET;
  if (::fcntl(fd_.get(), F_SETLK, &whole) != 0 && (errno == EACCES || errno == EAGAIN)) {
    throw LogInUse(fmt::format("{}: another process measures into it", path_));
  }
}

void LineLog::refuse_what_is_not_ours() const {
  require_regular_file(fd_.get(), path_);
  if (is_anothers(path_)) throw UsageError(fmt::format("{} {}: this file is another user's", kind_, path_));
}

off_t LineLog::size() const {
  struct stat status {};
  if (::fstat(fd_.get(), &status) != 0) throw_errno("fstat {} {}", kind_, path_);
  return status.st_size;
}

void LineLog::append(std::string line) {
  line += '\n';
  const off_t before = size();
  ssize_t written = 0;
  do {
    written = ::write(fd_.get(), line.data(), line.size());
  } while (written < 0 && errno == EINTR);
  if (written < 0) throw_errno("write {} {}", kind_, path_);
  if (static_cast<std::size_t>(written) == line.size()) return;
  // A short write means that the disk is full. The next line must not follow half a line.
  if (::ftruncate(fd_.get(), before) != 0) throw_errno("ftruncate {} {}", kind_, path_);
  errno = ENOSPC;
  throw_errno("write {} {}: {} of {} bytes", kind_, path_, written, line.size());
}

std::string LineLog::text() const {
  std::string text;
  std::array<char, 65536> part{};
  while (true) {
    const ssize_t got = ::pread(fd_.get(), part.data(), part.size(), static_cast<off_t>(text.size()));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw_errno("read {} {}", kind_, path_);
    if (got == 0) return text;
    if (text.size() + static_cast<std::size_t>(got) > kLargestInput)
      throw UsageError(fmt::format("{} {}: larger than {}", kind_, path_, format_size(kLargestInput)));
    text.append(part.data(), static_cast<std::size_t>(got));
  }
}

void LineLog::drop_torn_line() {
  const std::string whole = text();
  const std::size_t end = whole.rfind('\n');
  const std::size_t kept = end == std::string::npos ? 0 : end + 1;
  if (kept != whole.size() && ::ftruncate(fd_.get(), static_cast<off_t>(kept)) != 0) {
    throw_errno("ftruncate {} {}", kind_, path_);
  }
}

void LineLog::clear() {
  if (::ftruncate(fd_.get(), 0) != 0) throw_errno("ftruncate {} {}", kind_, path_);
}

void LineLog::remove() noexcept {
  fd_.reset();
  ::unlink(path_.c_str());
}

}  // namespace ipcbench
