#include "ui/settings/help_dialog.h"

#include <QAction>
#include <QDialogButtonBox>
#include <QKeySequence>
#include <QTextBrowser>
#include <QVBoxLayout>

#include "ui/settings/actions.h"

namespace dualsight {

HelpDialog::HelpDialog(const Actions& actions, QWidget* parent) : QDialog(parent) {
  setWindowTitle(tr("Help"));
  setObjectName("helpDialog");
  auto* text = new QTextBrowser(this);
  QString shortcuts;
  for (const QString& name : actions.names()) {
    const QAction* action = actions.get(name);
    if (action->shortcut().isEmpty()) continue;
    shortcuts += QString("<tr><td><b>%1</b>&nbsp;&nbsp;</td><td>%2</td></tr>")
                     .arg(action->shortcut().toString(QKeySequence::NativeText).toHtmlEscaped(),
                          actions.plain_text(name).toHtmlEscaped());
  }
  text->setHtml(
      tr("<h2>Dualsight</h2><p>Choose a camera in the <b>Sources</b> panel, or drop a video, a picture or an address "
         "on "
         "the picture. What is found is drawn over it and listed in the <b>Detections</b> panel, with position and "
         "size "
         "in pixels of the picture.</p><p>Too many boxes, or too few? Move the confidence in the <b>Detection</b> "
         "panel; each class may have its own.</p><p><b>Zones</b> and lines count what goes in, out and across. "
         "<b>Record</b> keeps a video and what was found; open it again with <i>File, Open a recording</i> and choose "
         "other thresholds afterwards. What is blurred is blurred in everything that is written.</p>"
         "<h3>Keys</h3>") +
      "<table>" + shortcuts + "</table>");
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  auto* layout = new QVBoxLayout(this);
  layout->addWidget(text);
  layout->addWidget(buttons);
  resize(fontMetrics().averageCharWidth() * 90, fontMetrics().height() * 34);
}

}  // namespace dualsight
