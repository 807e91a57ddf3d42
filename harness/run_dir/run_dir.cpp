#include "harness/run_dir/run_dir.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <utility>

#include "harness/base/error.h"
#include "harness/base/io.h"
#include "harness/process/proc_stat.h"
#include "harness/run_dir/manifest.h"

namespace ipcbench {
namespace {

namespace fs = std::filesystem;
using Kind = RunDir::Kind;

constexpr std::string_view kIdShape = "00000000-000000-ffffff";  // UTC date and time, random
constexpr std::size_t kLongestPath = sizeof(sockaddr_un::sun_path) - 1;
// Leaves 18 characters for the name of a socket below <root>/<id>.
constexpr std::size_t kLongestRoot = kLongestPath - kIdShape.size() - 20;
constexpr std::size_t kLongestStem = 32;
constexpr const char* kElsewhere = " (set XDG_RUNTIME_DIR to a directory of yours that can be written to)";

// Root is the folder of all runs of this user. Its lock (flock on the folder itself) is held to make a run, to end one
// and to clean dead ones. A cleaner therefore never meets a run that has its folder but not yet, or no longer, its
// lock.
struct Root {
  std::string path;
  UniqueFd fd;
};

bool is_our_folder(const std::string& path) noexcept {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode) && status.st_uid == ::geteuid() &&
         ::faccessat(AT_FDCWD, path.c_str(), W_OK | X_OK, AT_EACCESS) == 0;
}

std::string root_path() {
  const char* runtime = std::getenv("XDG_RUNTIME_DIR");
  if (runtime != nullptr && runtime[0] == '/') {
    std::string path = std::string(runtime) + "/ipcbench";
    if (path.size() <= kLongestRoot && is_our_folder(runtime)) return path;
  }
  return RunDir::usual_folders().back();
}

// Returns the root of the next run first, if it exists, whoever owns it; then the others that are this user's.
std::vector<std::string> root_paths(const std::vector<std::string>& elsewhere) {
  std::vector<std::string> paths;
  struct stat status {};
  if (std::string next = root_path(); ::lstat(next.c_str(), &status) == 0 || errno != ENOENT) {
    paths.push_back(std::move(next));
  }
  for (const std::string& path : elsewhere) {
    if (::lstat(path.c_str(), &status) != 0 || !S_ISDIR(status.st_mode) || status.st_uid != ::geteuid()) continue;
    if (std::find(paths.begin(), paths.end(), path) == paths.end()) paths.push_back(path);
  }
  return paths;
}

void lock_root(const Root& root) {
  while (::flock(root.fd.get(), LOCK_EX) != 0) {
    if (errno != EINTR) throw_errno("flock {}", root.path);
  }
}

// Opens a root and checks it: anybody can have made a folder or a link of that name in /tmp.
Root open_root(std::string path) {
  Root root{std::move(path), {}};
  root.fd.reset(::open(root.path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!root.fd) {
    const bool not_a_folder = errno == ELOOP || errno == ENOTDIR;
    throw_errno("open {}{}", root.path, not_a_folder ? " (it must be a directory, not a link or a file)" : "");
  }
  struct stat status {};
  if (::fstat(root.fd.get(), &status) != 0) throw_errno("fstat {}", root.path);
  if (status.st_uid != ::geteuid()) {
    errno = EPERM;
    throw_errno("use {}, which belongs to user {} instead of {}; set XDG_RUNTIME_DIR to a directory of yours",
                root.path, status.st_uid, ::geteuid());
  }
  if ((status.st_mode & 0077) != 0 && ::fchmod(root.fd.get(), 0700) != 0) throw_errno("chmod {}", root.path);
  return root;
}

void fill_random(void* bytes, std::size_t size) {
  // Up to 256 bytes are returned whole.
  while (::getrandom(bytes, size, 0) != static_cast<ssize_t>(size)) {
    if (errno != EINTR) throw_errno("getrandom");
  }
}

std::string fresh_id() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  ::gmtime_r(&now, &utc);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y%m%d-%H%M%S", &utc);
  std::uint32_t random = 0;
  fill_random(&random, sizeof random);
  return fmt::format("{}-{:06x}", text.data(), random & 0xffffff);
}

bool is_run_id(std::string_view name) noexcept {
  return std::equal(name.begin(), name.end(), kIdShape.begin(), kIdShape.end(), [](char c, char shape) {
    if (shape == '-') return c == '-';
    return (c >= '0' && c <= '9') || (shape == 'f' && c >= 'a' && c <= 'f');
  });
}

std::string tidy(std::string_view stem, std::size_t longest) {
  std::string tidied(stem.substr(0, longest));
  for (char& c : tidied) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))) c = '-';
  }
  return tidied;
}

