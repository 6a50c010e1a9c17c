#include "batch/html.h"

#include <fmt/format.h>

#include "batch/mail.h"

namespace ads::batch::html {
namespace {

constexpr std::string_view kFont = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
constexpr std::string_view kCell = "padding:6px 10px;border-bottom:1px solid #d8dde3;vertical-align:top";
constexpr std::string_view kCaption =
    "text-align:left;font-weight:600;font-size:16px;padding:20px 0 6px 0;color:#1b2733";
constexpr std::string_view kTable = "border-collapse:collapse;width:100%;font-size:14px;line-height:20px";

// Each has a contrast of at least 4.5:1 with the text on it.
struct Colours {
  std::string_view edge, ground, text;
};
Colours colours(Tone tone) {
  switch (tone) {
    case Tone::good:
      return {"#1a7f37", "#e6f4ea", "#0f5323"};
    case Tone::warning:
      return {"#9a6700", "#fff8e1", "#5f4000"};
    case Tone::bad:
      break;
  }
  return {"#b3261e", "#fdecea", "#7a1a14"};
}

std::string open_table(std::string_view caption) {
  return fmt::format("<table style=\"{}\">\n<caption style=\"{}\">{}</caption>\n", kTable, kCaption,
                     escape_html(caption));
}

}  // namespace

std::string page(std::string_view title, Tone tone, std::string_view body) {
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<title>{0}</title>\n</head>\n"
      "<body style=\"margin:0;padding:0;background:#f3f5f7;color:#1b2733;{1}\">\n"
      "<table role=\"presentation\" style=\"border-collapse:collapse;width:100%\"><tr><td style=\"padding:24px "
      "12px\">\n"
      "<div style=\"max-width:680px;margin:0 auto;background:#ffffff;border-top:4px solid {2};padding:24px\">\n"
      "<h1 style=\"font-size:20px;line-height:28px;margin:0 0 12px 0;overflow-wrap:anywhere\">{0}</h1>\n{3}"
      "<p style=\"font-size:12px;line-height:18px;color:#55606b;margin:24px 0 0 0\">Sent by ADS, which processes the "
      "batch "
      "files of this bucket.</p>\n</div>\n</td></tr></table>\n</body>\n</html>\n",
      escape_html(title), kFont, colours(tone).edge, body);
}

std::string banner(Tone tone, std::string_view label, std::string_view sentence) {
  auto [edge, ground, text] = colours(tone);
  return fmt::format(
      "<p role=\"status\" style=\"margin:0 0 8px 0;padding:10px 12px;border-left:4px solid {};background:{};color:{};"
      "font-size:14px;line-height:20px;overflow-wrap:anywhere\"><strong>{}</strong> {}</p>\n",
      edge, ground, text, escape_html(label), escape_html(sentence));
}

std::string heading(std::string_view text) {
  return fmt::format("<h2 style=\"font-size:16px;line-height:22px;margin:20px 0 6px 0\">{}</h2>\n", escape_html(text));
}

std::string paragraph(std::string_view text) {
  return fmt::format("<p style=\"font-size:14px;line-height:20px;margin:0 0 8px 0;overflow-wrap:anywhere\">{}</p>\n",
                     escape_html(text));
}

std::string two_columns(std::string_view caption, const Rows& rows, Align values) {
  std::string out = open_table(caption);
  for (const auto& [name, value] : rows)
    out += fmt::format(
        "<tr><th scope=\"row\" style=\"{0};text-align:left;font-weight:400;color:#45505b;width:{4}\">{1}</th>"
        "<td style=\"{0};text-align:{2};font-variant-numeric:tabular-nums;overflow-wrap:anywhere\">{3}</td></tr>\n",
        kCell, escape_html(name), values == Align::right ? "right" : "left", escape_html(value),
        values == Align::right ? "60%" : "26%");
  return out + "</table>\n";
}

std::string table(std::string_view caption, const std::vector<std::string>& headings,
                  const std::vector<std::vector<std::string>>& rows) {
  std::string out = open_table(caption) + "<tr>";
  for (const std::string& heading : headings)
    out += fmt::format("<th scope=\"col\" style=\"{};text-align:left;background:#f3f5f7\">{}</th>", kCell,
                       escape_html(heading));
  out += "</tr>\n";
  for (const auto& row : rows) {
    out += "<tr>";
    // Only the last column may break inside words: it has what files contain.
    for (std::size_t i = 0; i < row.size(); ++i)
      out += fmt::format("<td style=\"{}{}\">{}</td>", kCell, i + 1 == row.size() ? ";overflow-wrap:anywhere" : "",
                         escape_html(row[i]));
    out += "</tr>\n";
  }
  return out + "</table>\n";
}

std::string tiles(const Rows& rows) {
  std::string out =
      "<table role=\"presentation\" style=\"border-collapse:collapse;width:100%;table-layout:fixed;margin:12px 0 0 0\">"
      "<tr>\n";
  for (const auto& [name, value] : rows)
    out += fmt::format(
        "<td style=\"border:1px solid #d8dde3;padding:10px;vertical-align:top\"><span style=\"display:block;font-size:"
        "12px;line-height:16px;color:#55606b\">{}</span><strong style=\"font-size:20px;line-height:28px;"
        "font-variant-numeric:tabular-nums\">{}</strong></td>\n",
        escape_html(name), escape_html(value));
  return out + "</tr></table>\n";
}

}  // namespace ads::batch::html
