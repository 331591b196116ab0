#include "ui/review/recording_player.h"

#include <cstdlib>

#include "tests/ui/support/review_fixture.h"
#include "tests/ui/support/ui_test.h"

namespace dualsight {

class RecordingPlayerTest : public ReviewFixture {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { make_recording(); }

  void seeksAndStepsExactly() {
    RecordingPlayer player;
    player.open(video());
    const auto shows = [&](int number) {
      return player.picture().index == static_cast<std::size_t>(number) && !player.picture().image.isNull() &&
             std::abs(qGreen(player.picture().image.pixel(80, 100)) - grey_of(number)) <= 3;
    };
    QTRY_VERIFY(shows(0));
    player.seek(1800);
    QTRY_VERIFY(shows(45));
    for (int i = 0; i < 60; ++i) player.seek(40 * i);  // the newest wins
    QTRY_VERIFY(shows(59));
    player.step(-1);
    QTRY_VERIFY(shows(58));
    player.step(1);
    player.step(1);
    QTRY_VERIFY(shows(60));
  }
};
DUALSIGHT_UI_TEST(RecordingPlayerTest);

}  // namespace dualsight

#include "recording_player_test.moc"
