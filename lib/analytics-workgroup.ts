import { Aws } from 'aws-cdk-lib';
import { CfnNamedQuery, CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import type { CfnDatabase } from 'aws-cdk-lib/aws-glue';
import { Construct } from 'constructs';
import { queriesOfYesterday } from './analytics-queries.ts';
import { toArn } from './arn.ts';
import { RESULTS_BUCKET, workgroupName } from './names.ts';
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
