import { countOf, type Finding, note, ok } from './finding.ts';

/** The settings that are still what they are when nobody sets them. */
export interface MailSettings {
  readonly recipients: number;
  readonly isToSet: boolean;
  readonly isFromSet: boolean;
}

/** Whether the report would reach anybody. No address is shown. */
export function checkMail({ recipients, isToSet, isFromSet }: MailSettings): Finding {
  if (!isToSet) {
    return note(
      'mail',
      'MAIL_TO is not set: the report goes to its default, which is nobody.',
      'set MAIL_TO to who is to get the report',
    );
  }
  const says = `MAIL_TO names ${countOf(recipients, 'recipient')}.`;
  if (isFromSet) return ok('mail', says);
  return note(
    'mail',
    `${says} MAIL_FROM is not set: the mail comes from its default sender.`,
    'set MAIL_FROM to an address of yours',
  );
}
