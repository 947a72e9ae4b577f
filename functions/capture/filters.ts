import * as z from 'zod';
import type { Read } from '../storage/fields.ts';

/** Whose chats, as CareSoft tells them apart. */
type ChatType = 'all' | 'inbound' | 'outbound';

/** What the account was asked for besides the day and the channel; an empty list is *all*. */
export const filters = z.looseObject({
  chatType: z.string<ChatType>(),
  groups: z.array(z.string()),
  services: z.array(z.string()),
  assignees: z.array(z.string()),
});

export type Filters = Read<z.infer<typeof filters>>;
