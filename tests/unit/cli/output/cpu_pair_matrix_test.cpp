#include "cli/output/cpu_pair_matrix.h"

#include <numeric>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ipcbench {
namespace {

std::vector<int> first_cpus(std::size_t count) {
  std::vector<int> cpus(count);
  std::iota(cpus.begin(), cpus.end(), 0);
  return cpus;
}

TEST(CpuPairMatrix, IsTheLowerTriangle) {
  EXPECT_EQ(render_matrix({0, 1, 2}, {{{0, 1}, 55.4}, {{0, 2}, 115.6}, {{1, 2}, 480}}, 0),
            "CPU   0   1\n"
            "  1  55\n"
            "  2 116 480\n");
}

TEST(CpuPairMatrix, WhatWasNotMeasuredIsADot) {
  EXPECT_EQ(render_matrix({4, 10}, {}, 0),
            "CPU  4\n"
            " 10  .\n");
}

TEST(CpuPairMatrix, GoesOnBelowWhereItIsTooWide) {
  EXPECT_EQ(render_matrix({0, 1, 2}, {{{0, 1}, 55}, {{0, 2}, 116}, {{1, 2}, 480}}, 8),
            "CPU   0\n"
            "  1  55\n"
            "  2 116\n"
            "\n"
            "CPU   1\n"
            "  2 480\n");
}

TEST(CpuPairMatrix, NoLineIsWiderThanAsked) {
  std::istringstream lines(render_matrix(first_cpus(256), {{{0, 255}, 1234}}, 80));
  std::string line;
  while (std::getline(lines, line)) EXPECT_LE(line.size(), 80U);
}

TEST(CpuPairMatrix, HasAnEnd) {
  EXPECT_NE(render_matrix(first_cpus(256), {}, 0), "");
  EXPECT_EQ(render_matrix(first_cpus(257), {}, 0), "");
  EXPECT_EQ(render_matrix({0}, {}, 0), "");
  EXPECT_EQ(render_matrix({}, {}, 0), "");
}

}  // namespace
}  // namespace ipcbench
