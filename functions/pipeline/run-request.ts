import * as z from 'zod';
import { CHANNELS } from '../chat/channel.ts';
import { addDays, type Day, dayAt, isDay } from '../time/report-day.ts';

/** What the workflow is started with. The same name is always started with the same request. */
export const runRequestSchema = z.strictObject({
  run: z.string(),
  day: z.string().refine(isDay),
  /** Null for all that the account has. */
  channels: z.array(z.enum(CHANNELS)).min(1).readonly().nullable(),
  refresh: z.boolean(),
  resend: z.boolean(),
  /** Whether the recipients get what comes of it. */
  deliver: z.boolean(),
  /** Asked for together with other days: such a run makes none of them right, nor waits for a next try. */
  isOfRange: z.literal(true).optional(),
});
export type RunRequest = Readonly<z.infer<typeof runRequestSchema>>;

/** From the schedule: the time it was due, whenever it came. */
export const scheduledSchema = z.strictObject({ scheduledTime: z.iso.datetime({ offset: true }) });

/** From a person: a day and, for whoever wants a second call to be the same run, which attempt at it this is. */
const askedSchema = z.strictObject({
  day: z.string().refine(isDay, { error: 'is no day, written YYYY-MM-DD' }),
  attempt: z.int().min(1).max(999).optional(),
  refresh: z.boolean().default(false),
  resend: z.boolean().default(false),
});

/** The event is none that starts a run. */
export class WrongRequestError extends Error {
  override readonly name = 'WrongRequestError';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    // Whoever reads it has nothing to look for in the code.
    this.stack = `${this.name}: ${message}`;
  }
}

/** Whose runs they are, and in which zone a day ends. */
export interface RunsOf {
  readonly account: string;
  readonly timeZone: string;
}

/**
 * The run that an event asks for: yesterday's where it comes from the schedule, as of the time that was due. A name is
 * for one run for ever, so an event that comes twice starts one. Whoever asks without a number wants another try, and
 * gets it: a run that has failed would answer to its old name.
 *
 * @param now in milliseconds since 1970
 * @throws WrongRequestError that says all that is wrong
 */
export function readRunRequest(event: unknown, { account, timeZone }: RunsOf, now: number): RunRequest {
  const scheduled = scheduledSchema.safeParse(event);
  if (scheduled.success) {
    const day = dayBefore(scheduled.data.scheduledTime, timeZone);
    return { run: `${account}-${day}-1`, day, channels: null, refresh: false, resend: false, deliver: true };
  }
  const asked = askedSchema.safeParse(event);
  if (!asked.success) {
    const problems = asked.error.issues.map(({ path, message }) => `${path.join('.') || 'event'} ${message}`);
    throw new WrongRequestError(problems.join('; '));
  }
  const { day, attempt, refresh, resend } = asked.data;
  if (day >= dayAt(now, timeZone)) throw new WrongRequestError(`day ${day} is not over yet in ${timeZone}`);
  const which = attempt ?? `at-${Math.floor(now / 1_000).toString(36)}`;
  return { run: `${account}-${day}-${which}`, day, channels: null, refresh, resend, deliver: true };
}

/** The day before an instant, ISO 8601, in the zone. */
export function dayBefore(instant: string, timeZone: string): Day {
  return addDays(dayAt(Date.parse(instant), timeZone), -1);
}
