#include "plots/tables/fleet_tables.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "plots/table/cells.h"
#include "results/model/utf8.h"

namespace ipcbench {
namespace {

constexpr std::array<std::string_view, 6> kKinds = {"slow", "classes", "coincidences", "left-out", "hosts", "cases"};
constexpr std::size_t kOverview = 4;  // so many of them

constexpr Bilingual kSlowTitle = {"Hosts that stand out as slow: {} of {} judged",
                                  "明显偏慢的主机：{}台（共判断{}台）"};
constexpr Bilingual kClassesTitle = {"Machine classes", "机器类别"};
constexpr Bilingual kCoincidencesTitle = {"What coincides with being slow", "与偏慢同时出现的差异"};
constexpr Bilingual kLeftOutTitle = {"Files that were left out", "未采用的文件"};
constexpr Bilingual kHostsTitle = {"All hosts", "所有主机"};
constexpr Bilingual kCasesTitle = {"Cases: how hosts differ", "各用例：主机之间的差异"};

constexpr Bilingual kFile = {"file", "文件"};
constexpr Bilingual kHost = {"host", "主机"};
constexpr Bilingual kSlower = {"slower cases", "较慢的用例"};
constexpr Bilingual kThroughout = {"throughout", "总体"};
constexpr Bilingual kAdjusted = {"adjusted p", "校正 p"};
constexpr Bilingual kMostIn = {"most clearly in", "最明显之处"};
constexpr Bilingual kStandsOut = {"stands out", "明显偏慢"};
constexpr Bilingual kClass = {"class", "类别"};
constexpr Bilingual kHosts = {"hosts", "主机数"};
constexpr Bilingual kJudged = {"judged", "已判断"};
constexpr Bilingual kStandOut = {"stand out", "明显偏慢"};
constexpr Bilingual kCases = {"cases", "用例数"};
constexpr Bilingual kDecision = {"decided", "判断"};
constexpr Bilingual kWhat = {"what", "项目"};
constexpr Bilingual kValue = {"value", "值"};
constexpr Bilingual kOfSlow = {"slow hosts", "偏慢的主机"};
constexpr Bilingual kOfOthers = {"other hosts", "其他主机"};
constexpr Bilingual kUsual = {"most others have", "其他主机多为"};
constexpr Bilingual kWhy = {"why", "原因"};
constexpr Bilingual kCase = {"case", "用例"};
constexpr Bilingual kCanaryState = {"canary state", "探测状态"};
constexpr Bilingual kMin = {"min", "最小"};
constexpr Bilingual kLow = {"lower quartile", "下四分位"};
constexpr Bilingual kMedian = {"median", "中位数"};
constexpr Bilingual kHigh = {"upper quartile", "上四分位"};
constexpr Bilingual kMax = {"max", "最大"};
constexpr Bilingual kSpread = {"spread", "离散"};

constexpr Bilingual kDecided = {"yes", "是"};
constexpr Bilingual kTooFew = {"no: fewer than {} hosts with enough cases", "否：用例足够的主机少于{}台"};
constexpr Bilingual kNofM = {"{} of {}", "{}/{}"};
constexpr Bilingual kYes = {"yes", "是"};
constexpr Bilingual kNo = {"no", "否"};
constexpr Bilingual kNotJudged = {"not judged", "未判断"};

constexpr Bilingual kSlowNote = {
    "a host stands out if its adjusted p is at most 5 % (Benjamini and Hochberg), so that on average at most one in "
    "twenty of those named is like its class, and if its slower cases are at least 3 % slower than those of a typical "
    "host",
    "校正 p（Benjamini–Hochberg）不超过 5 "
    "%（平均每二十台被列出的主机中至多一台其实与同类无异），且其较慢的用例比典型主机至少慢 3 % 者列出"};
constexpr Bilingual kRatiosNote = {
    "slower cases: those of a host by their 5/6 quantile, less that of a typical host; throughout: the median over its "
    "cases; each case weighs by how well hosts agree in it",
    "较慢的用例：主机各用例比值的 5/6 分位数，相对于典型主机；总体：各用例比值的中位数；主机间差异小的用例权重大"};
constexpr Bilingual kCoincidesNote = {
    "coincides with being slow: at least half of the slow hosts have it and less than half of the others; whether it "
    "is "
    "the reason, only a change of it can tell",
    "与偏慢同时出现：至少一半偏慢的主机有此值，而其他主机有此值的不到一半；是否为原因，只有改变它才能知道"};
constexpr Bilingual kSpreadNote = {
    "spread: 1.4826 times the median absolute deviation, by the median: the standard deviation of a normal "
    "distribution",
    "离散：中位数绝对偏差的 1.4826 倍除以中位数，正态分布时即标准差"};
constexpr Bilingual kLeftOutNote = {"files left out: {}, named on stderr and by --table left-out",
                                    "未采用的文件：{}个，见标准错误输出或 --table left-out"};
constexpr Bilingual kSharedName = {
    "several results are of hosts named {}: if they are of one host, it counts more than once",
    "多份结果的主机名同为{}：若为同一主机，则被重复计入"};
constexpr Bilingual kSharedNames = {
    "{} host names have several results each, {} among them: if these are of one host, it counts more than once",
    "{}个主机名各有多份结果，如{}：若为同一主机，则被重复计入"};

std::string title_of(const FleetClass& one) {
  return one.conditions.empty() ? one.machine_class : fmt::format("{}; {}", one.machine_class, one.conditions);
}

Cell percent_cell(double ln_ratio) { return cell(std::optional(std::expm1(ln_ratio))); }

Cell p_cell(double p) {
  Cell result = cell(std::optional(p));
  result.shown = p < 0.001 ? fmt::format("{:.0e}", p) : fmt::format("{:.3f}", p);
  return result;
}

class FleetTables {
 public:
  FleetTables(const Fleet& fleet, std::span<const LeftOutFile> left_out, Language language)
      : fleet_(fleet), left_out_(left_out), language_(language) {}

