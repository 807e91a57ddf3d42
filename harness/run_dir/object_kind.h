#pragma once

#include <cstdint>

namespace ipcbench {

// What a run makes and has to remove: the kinds of entry in its manifest.
enum class ObjectKind : std::uint8_t {
  file,
  memory_file,  // in /dev/shm
  disk_file,    // in /var/tmp
  posix_shm,
  posix_mq,
  posix_sem,
  sysv_shm,
  sysv_sem,
  sysv_mq,
  memory_group,  // a control group
  process
};

// Tells whether the kernel finds objects of this kind by a key: System V's.
inline bool has_key(ObjectKind kind) noexcept {
  return kind == ObjectKind::sysv_shm || kind == ObjectKind::sysv_sem || kind == ObjectKind::sysv_mq;
}

// Returns the folder, one that all users share, in which a memory_file or disk_file lies; "" for other kinds.
inline const char* shared_folder_of(ObjectKind kind) noexcept {
  if (kind == ObjectKind::memory_file) return "/dev/shm";
  return kind == ObjectKind::disk_file ? "/var/tmp" : "";
}

}  // namespace ipcbench
