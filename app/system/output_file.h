// Writing files without missing an error.
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
  bool pipe_is_broken() const { return pipe_is_broken_; }  // the last write() failed because the reader is gone
  bool seekable() const { return seekable_; }
  void step_back(std::size_t bytes);  // the next write() overwrites the last `bytes`; seekable files only

 private:
  OutputFile(std::string path, int fd, bool seekable);
  Error failure() const;  // from errno

  std::string path_;
  int fd_ = -1;
  bool seekable_ = false, pipe_is_broken_ = false;
};

Result<void> write_file(const std::string& path, std::string_view bytes);
void remove_if_empty(const std::string& path);      // deletes a file that was created and never filled
Result<void> make_folder(const std::string& path);  // with its parents; fails when something cannot be created in it

std::string lower_extension(const std::string& path);  // ".mp4" of "a.MP4"
bool is_picture_name(const std::string& path);         // by its extension, in any case: .jpg, .png, .bmp, ...

// A source's name as part of a file name: without a video's extension or an address's scheme; characters that are not
// allowed become "_".
std::string name_in_files(const std::string& source);

// Unique file names within one folder, one per picture or frame: "dog" for dog.jpg, "vtest_000012" for frame 12 of
// vtest.avi. Repeated names get "_2", "_3" ...
class FrameNames {
 public:
  std::string next(const std::string& source, const std::string& file, int64_t frame);

 private:
  std::set<std::string> used_;
};

}  // namespace dualsight
