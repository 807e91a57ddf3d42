// The main() of test programs that measure: the workers that they execute are the same programs.

#include <gtest/gtest.h>

#include "harness/launch/worker.h"

int main(int argc, char** argv) {
  if (ipcbench::is_worker_program(argc, argv)) ipcbench::run_worker_program();
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
