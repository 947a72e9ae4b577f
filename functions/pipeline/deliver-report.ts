import { addDays, type Day } from '../calendar/day.ts';
import { type Coverage, findAccountFault } from '../capture/coverage.ts';
import type { Account } from '../config/account.ts';
import type { Mailer } from '../delivery/mailer.ts';
import { type Sending, sendOnce } from '../delivery/send-once.ts';
import { type ShareLinks, shareLink } from '../delivery/share-link.ts';
import { asShown } from '../metrics/waiting.ts';
import { problemOf } from '../observability/redact.ts';
import { contentTypeOf, fileNameOf, WORKBOOK } from '../report/formats.ts';
import type { MessageLink } from '../report/mail-message.ts';
import {
  type Attachment,
  composeNotice,
  composeReport,
  type Mailbox,
  type Message,
} from '../report/mail-message.ts';
import type { StillOpen } from '../report/notice.ts';
import type { NextAttempt, ReportInput } from '../report/report-input.ts';
import type { Lake } from '../storage/object-store.ts';
import { type DurableContext, type ExecutionProfile, REPEATABLE } from './durable.ts';
import type { PublishPorts } from './publish-day.ts';
import { readOwnReport, readOwnWorkbook } from './report-parts.ts';
import { ReportReader } from './report-reader.ts';

export interface DeliverPorts extends PublishPorts {
  readonly mailer: Mailer;
  /** Links to the report in the browser. Null where mails have none. */
  readonly views: ShareLinks | null;
  readonly executionProfile: ExecutionProfile;
}

/** The delivery of a day's report or notice. */
export interface DeliverRequest {
  readonly run: string;
  readonly day: Day;
  /** Whether a report that was sent is sent again. */
  readonly resend: boolean;
  /** Later days that are not asked, because this day's fault holds for them too. */
  readonly rest?: readonly Day[];
  /** When the missing channels are attempted again. Null where that is not known. */
  readonly next?: NextAttempt;
}

/** The result for one recipient. `recipient` is the place in the account's list, from 0. */
export interface Delivery {
  readonly recipient: number;
  readonly state: 'sent' | 'already-sent' | 'failed';
  readonly problem?: string;
}

/** Each mail may take half a minute. */
const SENT_AT_ONCE = 10;

/** For a mail that this run itself tried to send. */
const NO_RECEIPT = 'whether it was sent is not known: what came of it was lost on the way';

/** Sends the report or the notice to every recipient. A failed recipient does not stop the others. */
export async function deliverDay(
  input: DeliverRequest,
  completeness: Coverage,
  context: DurableContext,
  account: Account,
  ports: DeliverPorts,
): Promise<Delivery[]> {
  const deliveries: Delivery[] = [];
  const composer = composerOf(input, completeness, account, ports);
  for (const [recipient, to] of account.mail.to.entries()) {
    // A function that is stopped while it sends leaves a mail of unknown state. So it starts with all of its
    // time.
    if (recipient % SENT_AT_ONCE === 0) await context.yieldNow(`before recipient ${recipient + 1}`);
    deliveries.push(await deliverTo({ recipient, to }, input, composer, context, ports));
  }
  return deliveries;
}

async function deliverTo(
  { recipient, to }: { readonly recipient: number; readonly to: Mailbox },
  { run, resend }: DeliverRequest,
  { kind, compose }: Composer,
  context: DurableContext,
  ports: DeliverPorts,
): Promise<Delivery> {
  const send = async (): Promise<Sending> => {
    const message = await compose(to);
    const sending = await sendOnce(message, { run, resend }, ports);
    if (sending.state === 'sent') ports.log({ event: 'mail-sent', recipient: recipient + 1 });
    return sending;
  };
  const giveUp = async (problem: string): Promise<Delivery> => {
    // In a step, so that a replay does not log it again.
    const logFailure = async (): Promise<void> =>
      ports.log({ event: 'mail-failed', recipient: recipient + 1, problem });
    await context.step(`give up ${kind} ${recipient + 1}`, logFailure, REPEATABLE);
    return { recipient, state: 'failed', problem };
  };
  try {
    for (let attempt = 1; ; attempt += 1) {
      const name = `deliver ${kind} ${recipient + 1}${attempt > 1 ? ` again ${attempt}` : ''}`;
      const sending = await context.step(name, send, REPEATABLE);
      if (sending.state !== 'claimed') return { recipient, state: sending.state };
      const { freeInSeconds, isOwn } = sending;
      if (attempt >= ports.executionProfile.attempts) {
        const why = isOwn ? NO_RECEIPT : 'another run claimed it and gave no receipt';
        return await giveUp(`${why}; free in ${freeInSeconds} s`);
      }
      // The run with the claim may have died. It is known after the claim expires.
      await context.wait(`before ${name} again`, freeInSeconds + 5);
    }
  } catch (error) {
    return await giveUp(problemOf(error));
  }
}

