import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parquetMetadata } from 'hyparquet';
import { describe, expect, test } from 'vitest';
import { monthOf } from '../../functions/calendar/day.ts';
import { CHANNELS } from '../../functions/chats/channel.ts';
import {
  curatedChangesKey,
  curatedChatsKey,
  curatedDaysKey,
  curatedMetricsKey,
} from '../../functions/storage/layout.ts';
import { DAY_ON_THE_PAGE, readQueries, yesterdayIn } from '../../lib/analytics-workgroup.ts';
import { DAY, oneMachine } from '../pipeline/one-machine.ts';
import { openDuck } from '../warehouse/duck.ts';
import { demo, second } from './deployments.ts';
import { ofType, synthesize, toList, toText } from './synthesize.ts';

const { of: stacksOf } = await synthesize();
const lakeOf = (account: string): string => `s3://chat-report-${account}-lake-<AWS::AccountId>`;
const RESULTS = 'chat-report-demo-2-results-<AWS::AccountId>';

interface Column {
  readonly Name: string;
  readonly Type: string;
  readonly Comment: string;
}

/** The properties of the only resource of a type that is of the account. */
function of(account: string, type: string, end = '') {
  const found = ofType(stacksOf(account).analytics, type).filter(([name]) => name.startsWith(end));
  expect(found, `${account} ${type} ${end}`).toHaveLength(1);
  return found[0]?.[1].Properties;
}

const TABLES = {
  chats: 'TablesChats',
  metrics: 'TablesMetrics',
  days: 'TablesDays',
  changes: 'TablesChanges',
} as const;
type TableName = keyof typeof TABLES;

const tableOf = (account: string, name: TableName) =>
  of(account, 'AWS::Glue::Table', TABLES[name]).TableInput;
const namesAndTypes = (columns: readonly Column[]) => columns.map(({ Name, Type }) => `${Name} ${Type}`);

/** What Athena calls what DuckDB finds in a file. */
const ATHENA: Readonly<Record<string, string>> = {
  VARCHAR: 'string',
  INTEGER: 'int',
  BIGINT: 'bigint',
  DOUBLE: 'double',
  BOOLEAN: 'boolean',
  TIMESTAMP: 'timestamp',
  'TIMESTAMP WITH TIME ZONE': 'timestamp',
  DATE: 'date',
};

/** The same of what stands in the file itself: its physical type, and what it says that it means. */
function toAthena({ type, logical_type: logical }: ReturnType<typeof parquetMetadata>['schema'][number]) {
  const meaning = logical?.type === 'TIMESTAMP' ? `TIMESTAMP ${logical.unit}` : (logical?.type ?? 'as it is');
  const types: Readonly<Record<string, string>> = {
    'BYTE_ARRAY STRING': 'string',
    'INT32 as it is': 'int',
    'INT64 as it is': 'bigint',
    'DOUBLE as it is': 'double',
    'BOOLEAN as it is': 'boolean',
    'INT64 TIMESTAMP MICROS': 'timestamp',
    'INT32 DATE': 'date',
  };
  return types[`${type} ${meaning}`];
}

