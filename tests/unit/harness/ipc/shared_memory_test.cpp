// Checks handles of shared memory: zeroed, the same for both processes, and removed with their owner.

#include <sys/sem.h>
#include <sys/shm.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

#include <gtest/gtest.h>

#include "harness/base/io.h"
#include "harness/ipc/posix_shm.h"
#include "harness/ipc/sysv_sem.h"
#include "harness/ipc/sysv_shm.h"
#include "harness/memory/mapped_file.h"
#include "harness/memory/memfd.h"
#include "harness/process/child.h"
#include "harness/run_dir/file_space.h"
#include "harness/run_dir/manifest.h"
#include "harness/run_dir/run_dir.h"
#include "tests/support/temporary_folder.h"

namespace ipcbench {
namespace {

namespace fs = std::filesystem;
using Kind = RunDir::Kind;

constexpr std::size_t kSize = 3 * 4096 + 1;

class SharedMemory : public testing::Test {
 protected:
  SharedMemory() { ::setenv("XDG_RUNTIME_DIR", runtime_.path().c_str(), 1); }
  ~SharedMemory() override { ::unsetenv("XDG_RUNTIME_DIR"); }

  // Two mappings of one object, the second in a child; open() makes one.
  template <class Object, class Open>
  void expect_shared(Object& object, Open open) {
    const Mapping ours = open();
    ASSERT_GE(ours.size(), kSize);
    EXPECT_TRUE(std::all_of(ours.data(), ours.data() + kSize, [](std::byte b) { return b == std::byte{0}; }));
    ours.data()[kSize - 1] = std::byte{1};
    Child child = Child::spawn("child", [&] {
      const Mapping theirs = open();
      const bool seen = theirs.data()[kSize - 1] == std::byte{1};
      theirs.data()[0] = std::byte{2};
      return seen ? 0 : 1;
    });
    EXPECT_TRUE(child.wait().clean());
    EXPECT_EQ(ours.data()[0], std::byte{2});
    object.remove();
    EXPECT_EQ(ours.data()[0], std::byte{2}) << "what is mapped stays";
  }

  // Returns the key of the only System V object that the run has recorded.
  static key_t key_of(const RunDir& run) {
    const Manifest manifest = parse_manifest(read_file(run.path() + "/manifest"), run.id());
    return manifest.entries.size() == 1 ? manifest.entries.front().key : 0;
  }

 private:
  TemporaryFolder runtime_;
};

TEST_F(SharedMemory, OfPosixIsFoundByName) {
  RunDir run = RunDir::create();
  const std::string name = run.claim_name(Kind::posix_shm, "ring");
  PosixShm object(name, kSize);
  EXPECT_TRUE(fs::exists("/dev/shm" + name));
  expect_shared(object, [&] { return PosixShm::open(name); });
  EXPECT_FALSE(fs::exists("/dev/shm" + name));
}

TEST_F(SharedMemory, OfSystemVIsFoundByKeyAndGoesWithItsLastUser) {
  RunDir run = RunDir::create();
  SysvShm object(run, kSize, PageKind::small);
  const key_t key = key_of(run);
  const int id = ::shmget(key, 0, 0);
  ASSERT_GE(id, 0);
  expect_shared(object, [&] { return SysvShm::open(key); });
  EXPECT_EQ(::shmget(key, 0, 0), -1) << "marked for removal";
  shmid_ds about{};
  EXPECT_EQ(::shmctl(id, IPC_STAT, &about), -1) << "and nobody has it attached: shmdt";
}

TEST_F(SharedMemory, OfSystemVIsRemovedByItsOwnerOnly) {
  RunDir run = RunDir::create();
  key_t key = 0;
  {
    SysvShm object(run, kSize, PageKind::small);
    key = key_of(run);
    Child child = Child::spawn("child", [&] {
      object.remove();
      return 0;
    });
    EXPECT_TRUE(child.wait().clean());
    EXPECT_GE(::shmget(key, 0, 0), 0);
  }
  EXPECT_EQ(::shmget(key, 0, 0), -1);
}

TEST_F(SharedMemory, OfSystemVThatCannotBeMadeLeavesNoKey) {
  RunDir run = RunDir::create();
  EXPECT_THROW(SysvShm(run, 0, PageKind::small), std::system_error);
  EXPECT_TRUE(parse_manifest(read_file(run.path() + "/manifest"), run.id()).entries.empty());
}

TEST_F(SharedMemory, OfSystemVHasRoom) {
  const SysvShmRoom room = sysv_shm_room();
  ASSERT_TRUE(room.supported) << room.limit;
  EXPECT_GT(room.bytes, kSize);
  EXPECT_NE(room.limit, "");
}

TEST_F(SharedMemory, OfAMemfdIsFoundByItsDescriptor) {
  Memfd object(kSize);
  expect_shared(object, [&] { return Memfd::open(object.descriptor()); });
}

TEST_F(SharedMemory, OfAFileIsFoundByPath) {
  const TemporaryFolder folder;
  const std::string path = folder.path() + "/ring";
  MappedFile object(path, kSize);
  expect_shared(object, [&] { return MappedFile::open(path); });
  EXPECT_FALSE(fs::exists(path));
}

TEST_F(SharedMemory, AFileOfAnotherIsNeitherTakenNorRemoved) {
  const TemporaryFolder folder;
  folder.write("ring", "another's");
  EXPECT_THROW(MappedFile(folder.path() + "/ring", kSize), std::system_error);
  EXPECT_EQ(read_file(folder.path() + "/ring"), "another's");
}

TEST_F(SharedMemory, AFileThatHasNoSpaceIsNotLeft) {
  const TemporaryFolder folder;
  EXPECT_THROW(MappedFile(folder.path() + "/ring", std::size_t{1} << 62), std::system_error);
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST_F(SharedMemory, TheFileSystemSaysWhatItIs) {
  const auto memory = file_system_of("/dev/shm");
  ASSERT_TRUE(memory.has_value());
  EXPECT_TRUE(memory->in_memory);
  EXPECT_GT(memory->free, kSize);
  EXPECT_EQ(file_system_of("/no/such/folder"), std::nullopt);
}

TEST_F(SharedMemory, SemaphoresAreFoundByKeyAndRemoved) {
  RunDir run = RunDir::create();
  key_t key = 0;
  {
    const SysvSem set(run, 4);
    key = key_of(run);
    EXPECT_EQ(set.key(), key);
    EXPECT_EQ(SysvSem::open(key), ::semget(key, 4, 0));
  }
  EXPECT_EQ(::semget(key, 0, 0), -1);
}

}  // namespace
}  // namespace ipcbench
