import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type LocalServer, serveLocally } from './serve-locally.ts';

/** What SES answers instead of sending, by its own code. Each is `HTTP status` and its own words. */
const REFUSALS = {
  Throttling: [400, 'Maximum sending rate exceeded.'],
  DailyQuota: [400, 'Daily message quota exceeded.'],
  MessageRejected: [
    400,
    'Email address is not verified. The following identities failed the check in region EU-WEST-1: {to}, {from}',
  ],
  MailFromDomainNotVerifiedException: [400, 'The MAIL FROM domain bounce.example.com is not verified'],
  AccountSendingPausedException: [400, 'Sending is paused for this account.'],
  ConfigurationSetDoesNotExist: [400, 'Configuration set <{set}> does not exist.'],
  ConfigurationSetSendingPausedException: [400, 'Sending is paused for configuration set <{set}>.'],
  AccessDenied: [
    403,
    'User `arn:aws:sts::123456789012:assumed-role/report/x’ is not authorized to perform `ses:SendRawEmail’ on resource `arn:aws:ses:eu-west-1:123456789012:identity/{from}’',
  ],
  InvalidClientTokenId: [403, 'The security token included in the request is invalid.'],
  SignatureDoesNotMatch: [403, 'Signature expired: 20261121T000000Z is now earlier than 20261121T010000Z'],
  InvalidParameterValue: [400, 'Local address contains control or whitespace: {to}'],
  InternalFailure: [500, 'The request processing has failed because of an unknown error.'],
  ServiceUnavailable: [503, 'Service is unavailable.'],
} as const satisfies Record<string, readonly [number, string]>;

/** What befalls a SendRawEmail. `accepted-…`: the mail goes out all the same. */
export type SesFault =
  | keyof typeof REFUSALS
  /** A page of something in between, with this status; of 403 and 404 as well-formed as an answer of SES. */
  | 403
  | 404
  | 413
  | 502
  | 'reset'
  | 'accepted-reset'
  | 'stalled'
  | 'accepted-stalled'
  /** The answer begins and never ends. */
  | 'accepted-stalled-within'
  /** It takes a fifth of a second. */
  | 'slow';

/** A mail as SES took it. */
interface SesMail {
  readonly messageId: string;
  readonly source: string;
  readonly destinations: readonly string[];
  readonly configurationSet: string | null;
  /** To the byte. */
  readonly raw: Buffer;
}

export interface Ses extends LocalServer {
  /** The mails that went out. */
  readonly mails: readonly SesMail[];
  /** How often each action was asked for, whatever came of it. */
  readonly asked: ReadonlyMap<string, number>;
  /** One for each SendRawEmail to come, the first first; once they are used up, mail goes out. */
  readonly faults: SesFault[];
  /** Recipients to whom nothing is sent, as in the sandbox. */
  readonly unverified: Set<string>;
  readonly account: SesAccount;
  /** Told of each SendRawEmail before anything comes of it. */
  onSend: () => void;
}

export interface SesAccount {
  isSendingEnabled: boolean;
  /** Mails in 24 hours; -1 for no limit. */
  max24HourSend: number;
  maxSendRate: number;
  sentLast24Hours: number;
  /** By address or domain; those that are not here are unknown to SES. */
  readonly identities: Map<string, 'Pending' | 'Success' | 'Failed' | 'TemporaryFailure' | 'NotStarted'>;
}

const NAMESPACE = 'http://ses.amazonaws.com/doc/2010-12-01/';

