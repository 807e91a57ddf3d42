#pragma once

#include <cerrno>

#include "harness/run_dir/run_dir.h"

namespace ipcbench {

// KeyedObject is a System V object under a random key that the run has recorded. `make(key)` is shmget, semget or
// msgget with IPC_CREAT | IPC_EXCL. Keys that others have taken are struck out again.
struct KeyedObject {
  key_t key = 0;
  int id = -1;  // -1: `make` failed, errno says why
};
template <class Make>
KeyedObject make_keyed(RunDir& run_dir, RunDir::Kind kind, Make make) {
  while (true) {
    const key_t key = run_dir.claim_key(kind);
    const int id = make(key);
    if (id >= 0) return {key, id};
    const int error = errno;
    run_dir.strike_key(kind, key);
    errno = error;
    if (error != EEXIST) return {key, -1};
  }
}

}  // namespace ipcbench
