// Why a network stream could not be opened, in words that tell one cause from another.
#pragma once

#include <string>

namespace dualsight {

// `error`: an AVERROR code that opening `address` gave; `timed_out`: it was the time-out that ended it. Holds neither
// the address nor a password. May ask the name service whether the host exists.
std::string why_not_opened(const std::string& address, int error, bool timed_out);

// The host of "scheme://user:password@host:port/path", without brackets; empty: there is none.
std::string host_of(const std::string& address);

}  // namespace dualsight
