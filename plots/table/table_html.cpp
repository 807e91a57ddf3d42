#include "plots/table/table_html.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <variant>

#include <fmt/format.h>

#include "plots/table/html_text.h"
#include "plots/table/table_view.h"
#include "results/model/number_text.h"

namespace ipcbench {
namespace {

bool same_shape(const Table& a, const Table& b) {
  if (a.columns.size() != b.columns.size() || a.parts.size() != b.parts.size() || a.notes.size() != b.notes.size()) {
    return false;
  }
  for (std::size_t i = 0; i < a.parts.size(); ++i) {
    if (a.parts[i].rows.size() != b.parts[i].rows.size()) return false;
    for (std::size_t row = 0; row < a.parts[i].rows.size(); ++row) {
      const auto as_many_below = [](const Cell& x, const Cell& y) { return x.below.size() == y.below.size(); };
      if (!std::ranges::equal(a.parts[i].rows[row], b.parts[i].rows[row], as_many_below)) return false;
    }
  }
  return visible_columns(a) == visible_columns(b);
}

std::string css_of(const Column& column) {
  if (!column.stands_left()) return " class=\"n\"";
  return column.wrap > 0 ? " class=\"wrap\"" : "";
}

// Writes a table in both languages, which must have the same shape.
class HtmlPainter {
 public:
  HtmlPainter(const Table& english, const Table& chinese, bool folded)
      : english_(english),
        chinese_(chinese),
        folded_(folded),
        wraps_(std::ranges::any_of(english.columns, [](const Column& column) { return column.wrap > 0; })),
        visible_(visible_columns(english)) {}

  std::string paint() {
    const std::string title = html_bilingual_cut(english_.title, chinese_.title);
    html_ += folded_ ? fmt::format("<details class=\"table\"><summary><h3>{}</h3></summary>\n", title)
                     : fmt::format("<section class=\"table\"><h3>{}</h3>\n", title);
    html_ += fmt::format(
        "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{0}\"><table{2} data-table=\"{1}\">\n",
        html_cut(english_.title), html_cut(english_.id), wraps_ ? " class=\"stack\"" : "");
    paint_header();
    for (std::size_t part = 0; part < english_.parts.size(); ++part) paint_part(part);
    html_ += "</table></div>\n";
    paint_notes();
    html_ += folded_ ? "</details>\n" : "</section>\n";
    return std::move(html_);
  }

 private:
  void paint_header() {
    html_ += "<thead><tr>";
    for (const std::size_t i : visible_) {
      const Column& column = english_.columns[i];
      html_ += fmt::format("<th scope=\"col\" data-key=\"{}\"{}>{}</th>", html_cut(column.key), css_of(column),
                           html_bilingual_cut(column.title, chinese_.columns[i].title));
    }
    html_ += "</tr></thead>\n";
  }

  void paint_part(std::size_t index) {
    const TablePart& part = english_.parts[index];
    html_ += "<tbody>";
    if (!part.title.empty()) {
      html_ += fmt::format("<tr class=\"part\"><th scope=\"rowgroup\" colspan=\"{}\">{}</th></tr>\n", visible_.size(),
                           html_bilingual_cut(part.title, chinese_.parts[index].title));
    }
    for (std::size_t row = 0; row < part.rows.size(); ++row) {
      html_ += "<tr>";
      for (const std::size_t i : visible_) paint_cell(i, part.rows[row][i], chinese_.parts[index].rows[row][i]);
      html_ += "</tr>\n";
    }
    html_ += "</tbody>\n";
  }

  void paint_cell(std::size_t i, const Cell& english, const Cell& chinese) {
    const Column& column = english_.columns[i];
    const double* number = std::get_if<double>(&english.value);
    if (number != nullptr && std::isfinite(*number)) {
      // The style matches data-v, so that thousands of cells need no class.
      fmt::format_to(std::back_inserter(html_), "<td{} data-v=\"{}\"", column.left ? " class=\"l\"" : "",
                     number_or(*number, ""));
    } else {
      html_ += "<td" + css_of(column);
    }
    html_ += '>';
    if (wraps_ && i != visible_.front()) {
      html_ +=
          fmt::format("<span class=\"label\">{}</span>", html_bilingual_cut(column.title, chinese_.columns[i].title));
    }
    html_ += html_bilingual_cut(shown(column, english), shown(chinese_.columns[i], chinese));
    for (std::size_t line = 0; line < english.below.size(); ++line) {
      html_ +=
          fmt::format("<span class=\"below\">{}</span>", html_bilingual_cut(english.below[line], chinese.below[line]));
    }
    html_ += "</td>";
  }

  void paint_notes() {
    if (english_.notes.empty()) return;
    html_ += "<ul class=\"notes\">";
    for (std::size_t i = 0; i < english_.notes.size(); ++i) {
      html_ += fmt::format("<li>{}</li>\n", html_bilingual_cut(english_.notes[i], chinese_.notes[i]));
    }
    html_ += "</ul>\n";
  }

  const Table& english_;
  const Table& chinese_;
  bool folded_;
  bool wraps_;  // on narrow screens its rows become cards, whose cells need the columns' titles
  std::vector<std::size_t> visible_;
  std::string html_;
};

}  // namespace

std::string to_html(const BilingualTable& table, bool folded) {
  if (same_shape(table.english, table.chinese)) return HtmlPainter(table.english, table.chinese, folded).paint();
  return fmt::format("<div lang=\"en\">{}</div><div lang=\"zh-CN\">{}</div>",
                     HtmlPainter(table.english, table.english, folded).paint(),
                     HtmlPainter(table.chinese, table.chinese, folded).paint());
}

}  // namespace ipcbench
