// The language of all windows; can be switched while they are open.
#pragma once

#include <QString>

namespace dualsight {

// "en", "zh_CN"; empty: the system's. Widgets get QEvent::LanguageChange. Texts without a translation stay English.
void apply_language(const QString& language);

}  // namespace dualsight
