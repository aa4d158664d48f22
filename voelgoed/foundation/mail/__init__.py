"""Mail: a row with the work that wants it, sent by a job after the commit, under one Message-ID however often."""

from voelgoed.foundation.mail.attachment import Attachment, attach_by
from voelgoed.foundation.mail.mail import Mail, MailEnd
from voelgoed.foundation.mail.write import mails_go, write_mail

__all__ = ["Attachment", "Mail", "MailEnd", "attach_by", "mails_go", "write_mail"]
