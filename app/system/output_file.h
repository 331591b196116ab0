// A file being written, where no write failure goes unseen.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "backbone/result.h"

namespace dualsight {

class OutputFile {
 public:
  // Creates or empties the file; "-" is standard output. Errors (ErrorKind::output) read "PATH: cannot be written:
  // why".
  static Result<OutputFile> create(const std::string& path);
  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&& other) noexcept;
  ~OutputFile();

  Result<void> write(std::string_view bytes);  // all of it, straight to the system: nothing is left in a buffer
  Result<void> close();                        // some systems report a full disk only here
  bool seekable() const { return seekable_; }
  void step_back(std::size_t bytes);  // the next write() overwrites the last `bytes`; seekable files only

 private:
  OutputFile(std::string path, int fd, bool seekable);
  Error failure() const;  // from errno

  std::string path_;
  int fd_ = -1;
  bool seekable_ = false;
};

Result<void> write_file(const std::string& path, std::string_view bytes);
void remove_if_empty(const std::string& path);      // takes back a file that was created and never filled
Result<void> make_folder(const std::string& path);  // with its parents; fails when something cannot be created in it

std::string lower_extension(const std::string& path);  // ".mp4" of "a.MP4"

// A source's name as part of a file name: of a video its name without the ending, else all of it (but an address's
// scheme), with "_" for what has no place there.
std::string name_in_files(const std::string& source);

// File names within one folder, one for each picture or frame: "dog" for dog.jpg, "vtest_000012" for frame 12 of
// vtest.avi; a name that was given before gets "_2", "_3" ..., the first that is free.
class FrameNames {
 public:
  std::string next(const std::string& source, const std::string& file, int64_t frame);

 private:
  std::set<std::string> used_;
};

}  // namespace dualsight
