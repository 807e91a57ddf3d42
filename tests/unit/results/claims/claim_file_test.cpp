#include "results/claims/claim_file.h"

#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/usage_error.h"
#include "results/claims/builtin_claims.h"
#include "results/files/store.h"

namespace ipcbench {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;
using ::testing::StartsWith;

const std::string kClaimHead = R"(schema = "ipcbench-claim"
version = 1
id = "mine"
source = "a page"
sentence = "pipes are fast"
)";
const std::string kTestHead = kClaimHead + R"([[test]]
says = "pipe over fifo"
)";

std::string claim_complaint(const std::string& text) {
  try {
    parse_claim(text, "my.toml", {.transports = {"pipe", "fifo"}, .options = {"service"}, .facts = {"5"}});
    return "accepted";
  } catch (const UsageError& error) {
    return error.what();
  }
}

TEST(ClaimFile, ReadsATest) {
  const Claim claim = parse_claim(kClaimHead + R"(contract.en = "one CPU"
contract.zh = "同一CPU"
verdicts.refuted.en = "it takes longer"
[[test]]
says.en = "pipe over fifo"
says.zh = "pipe与fifo之比"
scenarios = ["ping-pong"]
sizes = [0, "64KiB"]
placements = ["nearest"]
options = ["service=1ms"]
figures = ["round_trip_ns"]
of = { transports = ["pipe"], payload = "header" }
over = { transports = ["fifo"], waits = ["spin"] }
at_least = 2
)",
                                  "my.toml");
  EXPECT_EQ(claim.id, "mine");
  EXPECT_FALSE(claim.is_of_articles);
  EXPECT_EQ(claim.sentence.english, "pipes are fast");
  EXPECT_EQ(claim.sentence.chinese, "pipes are fast") << "one text stands for both";
  EXPECT_EQ(claim.contract.chinese, "同一CPU");
  EXPECT_EQ(claim.refuted.chinese, "it takes longer");
  const auto& query = std::get<TestsQuery>(claim.query);
  ASSERT_EQ(query.tests.size(), 1u);
  const ClaimTest& test = query.tests[0];
  EXPECT_THAT(test.of.transports, ElementsAre("pipe"));
  EXPECT_THAT(test.of.sizes, ElementsAre(0u, 65536u));
  EXPECT_THAT(test.of.options, ElementsAre(Pair("service", "1ms")));
  EXPECT_EQ(test.of.payload, PayloadMode::header);
  EXPECT_THAT(test.over->transports, ElementsAre("fifo"));
  EXPECT_THAT(test.over->placements, ElementsAre("nearest")) << "both sides have the test's axes";
  EXPECT_THAT(test.over_figures, ElementsAre("round_trip_ns"));
  EXPECT_THAT(test.apart, ElementsAre("transports", "payload", "waits"));
  EXPECT_EQ(test.at_least, 2);
}

TEST(ClaimFile, RefusesWithFileLineKeyAndTheNearestName) {
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {"schema = \"ipcbench-suite\"\n", "my.toml:1: schema must be \"ipcbench-claim\""},
      {kClaimHead + "sentance = \"\"\n", "my.toml:6: unknown key 'sentance'; did you mean 'sentence'?"},
      {kClaimHead, "none of these decide the claim, and it needs one: [experiment]"},
      {kTestHead + "figures = [\"rtt_p50\"]\nat_most = 1\n",
       "my.toml:8: figures: unknown value 'rtt_p50'; did you mean 'rtt_p50_ns'?"},
      {kTestHead + "figures = [\"round_trip_ns\"]\ntransports = [\"pip\"]\n",
       "my.toml:9: transports: unknown transport 'pip'; did you mean 'pipe'?"},
      {kTestHead + "figures = [\"round_trip_ns\"]\nat_most = \"2\"\n", "my.toml:9: at_most must be a number"},
      {kTestHead + "figures = [\"round_trip_ns\"]\nat_most = nan\n", "my.toml:9: at_most must be a number"},
      {kTestHead + "figures = [\"round_trip_ns\"]\n", "my.toml:6: a test needs at_least, at_most or both"},
      {kTestHead + "figures = [\"round_trip_ns\"]\nat_least = 2\nat_most = 1\n",
       "my.toml:10: at_most must not be below at_least"},
      {kTestHead + "figures = [\"round_trip_ns\"]\nat_most = 1\nof = { transports = [\"pipe\"] }\n",
       "my.toml:10: of needs 'over', the divisor"},
      {kTestHead + "figures = [\"round_trip_ns\"]\nat_most = 1\nover = {}\n", "name the axes of another case"},
      {kTestHead + "figures = [\"round_trip_ns\"]\nat_most = 1\ngather = \"mean\"\n", "unknown value 'mean'"},
      {kTestHead + "figures = [\"round_trip_ns\"]\nat_most = 1\npayload = \"header_\"\n", "did you mean 'header'?"},
      {kTestHead + "figures = [\"round_trip_ns\"]\nat_most = 1\nsizes = [-64]\n", "sizes must not be negative"},
      {kTestHead + "figures = [\"round_trip_ns\"]\nat_most = 1\noptions = [\"servce=1ms\"]\n",
       "unknown option 'servce'; did you mean 'service'?"},
      {kClaimHead + "[experiment]\nfact = \"6\"\n", "unknown fact '6'"},
      {kClaimHead + "[head_to_head]\nbetter_row = \"pipes\"\ncontests = [\"cpu\"]\n", "unknown row 'pipes'"},
      {kClaimHead + "[experiment]\nfact = \"5\"\n[[label]]\n", "label needs a [[test]]"},
      {kClaimHead + "articles = [\"S1\"]\n", "source and articles exclude each other"},
      {"schema = \n", "my.toml:1: "}};
  for (const auto& [text, complaint] : wrong) EXPECT_THAT(claim_complaint(text), HasSubstr(complaint)) << text;
}

TEST(ClaimFile, EveryBuiltInClaimIsWhole) {
  ClaimNames names;
  for (const TransportRecord& transport :
       load_result(std::string(IPCBENCH_SOURCE_DIR) + "/results/published/quick-intel-xeon-kvm.json").transports)
    names.transports.push_back(transport.name);
  std::set<std::string> ids;
  for (const ClaimText& file : builtin_claim_texts()) {
    SCOPED_TRACE(std::string(file.name));
    const Claim claim = parse_claim(std::string(file.text), "built in", names);
    EXPECT_TRUE(ids.insert(claim.id).second) << claim.id;
    EXPECT_NE(claim.sentence.english, claim.sentence.chinese);
    if (claim.is_of_articles) continue;
    for (const BilingualString& text : {claim.missing, claim.confirmed, claim.refuted}) {
      EXPECT_FALSE(text.english.empty());
      EXPECT_NE(text.english, text.chinese);
    }
    const auto& query = std::get<TestsQuery>(claim.query);
    EXPECT_EQ(query.labels.empty(), claim.mislabelled.english.empty());
  }
  EXPECT_EQ(articles_claims().size(), 24u);
  EXPECT_EQ(articles_claims().size() + public_claims().size(), builtin_claim_texts().size());
}

}  // namespace
}  // namespace ipcbench
