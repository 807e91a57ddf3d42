#include "plots/table/table_html.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plots/table/html_text.h"
#include "plots/table/table_chinese.h"
#include "plots/tables/result_tables.h"
#include "results/figures/summary.h"
#include "tests/support/sample_result.h"

namespace ipcbench {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

Table two_columns() {
  return {"t", "Title", {{"name", "name"}, {"rtt_ns", "RTT", Unit::ns, true}}, {{"part", {}}}, {"a note"}};
}

TEST(TableHtml, ShowsWhatTextShowsAndKeepsTheNumber) {
  Table table = two_columns();
  table.parts[0].rows = {{{"pipe"}, {4815.5, Interval{4800, 4900}}}, {{"none"}, {}}};
  const std::string html = to_html({table, table});
  EXPECT_THAT(html,
              AllOf(HasSubstr("<td data-v=\"4815.5\">4.82 µs [4.80, 4.90]</td>"), HasSubstr("<td class=\"n\">—</td>"),
                    HasSubstr("<h3>Title</h3>"), HasSubstr("<li>a note</li>"), HasSubstr("data-table=\"t\""),
                    HasSubstr("data-key=\"rtt_ns\""), HasSubstr(">part</th>")));
}

TEST(TableHtml, NoTextBecomesMarkup) {
  const std::string bad = "</td></script><script>alert(1)</script>\" onload=\"x' & <!--slot:style-->";
  Table table{bad, bad, {{bad, bad}, {"b", bad}}, {{bad, {{{bad}, {1.0, {}, bad}}}}}, {bad}};
  const std::string html = to_html({table, table});
  EXPECT_THAT(html, AllOf(Not(HasSubstr("<script")), Not(HasSubstr("</script")), Not(HasSubstr("\" onload")),
                          Not(HasSubstr("<!--")), HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt;&quot; onload=")));
}

TEST(TableHtml, LongTextsAreCutAtACharactersEnd) {
  std::string text(kLongestText - 1, 'x');
  text += "µ" + std::string(10'000'000, 'y');
  EXPECT_EQ(shortened(text), text.substr(0, kLongestText + 1) + "… (10002001 bytes)");
  Table table = two_columns();
  table.parts[0].rows = {{{text}, {}}};
  EXPECT_LT(to_html({table, table}).size(), 10'000u);
}

TEST(TableHtml, ControlCharactersAreVisible) { EXPECT_EQ(shortened("a\x1b[1mb\u202ec"), "a\\x1b[1mb\\u202ec"); }

TEST(TableHtml, TwoLanguagesShareATableOfOneShape) {
  Table english = two_columns();
  english.parts[0].rows = {{{"pipe"}, {1.0}}};
  Table chinese = english;
  chinese.title = "标题";
  const std::string html = to_html({english, chinese});
  EXPECT_THAT(html, AllOf(HasSubstr("<h3><span lang=\"en\">Title</span><span lang=\"zh-CN\">标题</span></h3>"),
                          HasSubstr("<td>pipe</td>")));
  EXPECT_EQ(html.find("<table"), html.rfind("<table"));
}

TEST(TableHtml, TwoLanguagesOfDifferentShapeAreTwoTables) {
  Table english = two_columns();
  english.parts[0].rows = {{{"pipe"}, {1.0}}};
  Table chinese = english;
  chinese.notes = {"一", "二"};
  EXPECT_THAT(to_html({english, chinese}), AllOf(HasSubstr("<div lang=\"en\">"), HasSubstr("<div lang=\"zh-CN\">")));
}

TEST(TableHtml, HonoursWhatTheTableSaysOfItsCells) {
  Table english{"t",
                "T",
                {{"use", "use"},
                 {.key = "b", .title = "best", .wrap = 7},
                 {.key = "n", .title = "n", .unit = Unit::ns, .left = true}},
                {TablePart{}},
                {}};
  english.parts[0].rows.push_back(
      {{"x"}, {.value = std::string("one"), .below = {"two <b>", "three"}}, {.value = 5.0}});
  Table chinese = english;
  chinese.columns[1].title = "最佳";
  chinese.parts[0].rows[0][1].below[1] = "三";
  EXPECT_THAT(
      to_html({english, chinese}),
      AllOf(HasSubstr("<td class=\"wrap\"><span class=\"label\"><span lang=\"en\">best</span><span "
                      "lang=\"zh-CN\">最佳</span></span>one<span class=\"below\">two &lt;b&gt;</span><span "
                      "class=\"below\"><span lang=\"en\">three</span><span lang=\"zh-CN\">三</span></span></td>"),
            HasSubstr("<td class=\"l\" data-v=\"5\">"), Not(HasSubstr("class=\"n\"")),
            HasSubstr("<table class=\"stack\"")));
  chinese.parts[0].rows[0][1].below.pop_back();
  EXPECT_THAT(to_html({english, chinese}), HasSubstr("<div lang=\"en\">"));
}

TEST(TableHtml, AFoldedTableIsOpenedWithoutScripts) {
  const Table table = two_columns();
  EXPECT_THAT(to_html({table, table}, true), HasSubstr("<details class=\"table\"><summary><h3>Title</h3></summary>"));
}

TEST(TableChinese, EveryTitleOfAResultsTablesIsBilingual) {
  Result result = sample_result();
  summarise(result);
  const std::vector<Table> english = result_tables(result, Language::english);
  // The tables compared with the articles are in Chinese already.
  const std::vector<Table> half_chinese = result_tables(result, Language::chinese);
  ASSERT_EQ(half_chinese.size(), english.size());
  for (std::size_t i = 0; i < english.size(); ++i) {
    const Table chinese = in_chinese(half_chinese[i]);
    EXPECT_NE(chinese.title, english[i].title);
    EXPECT_EQ(chinese.parts.size(), english[i].parts.size());
    EXPECT_EQ(chinese.id, english[i].id);
  }
}

}  // namespace
}  // namespace ipcbench
