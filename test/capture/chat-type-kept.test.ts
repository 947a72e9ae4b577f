import { expect, test } from 'vitest';
import { findUnkept } from '../../functions/capture/kept-as-asked.ts';

const filters = { chatType: 'inbound', groups: [], services: [], assignees: [] } as const;
const slice = { channel: 'zalo', window: { since: 0, to: 1 }, filters } as const;

test.each([
  ['is kept', { inbound: 9, outbound: 1, all: 10 }, null],
  ['is kept where no chat is of the other kind', { inbound: 10, outbound: 0, all: 10 }, null],
  ['is passed over', { inbound: 10, outbound: 10, all: 10 }, /10 inbound, 10 outbound and 10 in all/],
  ['is read as not set', { inbound: 10, outbound: 1, all: 10 }, /10 inbound, 1 outbound and 10 in all/],
])('CHAT_TYPE=inbound %s', async (_title, counts, says) => {
  const source = {
    count: async ({ filters: { chatType } }: { filters: { chatType: keyof typeof counts } }) =>
      counts[chatType],
    names: () => Promise.reject(new Error('no names are asked for')),
  };
  const asked = { slice, rows: counts.inbound, read: async function* () {}, isNewFilter: false };
  const found = await findUnkept(asked, source);
  if (says === null) expect(found).toBeNull();
  else expect(found).toMatchObject({ reason: 'filter-not-kept', message: expect.stringMatching(says) });
});
