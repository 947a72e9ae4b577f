import { CfnOutput, Validations } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { toArn } from './arns.ts';
import { lakeArnOf, listing, onKey, onObjects } from './lake.ts';
import { type AccountNames, arnText } from './names.ts';
import type { Permission } from './node-function.ts';
import type { CheckedAccount } from './read-account.ts';

/** A policy for people and programs that read the account's tables. An administrator attaches it. */
export class AnalyticsReaders extends Construct {
  constructor(scope: Construct, id: string, { account }: { readonly account: CheckedAccount }) {
    super(scope, id);
    const permissions = [
      ...onTheLake(account),
      ...onResults(account),
      ...onCatalog(account.names),
      ...onAthena(account.names),
      ...onKey(account, ['Decrypt', 'GenerateDataKey']),
    ];
    const policy = new ManagedPolicy(this, 'Policy', {
      // It has no description: another text would be another policy, and the name is taken until the first one is gone.
      managedPolicyName: account.names.readersPolicy,
      statements: permissions.map(toStatement),
    });
    for (const { resources, whyWildcard } of permissions) {
      for (const resource of resources.filter((text) => text.includes('*'))) {
        const id = `AwsSolutions-IAM5[Resource::${resource}]`;
        Validations.of(policy).acknowledge({ id, reason: whyWildcard ?? '' });
      }
    }
    const output = new CfnOutput(this, 'PolicyArn', {
      value: policy.managedPolicyArn,
      description: `Attach it to readers of all chats of ${account.name}, names and numbers included`,
    });
    output.overrideLogicalId('ReadersPolicyArn');
  }
}

function toStatement({ actions, resources, conditions }: Permission): PolicyStatement {
  return new PolicyStatement({
    actions: [...actions],
    resources: resources.map(toArn),
    ...(conditions !== undefined && { conditions }),
  });
}

function onTheLake(account: CheckedAccount): Permission[] {
  return [onObjects(['s3:GetObject'], account, 'curated/'), listing(account, 'curated/')];
}

/** Athena does all of this with the rights of the reader. */
function onResults(account: CheckedAccount): Permission[] {
  const results = `arn:<AWS::Partition>:s3:::${account.names.resultsBucket}`;
  return [
    {
      actions: ['s3:GetBucketLocation'],
      resources: [lakeArnOf(account), results],
    },
    {
      actions: ['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'],
      resources: [`${results}/${account.name}/*`],
      whyWildcard: "The account's own answers. Athena names each after its query.",
    },
    // AWS says that Athena needs it. It allows no prefix, and it shows the names of answers that are being written.
    { actions: ['s3:ListBucketMultipartUploads'], resources: [results] },
    {
      actions: ['s3:ListBucket'],
      resources: [results],
      conditions: { StringLike: { 's3:prefix': `${account.name}/*` } },
    },
  ];
}

function onCatalog({ database }: AccountNames): Permission[] {
  return [
    {
      actions: [
        ...['glue:GetDatabase', 'glue:GetDatabases', 'glue:GetTable', 'glue:GetTables'],
        ...['glue:GetPartition', 'glue:GetPartitions'],
      ],
      resources: [
        arnText('glue', 'catalog'),
        arnText('glue', `database/${database}`),
        arnText('glue', `table/${database}/*`),
      ],
      whyWildcard: 'Who lists the tables of a database must be allowed all of them. It holds none but ours.',
    },
    // Athena looks for this database first, as AWS says of policies for single databases.
    { actions: ['glue:GetDatabase'], resources: [arnText('glue', 'database/default')] },
  ];
}

function onAthena({ base }: AccountNames): Permission[] {
  return [
    {
      actions: [
        ...['StartQueryExecution', 'StopQueryExecution', 'GetQueryExecution', 'BatchGetQueryExecution'],
        ...['ListQueryExecutions', 'GetQueryResults', 'GetQueryResultsStream', 'GetQueryRuntimeStatistics'],
        ...['GetNamedQuery', 'BatchGetNamedQuery', 'ListNamedQueries', 'GetWorkGroup'],
      ].map((action) => `athena:${action}`),
      resources: [arnText('athena', `workgroup/${base}`)],
    },
    {
      actions: [
        'GetDataCatalog',
        'GetDatabase',
        'ListDatabases',
        'GetTableMetadata',
        'ListTableMetadata',
      ].map((action) => `athena:${action}`),
      resources: [arnText('athena', 'datacatalog/AwsDataCatalog')],
    },
    {
      actions: ['athena:ListDataCatalogs', 'athena:ListEngineVersions', 'athena:ListWorkGroups'],
      resources: ['*'],
      whyWildcard:
        'The console asks what there is to choose from; these name no resource, and tell names alone.',
    },
  ];
}
