#include "app/system/redact.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <string_view>

namespace dualsight {
namespace {

constexpr const char* hidden = "***";

template <std::size_t N>
bool has_one_of(std::string name, const std::array<const char*, N>& words) {
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
  return std::any_of(words.begin(), words.end(),
                     [&](const char* word) { return name.find(word) != std::string::npos; });
}

// In the path or query of an address.
bool is_secret_parameter(const std::string& name) {
  constexpr std::array<std::string_view, 7> whole{"pw", "psw", "pin", "sid", "usr", "jwt", "cred"};
  return std::find(whole.begin(), whole.end(), name) != whole.end() ||
         has_one_of<11>(
             name, {"pass", "pwd", "token", "key", "secret", "auth", "user", "login", "sig", "session", "credential"});
}

// Outside of addresses, where "monkey=" may be part of a file's name.
bool is_secret_property(const std::string& name) {
  return has_one_of<10>(
      name, {"pass", "pwd", "-pw", "token", "-key", "secret", "authorization", "user-", "proxy-id", "cookie"});
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
  const auto path = url.find_first_of("/?;#");  // some cameras want their parameters in the path
  if (path == std::string::npos) return url;
  std::string out = url.substr(0, path);
  for (std::size_t begin = path; begin < url.size();) {
    const auto end = std::min(url.find_first_of("/?&;#", begin + 1), url.size());
    const auto equals = url.find('=', begin);
    const bool secret = equals < end && is_secret_parameter(url.substr(begin + 1, equals - begin - 1));
    out += secret ? url.substr(begin, equals - begin + 1) + hidden : url.substr(begin, end - begin);
    begin = end;
  }
  return out;
}

// Passwords may hold spaces and anything else: where "name:" follows the "://" and is no host with its port, the user
// part reaches to the next '@' of the line, before any further address. Gives the place of that '@', or npos. Rather
// too much is hidden than too little: "http://eye:80 told me@home" might be a password, too.
std::size_t end_of_user_part(const std::string& text, std::size_t begin) {
  const std::size_t limit = std::min({text.find('\n', begin), text.find("://", begin), text.size()});
  const std::size_t at = text.find('@', begin);
  const std::size_t colon = text.find_first_of(":/?#", begin);
  if (at >= limit || colon >= at || text[colon] != ':') return std::string::npos;
  const std::size_t port_end = text.find_first_not_of("0123456789", colon + 1);
  const bool is_port = port_end > colon + 1 && std::strchr("/?#", text[port_end]) != nullptr;
  return is_port ? std::string::npos : at;
}

// Where an address ends: in quotes or angle brackets with them, else at a space behind its user part.
std::size_t end_of_address(const std::string& text, std::size_t mark) {
  std::size_t begin = mark;
  while (begin > 0 && (std::isalnum(static_cast<unsigned char>(text[begin - 1])) != 0)) --begin;
  const char opener = begin > 0 ? text[begin - 1] : ' ';
  const char* closer = opener == '"' ? "\"\n" : opener == '\'' ? "'\n" : opener == '<' ? ">\n" : " \t\n";
  const std::size_t user_end = end_of_user_part(text, mark + 3);
  const std::size_t from = user_end == std::string::npos ? mark : user_end;
  return std::min(text.find_first_of(closer, from), text.size());
}

std::string without_addresses(const std::string& text) {
  std::string out;
  std::size_t done = 0;
  for (std::size_t mark; (mark = text.find("://", done)) != std::string::npos;) {
    const std::size_t begin = mark + 3;
    const std::size_t end = end_of_address(text, mark);
    out += text.substr(done, begin - done) + without_secret_parameters(without_user(text.substr(begin, end - begin)));
    done = end;
  }
  return out + text.substr(done);
}

// "name=value", where the value may stand in quotes, with spaces before and behind the '='.
std::string without_properties(const std::string& text) {
  const auto is_name = [](unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '_'; };
  std::string out;
  std::size_t done = 0;
  for (std::size_t equals = 0; (equals = text.find('=', equals)) != std::string::npos; ++equals) {
    std::size_t name_end = equals;
    while (name_end > done && text[name_end - 1] == ' ') --name_end;
    std::size_t name_begin = name_end;
    while (name_begin > done && is_name(text[name_begin - 1])) --name_begin;
    const bool in_address = name_begin > 0 && std::strchr("/&?;#", text[name_begin - 1]) != nullptr;
    if (in_address || !is_secret_property(text.substr(name_begin, name_end - name_begin))) continue;
    const std::size_t begin = std::min(text.find_first_not_of(' ', equals + 1), text.size());
    std::size_t end = std::min(text.find_first_of(" \t\n", begin), text.size());
    if (begin < text.size() && (text[begin] == '"' || text[begin] == '\'')) {
      end = begin + 1;
      while (end < text.size() && text[end] != text[begin]) end += text[end] == '\\' ? 2 : 1;
      end = std::min(end + 1, text.size());
    }
    out += text.substr(done, begin - done) + hidden;
    done = end;
    equals = std::max(equals, end - 1);
  }
  return out + text.substr(done);
}

}  // namespace

std::string redact(const std::string& text) { return without_properties(without_addresses(text)); }

}  // namespace dualsight
