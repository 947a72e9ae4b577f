import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Aws, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { CfnNamedQuery, CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import type { CfnDatabase } from 'aws-cdk-lib/aws-glue';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { RESULTS_BUCKET, toArn, workgroupName } from './names.ts';
import type { CheckedAccount } from './read-account.ts';

export interface AnalyticsWorkgroupProps {
  readonly account: CheckedAccount;
  readonly database: CfnDatabase;
}

/** A query that would read more is stopped: five cents of a dollar, and months of a million chats a day. */
const MOST_BYTES = 10 * 1_024 ** 3;

/** Where the account's analysts ask: no query can cost much, and nothing that it answers lies anywhere else. */
export class AnalyticsWorkgroup extends Construct {
  constructor(scope: Construct, id: string, { account, database }: AnalyticsWorkgroupProps) {
    super(scope, id);
    const group = new CfnWorkGroup(this, 'Group', {
      name: workgroupName(account.name),
      description: `Questions about the chats of ${account.name}`,
      // What analysts have saved goes with the account; otherwise it could not be taken away.
      recursiveDeleteOption: true,
      workGroupConfiguration: {
        // Whatever a client asks for itself.
        enforceWorkGroupConfiguration: true,
        publishCloudWatchMetricsEnabled: true,
        bytesScannedCutoffPerQuery: MOST_BYTES,
        engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
        resultConfiguration: {
          outputLocation: toArn(`s3://${RESULTS_BUCKET}/${account.name}/`),
          // The bucket's name could be somebody else's if ours were gone.
          expectedBucketOwner: Aws.ACCOUNT_ID,
          encryptionConfiguration: { encryptionOption: 'SSE_S3' },
        },
      },
    });
    for (const [place, { name, description, sql }] of queriesOfYesterday(account.timeZone).entries()) {
      new CfnNamedQuery(this, `Query${place + 1}`, {
        name,
        description,
        queryString: sql,
        database: database.ref,
        workGroup: group.ref,
      });
    }
  }
}

/**
 * What Athena answered, each account's under its name, for a week. It is no part of the lake: whoever asks has to write
 * here, and nobody but the workflow writes there; and no older version of an answer outlasts the person it names.
 */
export class AnalyticsResults extends Construct {
  constructor(scope: Construct, id: string, { accessLogs }: { readonly accessLogs: Bucket }) {
    super(scope, id);
    new Bucket(this, 'Bucket', {
      bucketName: toArn(RESULTS_BUCKET),
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      encryption: BucketEncryption.S3_MANAGED,
      // CloudFormation cannot delete it with something in it. Left behind, it is empty in a week.
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
      // @ts-expect-error CDK's class says of isWebsite that it may be undefined, its interface that it may be missing.
      serverAccessLogsBucket: accessLogs,
      serverAccessLogsPrefix: 'results/',
      lifecycleRules: [
        { id: 'past', expiration: Duration.days(7), abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
    });
  }
}

/** A query that stands ready in Athena. */
export interface SavedQuery {
  readonly name: string;
  readonly description: string;
  readonly sql: string;
}

const PAGE = join(import.meta.dirname, '../docs/athena.md');

const SECTION = /^## (.+)\n\n((?:.+\n)+)\n```sql\n([^`]+)\n```$/gm;

/** The day that the page asks for. Saved, its queries ask for yesterday. */
export const DAY_ON_THE_PAGE = "DATE '2026-11-20'";

/** Yesterday by the clocks of a time zone, in SQL: Athena's own `current_date` is that of UTC. */
export function yesterdayIn(timeZone: string): string {
  return `(CAST(current_timestamp AT TIME ZONE '${timeZone}' AS date) - INTERVAL '1' DAY)`;
}

/** The queries of `docs/athena.md`, so that what is read there is what is run: a heading, a paragraph, the SQL. */
export function readQueries(): SavedQuery[] {
  const sections = readFileSync(PAGE, 'utf8').matchAll(SECTION);
  return [...sections].map(([, name = '', paragraph = '', sql = '']) => ({
    name,
    description: paragraph.trim().replaceAll('\n', ' '),
    sql,
  }));
}

/** The same, each asking for yesterday in the account's time zone. */
export function queriesOfYesterday(timeZone: string): SavedQuery[] {
  return readQueries().map((query) => ({
    ...query,
    sql: query.sql.replaceAll(DAY_ON_THE_PAGE, yesterdayIn(timeZone)),
  }));
}
