import type { Completeness } from '../capture/completeness.ts';
import type { Mailer } from '../deliver/mailer.ts';
import { type Sending, sendOnce } from '../deliver/send-once.ts';
import { type ViewLinks, viewLink } from '../deliver/view-token.ts';
import { problemOf } from '../log/redact.ts';
import { composeNotice, composeReport, type Message } from '../report/message.ts';
import type { MessageLink } from '../report/message-link.ts';
import type { Day } from '../time/report-day.ts';
import type { Account } from './account.ts';
import type { Endurance } from './capture-day.ts';
import { type Context, REPEATABLE } from './context.ts';
import { type PublishPorts, readReport } from './publish-day.ts';

export interface DeliverPorts extends PublishPorts {
  readonly mailer: Mailer;
  /** Into the browser; null where a mail has none. */
  readonly views: ViewLinks | null;
  readonly endurance: Endurance;
}

/** Whose mail it is, and of which day. */
export interface DeliverRequest {
  readonly run: string;
  readonly day: Day;
  /** Send the report even where it has been sent. */
  readonly resend: boolean;
}

/** What became of the message to the recipient at this place of the account's list, from 0. */
export interface Delivery {
  readonly recipient: number;
  readonly state: 'sent' | 'already-sent' | 'failed';
  readonly problem?: string;
}

/** Each may take half a minute. */
const SENT_AT_ONCE = 10;

/** One recipient whom a message does not reach does not cost the others theirs. */
export async function deliverDay(
  input: DeliverRequest,
  completeness: Completeness,
  context: Context,
  account: Account,
  ports: DeliverPorts,
): Promise<Delivery[]> {
  const deliveries: Delivery[] = [];
  for (const recipient of account.mail.to.keys()) {
    // A function that is stopped while it sends leaves a mail of which nobody knows whether it went out.
    if (recipient % SENT_AT_ONCE === 0) await context.breathe(`before recipient ${recipient + 1}`);
    deliveries.push(await deliverTo(recipient, input, completeness, context, account, ports));
  }
  return deliveries;
}

async function deliverTo(
  recipient: number,
  { run, day, resend }: DeliverRequest,
  completeness: Completeness,
  context: Context,
  account: Account,
  ports: DeliverPorts,
): Promise<Delivery> {
  const kind = completeness.verdict === 'proven' ? 'report' : 'notice';
  const send = async (): Promise<Sending> => {
    const message = await compose(recipient, day, completeness, account, ports);
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
      const { freeInSeconds } = sending;
      if (attempt >= ports.endurance.attempts) {
        return await giveUp(`another run claimed it and gave no receipt; free in ${freeInSeconds} s`);
      }
      // Whoever claimed it may have died over it. That is known once the claim is given up.
      await context.wait(`before ${name} again`, freeInSeconds + 5);
    }
  } catch (error) {
    return await giveUp(problemOf(error));
  }
}

async function compose(
  recipient: number,
  day: Day,
  completeness: Completeness,
  account: Account,
  ports: DeliverPorts,
): Promise<Message> {
  const { lake, clock } = ports;
  const { locale, reading, mail } = account;
  const envelope = { from: mail.from, to: mail.to[recipient] ?? '' };
  if (completeness.verdict === 'proven') {
    const input = await readReport(day, completeness, account, lake);
    const link = await linkTo(day, input.summary.generatedAt, envelope.to, account, ports);
    return composeReport(input, envelope, link);
  }
  const notice = { unproven: { day, completeness }, locale, timeZone: reading.zone.name };
  return composeNotice(notice, { ...envelope, date: new Date(clock.now()).toISOString() });
}

/** The mail is complete in itself: a key that cannot be read costs it the link and nothing else. */
async function linkTo(
  day: Day,
  generatedAt: string,
  to: string,
  { name }: Account,
  { views, log }: DeliverPorts,
): Promise<MessageLink | null> {
  if (views === null) return null;
  try {
    return viewLink({ account: name, day, to, generatedAt }, views.url, await views.key());
  } catch (error) {
    log({ event: 'link-left-out', problem: problemOf(error) });
    return null;
  }
}
