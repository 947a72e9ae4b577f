import { CfnOutput, Validations } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { toArn } from './arns.ts';
import { listing, onObjects } from './lake.ts';
import {
  arnText,
  databaseName,
  LAKE_BUCKET,
  RESULTS_BUCKET,
  readersPolicyName,
  workgroupName,
} from './names.ts';
import type { Permission } from './node-function.ts';

const bucketArn = (bucket: string): string => `arn:<AWS::Partition>:s3:::${bucket}`;

/** A policy for people and programs that read the account's tables. An administrator attaches it. */
export class AnalyticsReaders extends Construct {
  constructor(scope: Construct, id: string, { account }: { readonly account: string }) {
    super(scope, id);
    const permissions = [
      ...onTheLake(account),
      ...onResults(account),
      ...onCatalog(account),
      ...onAthena(account),
    ];
    const policy = new ManagedPolicy(this, 'Policy', {
      managedPolicyName: readersPolicyName(account),
      description: `Reads the tables of ${account}, in Athena or from the bucket, and nothing else of it`,
      statements: permissions.map(toStatement),
    });
    for (const { resources, whyWildcard } of permissions) {
      for (const resource of resources.filter((text) => text.includes('*'))) {
        const id = `AwsSolutions-IAM5[Resource::${resource}]`;
        Validations.of(policy).acknowledge({ id, reason: whyWildcard ?? '' });
      }
    }
    new CfnOutput(this, 'PolicyArn', {
      value: policy.managedPolicyArn,
      description: `Attach it to readers of all chats of ${account}, names and numbers included`,
    });
  }
}

function toStatement({ actions, resources, conditions }: Permission): PolicyStatement {
  return new PolicyStatement({
    actions: [...actions],
    resources: resources.map(toArn),
    ...(conditions !== undefined && { conditions }),
  });
}

function onTheLake(account: string): Permission[] {
  return [onObjects(['s3:GetObject'], account, 'curated/'), listing(account, 'curated/')];
}

/** Athena does all of this with the rights of the reader. */
function onResults(account: string): Permission[] {
  return [
    {
      actions: ['s3:GetBucketLocation'],
      resources: [bucketArn(LAKE_BUCKET), bucketArn(RESULTS_BUCKET)],
    },
    {
      actions: ['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'],
      resources: [`${bucketArn(RESULTS_BUCKET)}/${account}/*`],
      whyWildcard: "The account's own answers. Athena names each after its query.",
    },
    // AWS says that Athena needs it. It allows no prefix, and it shows the names of answers that are being written.
    { actions: ['s3:ListBucketMultipartUploads'], resources: [bucketArn(RESULTS_BUCKET)] },
    {
      actions: ['s3:ListBucket'],
      resources: [bucketArn(RESULTS_BUCKET)],
      conditions: { StringLike: { 's3:prefix': `${account}/*` } },
    },
  ];
}

function onCatalog(account: string): Permission[] {
  const database = databaseName(account);
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

function onAthena(account: string): Permission[] {
  return [
    {
      actions: [
        ...['StartQueryExecution', 'StopQueryExecution', 'GetQueryExecution', 'BatchGetQueryExecution'],
        ...['ListQueryExecutions', 'GetQueryResults', 'GetQueryResultsStream', 'GetQueryRuntimeStatistics'],
        ...['GetNamedQuery', 'BatchGetNamedQuery', 'ListNamedQueries', 'GetWorkGroup'],
      ].map((action) => `athena:${action}`),
      resources: [arnText('athena', `workgroup/${workgroupName(account)}`)],
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
