#include <cstdio>
#include <exception>

#include "app/abandoned.h"
#include "app/command_line.h"
#include "app/redact.h"

int main(int argc, char** argv) {
  try {
    return dualsight::finish_process(dualsight::run_program(argc, argv));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "dualsight: internal error: %s\n", dualsight::redact(error.what()).c_str());
  } catch (...) {
    std::fprintf(stderr, "dualsight: internal error of unknown kind\n");
  }
  return 1;
}
