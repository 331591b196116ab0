#include "app/recording/disk_quota.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>

#include "tests/app/support/test_support.h"

namespace dualsight {
namespace {

using Names = std::vector<std::string>;

class DiskQuotaTest : public TemporaryFolder {
 protected:
  void file(const std::string& name, std::size_t bytes) { text(name, std::string(bytes, 'x')); }
  Names left() const {
    Names names;
    for (const auto& entry : fs::directory_iterator(folder_)) names.push_back(entry.path().filename());
    std::sort(names.begin(), names.end());
    return names;
  }
};

TEST_F(DiskQuotaTest, DeletesTheOldestOfOurs) {
  const Names all{"a_20260101T000000.000Z.mkv",     "a_20260101T000000.000Z.ndjson",
                  "a_20260101T000000.000Z.raw.mkv", "a_20260103T000000.000Z.mkv",
                  "a_20260105T000000.000Z.mkv",     "b_20260102T000000.000Z.mp4",
                  "b_20260104T000000.000Z_2.mkv",   "holiday.mkv",
                  "old_20250101T000000.000Z.txt"};
  for (const std::string& name : all) file(name, 1000);
  DiskQuota(folder_.string(), 7000).enforce();  // seven are ours
  EXPECT_EQ(left(), all);
  DiskQuota(folder_.string(), 6999).enforce();  // the oldest has three files
  EXPECT_EQ(left(), Names(all.begin() + 3, all.end()));
  // The next two, b of the 2nd and a of the 3rd; but that of the 3rd is being written by another program.
  const int locked = ::open(at(all[3]).c_str(), O_RDONLY);
  ASSERT_EQ(flock(locked, LOCK_SH), 0);
  DiskQuota(folder_.string(), 2000).enforce();
  EXPECT_EQ(left(), (Names{all[3], all[4], all[7], all[8]}));
  ::close(locked);
  DiskQuota(folder_.string(), 0).enforce(at(all[3]));  // by us
  EXPECT_EQ(left(), (Names{all[3], all[7], all[8]}));
  DiskQuota(at("no such"), 0).enforce();
}

// Numbers count, they are not compared as text.
TEST_F(DiskQuotaTest, OfOneTimeTheLowestNumberIsTheOldest) {
  const std::string stem = "a_20260101T000000.000Z";
  const Names all{stem + ".mkv", stem + "_10.mkv", stem + "_9.mkv"};
  for (const std::string& name : all) file(name, 1000);
  DiskQuota(folder_.string(), 2000).enforce();
  EXPECT_EQ(left(), (Names{all[1], all[2]}));
  DiskQuota(folder_.string(), 1999).enforce();
  EXPECT_EQ(left(), Names{all[1]});
}

TEST_F(DiskQuotaTest, LinksAndFoldersAreNotTouched) {
  fs::create_directory(at("a_20260101T000000.000Z.mkv"));
  file("target", 5000);
  fs::create_symlink(at("target"), at("b_20260101T000000.000Z.mkv"));
  file("c_20260102T000000.000Z.mkv", 1000);
  DiskQuota(folder_.string(), 1000).enforce();  // only c counts
  EXPECT_EQ(left().size(), 4U);
  DiskQuota(folder_.string(), 999).enforce();
  EXPECT_EQ(left(), (Names{"a_20260101T000000.000Z.mkv", "b_20260101T000000.000Z.mkv", "target"}));
}

}  // namespace
}  // namespace dualsight