  Table slow() const {
    Table table = hosts_of("slow", format_in(language_, kSlowTitle, fleet_.standing_out(), fleet_.judged()), true);
    table.notes = {text(kSlowNote), text(kRatiosNote)};
    return table;
  }

  Table hosts() const {
    Table table = hosts_of("hosts", text(kHostsTitle), false);
    table.notes = {text(kRatiosNote)};
    return table;
  }

  Table classes() const {
    Table table = empty("classes", text(kClassesTitle),
                        {{.key = "class", .title = text(kClass), .wrap = 64},
                         {"hosts", text(kHosts), Unit::count},
                         {"judged", text(kJudged), Unit::count},
                         {"stand_out", text(kStandOut), Unit::count},
                         {"cases", text(kCases), Unit::count},
                         {.key = "decided", .title = text(kDecision), .wrap = 24}});
    table.parts.push_back({});
    for (const FleetClass& one : fleet_.classes) {
      Cell decided = cell(std::string(one.judged > 0 ? "yes" : "no"));
      decided.shown = one.judged > 0 ? text(kDecided) : format_in(language_, kTooFew, kLeastHosts);
      table.parts[0].rows.push_back({cell(title_of(one)), cell(one.hosts.size()), cell(one.judged),
                                     cell(one.standing_out()), cell(one.cases.size()), std::move(decided)});
      if (one.shared_names.size() == 1)
        table.notes.push_back(format_in(language_, kSharedName, printable(one.shared_names.front())));
      if (one.shared_names.size() > 1)
        table.notes.push_back(
            format_in(language_, kSharedNames, one.shared_names.size(), printable(one.shared_names.front())));
    }
    if (!left_out_.empty()) table.notes.push_back(format_in(language_, kLeftOutNote, left_out_.size()));
    return table;
  }

  Table coincidences() const {
    Table table = empty("coincidences", text(kCoincidencesTitle),
                        {{.key = "what", .title = text(kWhat), .wrap = 40},
                         {.key = "value", .title = text(kValue), .wrap = 32},
                         {"slow", text(kOfSlow), Unit::count},
                         {"others", text(kOfOthers), Unit::count},
                         {.key = "usual", .title = text(kUsual), .wrap = 32}});
    for (const FleetClass& one : fleet_.classes) {
      TablePart part{part_title(one), {}};
      const std::size_t slow = one.standing_out();
      for (const Coincidence& c : one.coincidences) {
        Cell of_slow = cell(c.slow), of_others = cell(c.others);
        of_slow.shown = format_in(language_, kNofM, c.slow, slow);
        of_others.shown = format_in(language_, kNofM, c.others, one.judged - slow);
        part.rows.push_back({cell(c.key), cell(c.value), std::move(of_slow), std::move(of_others), cell(c.usual)});
      }
      if (!part.rows.empty()) table.parts.push_back(std::move(part));
    }
    table.notes = {text(kCoincidesNote)};
    return table;
  }

  Table left_out() const {
    Table table = empty("left-out", text(kLeftOutTitle),
                        {{.key = "file", .title = text(kFile)}, {.key = "why", .title = text(kWhy), .wrap = 80}});
    table.parts.push_back({});
    for (const LeftOutFile& one : left_out_) table.parts[0].rows.push_back({cell(one.file), cell(one.why)});
    return table;
  }

