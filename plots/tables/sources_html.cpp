#include "plots/tables/sources_html.h"

#include <array>
#include <cstddef>
#include <iterator>
#include <string_view>

#include <fmt/format.h>

#include "plots/table/html_text.h"
#include "plots/tables/sources_table.h"
#include "results/model/number_text.h"

namespace ipcbench {
namespace {

constexpr std::size_t kTones = 5;

// By Agreement.
constexpr std::array<std::string_view, 4> kAgreementClasses = {"agrees", "near", "contradicts", "incomparable"};
constexpr std::array<Bilingual, 4> kAgreementNames = {
    {{"agrees", "一致"}, {"one step off", "差一级"}, {"contradicts", "矛盾"}, {"not comparable", "不可比"}}};

constexpr Bilingual kSourcesWord = {"the sources' word", "来源用词"};
constexpr Bilingual kMeasuredWord = {"measured", "实测"};
constexpr Bilingual kSaid = {"the sources", "来源"};
constexpr Bilingual kBetter = {"the better end of its column", "该列较好的一端"};
constexpr Bilingual kWorse = {"the worse end", "较差的一端"};
constexpr Bilingual kEdge = {"low*: the interval crosses a band's edge", "低*：置信区间跨越分级边界"};
constexpr Bilingual kFigures = {"Figures: median of launches [95 % interval]; every row of the eight blocks.",
                                "数值：各次启动的中位数［95 %置信区间］；八行均为阻塞等待。"};
constexpr Bilingual kContradictions = {"What contradicts the sources, and by which measurement",
                                       "与来源矛盾之处及其测量依据"};
constexpr Bilingual kOthers = {"The bands, and what can't be compared", "分级方法与不可比之处"};
constexpr Bilingual kVariants = {"{} more", "{}种"};

template <class F>
std::string in_both(const F& text_in) {
  return html_bilingual_cut(text_in(Language::english), text_in(Language::chinese));
}

// Returns 1 at the worse end of the column to 5 at the better. The column decides which end is better.
std::size_t tone_of(Criterion criterion, Word word) {
  const std::size_t last = word_count(criterion) - 1;
  const auto at = static_cast<std::size_t>(word);
  const std::size_t good = more_is_better(criterion) ? at : last - at;
  return 1 + (good * (kTones - 1) + last / 2) / last;
}

std::string tone_class(Criterion criterion, std::optional<Word> word) {
  return word ? fmt::format(" tone{}", tone_of(criterion, *word)) : "";
}

class SourcesPainter {
 public:
  SourcesPainter(const SourcesTable& sources, const std::string& run) : sources_(sources), run_(run) {}

  std::string paint() {
    const std::string prefix = run_.empty() ? "" : run_ + ": ";
    const std::string title = in_both([&](Language language) { return prefix + place_text(sources_, language); });
    add("<section class=\"table comparison\"><h3>{}</h3>\n", title);
    paint_key();
    add("<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{}\">"
        "<table class=\"compared stack\" role=\"table\" data-groups data-table=\"{}\">\n",
        html_cut(prefix + sources_title(sources_, Language::english)),
        html_cut(fmt::format("{}{}comparison/{}", run_, run_.empty() ? "" : "/", to_string(sources_.placement))));
    paint_header();
    for (const ComparedRow& row : sources_.rows) paint_row(row);
    paint_correlation();
    html_ += "</table></div>\n";
    paint_notes();
    html_ += "</section>\n";
    return std::move(html_);
  }

 private:
  template <class... Values>
  void add(fmt::format_string<const Values&...> format, const Values&... values) {
    fmt::format_to(std::back_inserter(html_), format, values...);
  }

  void paint_key() {
    add("<p class=\"key\"><span class=\"word tone5\">{}</span> <span class=\"said tone1\">{}</span> ",
        html_bilingual(kMeasuredWord), html_bilingual(kSaid));
    for (const Agreement agreement : kAgreements) {
      const auto at = static_cast<std::size_t>(agreement);
      add("<span><span class=\"mark {}\">{}</span> {}</span> ", kAgreementClasses[at], sign_of(agreement),
          html_bilingual(kAgreementNames[at]));
    }
    add("<span><span class=\"swatch tone5\"></span><span class=\"swatch tone4\"></span> {}</span> "
        "<span><span class=\"swatch tone2\"></span><span class=\"swatch tone1\"></span> {}</span> <span>{}</span></p>\n"
        "<p class=\"notes\">{}</p>\n",
        html_bilingual(kBetter), html_bilingual(kWorse), html_bilingual(kEdge), html_bilingual(kFigures));
  }

  void paint_header() {
    add("<thead role=\"rowgroup\"><tr role=\"row\"><th scope=\"col\" role=\"columnheader\" "
        "data-key=\"mechanism\">{}</th>",
        html_bilingual(kMechanism));
    for (const Criterion criterion : kCriteria) {
      add("<th scope=\"col\" role=\"columnheader\" data-key=\"{}\">{}</th>", to_string(criterion),
          in_both([&](Language language) { return column_title(criterion, language); }));
    }
    html_ += "</tr></thead>\n";
  }

