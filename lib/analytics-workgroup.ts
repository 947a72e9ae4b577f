import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Aws } from 'aws-cdk-lib';
import { CfnNamedQuery, CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import type { CfnDatabase } from 'aws-cdk-lib/aws-glue';
import { Construct } from 'constructs';
import { toArn } from './arns.ts';
import type { CheckedAccount } from './read-account.ts';

export interface AnalyticsWorkgroupProps {
  readonly account: CheckedAccount;
  readonly database: CfnDatabase;
}

/** A query that reads more is stopped. So much costs five cents and holds months of a million chats a day. */
const MOST_BYTES = 10 * 1_024 ** 3;

/** The workgroup of the account's analysts. No query can cost much, and every answer is in one bucket. */
export class AnalyticsWorkgroup extends Construct {
  constructor(scope: Construct, id: string, { account, database }: AnalyticsWorkgroupProps) {
    super(scope, id);
    const group = new CfnWorkGroup(this, 'Group', {
      name: account.names.base,
      description: `Questions about the chats of ${account.name}`,
      // Saved queries go with the account. Otherwise the workgroup could not be deleted.
      recursiveDeleteOption: true,
      workGroupConfiguration: {
        // A client cannot choose other settings.
        enforceWorkGroupConfiguration: true,
        publishCloudWatchMetricsEnabled: true,
        bytesScannedCutoffPerQuery: MOST_BYTES,
        engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
        resultConfiguration: {
          outputLocation: toArn(`s3://${account.names.resultsBucket}/${account.name}/`),
          // Without our bucket, another AWS account could own its name.
          expectedBucketOwner: Aws.ACCOUNT_ID,
          encryptionConfiguration:
            account.kmsKeyArn === null
              ? { encryptionOption: 'SSE_S3' }
              : { encryptionOption: 'SSE_KMS', kmsKey: account.kmsKeyArn },
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

/** A query that stands ready in Athena. */
export interface SavedQuery {
  readonly name: string;
  readonly description: string;
  readonly sql: string;
}

const PAGE = join(import.meta.dirname, '../docs/athena.md');

const SECTION = /^## (.+)\n\n((?:.+\n)+)\n```sql\n([^`]+)\n```$/gm;

/** The day in the page's queries. The saved queries have yesterday in its place. */
export const DAY_ON_THE_PAGE = "DATE '2026-11-20'";

/** Yesterday by the clocks of a time zone, in SQL: Athena's own `current_date` is that of UTC. */
export function yesterdayIn(timeZone: string): string {
  return `(CAST(current_timestamp AT TIME ZONE '${timeZone}' AS date) - INTERVAL '1' DAY)`;
}

/** The queries of `docs/athena.md`: a heading, a paragraph, the SQL. So readers and Athena have the same queries. */
export function readQueries(): SavedQuery[] {
  const sections = readFileSync(PAGE, 'utf8').matchAll(SECTION);
  return [...sections].map(([, name = '', paragraph = '', sql = '']) => ({
    name,
    description: paragraph.trim().replaceAll('\n', ' '),
    sql,
  }));
}

/** The same queries, for yesterday in the account's time zone. */
export function queriesOfYesterday(timeZone: string): SavedQuery[] {
  return readQueries().map((query) => ({
    ...query,
    sql: query.sql.replaceAll(DAY_ON_THE_PAGE, yesterdayIn(timeZone)),
  }));
}
