import { addDays, type Day } from '../calendar/day.ts';
import { type Coverage, findAccountFault } from '../capture/coverage.ts';
import type { Mailer } from '../delivery/mailer.ts';
import { type Sending, sendOnce } from '../delivery/send-once.ts';
import { type ShareLinks, shareLink } from '../delivery/share-link.ts';
import { asTold } from '../metrics/waiting.ts';
import { problemOf } from '../observability/redact.ts';
import { contentTypeOf, fileNameOf, WORKBOOK } from '../report/formats.ts';
import type { MessageLink } from '../report/mail-footer.ts';
import {
  type Attachment,
  composeNotice,
  composeReport,
  type Mailbox,
  type Message,
} from '../report/message.ts';
import type { NextTry } from '../report/missing.ts';
import type { StillOpen } from '../report/notice.ts';
import type { ReportInput } from '../report/report-view.ts';
import type { Lake } from '../storage/object-store.ts';
import type { Account } from './account.ts';
import { type Context, type ExecutionProfile, REPEATABLE } from './durable.ts';
import type { PublishPorts } from './publish-day.ts';
import { readOwnReport, readOwnWorkbook } from './report-parts.ts';
import { ReportReader } from './report-reader.ts';

/** Of a list from before nearly every deadline is over. */
const DAYS_BACK = [1, 2, 3];

/** The newest list of who waits of the days before one that has no report, as its reader may see it; null where there is none. */
export async function findStillOpen(
  day: Day,
  { contacts, only }: Account,
  lake: Pick<Lake, 'get' | 'list'>,
): Promise<StillOpen | null> {
  // Of some channels alone nothing is known of the others' answers.
  if (only !== undefined) return null;
  const reports = new ReportReader(lake);
  for (const back of DAYS_BACK) {
    const waiting = await reports.waiting(addDays(day, -back));
    if (waiting !== null) return asTold(waiting, { contacts });
  }
  return null;
}

export interface DeliverPorts extends PublishPorts {
  readonly mailer: Mailer;
  /** Into the browser; null where a mail has none. */
  readonly views: ShareLinks | null;
  readonly executionProfile: ExecutionProfile;
}

/** Whose mail it is, and of which day. */
export interface DeliverRequest {
  readonly run: string;
  readonly day: Day;
  /** Send the report even where it has been sent. */
  readonly resend: boolean;
  /** The days that are not asked where this one could not be read for a reason that holds for all of them. */
  readonly rest?: readonly Day[];
  /** When what is missing of the day is read again; null where that is not known. */
  readonly next?: NextTry;
}

/** What became of the message to the recipient at this place of the account's list, from 0. */
export interface Delivery {
  readonly recipient: number;
  readonly state: 'sent' | 'already-sent' | 'failed';
  readonly problem?: string;
}

/** Each may take half a minute. */
const SENT_AT_ONCE = 10;
/** SES takes a mail of 10 MB, and in a mail a file is longer by more than a third. A larger one is in the lake alone. */
const MOST_ATTACHED_BYTES = 5_000_000;

/** Of a mail that this run itself had tried to send. */
const NO_RECEIPT = 'whether it was sent is not known: what came of it was lost on the way';

/** One recipient whom a message does not reach does not cost the others theirs. */
export async function deliverDay(
  input: DeliverRequest,
  completeness: Coverage,
  context: Context,
  account: Account,
  ports: DeliverPorts,
): Promise<Delivery[]> {
  const deliveries: Delivery[] = [];
  const composer = composerOf(input, completeness, account, ports);
  for (const [recipient, to] of account.mail.to.entries()) {
    // A function that is stopped while it sends leaves a mail of which nobody knows whether it went out.
    if (recipient % SENT_AT_ONCE === 0) await context.yieldNow(`before recipient ${recipient + 1}`);
    deliveries.push(await deliverTo({ recipient, to }, input, composer, context, ports));
  }
  return deliveries;
}

async function deliverTo(
  { recipient, to }: { readonly recipient: number; readonly to: Mailbox },
  { run, resend }: DeliverRequest,
  { kind, compose }: Composer,
  context: Context,
  ports: DeliverPorts,
): Promise<Delivery> {
  const send = async (): Promise<Sending> => {
    const message = await compose(to);
    const sending = await sendOnce(message, { run, resend }, ports);
    if (sending.state === 'sent') ports.log({ event: 'mail-sent', recipient: recipient + 1 });
    return sending;
  };
  const giveUp = async (problem: string): Promise<Delivery> => {
    // In a step, so that it is said once, however often the workflow is played.
    const say = async (): Promise<void> =>
      ports.log({ event: 'mail-failed', recipient: recipient + 1, problem });
    await context.step(`give up ${kind} ${recipient + 1}`, say, REPEATABLE);
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
      // Whoever claimed it may have died over it. That is known once the claim is given up.
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
  // What is the same for all is made for the first of them; and not at all where an earlier invocation has sent to all.
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

/** What came to nothing is tried again by whoever asks next. */
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

/** The mail is complete in itself: a key that cannot be read costs it the link and nothing else. */
async function linkTo(
  day: Day,
  generatedAt: string,
  to: string,
  { name, only }: Account,
  { views, log }: DeliverPorts,
): Promise<MessageLink | null> {
  // What is behind a link is the day's own report.
  if (views === null || only !== undefined) return null;
  try {
    return shareLink({ account: name, day, to, generatedAt }, views.url, await views.key());
  } catch (error) {
    log({ event: 'link-left-out', problem: problemOf(error) });
    return null;
  }
}