interface Composer {
  readonly kind: Message['kind'];
  readonly compose: (to: Mailbox) => Promise<Message>;
}

function composerOf(
  { day, rest = [], next = null }: DeliverRequest,
  completeness: Coverage,
  account: Account,
  ports: DeliverPorts,
): Composer {
  const { only, locale, links, reading } = account;
  const { from, unsubscribe } = account.mail;
  const envelope = { account, from, unsubscribe };
  if (completeness.verdict === 'unproven') {
    const unasked = findAccountFault(completeness) === null ? [] : rest;
    const unproven = { day, only, completeness, unasked };
    const dateNow = (): string => new Date(ports.clock.now()).toISOString();
    const findOpen = once(() =>
      only === undefined ? new ReportReader(ports.lake).openDays(day) : Promise.resolve([]),
    );
    const findWaiting = once(() => findStillOpen(day, account, ports.lake));
    const compose = async (to: Mailbox): Promise<Message> => {
      const [open, stillOpen] = [await findOpen(), await findWaiting()];
      const notice = { unproven, locale, timeZone: reading.zone.name, next, open, stillOpen };
      return composeNotice(notice, { ...envelope, to, date: dateNow() });
    };
    return { kind: 'notice', compose };
  }
  // Made for the first recipient and shared by all. Nothing is made where every mail was sent before.
  const read = once(() => readContent(day, completeness, account, ports));
  const compose = async (to: Mailbox): Promise<Message> => {
    const { input, attachments } = await read();
    const link = await linkTo(day, input.summary.generatedAt, to.address, account, ports);
    return composeReport(
      { ...input, next, links, seenAt: ports.clock.now() },
      { ...envelope, to },
      link,
      attachments,
    );
  };
  return { kind: completeness.verdict === 'partial' ? 'partial' : 'report', compose };
}

/**
 * SES accepts mails of 10 MB, and a file grows by more than a third in a mail. Larger workbooks are only in the
 * lake.
 */
const MOST_ATTACHED_BYTES = 5_000_000;

async function readContent(
  day: Day,
  completeness: Coverage,
  account: Account,
  { lake }: DeliverPorts,
): Promise<{ readonly input: ReportInput; readonly attachments: readonly Attachment[] }> {
  const input = await readOwnReport({ day, completeness, counting: account }, account.locale, lake);
  const content = await readOwnWorkbook(input, lake);
  const workbook = {
    name: fileNameOf(WORKBOOK, input.summary, completeness.verdict, account),
    type: contentTypeOf(WORKBOOK),
    content,
  };
  return {
    input,
    attachments: content.byteLength > MOST_ATTACHED_BYTES ? [] : [workbook],
  };
}

/** A link is optional: where its key cannot be read, the mail goes out without it. */
async function linkTo(
  day: Day,
  generatedAt: string,
  to: string,
  { name, only }: Account,
  { views, log }: DeliverPorts,
): Promise<MessageLink | null> {
  // The link leads to the day's own report.
  if (views === null || only !== undefined) return null;
  try {
    return shareLink({ account: name, day, to, generatedAt }, views.url, await views.key());
  } catch (error) {
    log({ event: 'link-left-out', problem: problemOf(error) });
    return null;
  }
}

/** Runs `make` once and shares the result. After a failure, the next call runs it again. */
function once<Made>(make: () => Promise<Made>): () => Promise<Made> {
  let made: Promise<Made> | null = null;
  return async () => {
    made ??= make();
    try {
      return await made;
    } catch (error) {
      made = null;
      throw error;
    }
  };
}

/** On older lists, nearly every time to answer is over. */
const DAYS_BACK = [1, 2, 3];

/**
 * The newest list of waiting customers from the days before a day without a report, as readers may see it. Null
 * where there is none.
 */
export async function findStillOpen(
  day: Day,
  { contacts, only }: Account,
  lake: Pick<Lake, 'get' | 'list'>,
): Promise<StillOpen | null> {
  // A run for some channels does not know the answers on the others.
  if (only !== undefined) return null;
  const reports = new ReportReader(lake);
  for (const back of DAYS_BACK) {
    const waiting = await reports.waiting(addDays(day, -back));
    if (waiting !== null) return asShown(waiting, { contacts });
  }
  return null;
}
