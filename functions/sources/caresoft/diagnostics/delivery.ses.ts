import {
  GetIdentityVerificationAttributesCommand,
  GetSendQuotaCommand,
  SESClient,
  type SESClientConfig,
} from '@aws-sdk/client-ses';
import { problemOf } from '../../../observability/redact.ts';
import { type Finding, fail, formatCount, note, ok } from './probe.ts';

/** The mail settings, and which of them still have their default. */
export interface MailSettings {
  readonly recipients: number;
  readonly isToSet: boolean;
  readonly isFromSet: boolean;
}

/** Whether the report has recipients. It shows no address. */
export function checkMail({ recipients, isToSet, isFromSet }: MailSettings): Finding {
  if (!isToSet) {
    return note(
      'mail',
      'MAIL_TO is not set: the report has no real recipient.',
      'set MAIL_TO to the recipients of the report',
    );
  }
  const says = `MAIL_TO names ${formatCount(recipients, 'recipient')}.`;
  if (isFromSet) return ok('mail', says);
  return note(
    'mail',
    `${says} MAIL_FROM is not set: the mail comes from the default sender.`,
    'set MAIL_FROM to your own address',
  );
}

/** The number of mails that an account in the sandbox may send in 24 hours. */
const SANDBOX_QUOTA = 200;

/** Whether SES accepts the mail: the sender, the quota and the sandbox. It shows no address. */
export async function checkSes(
  { from, recipients }: { readonly from: string; readonly recipients: number },
  client: SESClientConfig = {},
): Promise<Finding[]> {
  const requestHandler = { connectionTimeout: 5_000, requestTimeout: 10_000, throwOnRequestTimeout: true };
  const ses = new SESClient({ requestHandler, ...client });
  try {
    return [await checkSender(ses, from), await checkQuota(ses, recipients)];
  } catch (error) {
    return [
      fail(
        'ses',
        `SES cannot be asked (${problemOf(error)}).`,
        'set AWS_REGION and credentials that may ses:GetSendQuota and ses:GetIdentityVerificationAttributes',
      ),
    ];
  }
}

async function checkSender(ses: SESClient, from: string): Promise<Finding> {
  const domain = from.slice(from.lastIndexOf('@') + 1);
  const command = new GetIdentityVerificationAttributesCommand({ Identities: [from, domain] });
  const { VerificationAttributes: identities = {} } = await ses.send(command);
  const isVerified = [from, domain].some((name) => identities[name]?.VerificationStatus === 'Success');
  if (isVerified) return ok('ses-sender', 'SES knows the sender, MAIL_FROM or its domain, as verified.');
  return fail(
    'ses-sender',
    'SES has verified neither MAIL_FROM nor its domain in this Region.',
    'verify one of them in SES, or set MAIL_FROM to an address that is verified',
  );
}

async function checkQuota(ses: SESClient, recipients: number): Promise<Finding> {
  const { Max24HourSend: most = 0, SentLast24Hours: sent = 0 } = await ses.send(new GetSendQuotaCommand({}));
  // -1 means no limit.
  const left = most < 0 ? Number.POSITIVE_INFINITY : most - sent;
  if (left < recipients) {
    return fail(
      'ses-quota',
      `SES sends ${left} more mails within 24 hours, but MAIL_TO names ${formatCount(recipients, 'recipient')}.`,
      'ask AWS for a higher sending quota',
    );
  }
  if (most >= 0 && most <= SANDBOX_QUOTA) {
    return note(
      'ses-quota',
      `SES sends at most ${most} mails in 24 hours, as in the sandbox, where it reaches verified recipients only.`,
      'verify every recipient, or ask AWS for production access',
    );
  }
  return ok('ses-quota', 'The SES quota of 24 hours is large enough.');
}
