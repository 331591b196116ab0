"""Every rule of house_test.py fails on a small made-up tree that breaks it, and on nothing else."""
import pathlib
import shutil
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent))
import house_test as house  # noqa: E402


class HouseRules(unittest.TestCase):
    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.root)
        for folder in (*house.ROOMS, "tests"):
            (self.root / folder).mkdir(parents=True, exist_ok=True)
        self.write("detector/CMakeLists.txt", "set(trainer_rooms core network data training evaluation)\n")
        self.write("backbone/net.h", "#include <torch/nn.h>\n")
        self.write("tests/net_test.cpp", "int number = 1;\n")

    def write(self, name, text):
        (self.root / name).write_text(text)

    def problems(self, check):
        return list(check(self.root))

    def expect(self, check, *parts):
        """One problem, whose text has all the parts."""
        found = self.problems(check)
        self.assertEqual(len(found), 1, found)
        for part in parts:
            self.assertIn(part, found[0])

    def test_the_small_tree_is_in_order(self):
        for check in house.CHECKS:
            self.assertEqual(self.problems(check), [], check.__name__)

    def test_rooms_name_only_rooms_above_them(self):
        above = set()
        for room, may in house.ROOMS.items():
            self.assertLessEqual(set(may.split()), above, room)
            above.add(room)

    def test_the_trainer_reaches_no_other_room(self):
        trainer = {"backbone", *("detector/" + room for room in house.TRAINER_ROOMS)}
        for room in trainer:
            self.assertLessEqual(house.reach(room), trainer)

    def test_a_floor_above(self):
        self.write("detector/core/image.cpp", '#include "app/system/log.h"\n')
        self.expect(house.check_includes, "detector/core/image.cpp:1: ", "must not include app/system/log.h")

    def test_a_room_to_the_right(self):
        self.write("app/records/records.h", '\n#include "app/session/session.h"\n')
        self.expect(house.check_includes, "app/records/records.h:2: ", "must not include app/session/session.h")

    def test_a_sibling(self):
        self.write("ui/live/view.h", '#include "ui/panels/panel.h"\n')
        self.expect(house.check_includes, "ui/live must not include ui/panels/panel.h")

    def test_a_root_from_its_room(self):
        self.write("detector/engine/plan.h", '#include "detector/detector.h"\n')
        self.expect(house.check_includes, "detector/engine must not include detector/detector.h")

    def test_rooms_to_the_left_are_free(self):
        self.write("app/session/session.h", '#include "app/pipeline/pipeline.h"\n#include "detector/core/image.h"\n')
        self.write("app/commands/detect.cpp", '#include <CLI/CLI.hpp>\n#include "app/system/log.h"\n')
        self.assertEqual(self.problems(house.check_includes), [])

    def test_folders_within_a_room_belong_to_it(self):
        (self.root / "detector/engine/lowering").mkdir()
        self.write("detector/engine/lowering/resnet.cpp", '#include "detector/engine/plan.h"\n')
        self.write("detector/engine/plan.cpp", '#include "detector/engine/lowering/resnet.h"\n')
        self.assertEqual(self.problems(house.check_includes), [])
        self.write("detector/engine/lowering/resnet.h", '#include "detector/training/loss.h"\n')
        self.expect(house.check_includes, "detector/engine must not include detector/training/loss.h")

    def test_a_room_that_nobody_knows(self):
        (self.root / "app/attic").mkdir()
        self.write("app/attic/old.h", "")
        self.expect(house.check_includes, "app/attic is not a room")

    def test_qt_outside_the_window(self):
        self.write("app/system/text.h", "#include <QString>\n")
        self.expect(house.check_includes, "Qt belongs to ui alone")

    def test_torch_in_app(self):
        self.write("app/system/tensor.h", "#include <ATen/ATen.h>\n")
        self.expect(house.check_includes, "ATen/ATen.h brings torch into app")

    def test_torch_through_headers_of_sub_folders(self):
        self.write("detector/network/network.h", '#include "backbone/net.h"\n')
        self.write("detector/engine/plan.h", '#include "detector/network/network.h"\n')
        self.write("ui/widgets/plan_view.h", '#include "detector/engine/plan.h"\n')
        self.expect(house.check_includes, "ui/widgets/plan_view.h:1: ", "detector/engine/plan.h brings torch into ui")

    def test_highgui(self):
        self.write("app/sinks/show.cpp", "#include <opencv2/highgui.hpp>\n")
        self.expect(house.check_includes, "highgui brings a second Qt")

    def test_json_in_a_room_of_the_trainer(self):
        self.write("detector/data/coco.cpp", "#include <nlohmann/json.hpp>\n")
        self.write("detector/annotations/coco.cpp", "#include <nlohmann/json.hpp>\n")
        self.expect(house.check_includes, "detector/data/coco.cpp:1: ", "LibTorch alone")

    def test_other_trainer_rooms_in_cmake(self):
        self.write("detector/CMakeLists.txt", "set(trainer_rooms core network data training tracking)\n")
        self.expect(house.check_trainer_rooms, "trainer_rooms")

    def test_two_types_of_one_name(self):
        self.write("detector/training/augment.h", "namespace dualsight {\nstruct Region {\n  int x;\n};\n}\n")
        self.write("detector/tracking/zones.h", "namespace dualsight {\n// struct A {\nclass Region final : public B {};\n}\n")
        self.expect(house.check_types, "dualsight::Region is defined in detector/tracking/zones.h and "
                                       "detector/training/augment.h")

    def test_two_enumerations_of_one_name(self):
        for file in ("app/records/a.h", "app/sinks/b.h"):
            self.write(file, "namespace dualsight::app {\nenum class Kind : int { a, b };\n}\n")
        self.expect(house.check_types, "dualsight::app::Kind is defined in")

    def test_types_of_one_name_that_do_no_harm(self):
        text = """
            #define OPEN {
            namespace dualsight {
            struct Region;                                          // a declaration
            struct Outer%s { struct Region { int x; }; };           // nested
            namespace { struct Region { int x; }; }                 // unnamed namespace
            namespace room%s { struct Region { int x; }; }          // another namespace
            inline int area(const struct Region& region) { struct Local { int x; }; return 1; }
            template <> struct Traits<Outer%s> { static constexpr char brace = '{'; };
            const char* const text = "struct Region {";
            }
        """
        self.write("app/records/a.h", text.replace("%s", "A"))
        self.write("app/sinks/b.h", text.replace("%s", "B"))
        self.assertEqual(self.problems(house.check_types), [])
        self.assertEqual(list(house.types_of(text.replace("%s", "A"))),
                         ["dualsight::OuterA", "dualsight::roomA::Region", "dualsight::Traits<OuterA>"])

    def test_a_full_folder(self):
        for number in range(26):
            self.write(f"ui/live/{number}.ts", "")
        self.expect(house.check_sizes, "ui/live: 26 files in one folder")

    def test_a_long_file(self):
        self.write("tests/long_test.cpp", "\n" * 501)
        self.write("tests/as_long_as_may_be_test.cpp", "\n" * 500)
        for number in range(3):
            self.write(f"tests/{number}.cpp", "")
        self.expect(house.check_sizes, "tests/long_test.cpp: 501 lines")

    def test_many_long_files(self):
        for number in range(5):
            self.write(f"tests/{number}.cpp", "\n" * 150)
        self.expect(house.check_sizes, "half of all files have 150 lines or more")

    @unittest.skipUnless(house.clang_format()[0], f"needs clang-format {house.CLANG_FORMAT}")
    def test_a_file_that_is_not_formatted(self):
        (self.root / ".clang-format").write_text("BasedOnStyle: Google\n")
        self.write("app/main.cpp", "int  number=1;\n")
        self.expect(house.check_format, "app/main.cpp: not formatted")


if __name__ == "__main__":
    unittest.main()
