import type { Distribution, Figures } from '../../functions/metrics/measures.ts';
import type { Callback, FollowUp } from '../../functions/metrics/summary.ts';
import { type Ask, toPlain } from './duck.ts';
import { canonical } from './people-in-sql.ts';

const DISTRIBUTIONS = ['wait', 'abandon_wait', 'handle', 'duration'] as const;

const distribution = (name: string) => `
  count(${name}_seconds) AS ${name}_count,
  coalesce(sum(${name}_seconds), 0)::DOUBLE AS ${name}_sum,
  sum(${name}_seconds)::DOUBLE / count(${name}_seconds) AS ${name}_mean,
  quantile_disc(${name}_seconds, 0.50) AS ${name}_p50,
  quantile_disc(${name}_seconds, 0.90) AS ${name}_p90,
  quantile_disc(${name}_seconds, 0.95) AS ${name}_p95,
  max(${name}_seconds) AS ${name}_max`;

/** Every figure once more, from the table alone: none of the rules of `docs/figures.md` is needed for it. */
const figures = (thresholdSeconds: number) => `
  count(*) AS chats,
  count(DISTINCT customer) AS customers,
  count(*) FILTER (status = 'answered') AS answered,
  count(*) FILTER (status = 'missed') AS missed,
  count(*) FILTER (status = 'other') AS other,
  missed / nullif(answered + missed, 0) AS missed_rate,
  count(*) FILTER (wait_seconds <= ${thresholdSeconds}) AS within,
  within / nullif(answered + missed, 0) AS service_level,
  ${DISTRIBUTIONS.map(distribution).join(',')}`;

export type Keyed = { readonly key: string | null; readonly name: string | null } & Figures;

/** The figures by each value of an expression, in the order of the report; of no group at all where there is none. */
export async function figuresBy(
  ask: Ask,
  day: string,
  by: string | null,
  thresholdSeconds = 60,
): Promise<Keyed[]> {
  const latest = `arg_max(agent_name, (started_at, conversation_id, channel)) FILTER (agent_name IS NOT NULL)`;
  // Of several spellings that read alike the most frequent is shown.
  const rows = await ask(`
    SELECT
      CASE WHEN any_value(canonical) IS NOT NULL THEN arg_min(spelling, (-times, spelling)) END AS key,
      ${latest} AS name, ${figures(thresholdSeconds)}
    FROM (
      SELECT *, ${by ?? 'NULL'} AS spelling, ${canonical(by ?? 'NULL')} AS canonical,
        count(*) OVER (PARTITION BY spelling) AS times
      FROM chats WHERE dt = '${day}'
    ) ${by === null ? '' : 'GROUP BY canonical'}
    ORDER BY chats DESC, key ASC NULLS LAST`);
  return rows.map((row) => toFigures(row, thresholdSeconds));
}

export const NO_FIGURES: Figures = (() => {
  const none: Distribution = { count: 0, sum: 0, mean: null, p50: null, p90: null, p95: null, max: null };
  return {
    ...{ chats: 0, customers: 0, answered: 0, missed: 0, other: 0, missedRate: null },
    serviceLevel: { thresholdSeconds: 60, within: 0, rate: null },
    ...{ waitSeconds: none, abandonWaitSeconds: none, handleSeconds: none, durationSeconds: none },
  };
})();

function toFigures(row: Readonly<Record<string, unknown>>, thresholdSeconds: number): Keyed {
  const at = (name: string) => toPlain(row[name]);
  const spread = (name: string) =>
    Object.fromEntries(
      ['count', 'sum', 'mean', 'p50', 'p90', 'p95', 'max'].map((field) => [field, at(`${name}_${field}`)]),
    );
  return {
    ...{ key: at('key'), name: at('name') },
    ...{ chats: at('chats'), customers: at('customers'), answered: at('answered'), missed: at('missed') },
    ...{ other: at('other'), missedRate: at('missed_rate') },
    serviceLevel: { thresholdSeconds, within: at('within'), rate: at('service_level') },
    waitSeconds: spread('wait'),
    abandonWaitSeconds: spread('abandon_wait'),
    handleSeconds: spread('handle'),
    durationSeconds: spread('duration'),
  } as unknown as Keyed;
}

/** The settings that two of these are by are not in the tables, and of agents only what each chat calls them. */
type CallbackInChats = Omit<Callback, 'replyBy' | 'cause' | 'agent' | 'ticketId'>;

/** What the query for callbacks in `docs/queries.md` gives, as `summary.json` has it. */
export function toCallback(row: Readonly<Record<string, unknown>>): CallbackInChats {
  const at = (name: string) => toPlain(row[name]);
  return {
    customer: { key: at('customer_key'), name: at('name'), phone: at('phone'), email: at('email') },
    channels: at('channels'),
    attempts: at('attempts'),
    firstMissedAt: at('first_missed_at'),
    lastMissedAt: at('last_missed_at'),
    lastChannel: at('last_channel'),
    waitedSeconds: at('waited_seconds'),
    ticketNo: at('ticket_no'),
    conversationId: at('conversation_id'),
  } as unknown as CallbackInChats;
}

/** Customers who were missed, and had an answered chat that began after their last missed one. */
export async function recoveredIn(ask: Ask, day: string): Promise<unknown> {
  const [row] = await ask(`
    SELECT count(*) AS recovered
    FROM (
      SELECT
        max(started_at) FILTER (status = 'missed') AS last_missed,
        max(started_at) FILTER (status = 'answered') AS last_answered
      FROM chats WHERE dt = '${day}' GROUP BY customer
    )
    WHERE last_answered > last_missed`);
  return toPlain(row?.recovered);
}

/** What became of customers, by their keys. Whoever stands for one chat has a key that no other customer has. */
export async function followUpIn(
  ask: Ask,
  day: string,
  keys: readonly string[],
): Promise<Omit<FollowUp, 'day' | 'generatedAt'>> {
  const list = keys.map((key) => `'${key.replaceAll("'", "''")}'`).join();
  const [row = {}] = await ask(`
    WITH named AS (SELECT unnest(CAST([${list}] AS VARCHAR[])) AS key),
    came AS (
      SELECT customer, bool_or(status = 'answered') AS is_answered
      FROM chats WHERE dt = '${day}' AND status <> 'other' GROUP BY customer
    )
    SELECT
      count(*) AS customers,
      count(*) FILTER (is_answered) AS answered,
      count(*) FILTER (NOT is_answered) AS "missedAgain",
      count(*) FILTER (is_answered IS NULL AND key NOT LIKE 'chat:%') AS silent,
      count(*) FILTER (key LIKE 'chat:%') AS unrecognizable
    FROM named LEFT JOIN came ON came.customer = named.key AND key NOT LIKE 'chat:%'`);
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, toPlain(value)]),
  ) as unknown as FollowUp;
}