describe('the tables in the Glue catalogue', () => {
  test.each(['chats', 'metrics', 'days', 'changes'] as const)(
    'have the columns of %s as they are in its files',
    async (name) => {
      const { lake, report } = await oneMachine({ chats: 40, faults: [{ name: 'hostile' }] });
      await report();
      const files = globSync(`curated/${name}/**/*.parquet`, { cwd: lake });
      expect(files.length).toBe(name === 'chats' ? CHANNELS.length : 1);
      const { StorageDescriptor, PartitionKeys } = tableOf('demo', name);
      for (const file of files) {
        const bytes = readFileSync(join(lake, file));
        const [, ...elements] = parquetMetadata(new Uint8Array(bytes).buffer).schema;
        const inFile = elements.map((element) => `${element.name} ${toAthena(element)}`);
        expect(namesAndTypes(StorageDescriptor.Columns)).toEqual(inFile);
        const inPath = [...file.matchAll(/(\w+)=/g)].map(([, key]) => key);
        expect(PartitionKeys.map(({ Name }: Column) => Name)).toEqual(inPath);
      }
      const described = await (await openDuck())(`
      SELECT column_name, column_type FROM (
        DESCRIBE FROM read_parquet('${lake}/curated/${name}/**/*.parquet', hive_types = ${name === 'chats' || name === 'metrics' ? "{'dt': DATE}" : "{'month': VARCHAR}"})
      )`);
      // DuckDB puts the columns of the path in order by their names.
      const inDuck = described.map((column) => `${column.column_name} ${ATHENA[String(column.column_type)]}`);
      const inGlue = namesAndTypes([...StorageDescriptor.Columns, ...PartitionKeys]);
      expect(inGlue.toSorted()).toEqual(inDuck.toSorted());
    },
  );

  test('find each file where the program puts it', () => {
    const placeOf = (account: string, name: TableName, dt: string, channel = '') => {
      const { Parameters, StorageDescriptor } = tableOf(account, name);
      const template = toText(Parameters['storage.location.template']);
      expect(template.startsWith(toText(StorageDescriptor.Location))).toBe(true);
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Athena fills them in
      return template.replace('${dt}', dt).replace('${month}', monthOf(dt)).replace('${channel}', channel);
    };
    for (const account of ['demo', 'demo-2']) {
      for (const channel of CHANNELS) {
        const folder = dirname(curatedChatsKey(DAY, channel));
        expect(placeOf(account, 'chats', DAY, channel)).toBe(`${lakeOf(account)}/${account}/${folder}/`);
      }
      for (const [name, key] of [
        ['metrics', curatedMetricsKey(DAY)],
        ['days', curatedDaysKey(monthOf(DAY))],
        ['changes', curatedChangesKey(monthOf(DAY))],
      ] as const) {
        expect(placeOf(account, name, DAY)).toBe(`${lakeOf(account)}/${account}/${dirname(key)}/`);
      }
    }
  });

  test('know every day, month and channel without being told', () => {
    const dt = {
      'projection.dt.type': 'date',
      'projection.dt.format': 'yyyy-MM-dd',
      'projection.dt.range': '2020-01-01,NOW+1DAYS',
      'projection.dt.interval': '1',
      'projection.dt.interval.unit': 'DAYS',
    };
    const channel = {
      'projection.channel.type': 'enum',
      'projection.channel.values': 'livechat,messenger,zalo',
    };
    const rest = { EXTERNAL: 'TRUE', classification: 'parquet', 'projection.enabled': 'true' };
    const place = { 'storage.location.template': expect.anything() };
    expect(tableOf('demo', 'chats').Parameters).toEqual({ ...rest, ...dt, ...channel, ...place });
    expect(tableOf('demo', 'metrics').Parameters).toEqual({ ...rest, ...dt, ...place });
    const month = {
      'projection.month.type': 'date',
      'projection.month.format': 'yyyy-MM',
      'projection.month.range': '2020-01,NOW+1MONTHS',
      'projection.month.interval': '1',
      'projection.month.interval.unit': 'MONTHS',
    };
    for (const name of ['days', 'changes'] as const) {
      expect(tableOf('demo', name).Parameters).toEqual({ ...rest, ...month, ...place });
    }
  });

  test('say what each column means, in no more than Glue takes', () => {
    for (const [, { Properties }] of ofType(stacksOf('demo-2').analytics, 'AWS::Glue::Table')) {
      const { Description, StorageDescriptor, PartitionKeys } = Properties.TableInput;
      expect(Buffer.byteLength(Description)).toBeLessThanOrEqual(2_048);
      for (const { Name, Comment } of [...StorageDescriptor.Columns, ...PartitionKeys]) {
        expect(Comment, Name).toMatch(/^\S.*[^…]$/);
        expect(Buffer.byteLength(Comment), Name).toBeLessThanOrEqual(255);
      }
      expect(StorageDescriptor.SerdeInfo.SerializationLibrary).toMatch(/ParquetHiveSerDe$/);
    }
  });

  test('are in a database of the account, by a name that needs no quotes', () => {
    const names = ['demo', 'demo-2'].map((account) => of(account, 'AWS::Glue::Database').DatabaseInput.Name);
    expect(names).toEqual(['chat_report_demo', 'chat_report_demo_2']);
  });
});

