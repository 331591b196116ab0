#include "app/redact.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace dualsight {
namespace {

constexpr const char* hidden = "***";

bool is_secret_name(std::string name) {
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
  constexpr std::array words = {"pass", "pwd", "token", "key", "secret", "auth", "user", "login", "sig"};
  return std::any_of(words.begin(), words.end(),
                     [&](const char* word) { return name.find(word) != std::string::npos; });
}

// `rest` is what follows "://". A '@' before the path ends the user part; one after it does so too when something
// like "user:" stands in front, for then the '/' may belong to the password.
std::string without_user(const std::string& rest) {
  const auto last_at = rest.rfind('@');
  if (last_at == std::string::npos) return rest;
  const auto path = rest.find_first_of("/?#");
  const std::string authority = rest.substr(0, path);
  if (authority.find(':') != std::string::npos) return hidden + rest.substr(last_at);
  const auto at = authority.rfind('@');
  return at == std::string::npos ? rest : hidden + rest.substr(at);
}

std::string without_secret_parameters(const std::string& url) {
  const auto query = url.find('?');
  if (query == std::string::npos) return url;
  std::string out = url.substr(0, query);
  for (std::size_t begin = query; begin < url.size();) {
    const auto end = std::min(url.find_first_of("&;#", begin + 1), url.size());
    const auto equals = url.find('=', begin);
    const bool secret = equals < end && is_secret_name(url.substr(begin + 1, equals - begin - 1));
    out += secret ? url.substr(begin, equals - begin + 1) + hidden : url.substr(begin, end - begin);
    begin = end;
  }
  return out;
}

}  // namespace

std::string redact(const std::string& text) {
  std::string out;
  std::size_t done = 0;
  for (std::size_t mark; (mark = text.find("://", done)) != std::string::npos;) {
    const std::size_t begin = mark + 3;
    const std::size_t end = std::min(text.find_first_of(" \t\n\"'<>", begin), text.size());
    out += text.substr(done, begin - done) + without_secret_parameters(without_user(text.substr(begin, end - begin)));
    done = end;
  }
  return out + text.substr(done);
}

}  // namespace dualsight
