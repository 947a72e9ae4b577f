import { describe, expect, test } from 'vitest';
import { findUnkept } from '../../functions/capture/contradictions.ts';
import { DIALECT } from '../../functions/sources/caresoft/dialect.ts';
import type { Slice } from '../../functions/sources/source.ts';
import type { Filters } from '../../functions/storage/json-record.ts';

const NONE: Filters = { chatType: 'all', groups: [], services: [], assignees: [] };
type Row = Readonly<Record<string, unknown>>;

/** What a report asks for, whose answer held these rows of a server that counts as it is said. */
async function check(
  asked: Partial<Filters>,
  rows: readonly Row[],
  count: (filters: Filters) => number,
  { names = [], isNewFilter = false }: { names?: readonly Row[]; isNewFilter?: boolean } = {},
) {
  const filters = { ...NONE, ...asked };
  const counted: Filters[] = [];
  const slice: Slice = { channel: 'zalo', window: { since: 0, to: 1 }, filters };
  const source = {
    count: async (of: Slice) => {
      counted.push(of.filters);
      return count(of.filters);
    },
    names: async () => ({
      params: '',
      status: 200,
      body: new Uint8Array(),
      rows: names,
      askedAt: '',
      answeredAt: '',
    }),
  };
  const read = async function* () {
    yield rows;
  };
  const found = await findUnkept({ slice, rows: rows.length, read, isNewFilter, dialect: DIALECT }, source);
  return { said: found && `${found.reason}: ${found.message}`, counted };
}

const times = (count: number, row: Row): Row[] => Array.from({ length: count }, () => row);
const GROUPS = [
  { group_id: 1, group_name: 'Bán hàng' },
  { group_id: 2, group_name: 'Kỹ thuật' },
];

describe('services', () => {
  test('are kept where all rows are of one that was asked for, or of none', async () => {
    const rows = [{ service_id: 7 }, { service_id: '7' }, { service_id: null }, {}];
    expect(await check({ services: ['7'] }, rows, () => 4)).toEqual({ said: null, counted: [] });
  });

  test('are not where a row of another came', async () => {
    const { said } = await check({ services: ['7'] }, [{ service_id: 7 }, { service_id: 8 }], () => 2);
    expect(said).toMatch(/^filter-not-kept: CARESOFT_SERVICES asks for 7, and rows of 8 came/);
  });
});

describe('groups', () => {
  const rows = [...times(3, { group_name: 'Bán hàng' }), { group_name: null }];

  test('are kept where without them more is counted, by any names on rows', async () => {
    const renamed = times(4, { group_name: 'Kỹ thuật' });
    expect(
      (
        await check({ groups: ['1'] }, renamed, ({ groups }) => (groups.length === 0 ? 9 : 4), {
          names: GROUPS,
        })
      ).said,
    ).toBeNull();
  });

  test('are kept where the account has no others, though the filter leaves nothing out', async () => {
    const counts = ({ groups }: Filters) => (groups.includes('2') ? 0 : 4);
    expect((await check({ groups: ['1'] }, rows, counts, { names: GROUPS })).said).toBeNull();
  });

  test('are not where nothing is left out, and rows of others came', async () => {
    const both = [...rows, { group_name: 'Kỹ thuật' }];
    const { said } = await check({ groups: ['1'] }, both, () => 5, { names: GROUPS });
    expect(said).toMatch(/^filter-not-kept: CARESOFT_GROUPS asks for 1, and rows of 2 came/);
  });

  test('are not where as much is counted by another', async () => {
    const { said } = await check({ groups: ['1'] }, rows, () => 4, { names: GROUPS });
    expect(said).toMatch(/counts 4 by them, 4 by 2 and 4 without/);
  });
});

test.each([
  ['another group', { groups: ['1'] }, ({ groups }: Filters) => groups[0] === '2'],
  ['the other kind', { chatType: 'inbound' }, ({ chatType }: Filters) => chatType === 'outbound'],
] as const)('a count of none of %s is asked for again before it is believed', async (_, asked, isOther) => {
  const rows = times(4, { group_name: 'Bán hàng' });
  let none = 0;
  const { said } = await check(
    asked,
    rows,
    (filters) => {
      if (!isOther(filters)) return 4;
      none += 1;
      return none === 1 ? 0 : 4;
    },
    { names: GROUPS },
  );
  expect(said).toMatch(/^filter-not-kept/);
});

test('agents are kept where one has left, and are not where the filter is passed over', async () => {
  const agents = [
    { id: 1, email: 'an@example.com' },
    { id: 2, email: 'binh@example.com' },
  ];
  const rows = times(2, { agent_email: 'di-roi@example.com' });
  const counts = ({ assignees }: Filters) => (assignees.length === 0 ? 8 : 2);
  expect((await check({ assignees: ['1'] }, rows, counts, { names: agents })).said).toBeNull();
  const all = [{ agent_email: 'an@example.com' }, { agent_email: 'binh@example.com' }];
  expect((await check({ assignees: ['1'] }, all, () => 2, { names: agents })).said).toMatch(
    /^filter-not-kept: CARESOFT_ASSIGNEES/,
  );
});

describe('of several ids', () => {
  test('the sum is asked for once for new filters: a server may read the last alone', async () => {
    const rows = times(3, { service_id: 8 });
    // By both 3, by the first alone 5, by the last 3.
    const counts = ({ services }: Filters) => (services.length === 1 && services[0] === '7' ? 5 : 3);
    const asked = { services: ['7', '8'] };
    expect((await check(asked, rows, counts)).said).toBeNull();
    const { said } = await check(asked, rows, counts, { isNewFilter: true });
    expect(said).toMatch(/counts 3 by all of them and 8 by one after the other/);
  });

  test('all are kept where they add up', async () => {
    const rows = [...times(5, { service_id: 7 }), ...times(3, { service_id: 8 })];
    const counts = ({ services }: Filters) =>
      (services.includes('7') ? 5 : 0) + (services.includes('8') ? 3 : 0);
    const { said, counted } = await check({ services: ['7', '8'] }, rows, counts, { isNewFilter: true });
    expect([said, counted.length]).toEqual([null, 2]);
  });
});

describe('CHAT_TYPE=inbound', () => {
  test.each([
    ['is kept', { inbound: 9, outbound: 1, all: 10 }, null],
    ['is kept where no chat is of the other kind', { inbound: 10, outbound: 0, all: 10 }, null],
    ['is passed over', { inbound: 10, outbound: 10, all: 10 }, /10 inbound, 10 outbound and 10 in all/],
    ['is read as not set', { inbound: 10, outbound: 1, all: 10 }, /10 inbound, 1 outbound and 10 in all/],
  ])('%s', async (_title, counts, says) => {
    const { said } = await check(
      { chatType: 'inbound' },
      times(counts.inbound, {}),
      ({ chatType }) => counts[chatType],
    );
    if (says === null) expect(said).toBeNull();
    else expect(said).toMatch(says);
  });
});

test('nothing is asked where nothing came, or by no filter', async () => {
  expect((await check({ groups: ['1'] }, [], () => 0)).counted).toEqual([]);
  expect((await check({}, times(3, { service_id: 8 }), () => 3)).counted).toEqual([]);
});