  void paint_row(const ComparedRow& row) {
    add("<tbody role=\"rowgroup\"><tr role=\"row\"><th scope=\"row\" role=\"rowheader\"><span class=\"name\">{}</span>",
        html_bilingual(row.source->name));
    html_ += " <span class=\"of\">";
    if (!row.transport.empty()) add("<code>{}</code>", html_cut(row.transport));
    if (!row.variants.empty()) {
      add(" <span class=\"more\">+ {}</span>",
          in_both([&](Language language) { return format_in(language, kVariants, row.variants.size()); }));
    }
    html_ += "</span></th>";
    for (const Criterion criterion : kCriteria) paint_cell(row, criterion);
    html_ += "</tr>\n";
    for (const ComparedVariant& variant : row.variants) paint_variant(variant);
    html_ += "</tbody>\n";
  }

  void begin_cell(const Figure& figure, std::string_view css) {
    add("<td role=\"cell\"{}", css);
    if (figure.median) add(" data-v=\"{}\"", number_or(*figure.median, ""));
    html_ += '>';
  }

  // Labels a cell for layouts in which a row is a card; the variants' cards have the same order.
  void paint_label(Criterion criterion) {
    add("<span class=\"label\">{}</span>",
        in_both([&](Language language) { return column_title(criterion, language); }));
  }

  void paint_word(Criterion criterion, const ComparedFigure& figure) {
    const ComparedColumn& column = sources_.columns[static_cast<std::size_t>(criterion)];
    add("<span class=\"word{}{}\">{}</span>", tone_class(criterion, figure.word), figure.crosses_edge ? " edge" : "",
        in_both([&](Language language) { return word_text(column, figure, language); }));
  }

  void paint_cell(const ComparedRow& row, Criterion criterion) {
    const ComparedCell& cell = row.cells[static_cast<std::size_t>(criterion)];
    const auto agreement = static_cast<std::size_t>(cell.agreement);
    begin_cell(cell.measured.figure, cell.agreement == Agreement::contradicts ? " class=\"contradicted\"" : "");
    paint_label(criterion);
    html_ += "<span class=\"words\">";
    paint_word(criterion, cell.measured);
    add(" <span class=\"mark {}\"><span aria-hidden=\"true\">{}</span><span class=\"unseen\"> {} </span></span> ",
        kAgreementClasses[agreement], sign_of(cell.agreement), html_bilingual(kAgreementNames[agreement]));
    add("<span class=\"said{}\"><span class=\"unseen\">{}: </span>{}</span></span>", tone_class(criterion, cell.source),
        html_bilingual(kSourcesWord), in_both([&](Language language) { return source_text(cell.source, language); }));
    add("<span class=\"figure\">{}</span></td>\n",
        in_both([&](Language language) { return row_figure_text(row, criterion, language); }));
  }

  void paint_variant(const ComparedVariant& variant) {
    add("<tr role=\"row\" class=\"variant\"><th scope=\"row\" role=\"rowheader\"><code>{}</code> <span "
        "class=\"wait\">{}</span></th>",
        html_cut(variant_label(variant)), html_cut(to_string(variant.wait)));
    for (const Criterion criterion : kCriteria) {
      const ComparedFigure& figure = variant.figures[static_cast<std::size_t>(criterion)];
      begin_cell(figure.figure, "");
      if (figure.word) {
        paint_word(criterion, figure);
        html_ += ' ';
      }
      add("<span class=\"figure\">{}</span></td>",
          in_both([&](Language language) { return figure_text(criterion, figure, language); }));
    }
    html_ += "</tr>\n";
  }

  void paint_correlation() {
    add("<tfoot role=\"rowgroup\"><tr role=\"row\"><th scope=\"row\" role=\"rowheader\">{}</th>", kCorrelation);
    for (const Criterion criterion : kCriteria) {
      add("<td role=\"cell\"><span class=\"label\">{}</span><b>{}</b> <span class=\"counts\">{}</span></td>",
          in_both([&](Language language) { return column_title(criterion, language); }),
          correlation_text(sources_.columns[static_cast<std::size_t>(criterion)]),
          agreements_text(sources_, criterion));
    }
    html_ += "</tr></tfoot>\n";
  }

  void paint_notes() {
    const SourcesNotes english = sources_notes(sources_, Language::english);
    const SourcesNotes chinese = sources_notes(sources_, Language::chinese);
    if (!english.contradictions.empty()) {
      add("<h4>{}</h4>\n{}", html_bilingual(kContradictions),
          html_bilingual_list(english.contradictions, chinese.contradictions, "contradictions"));
    }
    add("<details class=\"aside\"><summary>{}</summary>{}</details>\n", html_bilingual(kOthers),
        html_bilingual_list(english.others, chinese.others, "notes"));
  }

  const SourcesTable& sources_;
  const std::string& run_;
  std::string html_;
};

}  // namespace

std::string sources_html(const SourcesTable& sources, const std::string& run) {
  return SourcesPainter(sources, run).paint();
}

}  // namespace ipcbench
