#pragma once

namespace dualsight {

#ifdef DUALSIGHT_VERSION  // set by CMake from project(VERSION)
inline constexpr const char* program_version = DUALSIGHT_VERSION;
#else
inline constexpr const char* program_version = "0.1.0";
#endif

}  // namespace dualsight