// Removes a run's folder, the lock last: if the cleaner is killed before, the next one finds the run again.
void remove_folder(const std::string& path) {
  for (const fs::directory_entry& entry : fs::directory_iterator(path)) {
    if (entry.path().filename() != "lock") fs::remove_all(entry.path());
  }
  fs::remove(path + "/lock");
  fs::remove(path);
}

std::string read_manifest(const std::string& path) {
  try {
    return read_file(path + "/manifest");
  } catch (const std::system_error& error) {
    // The run died, or failed, before it recorded anything.
    if (error.code() == std::errc::no_such_file_or_directory) return {};
    throw;
  }
}

// Undoes what the manifest says, last entry first. If something can't be undone, the folder stays for the next try.
void replay(const std::string& id, const std::string& path, bool dry_run, RunDir::Cleaned& cleaned) {
  std::vector<std::string>& lines = cleaned.lines;
  const Manifest manifest = parse_manifest(read_manifest(path), id);
  for (const std::string& refused : manifest.refused) {
    lines.push_back(fmt::format("ignored {} of {}/manifest", refused, path));
  }
  int failed = 0;
  for (auto entry = manifest.entries.rbegin(); entry != manifest.entries.rend(); ++entry) {
    Removal removal = remove_object(*entry, manifest, path, dry_run);
    failed += removal.failed ? 1 : 0;
    if (!removal.line.empty()) lines.push_back(std::move(removal.line));
  }
  cleaned.failed += failed;
  if (failed > 0) return;
  if (!dry_run) remove_folder(path);
  lines.push_back(fmt::format("{} {}", dry_run ? "would remove" : "removed", path));
}

