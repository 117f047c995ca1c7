"""What engines, session and files have to say, in the window's language."""

from PySide6.QtCore import QCoreApplication, QLocale

from editor_core.base.message import Message, Value


def message_text(message: Message) -> str:
    """The message as a sentence; one without a translation stays English."""
    template = QCoreApplication.translate("messages", message.template)
    return template.format(**{name: _said(value) for name, value in message.values.items()})


def _said(value: Value) -> str:
    if isinstance(value, Message):
        return message_text(value)
    if isinstance(value, tuple):
        return QCoreApplication.translate("messages", ", ", "between the items of a list").join(
            map(_said, value)
        )
    if isinstance(value, str):
        return value
    locale = QLocale()
    locale.setNumberOptions(QLocale.NumberOption.OmitGroupSeparator)
    return locale.toString(value)