/** SES, version 1 of its API, as far as a report and a check of it need it. */
export async function startSes(account: Partial<SesAccount> = {}): Promise<Ses> {
  const mails: SesMail[] = [];
  const asked = new Map<string, number>();
  const faults: SesFault[] = [];
  const unverified = new Set<string>();
  const state: SesAccount = {
    isSendingEnabled: true,
    max24HourSend: 50_000,
    maxSendRate: 14,
    sentLast24Hours: 0,
    identities: new Map(),
    ...account,
  };

  const take = (form: URLSearchParams): SesMail => {
    const mail: SesMail = {
      messageId: `0102${randomUUID()}-000000`,
      source: form.get('Source') ?? '',
      destinations: members(form, 'Destinations'),
      configurationSet: form.get('ConfigurationSetName'),
      raw: Buffer.from(form.get('RawMessage.Data') ?? '', 'base64'),
    };
    mails.push(mail);
    state.sentLast24Hours += 1;
    return mail;
  };

  const send = async (form: URLSearchParams, response: ServerResponse): Promise<void> => {
    const isUnverified = members(form, 'Destinations').some((to) => unverified.has(to));
    const fault = faults.shift() ?? (isUnverified ? 'MessageRejected' : null);
    if (typeof fault === 'number') return page(response, fault);
    if (isRefusal(fault)) return refuse(response, fault, form);
    if (fault === 'slow') await sleep(200);
    const isLost = fault === 'reset' || fault === 'stalled';
    const result = isLost ? '' : answerOf('SendRawEmail', `<MessageId>${take(form).messageId}</MessageId>`);
    answerMail(response, fault, result);
  };

  const server = await serveLocally(async ({ body }, response) => {
    const form = new URLSearchParams(body.toString());
    const action = form.get('Action') ?? '';
    asked.set(action, (asked.get(action) ?? 0) + 1);
    if (action === 'SendRawEmail') {
      ses.onSend();
      return await send(form, response);
    }
    const result = tell(action, form, state);
    if (result === null) return xml(response, 400, errorOf('InvalidAction', `No action ${action}`));
    xml(response, 200, answerOf(action, result));
  });
  const ses: Ses = { ...server, mails, asked, faults, unverified, account: state, onSend: () => {} };
  return ses;
}

function isRefusal(fault: SesFault | null): fault is keyof typeof REFUSALS {
  return fault !== null && fault in REFUSALS;
}

function answerMail(response: ServerResponse, fault: SesFault | null, result: string): void {
  switch (fault) {
    case 'reset':
    case 'accepted-reset':
      response.destroy();
      return;
    case 'stalled':
    case 'accepted-stalled':
      return;
    case 'accepted-stalled-within':
      response.writeHead(200, { 'content-type': 'text/xml' }).write(result.slice(0, 40));
      return;
    default:
      xml(response, 200, result);
  }
}

function tell(action: string, form: URLSearchParams, state: SesAccount): string | null {
  const { max24HourSend, maxSendRate, sentLast24Hours, isSendingEnabled, identities } = state;
  switch (action) {
    case 'GetSendQuota':
      return `<Max24HourSend>${max24HourSend.toFixed(1)}</Max24HourSend><MaxSendRate>${maxSendRate.toFixed(1)}</MaxSendRate><SentLast24Hours>${sentLast24Hours.toFixed(1)}</SentLast24Hours>`;
    case 'GetAccountSendingEnabled':
      return `<Enabled>${isSendingEnabled}</Enabled>`;
    case 'GetIdentityVerificationAttributes': {
      const entries = members(form, 'Identities').flatMap((identity) => {
        const status = identities.get(identity);
        const value = `<value><VerificationStatus>${status}</VerificationStatus></value>`;
        return status ? [`<entry><key>${escapeXml(identity)}</key>${value}</entry>`] : [];
      });
      return `<VerificationAttributes>${entries.join('')}</VerificationAttributes>`;
    }
    default:
      return null;
  }
}

function refuse(response: ServerResponse, fault: keyof typeof REFUSALS, form: URLSearchParams): void {
  const [status, words] = REFUSALS[fault];
  const says = words
    .replaceAll('{to}', members(form, 'Destinations').join())
    .replaceAll('{from}', form.get('Source') ?? '')
    .replaceAll('{set}', form.get('ConfigurationSetName') ?? '');
  xml(response, status, errorOf(fault === 'DailyQuota' ? 'Throttling' : fault, says));
}

/** The members of a list: `Name.member.1`, `Name.member.2`, … */
function members(form: URLSearchParams, name: string): string[] {
  return [...form].flatMap(([key, value]) => (key.startsWith(`${name}.member.`) ? [value] : []));
}

function answerOf(action: string, result: string): string {
  const metadata = `<ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata>`;
  return `<${action}Response xmlns="${NAMESPACE}"><${action}Result>${result}</${action}Result>${metadata}</${action}Response>`;
}

function errorOf(code: string, message: string): string {
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${escapeXml(message)}</Message></Error>`;
  return `<ErrorResponse xmlns="${NAMESPACE}">${error}<RequestId>${randomUUID()}</RequestId></ErrorResponse>`;
}

function xml(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'text/xml' }).end(body);
}

function page(response: ServerResponse, status: number): void {
  response
    .writeHead(status, { 'content-type': 'text/html' })
    .end(`<html><h1>${status}</h1>${status > 404 ? '<hr>' : ''}</html>`);
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