describe('where analysts ask', () => {
  test('no query costs much, and what it answers is encrypted, and gone in a week', () => {
    const { WorkGroupConfiguration: set, ...group } = of('demo-2', 'AWS::Athena::WorkGroup');
    expect(group).toMatchObject({ Name: 'chat-report-demo-2', RecursiveDeleteOption: true });
    expect(set).toMatchObject({
      EnforceWorkGroupConfiguration: true,
      PublishCloudWatchMetricsEnabled: true,
      BytesScannedCutoffPerQuery: 10_737_418_240,
      EngineVersion: { SelectedEngineVersion: 'Athena engine version 3' },
      ResultConfiguration: {
        ExpectedBucketOwner: { Ref: 'AWS::AccountId' },
        EncryptionConfiguration: { EncryptionOption: 'SSE_S3' },
      },
    });
    expect(toText(set.ResultConfiguration.OutputLocation)).toBe(`s3://${RESULTS}/demo-2/`);
    const [bucket] = ofType(stacksOf('demo-2').state, 'AWS::S3::Bucket').filter(
      ([, { Properties }]) => toText(Properties.BucketName) === RESULTS,
    );
    expect(bucket?.[1].Properties).toMatchObject({
      LoggingConfiguration: { LogFilePrefix: 'results/' },
      LifecycleConfiguration: {
        Rules: [{ ExpirationInDays: 7, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } }],
      },
    });
    // An older version of an answer would stay.
    expect(bucket?.[1].Properties.VersioningConfiguration).toBeUndefined();
  });

  test('the queries of the page stand ready, of yesterday by the clocks of the account', () => {
    for (const [account, timeZone] of [
      [demo.name, 'Asia/Ho_Chi_Minh'],
      [second.name, 'Europe/Berlin'],
    ] as const) {
      const saved = ofType(stacksOf(account).analytics, 'AWS::Athena::NamedQuery');
      expect(saved.map(([, { Properties }]) => Properties)).toEqual(
        readQueries().map(({ name, description, sql }) => ({
          Name: name,
          Description: description,
          QueryString: sql.replaceAll(DAY_ON_THE_PAGE, yesterdayIn(timeZone)),
          Database: { Ref: expect.stringMatching(/TablesDatabase/) },
          WorkGroup: { Ref: expect.stringMatching(/WorkgroupGroup/) },
        })),
      );
    }
  });

  test('whoever reads may read the tables, and nothing else of the lake', () => {
    const policy = of('demo-2', 'AWS::IAM::ManagedPolicy');
    expect(policy.ManagedPolicyName).toBe('chat-report-demo-2-readers');
    for (const to of ['Roles', 'Users', 'Groups']) expect(policy).not.toHaveProperty(to);
    const lines = policy.PolicyDocument.Statement.map(
      ({ Action, Resource, Condition }: Record<string, unknown>) =>
        [toList(Action).join(), toList(Resource).map(toText).join(' '), JSON.stringify(Condition ?? {})].join(
          ' ',
        ),
    );
    const s3 = 'arn:<AWS::Partition>:s3:::';
    const at = (service: string) => `arn:<AWS::Partition>:${service}:<AWS::Region>:<AWS::AccountId>:`;
    const lake = lakeOf('demo-2').replace('s3://', s3);
    expect(lines).toEqual([
      `s3:GetObject ${lake}/demo-2/curated/* {}`,
      `s3:ListBucket ${lake} {"StringLike":{"s3:prefix":"demo-2/curated/*"}}`,
      `s3:GetBucketLocation ${lake} ${s3}${RESULTS} {}`,
      `s3:AbortMultipartUpload,s3:GetObject,s3:ListMultipartUploadParts,s3:PutObject ${s3}${RESULTS}/demo-2/* {}`,
      `s3:ListBucketMultipartUploads ${s3}${RESULTS} {}`,
      `s3:ListBucket ${s3}${RESULTS} {"StringLike":{"s3:prefix":"demo-2/*"}}`,
      [
        'glue:GetDatabase,glue:GetDatabases,glue:GetPartition,glue:GetPartitions,glue:GetTable,glue:GetTables',
        ...['catalog', 'database/chat_report_demo_2', 'table/chat_report_demo_2/*'].map(
          (to) => at('glue') + to,
        ),
        '{}',
      ].join(' '),
      `glue:GetDatabase ${at('glue')}database/default {}`,
      [
        'athena:BatchGetNamedQuery,athena:BatchGetQueryExecution,athena:GetNamedQuery,athena:GetQueryExecution,',
        'athena:GetQueryResults,athena:GetQueryResultsStream,athena:GetQueryRuntimeStatistics,athena:GetWorkGroup,',
        'athena:ListNamedQueries,athena:ListQueryExecutions,athena:StartQueryExecution,athena:StopQueryExecution',
        ` ${at('athena')}workgroup/chat-report-demo-2 {}`,
      ].join(''),
      [
        'athena:GetDataCatalog,athena:GetDatabase,athena:GetTableMetadata,athena:ListDatabases,',
        `athena:ListTableMetadata ${at('athena')}datacatalog/AwsDataCatalog {}`,
      ].join(''),
      'athena:ListDataCatalogs,athena:ListEngineVersions,athena:ListWorkGroups * {}',
    ]);
    const told = Object.values(stacksOf('demo-2').outputs).map(({ Value }) => toText(Value));
    expect(told.filter((value) => /ReadersPolicy/.test(value))).toHaveLength(1);
  });
});
