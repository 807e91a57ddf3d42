#include "harness/suite/id_filter.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/usage_error.h"

namespace ipcbench {
namespace {

using ::testing::HasSubstr;

std::string filter_refusal(const std::string& pattern) {
  try {
    IdFilter(pattern, "--filter");
  } catch (const UsageError& error) {
    return error.what();
  }
  return "";
}

TEST(IdFilter, MatchesAnyPartOfAnId) {
  const std::string id = "ping-pong/pipe/block/64/same-cpu";
  for (const char* pattern : {"", "pipe", "^ping-pong/", "same-cpu$", "tcp|pipe", R"(/\d+/)", "/(64|4096)/"})
    EXPECT_TRUE(IdFilter(pattern, "--filter").matches(id)) << pattern;
  for (const char* pattern : {"tcp", "^pipe", "ping$"})
    EXPECT_FALSE(IdFilter(pattern, "--filter").matches(id)) << pattern;
}

TEST(IdFilter, NoPatternAndNoIdExhaustsTheStackOrTheYear) {
  const std::string id(400'000, 'a');
  for (const char* pattern : {"(a|b)*zzz$", "(a*)*b", "(a|a)*b", "((a?)*)*b", "(a?){500}b"})
    EXPECT_FALSE(IdFilter(pattern, "--filter").matches(id)) << pattern;
}

TEST(IdFilter, WhatIsNoExpressionOrTooLargeIsRefusedWithItsFlag) {
  EXPECT_THAT(filter_refusal("("), HasSubstr("--filter: '(' is not a regular expression"));
  EXPECT_THAT(filter_refusal("(?=pipe)"), HasSubstr("--filter: "));
  EXPECT_THAT(filter_refusal(std::string(1001, 'a')), HasSubstr("more than 1000 bytes"));
  EXPECT_THAT(filter_refusal("(a?){20000}"), HasSubstr("--filter: "));
  EXPECT_THAT(filter_refusal("((a{900}){900}){900}"), HasSubstr("--filter: "));
  EXPECT_THAT(filter_refusal(std::string(1000, '(')), HasSubstr("--filter: "));
}

}  // namespace
}  // namespace ipcbench
