#include "daemon/http/wait_page.h"

#include "core/base/time_text.h"
#include "daemon/http/envelope.h"

namespace ipaas::daemon::http {
namespace {

constexpr std::string_view kStyle =
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:0 auto;padding:1.5rem;color:#1b1f24;background:#fff}"
    "h1{font-size:1.3rem;margin:0 0 1rem;overflow-wrap:anywhere}"
    ".ask{white-space:pre-wrap;overflow-wrap:anywhere;padding:1rem;border:1px solid #d0d7de;border-radius:.5rem;background:#f6f8fa}"
    "dl{display:grid;grid-template-columns:auto 1fr;gap:.2rem 1rem;color:#57606a;font-size:.9rem}dd{margin:0;overflow-wrap:anywhere}"
    "label{display:block;margin:1rem 0 .3rem}"
    "textarea{box-sizing:border-box;width:100%;font:inherit;padding:.5rem;border:1px solid #8c959f;border-radius:.4rem}"
    ".choice{display:flex;flex-wrap:wrap;gap:1.5rem;margin-top:1.25rem}"
    "button{font:inherit;font-weight:600;min-height:3rem;padding:0 1.6rem;border:0;border-radius:.4rem;"
    "color:#fff;background:#1a7f37}button.no{background:#cf222e}"
    "@media(max-width:30rem){button{width:100%}}"
    "@media(prefers-color-scheme:dark){body{color:#e6edf3;background:#0d1117}.ask{background:#161b22;border-color:#30363d}"
    "dl{color:#9198a1}textarea{color:inherit;background:#161b22}}";

std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += static_cast<unsigned char>(c) < ' ' && c != '\n' && c != '\t' ? ' ' : c;
    }
  }
  return out;
}

/// Neither caches nor search engines keep it, nobody frames it, and the link's token goes to no other site.
Response html(int status, std::string_view title, std::string_view content) {
  std::string page = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">";
  page += "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><meta name=\"robots\" content=\"noindex,nofollow\">";
  page.append("<title>").append(escaped(title)).append("</title><style>").append(kStyle).append("</style></head><body><main>\n<h1>");
  page.append(escaped(title)).append("</h1>\n").append(content).append("\n</main></body></html>\n");
  Response response = raw(status, "text/html; charset=utf-8", std::move(page));
  response.headers = {
      {"Content-Security-Policy",
       "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"},
      {"Cache-Control", "no-store"},
      {"X-Robots-Tag", "noindex, nofollow"},
      {"Referrer-Policy", "no-referrer"},
      {"X-Content-Type-Options", "nosniff"},
      {"X-Frame-Options", "DENY"}};
  return response;
}

/// `2026-11-22 15:05 UTC`; nobody who reads it needs the seconds.
std::string minute_text(Instant instant) {
  std::string text = format_instant(instant).substr(0, std::string_view("2026-11-22T15:05").size());
  text.replace(text.find('T'), 1, " ");
  return text + " UTC";
}

/// `3 h 59 min`, `2 days 4 h`: as much as somebody wants to know who shall answer.
std::string rough_text(Duration duration) {
  using namespace std::chrono;
  const auto left = duration_cast<minutes>(duration).count();
  if (left < 1) return "less than a minute";
  if (left < 60) return std::to_string(left) + " min";
  if (left < 48 * 60) return std::to_string(left / 60) + " h " + std::to_string(left % 60) + " min";
  return std::to_string(left / 1440) + " days " + std::to_string(left % 1440 / 60) + " h";
}

std::string started_by(const service::Wait& wait) {
  if (!wait.starter.empty()) return wait.starter;
  switch (wait.trigger) {
    case domain::TriggerKind::kWebhook: return "a webhook";
    case domain::TriggerKind::kSchedule: return "its schedule";
    case domain::TriggerKind::kWorkflow: return "the end of another workflow";
    case domain::TriggerKind::kCall: return "another workflow";
    case domain::TriggerKind::kManual: break;
  }
  return "hand";
}

std::string fact(std::string_view name, std::string_view value) {
  return "<dt>" + std::string(name) + "</dt><dd>" + escaped(value) + "</dd>";
}

std::string facts(const service::Wait& wait, std::string_view more = {}) {
  return "<dl>" + fact("Workflow", wait.workflow) + fact("Step", wait.path) + fact("Execution", wait.execution.str()) +
         fact("Started by", started_by(wait)) + fact("Waits since", minute_text(wait.since)) + std::string(more) + "</dl>";
}

std::string until_fact(const service::Wait& wait, Instant now) {
  return wait.until ? fact("Until", minute_text(*wait.until) + ", in " + rough_text(*wait.until - now)) : std::string();
}

/// Messages of errors begin small and end open, as parts of longer lines.
std::string sentence(std::string_view text) {
  std::string out(text);
  if (!out.empty() && out.front() >= 'a' && out.front() <= 'z') out.front() = static_cast<char>(out.front() - 'a' + 'A');
  if (!out.empty() && out.back() != '.') out += '.';
  return out;
}

}  // namespace

Response question_page(const service::Wait& wait, Instant now) {
  const std::string about = facts(wait, until_fact(wait, now));
  // Without an action a form goes to the address that it came from, with the token in it.
  if (!wait.approval) {
    return html(200, wait.workflow + " waits for a confirmation",
                "<p>You confirm the step <b>" + escaped(wait.path) + "</b> of the execution below, which then goes on. It can be done once.</p>\n" +
                    about + "\n<form method=\"post\"><div class=\"choice\"><button>Confirm</button></div></form>");
  }
  const std::string message = wait.message.empty() ? "Shall it go on?" : wait.message;
  return html(200, wait.workflow + " asks for your approval",
              "<p class=\"ask\">" + escaped(message) + "</p>\n" + about +
                  "\n<form method=\"post\"><label for=\"comment\">Comment (optional)</label>"
                  "<textarea id=\"comment\" name=\"comment\" rows=\"3\" maxlength=\"" +
                  std::to_string(service::kLongestComment / 4) +
                  "\"></textarea>"
                  "<div class=\"choice\"><button name=\"decision\" value=\"approve\">Approve</button>"
                  "<button class=\"no\" name=\"decision\" value=\"reject\">Reject</button></div></form>");
}

Response notice_page(int status, std::string_view title, std::string_view text, const std::optional<service::Wait>& about) {
  return html(status, title, "<p>" + escaped(sentence(text)) + "</p>" + (about ? "\n" + facts(*about) : std::string()));
}

}  // namespace ipaas::daemon::http
