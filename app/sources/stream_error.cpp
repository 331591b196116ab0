#include "app/sources/stream_error.h"

#include <netdb.h>
#include <sys/socket.h>

#include <cerrno>

#include "app/sources/libav.h"

namespace dualsight {
namespace {

bool is_known_host(const std::string& host) {
  addrinfo* found = nullptr;
  const int status = getaddrinfo(host.c_str(), nullptr, nullptr, &found);
  if (found != nullptr) freeaddrinfo(found);
  return status == 0;
}

}  // namespace

std::string host_of(const std::string& address) {
  const auto mark = address.find("://");
  if (mark == std::string::npos) return "";
  std::string rest = address.substr(mark + 3);
  rest = rest.substr(0, rest.find_first_of("?#"));
  // A '@' ends the user part; one in the path does so only where the password holds a '/'.
  const auto at = rest.rfind('@', rest.find('/'));
  if (at != std::string::npos) {
    rest = rest.substr(at + 1);
  } else if (const auto later = rest.rfind('@'); later != std::string::npos && rest.find(':') < rest.find('/')) {
    rest = rest.substr(later + 1);
  }
  rest = rest.substr(0, rest.find('/'));
  if (rest.starts_with('[')) return rest.substr(1, rest.find(']') - 1);
  return rest.substr(0, rest.find(':'));
}

std::string why_not_opened(const std::string& address, int error, bool timed_out) {
  if (timed_out || error == AVERROR(ETIMEDOUT)) {
    return "no answer in time (--open-timeout allows more)";
  }
  switch (error) {
    case AVERROR_HTTP_UNAUTHORIZED:
      return "wrong user name or password, or one is needed (401)";
    case AVERROR_HTTP_FORBIDDEN:
      return "access is forbidden (403)";
    case AVERROR_HTTP_NOT_FOUND:
      return "there is no such stream on that server (404)";
    case AVERROR_HTTP_BAD_REQUEST:
      return "the server does not understand the request (400)";
    case AVERROR_HTTP_OTHER_4XX:
      return "the server refuses the request (4xx)";
    case AVERROR_HTTP_SERVER_ERROR:
      return "the server reports an error of its own (5xx)";
    case AVERROR(ECONNREFUSED):
      return "nothing listens at that port (connection refused)";
    case AVERROR(EHOSTUNREACH):
    case AVERROR(ENETUNREACH):
      return "the host cannot be reached";
    case AVERROR(ECONNRESET):
    case AVERROR(EPIPE):
      return "the server closed the connection";
    case AVERROR_INVALIDDATA:
    case AVERROR_STREAM_NOT_FOUND:
    case AVERROR_DECODER_NOT_FOUND:
    case AVERROR_EOF:
      return "it answers, but sends no video that can be read";
    case AVERROR_PROTOCOL_NOT_FOUND:
      return "this FFmpeg does not know such addresses";
    default:
      break;
  }
  const std::string host = host_of(address);
  if (!host.empty() && !is_known_host(host)) return "unknown host \"" + host + "\"";
  return "it cannot be opened: " + av_reason(error);
}

}  // namespace dualsight
