import { Aws } from 'aws-cdk-lib';
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import { Construct } from 'constructs';
import { CHANNELS } from '../functions/chats/channel.ts';
import { CHANGES_TABLE } from '../functions/warehouse/changes-table.ts';
import { CHATS_TABLE } from '../functions/warehouse/chats-table.ts';
import { DAYS_TABLE } from '../functions/warehouse/days-table.ts';
import { METRICS_TABLE } from '../functions/warehouse/metrics-table.ts';
import { type GlueColumn, type Table, toGlueColumns } from '../functions/warehouse/table.ts';
import { toArn } from './arns.ts';
import { lakeUriOf } from './lake.ts';
import type { CheckedAccount } from './read-account.ts';

/** What lies before it is in the lake, but not in the tables. */
const FIRST_DAY = '2020-01-01';

/** What values a partition column can have, by its name: Athena makes the places of the files from them. */
const PROJECTIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  dt: {
    type: 'date',
    format: 'yyyy-MM-dd',
    // Athena's now is in UTC; for hours of each day the east is a day ahead of it.
    range: `${FIRST_DAY},NOW+1DAYS`,
    interval: '1',
    'interval.unit': 'DAYS',
  },
  channel: { type: 'enum', values: CHANNELS.join() },
  month: {
    type: 'date',
    format: 'yyyy-MM',
    range: `${FIRST_DAY.slice(0, 'yyyy-MM'.length)},NOW+1MONTHS`,
    interval: '1',
    'interval.unit': 'MONTHS',
  },
};

const PARQUET = 'org.apache.hadoop.hive.ql.io.parquet';

/**
 * The tables of an account as Athena and others that ask the Glue catalogue know them. No crawler looks for new days:
 * where a day's files are follows from the day, and a day without files is an empty one.
 *
 * Athena (version 3, which is Trino) finds a column in a file by its name. Its `bigint`, `int`, `double` and `boolean`
 * are Parquet's INT64, INT32, DOUBLE and BOOLEAN, and `string` is UTF-8. Its `timestamp` has no zone and is what the
 * INT64 in the file counts, in thousandths of a second, whether Parquet says that it is an instant or a wall clock: so
 * `started_at` reads as the clocks of UTC, and `started_at_local` as those of the account.
 */
export class AnalyticsTables extends Construct {
  readonly database: CfnDatabase;

  constructor(scope: Construct, id: string, { account }: { readonly account: CheckedAccount }) {
    super(scope, id);
    this.database = new CfnDatabase(this, 'Database', {
      catalogId: Aws.ACCOUNT_ID,
      databaseInput: {
        name: account.names.database,
        description: `The chats of ${account.name} and the figures of their report. docs/data-dictionary.md`,
      },
    });
    this.addTable('Chats', account, CHATS_TABLE);
    this.addTable('Metrics', account, METRICS_TABLE);
    this.addTable('Days', account, DAYS_TABLE);
    this.addTable('Changes', account, CHANGES_TABLE);
  }

  private addTable(id: string, account: CheckedAccount, table: Table<never>): void {
    const { columns, partitionKeys } = toGlueColumns(table);
    const location = toArn(`${lakeUriOf(account)}/curated/${table.name}/`);
    new CfnTable(this, id, {
      catalogId: Aws.ACCOUNT_ID,
      databaseName: this.database.ref,
      tableInput: {
        name: table.name,
        description: table.comment,
        tableType: 'EXTERNAL_TABLE',
        partitionKeys: [...partitionKeys],
        parameters: {
          EXTERNAL: 'TRUE',
          classification: 'parquet',
          'projection.enabled': 'true',
          ...Object.fromEntries(partitionKeys.flatMap(projectionOf)),
          'storage.location.template':
            location + partitionKeys.map(({ name }) => `${name}=\${${name}}/`).join(''),
        },
        storageDescriptor: {
          columns: [...columns],
          location,
          inputFormat: `${PARQUET}.MapredParquetInputFormat`,
          outputFormat: `${PARQUET}.MapredParquetOutputFormat`,
          serdeInfo: { serializationLibrary: `${PARQUET}.serde.ParquetHiveSerDe` },
        },
      },
    });
  }
}

function projectionOf({ name }: GlueColumn): [string, string][] {
  return Object.entries(PROJECTIONS[name] ?? {}).map(([property, value]) => [
    `projection.${name}.${property}`,
    value,
  ]);
}
