import * as z from 'zod';
import { channel, instant, type Read } from '../storage/fields.ts';
import { maskCustomer } from './mask.ts';
import { countedBy } from './recipe.ts';
import { callback, callbackAgent } from './summary.ts';

const capture = z.strictObject({ day: z.iso.date(), channel, captureId: z.string() });

/** Attempts are missed chats over all days and since; what is told of the last missed chat is of these too. */
export const waitingCustomer = callback.strict().extend({
  /** As in {@link callback}: null where it was given to no agent. Left out by earlier versions, which did not know. */
  agent: callbackAgent.nullable().exactOptional(),
  /** Likewise: null where there is no ticket. */
  ticketId: z.string().nullable().exactOptional(),
  /** As whom the day's own `callbacks` have them; none where only earlier days missed them. */
  callbacks: z.array(z.string()),
});

const waitingSchema = z.strictObject({
  schema: z.literal('chat-report/waiting/1'),
  day: z.iso.date(),
  timeZone: z.string(),
  /** Up to when each channel's chats are known. */
  asOf: instant,
  /** When today was read, where some channel is not known up to then. */
  readAt: instant.exactOptional(),
  followUpDays: z.int().positive(),
  ...countedBy.shape,
  /** Of whole days, oldest first. */
  captures: z.array(capture),
  /** Of the time since, which was not over. */
  open: z.strictObject({
    captures: z.array(capture),
    /** What could not be read of it: the list is as of midnight there. */
    failed: z.array(z.strictObject({ channel, reason: z.string() })),
  }),
  waiting: z.array(waitingCustomer),
  /** Of the day's own `callbacks`, those who were answered since. */
  answered: z.array(z.strictObject({ key: z.string(), at: instant, channel })),
});

/** Who still waits, as far as was known when a day's first mail was made: `waiting.json`. */
export type Waiting = Read<z.infer<typeof waitingSchema>>;

export type WaitingCustomer = Waiting['waiting'][number];
export type AnsweredSince = Waiting['answered'][number];
/** A capture of a whole day, or of a time that was not over. */
export type WaitingCapture = Waiting['captures'][number];

export const parseWaiting = (json: unknown): Waiting => waitingSchema.parse(json);

/** The list for the readers of a report: they see of contacts what the report shows. */
export function asTold(waiting: Waiting, { contacts }: Pick<Waiting, 'contacts'>): Waiting {
  if (contacts !== 'masked') return waiting;
  const masked = waiting.waiting.map((one) => ({ ...one, customer: maskCustomer(one.customer) }));
  return { ...waiting, contacts: 'masked', waiting: masked };
}
