import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import type { OpenedStage, OpenStage, YardstickId } from './measured.ts';
import { capturesOf, DAY, pagesOf } from './places.ts';

/**
 * What the stages are held against: the floor, and DuckDB with plain SQL over the same pages. DuckDB leaves out what the
 * program takes care of: unreadable values, copies, persons, callbacks.
 */

export const YARDSTICKS: Readonly<Record<YardstickId, OpenStage>> = {
  floor: (lake) => openFloor(pathsOf(lake)),
  'floor-of-days': (lake) => openFloor(pathsOf(lake, '*')),
  'duck-figures': (lake) => openDuck(lake, ['figures'], 1),
  'duck-table': (lake) => openDuck(lake, ['table'], 1),
  'duck-both': (lake) => openDuck(lake, ['figures', 'table'], 1),
  'duck-both-threads': (lake) => openDuck(lake, ['figures', 'table']),
};

function openFloor(paths: readonly string[]): OpenedStage {
  return {
    work: () => {
      for (const path of paths) JSON.parse(String(gunzipSync(readFileSync(path))));
    },
  };
}

function pathsOf(lake: string, day?: string): string[] {
  return capturesOf(lake, day).flatMap((capture) => pagesOf(capture).map(({ path }) => path));
}

/** The columns that figures need, by the fields of a row. */
const COUNTED = {
  ...{ conversation_id: 'VARCHAR', customer_id: 'VARCHAR', cus_phone: 'VARCHAR', cus_email: 'VARCHAR' },
  ...{ start_time: 'TIMESTAMP', meet_time: 'VARCHAR', end_time: 'VARCHAR' },
  ...{ waitTime: 'VARCHAR', answer_time: 'VARCHAR', chat_duration: 'VARCHAR', chat_status: 'VARCHAR' },
  ...{ agent_email: 'VARCHAR', group_name: 'VARCHAR', service_id: 'VARCHAR', landing_page: 'VARCHAR' },
};
const ALL = {
  ...COUNTED,
  ...{ ticket_id: 'VARCHAR', ticket_no: 'VARCHAR', cus_name: 'VARCHAR', agent_name: 'VARCHAR' },
  ...{ ring_time: 'VARCHAR', referrer: 'VARCHAR', is_trigger: 'VARCHAR', facebook_page_id: 'VARCHAR' },
};

const TIMES = ['wait', 'abandon_wait', 'handle', 'duration'];
const GROUPED = ['channel', 'hour', 'agent_email', 'group_name', 'service_id', 'landing_page_key'];

const part = (text: string, at: number): string => `try_cast(split_part(${text}, ':', ${at}) AS BIGINT)`;
const lengthOf = (text: string): string =>
  `(${part(text, 1)} * 3600 + ${part(text, 2)} * 60 + ${part(text, 3)})`;
const instant = (text: string): string => `epoch(try_cast(${text} AS TIMESTAMP))`;

/** The day's chats. What one statement reads needs no table. */
function readChats(
  pages: readonly string[],
  columns: Readonly<Record<string, string>>,
  kept: 'TABLE' | 'VIEW',
): string {
  const row = Object.entries(columns)
    .map(([name, type]) => `${name} ${type}`)
    .join();
  const files = pages.map((page) => `'${page}'`).join();
  return `
    CREATE TEMP ${kept} chats AS
    WITH raw AS (
      SELECT unnest(chats, recursive := true), regexp_extract(filename, 'channel=(\\w+)', 1) AS channel
      FROM read_json([${files}], format = 'unstructured', columns = {'chats': 'STRUCT(${row})[]'},
        filename = true, maximum_object_size = 268435456)
    ),
    typed AS (
      SELECT *,
        CASE chat_status WHEN 'LBL_CHAT_STATUS_MEET' THEN 'answered' WHEN 'LBL_CHAT_STATUS_MISS' THEN 'missed'
          ELSE 'other' END AS status,
        start_time AS started_at, hour(start_time) AS hour,
        epoch(start_time) AS start, ${instant('meet_time')} AS met, ${instant('end_time')} AS ended,
        ${lengthOf('waitTime')} AS waited, ${lengthOf('answer_time')} AS answering,
        try_cast(chat_duration AS BIGINT) AS lasted,
        regexp_extract(landing_page, '^https?://([^?#]*)', 1) AS landing_page_key,
        coalesce(customer_id, nullif(cus_phone, ''), nullif(cus_email, ''), conversation_id) AS customer
      FROM raw WHERE start_time >= TIMESTAMP '${DAY}' AND start_time < TIMESTAMP '${DAY}' + INTERVAL 1 DAY
    )
    SELECT *,
      CASE WHEN status = 'answered' THEN coalesce(waited, met - start) END AS wait_seconds,
      CASE WHEN status = 'missed' AND waited > 0 THEN waited END AS abandon_wait_seconds,
      CASE WHEN status = 'answered' THEN coalesce(answering, ended - met) END AS handle_seconds,
      CASE WHEN status = 'answered' THEN coalesce(lasted, ended - start) END AS duration_seconds
    FROM typed`;
}

/** Counts and times for the day, for each list of the report, and for each hour of a channel. */
const FIGURES = `
  SELECT ${GROUPED.join()},
    count(*) AS chats, count(DISTINCT customer) AS customers,
    count(*) FILTER (status = 'answered') AS answered, count(*) FILTER (status = 'missed') AS missed,
    count(*) FILTER (wait_seconds <= 60) AS within,
    ${TIMES.map(
      (name) =>
        `count(${name}_seconds), sum(${name}_seconds), max(${name}_seconds), quantile_disc(${name}_seconds, [0.5, 0.9, 0.95])`,
    ).join()}
  FROM chats
  GROUP BY GROUPING SETS ((), ${GROUPED.map((column) => `(${column})`).join()}, (channel, hour))`;

const writeTable = (path: string): string => `
  COPY (SELECT * FROM chats ORDER BY channel, started_at, conversation_id)
  TO '${path}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 16384)`;

/** @param threads left out: as many as DuckDB takes */
async function openDuck(
  lake: string,
  makes: readonly ('figures' | 'table')[],
  threads?: number,
): Promise<OpenedStage> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const path = `${lake}.duck-${process.pid}.parquet`;
  const statements = [
    readChats(pathsOf(lake), makes.includes('table') ? ALL : COUNTED, makes.length > 1 ? 'TABLE' : 'VIEW'),
    ...makes.map((one) => (one === 'figures' ? FIGURES : writeTable(path))),
  ];
  const options: Record<string, string> = threads === undefined ? {} : { threads: String(threads) };
  return {
    work: async (): Promise<void> => {
      const instance = await DuckDBInstance.create(':memory:', options);
      const connection = await instance.connect();
      for (const statement of statements) (await connection.runAndReadAll(statement)).getRowObjectsJS();
      connection.closeSync();
      instance.closeSync();
    },
    clear: () => rm(path, { force: true }),
  };
}
