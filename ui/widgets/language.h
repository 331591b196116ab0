// The window's language, switched while it runs.
#pragma once

#include <QString>

namespace dualsight {

// "en", "zh_CN"; empty: the system's. Widgets get QEvent::LanguageChange. Texts that have no translation, for want of
// its file or otherwise, stay English.
void apply_language(const QString& language);

}  // namespace dualsight