  Table cases() const {
    Table table = empty("cases", text(kCasesTitle),
                        {{.key = "case", .title = text(kCase)},
                         {.key = "state", .title = text(kCanaryState)},
                         {"hosts", text(kHosts), Unit::count},
                         {"min_ns", text(kMin), Unit::ns},
                         {"low_ns", text(kLow), Unit::ns},
                         {"median_ns", text(kMedian), Unit::ns},
                         {"high_ns", text(kHigh), Unit::ns},
                         {"max_ns", text(kMax), Unit::ns},
                         {"spread", text(kSpread), Unit::percent}});
    for (const FleetClass& one : fleet_.classes) {
      TablePart part{part_title(one), {}};
      for (const CaseDistribution& c : one.cases) {
        part.rows.push_back({cell(c.id), c.state.empty() ? Cell{} : cell(c.state), cell(c.hosts),
                             cell(std::optional(c.min_ns)), cell(std::optional(c.low_ns)),
                             cell(std::optional(c.median_ns)), cell(std::optional(c.high_ns)),
                             cell(std::optional(c.max_ns)), cell(std::optional(c.spread))});
      }
      table.parts.push_back(std::move(part));
    }
    table.notes = {text(kSpreadNote)};
    return table;
  }

 private:
  std::string text(const Bilingual& bilingual) const { return std::string(in(language_, bilingual)); }

  static Table empty(std::string_view kind, std::string title, std::vector<Column> columns) {
    return {.id = fmt::format("fleet/{}", kind), .title = std::move(title), .columns = std::move(columns)};
  }

  // A fleet of one class needs no titles of parts.
  std::string part_title(const FleetClass& one) const { return fleet_.classes.size() == 1 ? "" : title_of(one); }

  Table hosts_of(std::string_view kind, std::string title, bool only_slow) const {
    Table table = empty(kind, std::move(title),
                        {{.key = "file", .title = text(kFile)},
                         {.key = "host", .title = text(kHost)},
                         {"slower", text(kSlower), Unit::percent},
                         {"throughout", text(kThroughout), Unit::percent},
                         {.key = "p", .title = "p", .unit = Unit::number, .audience = Audience::data},
                         {"adjusted_p", text(kAdjusted), Unit::number},
                         {.key = "stands_out", .title = text(kStandsOut)},
                         {.key = "most_in", .title = text(kMostIn), .wrap = 48}});
    if (only_slow) table.columns[kStandsOutColumn].audience = Audience::data;
    for (const FleetClass& one : fleet_.classes) {
      TablePart part{part_title(one), {}};
      for (const ClassHost& host : one.hosts) {
        if (!only_slow || (host.standing && host.standing->stands_out)) part.rows.push_back(host_row(host));
      }
      if (!part.rows.empty()) table.parts.push_back(std::move(part));
    }
    return table;
  }

  std::vector<Cell> host_row(const ClassHost& host) const {
    const Cell name = host.host.name.empty() ? Cell{} : cell(host.host.name);
    if (!host.standing) {
      Cell standing = cell(std::string("not judged"));
      standing.shown = text(kNotJudged);
      return {cell(host.host.file), name, {}, {}, {}, {}, std::move(standing), {}};
    }
    const HostStanding& standing = *host.standing;
    Cell stands_out = cell(std::string(standing.stands_out ? "yes" : "no"));
    stands_out.shown = text(standing.stands_out ? kYes : kNo);
    std::string cases;
    for (const SlowCase& c : host.slow_cases)
      cases += fmt::format("{}{} +{:.0f} %", cases.empty() ? "" : ", ", c.id, 100 * (c.ratio - 1));
    return {cell(host.host.file),
            name,
            percent_cell(standing.slower),
            percent_cell(standing.throughout),
            p_cell(standing.p),
            p_cell(standing.adjusted_p),
            std::move(stands_out),
            cases.empty() ? Cell{} : cell(std::move(cases))};
  }

  static constexpr std::size_t kStandsOutColumn = 6;

  const Fleet& fleet_;
  std::span<const LeftOutFile> left_out_;
  Language language_;
};

bool is_filled(const Table& table) {
  return std::ranges::any_of(table.parts, [](const TablePart& part) { return !part.rows.empty(); });
}

}  // namespace

std::span<const std::string_view> fleet_table_names() noexcept { return kKinds; }

std::vector<Table> fleet_tables(const Fleet& fleet, std::span<const LeftOutFile> left_out, Language language) {
  const FleetTables tables(fleet, left_out, language);
  return {tables.slow(), tables.classes(), tables.coincidences(), tables.left_out(), tables.hosts(), tables.cases()};
}

std::vector<Table> fleet_overview(const Fleet& fleet, std::span<const LeftOutFile> left_out, Language language) {
  std::vector<Table> tables = fleet_tables(fleet, left_out, language);
  tables.resize(kOverview);
  std::erase_if(tables, [&](const Table& table) { return !is_filled(table) && table.id != "fleet/slow"; });
  return tables;
}

}  // namespace ipcbench
