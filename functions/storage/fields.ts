import * as z from 'zod';
import { CHANNELS } from '../chat/channel.ts';

/** The fields that records have in common. */

export const channel = z.enum(CHANNELS, { error: `can be ${CHANNELS.join(', ')}` });

export const count = z.int().nonnegative();

/** ISO 8601, in UTC or with an offset. */
export const instant = z.iso.datetime({ offset: true });

/** Whose chats, as CareSoft tells them apart. */
type ChatType = 'all' | 'inbound' | 'outbound';

/** What an account was asked for besides the day and the channel; an empty list is *all*. */
export const filters = z.looseObject({
  chatType: z.string<ChatType>(),
  groups: z.array(z.string()),
  services: z.array(z.string()),
  assignees: z.array(z.string()),
});
export type Filters = Read<z.infer<typeof filters>>;

/**
 * A record as those see it who read it: what its schema names, and nothing of it to be changed. It may hold more, which
 * is passed over.
 */
export type Read<Value> = Value extends readonly (infer Entry)[]
  ? readonly Read<Entry>[]
  : Value extends object
    ? { readonly [Key in keyof Value as IsUnnamed<Value, Key> extends true ? never : Key]: Read<Value[Key]> }
    : Value;

/** A loose object says of what it does not name that it is unknown. */
type IsUnnamed<Value, Key extends keyof Value> = string extends Key
  ? unknown extends Value[Key]
    ? true
    : false
  : false;