// Returns false if the run lives, or is no run of ours.
bool clean_if_dead(const Root& root, const std::string& id, bool dry_run, RunDir::Cleaned& cleaned) {
  const std::string path = root.path + '/' + id;
  const UniqueFd folder(::openat(root.fd.get(), id.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!folder && errno == ENOENT) return false;
  if (!folder) throw_errno("open {}", path);
  struct stat status {};
  if (::fstat(folder.get(), &status) != 0 || status.st_uid != ::geteuid()) return false;

  const UniqueFd lock(::openat(folder.get(), "lock", O_RDWR | O_NOFOLLOW | O_CLOEXEC));
  // Without a lock file the run died while it was made or removed; we hold the root's lock, so nobody works on it now.
  if (!lock && errno != ENOENT) throw_errno("open {}/lock", path);
  if (lock && ::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return false;
    throw_errno("flock {}/lock", path);
  }
  // Its owner may have removed it between our open and our lock.
  if (lock && (::fstat(lock.get(), &status) != 0 || status.st_nlink == 0)) return false;
  replay(id, path, dry_run, cleaned);
  return true;
}

std::vector<std::string> run_ids(const Root& root) {
  std::vector<std::string> ids;
  std::error_code error;
  const fs::directory_iterator entries(root.path, error);
  if (error) {
    errno = error.value();
    throw_errno("read {}", root.path);
  }
  for (const fs::directory_entry& entry : entries) {
    std::string id = entry.path().filename().string();
    if (is_run_id(id)) ids.push_back(std::move(id));
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

// Returns whether a run lives. The root's lock must be held, or a run that is just being made would look dead, and
// another asker would look like the run.
bool lives(const std::string& path) noexcept {
  const UniqueFd lock(::open((path + "/lock").c_str(), O_RDWR | O_NOFOLLOW | O_CLOEXEC));
  return lock && ::flock(lock.get(), LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

}  // namespace

RunDir RunDir::create() {
  const std::string wanted = root_path();
  if (::mkdir(wanted.c_str(), 0700) != 0 && errno != EEXIST) {
    throw_errno("mkdir {}{}", wanted, kElsewhere);
  }
  const Root root = open_root(wanted);
  lock_root(root);

  std::string id = fresh_id();
  while (::mkdirat(root.fd.get(), id.c_str(), 0700) != 0) {
    if (errno != EEXIST) throw_errno("mkdir {}/{}{}", root.path, id, kElsewhere);
    id = fresh_id();
  }
  std::string path = root.path + '/' + id;
  UniqueFd lock(::open((path + "/lock").c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!lock) throw_errno("open {}/lock", path);
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) throw_errno("flock {}/lock", path);
  UniqueFd manifest(::open((path + "/manifest").c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600));
  if (!manifest) throw_errno("open {}/manifest", path);
  RunDir run(std::move(id), std::move(path), std::move(lock), std::move(manifest));
  run.record(owner_line(::getpid(), std::time(nullptr)));
  return run;
}

RunDir::RunDir(std::string id, std::string path, UniqueFd lock, UniqueFd manifest)
    : id_(std::move(id)), path_(std::move(path)), lock_(std::move(lock)), manifest_(std::move(manifest)) {}

RunDir::RunDir(RunDir&&) noexcept = default;

RunDir::~RunDir() {
  if (!owner_.owned()) return;
  manifest_.reset();  // nothing is added any more, and where descriptors have run out, one is needed
  try {
    const Root root = open_root(fs::path(path_).parent_path().string());
    lock_root(root);
    Cleaned cleaned;
    replay(id_, path_, false, cleaned);
  } catch (...) {
    // clean_dead_runs() finds what is left once the lock is free.
  }
}

const std::string& RunDir::id() const noexcept { return id_; }
const std::string& RunDir::path() const noexcept { return path_; }
int RunDir::lock_fd() const noexcept { return lock_.get(); }

std::string RunDir::claim_name(Kind kind, std::string_view stem) {
  if (has_key(kind) || kind == Kind::process || kind == Kind::memory_group)
    throw std::logic_error("RunDir::claim_name of an object without a name");
  const std::string number = fmt::format("{}-", next_++);
  if (kind != Kind::file) {
    std::string name = fmt::format("/ipcbench-{}-{}{}", id_, number, tidy(stem, kLongestStem));
    record(manifest_line({.kind = kind, .name = name}));
    return shared_folder_of(kind) + name;
  }
  const std::size_t room = kLongestPath - path_.size() - 1 - number.size();
  const std::string name = number + tidy(stem, std::min(room, kLongestStem));
  record(manifest_line({.kind = kind, .name = name}));
  return path_ + '/' + name;
}

key_t RunDir::claim_key(Kind kind) {
  if (!has_key(kind)) throw std::logic_error("RunDir::claim_key of an object without a key");
  key_t key = 0;
  while (key <= 0) fill_random(&key, sizeof key);  // 0 is IPC_PRIVATE
  record(manifest_line({.kind = kind, .name = {}, .key = key}));
  return key;
}

void RunDir::strike_key(Kind kind, key_t key) { record(struck_line(kind, key)); }

std::string RunDir::claim_group(const std::string& parent) {
  std::string path = fmt::format("{}/ipcbench-{}-{}-memory", parent, id_, next_++);
  record(manifest_line({.kind = Kind::memory_group, .name = path}));
  return path;
}

void RunDir::note_process(pid_t pid) {
  const auto start = process_start_time(pid);
  if (start) record(manifest_line({.kind = Kind::process, .name = {}, .pid = pid, .start = *start}));
}

void RunDir::record(std::string_view line) {
  // One write: a reader of a dead run's manifest sees the whole line or nothing of it.
  const std::string text = fmt::format("{}\n", line);
  const ssize_t put = ::write(manifest_.get(), text.data(), text.size());
  if (put == static_cast<ssize_t>(text.size())) return;
  if (put >= 0) errno = ENOSPC;
  throw_errno("write {}/manifest", path_);
}

std::vector<RunDir::Live> RunDir::others() const {
  const Root root = open_root(fs::path(path_).parent_path().string());
  lock_root(root);
  std::vector<Live> others;
  for (const std::string& id : run_ids(root)) {
    const std::string path = root.path + '/' + id;
    if (id == id_ || !lives(path)) continue;
    try {
      others.push_back({.id = id, .pid = parse_manifest(read_manifest(path), id).owner_pid});
    } catch (const std::system_error&) {
    }
  }
  return others;
}

std::vector<std::string> RunDir::usual_folders() {
  return {fmt::format("/run/user/{}/ipcbench", ::geteuid()), fmt::format("/tmp/ipcbench-{}", ::geteuid())};
}

RunDir::Cleaned RunDir::clean_dead_runs(bool dry_run, const std::vector<std::string>& elsewhere) {
  Cleaned cleaned;
  for (const std::string& path : root_paths(elsewhere)) {
    Root root;
    try {
      root = open_root(path);
    } catch (const std::system_error& error) {
      if (error.code() == std::errc::no_such_file_or_directory) continue;  // its last run has just ended
      throw;
    }
    lock_root(root);
    for (const std::string& id : run_ids(root)) {
      try {
        if (clean_if_dead(root, id, dry_run, cleaned)) ++cleaned.runs;
      } catch (const std::exception& error) {
        ++cleaned.failed;
        cleaned.lines.push_back(fmt::format("could not clean {}/{}: {}", root.path, id, error.what()));
      }
    }
  }
  return cleaned;
}

}  // namespace ipcbench
