#include <algorithm>
#include <cstddef>
#include <iterator>
#include <span>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "results/claims/queries.h"
#include "results/claims/test_points.h"
#include "results/figures/significant_digits.h"
#include "results/model/number_text.h"

namespace ipcbench {
namespace {

constexpr int kShownDigits = 3;

// A point of a test with the result that it is from.
struct NamedPoint {
  const std::string* result;
  TestPoint point;
};

// Holds what a test has found in all results.
struct TestFindings {
  const ClaimTest* test = nullptr;
  std::vector<NamedPoint> points;
  std::size_t limited = 0;
  BilingualString limits, not_alike;

  std::ptrdiff_t with(int outcome) const {
    return std::ranges::count_if(points, [&](const NamedPoint& one) { return one.point.outcome == outcome; });
  }
};

TestFindings findings_of(const ClaimTest& test, std::span<const ClaimResult> results) {
  TestFindings found{.test = &test};
  for (const ClaimResult& result : results) {
    const TestPoints points = points_of(test, *result.result);
    for (const TestPoint& point : points.all) found.points.push_back({&result.name, point});
    found.limited += points.limited;
    if (points.limited > 0) found.limits = points.limits;
    if (!points.not_alike.english.empty()) found.not_alike = points.not_alike;
  }
  return found;
}

std::vector<TestFindings> findings_of(const std::vector<ClaimTest>& tests, std::span<const ClaimResult> results) {
  std::vector<TestFindings> all;
  for (const ClaimTest& test : tests) all.push_back(findings_of(test, results));
  return all;
}

// A time is shown as one; a quotient, a count or a rate as a number.
std::string shown(const ClaimTest& test, double value) {
  const bool is_time =
      !test.over && test.gather != Gather::spread && test.figures.size() == 1 && test.figures.front().ends_with("_ns");
  const double rounded = to_digits(value, kShownDigits);
  return is_time ? time_text(rounded) : fmt::format("{:.12g}", rounded);
}

std::string shown(const ClaimTest& test, const TestPoint& point) {
  std::string text = shown(test, point.value);
  if (point.interval && point.interval->low < point.interval->high)
    text += fmt::format(" [{}, {}]", shown(test, point.interval->low), shown(test, point.interval->high));
  return text;
}

BilingualString threshold_of(const ClaimTest& test) {
  if (test.at_least && test.at_most) {
    const std::string low = shown(test, *test.at_least), high = shown(test, *test.at_most);
    return {fmt::format("{} to {}", low, high), fmt::format("{}至{}", low, high)};
  }
  const std::string limit = shown(test, test.at_least ? *test.at_least : *test.at_most);
  return test.at_least ? BilingualString{"at least " + limit, "至少" + limit}
                       : BilingualString{"at most " + limit, "至多" + limit};
}

// Returns, for example, "fifo over pipe: 0.93 [0.92, 0.95], claimed at least 1.3: no".
BilingualString finding_text(const TestFindings& found) {
  const ClaimTest& test = *found.test;
  if (found.points.empty()) {
    if (!found.not_alike.english.empty()) {
      return {fmt::format("{}: not compared: {}", test.says.english, found.not_alike.english),
              fmt::format("{}：未作比较：{}", test.says.chinese, found.not_alike.chinese)};
    }
    return {test.says.english + ": not measured", test.says.chinese + "：未测量"};
  }
  const BilingualString threshold = threshold_of(test);
  const auto agreed = found.with(1), opposed = found.with(-1), open = found.with(0);
  if (found.points.size() == 1) {
    const std::string value = shown(test, found.points.front().point);
    const char* word = agreed > 0 ? "yes" : opposed > 0 ? "no" : "undecided";
    const char* chinese = agreed > 0 ? "是" : opposed > 0 ? "否" : "无法区分";
    return {fmt::format("{}: {}, claimed {}: {}", test.says.english, value, threshold.english, word),
            fmt::format("{}：{}，声称{}：{}", test.says.chinese, value, threshold.chinese, chinese)};
  }
  const auto [least, most] =
      std::ranges::minmax(found.points, {}, [](const NamedPoint& one) { return one.point.value; });
  const std::string low = shown(test, least.point.value), high = shown(test, most.point.value);
  return {fmt::format("{}: {} to {}, claimed {}: yes {}, no {}, undecided {}", test.says.english, low, high,
                      threshold.english, agreed, opposed, open),
          fmt::format("{}：{}至{}，声称{}：是{}，否{}，无法区分{}", test.says.chinese, low, high, threshold.chinese,
                      agreed, opposed, open)};
}

void append(BilingualString& all, const BilingualString& one) {
  if (one.english.empty()) return;
  all.english += (all.english.empty() ? "" : "; ") + one.english;
  all.chinese += (all.chinese.empty() ? "" : "；") + one.chinese;
}

std::string evidence_of(const ClaimTest& test, const NamedPoint& one) {
  const TestPoint& point = one.point;
  std::string text = one.result->empty() ? "" : *one.result + ": ";
  text += point.first->id;
  if (point.second != nullptr) text += fmt::format(" over {}", point.second->id);
  if (point.cases > 1) text += fmt::format(", of {} cases", point.cases);
  if (!point.without.empty()) text += ", without " + point.without;
  return text + ": " + shown(test, point);
}

void add_evidence(const std::vector<TestFindings>& all, JudgedClaim& claim) {
  for (const TestFindings& found : all) {
    append(claim.why, finding_text(found));
    for (const NamedPoint& one : found.points) claim.evidence.push_back(evidence_of(*found.test, one));
  }
}

struct Tally {
  std::ptrdiff_t agreed = 0, opposed = 0, all = 0;
  bool is_whole = true;  // every test has a value
};

Tally tally_of(const std::vector<TestFindings>& all) {
  Tally tally;
  for (const TestFindings& found : all) {
    tally.agreed += found.with(1);
    tally.opposed += found.with(-1);
    tally.all += std::ssize(found.points);
    tally.is_whole = tally.is_whole && !found.points.empty();
  }
  return tally;
}

bool hold(const std::vector<TestFindings>& labels) {
  const Tally tally = tally_of(labels);
  return tally.is_whole && tally.all > 0 && tally.agreed == tally.all;
}

// Adds what kept tests from being made, or from deciding.
void add_reasons(const std::vector<TestFindings>& all, JudgedClaim& claim) {
  const auto has_no_interval = [](const NamedPoint& one) { return !one.point.interval; };
  std::size_t limited = 0;
  BilingualString limits;
  bool is_short = false;
  std::string without;
  for (const TestFindings& found : all) {
    limited += found.limited;
    if (found.limited > 0) limits = found.limits;
    is_short = is_short || std::ranges::any_of(found.points, has_no_interval);
    for (const NamedPoint& one : found.points) {
      if (without.empty()) without = one.point.without;
    }
  }
  if (limited > 0) {
    append(claim.why, {fmt::format("not judged {}: {}", limited, limits.english),
                       fmt::format("未作判断{}：{}", limited, limits.chinese)});
  }
  if (is_short) {
    append(claim.why, {"a figure of fewer than 6 launches, and a count that depends on timing, have no interval and "
                       "decide nothing",
                       "不足6次启动的数值和随时序变化的计数没有置信区间，不能作出判断"});
  }
  if (!without.empty()) {
    append(claim.why,
           {"not all that is listed was measured: without " + without, "所列各项未全部测量：缺少" + without});
  }
}

}  // namespace

void judge_by(const TestsQuery& query, std::span<const ClaimResult> results, JudgedClaim& claim) {
  const std::vector<TestFindings> tests = findings_of(query.tests, results);
  const Tally tally = tally_of(tests);
  const auto limited = std::ranges::find_if(tests, [](const TestFindings& found) { return found.limited > 0; });
  if (tally.all == 0 && limited != tests.end()) return leave_unjudged(claim, limited->limits);
  const BilingualString& missing = claim.claim->missing;
  if (tally.all == 0) {
    const auto unlike = std::ranges::find_if(tests, [](const auto& found) { return !found.not_alike.english.empty(); });
    if (unlike != tests.end()) claim.why = finding_text(*unlike);
    append(claim.why, missing);
    return;
  }
  add_evidence(tests, claim);
  claim.judgement = judgement_of(tally.agreed, tally.opposed, tally.all);
  if (claim.judgement == ClaimJudgement::holds && !(tally.is_whole && query.beyond.english.empty())) {
    claim.judgement = ClaimJudgement::not_tested;
    if (!tally.is_whole) append(claim.why, missing);
  }
  const std::vector<TestFindings> labels = findings_of(query.labels, results);
  if (!labels.empty()) add_evidence(labels, claim);
  if (claim.judgement == ClaimJudgement::fails && hold(labels)) {
    claim.judgement = ClaimJudgement::mislabelled;
    append(claim.why, claim.claim->mislabelled);
  } else if (claim.judgement == ClaimJudgement::fails && !tally_of(labels).is_whole) {
    append(claim.why, {"whether the number is of something else isn't known", "该数字是否另有所指尚不清楚"});
    append(claim.why, missing);
  }
  append(claim.why, query.beyond);
  add_reasons(tests, claim);
}

}  // namespace ipcbench
